/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * read - the public view of the tree: enabled nodes, attributes, quoted text
 */
#include "tree.h"

#include <string.h>

const MaqHidDocument *maq_hid_document(const MaqHidNode *node)
{
	return node ? node->document : NULL;
}

const MaqHidNode *maq_hid_root(const MaqHidDocument *document)
{
	return document ? document->root : NULL;
}

const char *maq_hid_source(const MaqHidDocument *document, gsize *size)
{
	if (size)
		*size = document->size;
	return document->text;
}

const char *maq_hid_source_name(const MaqHidDocument *document)
{
	return document->name;
}

const char *maq_hid_type(const MaqHidNode *node)
{
	return node ? node->type : NULL;
}

const char *maq_hid_name(const MaqHidNode *node)
{
	return maq_hid_attr(node, "name");
}

static const MaqHidNode *matching(const MaqHidNode *node, const char *type)
{
	while (node &&
		(node->kind != KIND_NODE || (type && strcmp(node->type, type) != 0)))
		node = node->next;
	return node;
}

const MaqHidNode *maq_hid_first(const MaqHidNode *node, const char *type)
{
	return node ? matching(node->first, type) : NULL;
}

const MaqHidNode *maq_hid_next(const MaqHidNode *node, const char *type)
{
	return node ? matching(node->next, type) : NULL;
}

const MaqHidNode *maq_hid_parent(const MaqHidNode *node)
{
	return node ? node->parent : NULL;
}

bool maq_hid_disabled(const MaqHidNode *node)
{
	return node && node->kind == KIND_DISABLED;
}

const char *maq_hid_attr(const MaqHidNode *node, const char *tag)
{
	Attr *attr = node ? tree_attr(node, tag) : NULL;

	return attr ? attr->value : NULL;
}

guint maq_hid_n_attrs(const MaqHidNode *node)
{
	return node ? node->n_attrs : 0;
}

bool maq_hid_attr_at(
	const MaqHidNode *node, guint i, const char **tag, const char **value)
{
	Attr *attr = node ? node->attrs : NULL;

	for (; attr && i; i--)
		attr = attr->next;
	if (!attr)
		return false;
	if (tag)
		*tag = attr->tag;
	if (value)
		*value = attr->value;
	return true;
}

char *maq_hid_quoted(const MaqHidNode *node)
{
	GString *text = NULL;

	if (!node)
		return NULL;
	for (const MaqHidNode *line = node->first; line; line = line->next) {
		if (line->kind != KIND_QUOTE)
			continue;
		if (text)
			g_string_append_c(text, '\n');
		else
			text = g_string_new(NULL);
		g_string_append_len(text, line->content.at, line->content.length);
	}
	return text ? g_string_free(text, FALSE) : NULL;
}

void maq_hid_position(const MaqHidNode *node, const char *tag, guint *line, guint *column)
{
	Attr *attr = node && tag ? tree_attr(node, tag) : NULL;

	if (line)
		*line = attr ? attr->line : node ? node->line : 0;
	if (column)
		*column = attr ? attr->column : node ? node->column : 0;
}

/* the next thing that counts for equality, in document order */
static const MaqHidNode *step(const MaqHidNode *top, const MaqHidNode *node)
{
	bool into = true;

	for (;;) {
		if (into && node->first) {
			node = node->first;
		} else {
			while (node != top && !node->next)
				node = node->parent;
			if (node == top)
				return NULL;
			node = node->next;
		}
		if (node->kind == KIND_NODE || node->kind == KIND_QUOTE)
			return node;
		into = false; /* past disabled nodes and comments */
	}
}

/* Of duplicates, the first counts. */
static bool has_attrs_of(const MaqHidNode *node, const MaqHidNode *other)
{
	for (const Attr *attr = other->attrs; attr; attr = attr->next) {
		const char *value = maq_hid_attr(node, attr->tag);

		if (!value || strcmp(value, tree_attr(other, attr->tag)->value) != 0)
			return false;
	}
	return true;
}

static bool same(const MaqHidNode *a, const MaqHidNode *b)
{
	if ((a->kind == KIND_QUOTE) != (b->kind == KIND_QUOTE))
		return false;
	if (a->kind == KIND_QUOTE)
		return a->content.length == b->content.length &&
		       memcmp(a->content.at, b->content.at, a->content.length) == 0;
	return strcmp(a->type, b->type) == 0 && has_attrs_of(a, b) && has_attrs_of(b, a);
}

bool maq_hid_equal(const MaqHidNode *a, const MaqHidNode *b)
{
	const MaqHidNode *left = a, *right = b;

	if (!a || !b)
		return a == b;
	while (left && right) {
		if (!same(left, right) ||
			(left != a && left->depth - a->depth != right->depth - b->depth))
			return false;
		left = step(a, left);
		right = step(b, right);
	}
	return !left && !right;
}
