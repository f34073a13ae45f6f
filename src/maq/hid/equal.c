// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * equal - do two nodes say the same?
 */
#include "private.h"

/* Tags are unique in a node, so equal numbers and each found make equal sets. */
static bool equal_attrs(const MaqHidNode *a, const MaqHidNode *b)
{
	if (a->attrs != b->attrs)
		return false;
	for (const MaqHidAttr *attr = a->first_attr; attr; attr = attr->next) {
		const MaqHidAttr *other = maq_hid_attr(b, attr->tag);

		if (!other || strcmp(attr->value, other->value))
			return false;
	}
	return true;
}

static bool equal_items(const Item *a, const Item *b)
{
	const MaqHidNode *node = item_node(a);

	return a->kind == b->kind && !strcmp(a->text, b->text) &&
		(!node || equal_attrs(node, item_node(b)));
}

static bool counts(const Item *item)
{
	return item->kind == ITEM_QUOTE ||
		(item->kind == ITEM_NODE && !item_node(item)->disabled);
}

/* The next item that counts; disabled nodes are passed by with all that they hold. */
static const Item *next_counting(const Item *item, const MaqHidNode *top, unsigned *depth)
{
	item = maq_hid_walk(item, top, depth);
	while (item && !counts(item))
		item = maq_hid_walk_past(item, top, depth);
	return item;
}

bool maq_hid_equal(const MaqHidNode *a, const MaqHidNode *b)
{
	const Item *left = a ? &a->item : NULL, *right = b ? &b->item : NULL;
	unsigned left_depth = 0, right_depth = 0;

	if (!a || !b)
		return a == b;
	while (left && right) {
		if (left_depth != right_depth || !equal_items(left, right))
			return false;
		left = next_counting(left, a, &left_depth);
		right = next_counting(right, b, &right_depth);
	}
	return left == right;
}
