// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * read - look-ups in a document
 */
#include "private.h"

const char *maq_hid_type(const MaqHidNode *node)
{
	return node ? node->item.text : "";
}

const char *maq_hid_name(const MaqHidNode *node)
{
	return maq_hid_string(node, "name", "");
}

bool maq_hid_is(const MaqHidNode *node, const char *type)
{
	return node && !strcmp(node->item.text, type);
}

const MaqHidNode *maq_hid_parent(const MaqHidNode *node)
{
	return node ? node->item.parent : NULL;
}

bool maq_hid_disabled(const MaqHidNode *node)
{
	return node && node->disabled;
}

/* The first node from `item` on. */
static const MaqHidNode *find_any(const Item *item)
{
	while (item && item->kind != ITEM_NODE)
		item = item->next;
	return item_node(item);
}

static const MaqHidNode *find(const Item *item, const char *type)
{
	const MaqHidNode *node;

	while ((node = find_any(item))) {
		if (!node->disabled && (!type || maq_hid_is(node, type)))
			break;
		item = node->item.next;
	}
	return node;
}

const MaqHidNode *maq_hid_first(const MaqHidNode *node, const char *type)
{
	return node ? find(node->first, type) : NULL;
}

const MaqHidNode *maq_hid_next(const MaqHidNode *sibling, const char *type)
{
	return sibling ? find(sibling->item.next, type) : NULL;
}

const MaqHidNode *maq_hid_first_any(const MaqHidNode *node)
{
	return node ? find_any(node->first) : NULL;
}

const MaqHidNode *maq_hid_next_any(const MaqHidNode *sibling)
{
	return sibling ? find_any(sibling->item.next) : NULL;
}

const MaqHidNode *maq_hid_named(
	const MaqHidNode *node, const char *type, const char *name)
{
	MAQ_HID_FOREACH (child, node, type) {
		if (!strcmp(maq_hid_name(child), name))
			return child;
	}
	return NULL;
}

unsigned maq_hid_count(const MaqHidNode *node, const char *type)
{
	unsigned count = 0;

	MAQ_HID_FOREACH (child, node, type)
		count++;
	return count;
}

static const Item *find_quote(const Item *item)
{
	while (item && item->kind != ITEM_QUOTE)
		item = item->next;
	return item;
}

bool maq_hid_has_quoted(const MaqHidNode *node)
{
	return node && find_quote(node->first);
}

char *maq_hid_quoted(const MaqHidNode *node)
{
	const Item *line = node ? find_quote(node->first) : NULL;
	GString *text;

	if (!line)
		return NULL;
	text = g_string_new(line->text);
	while ((line = find_quote(line->next))) {
		g_string_append_c(text, '\n');
		g_string_append(text, line->text);
	}
	return g_string_free(text, FALSE);
}

const MaqHidAttr *maq_hid_first_attr(const MaqHidNode *node)
{
	return node ? node->first_attr : NULL;
}

const MaqHidAttr *maq_hid_next_attr(const MaqHidAttr *attr)
{
	return attr ? attr->next : NULL;
}

const MaqHidAttr *maq_hid_attr(const MaqHidNode *node, const char *tag)
{
	const MaqHidAttr *attr = maq_hid_first_attr(node);

	while (attr && strcmp(attr->tag, tag))
		attr = attr->next;
	return attr;
}

unsigned maq_hid_attr_count(const MaqHidNode *node)
{
	return node ? node->attrs : 0;
}

const char *maq_hid_tag(const MaqHidAttr *attr)
{
	return attr ? attr->tag : "";
}

const char *maq_hid_value(const MaqHidAttr *attr)
{
	return attr ? attr->value : "";
}
