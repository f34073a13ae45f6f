/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * tree - nodes and attributes, allocated in blocks that live as long as the document
 */
#include "tree.h"

#include <string.h>

#define BLOCK_SIZE (64u << 10)
#define ALIGNMENT  sizeof(void *) /* nothing here needs more */

struct Block {
	Block *next;
	gsize used, size;
	void *data[];
};

MaqHidDocument *document_new(const char *name)
{
	MaqHidDocument *document = g_new0(MaqHidDocument, 1);

	document->name = g_strdup(name ? name : "(text)");
	return document;
}

void maq_hid_free(MaqHidDocument *document)
{
	if (!document)
		return;
	while (document->blocks) {
		Block *block = document->blocks;

		document->blocks = block->next;
		g_free(block);
	}
	g_free(document->text);
	g_free(document->cut);
	g_free(document->name);
	g_free(document);
}

/* Blocks grow with the document, so that small ones stay small. */
static Block *add_block(MaqHidDocument *document, gsize size)
{
	gsize wanted = document->blocks ? BLOCK_SIZE : BLOCK_SIZE / 32;
	Block *block;

	wanted = MAX(wanted, size);
	block = g_malloc0(sizeof *block + wanted);
	block->next = document->blocks;
	block->size = wanted;
	document->blocks = block;
	return block;
}

/* Zeroed. */
void *document_alloc(MaqHidDocument *document, gsize size)
{
	Block *block = document->blocks;
	void *memory;

	size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	if (!block || block->size - block->used < size)
		block = add_block(document, size);
	memory = (char *)block->data + block->used;
	block->used += size;
	return memory;
}

const char *document_strndup(MaqHidDocument *document, const char *text, gsize length)
{
	char *copy = document_alloc(document, length + 1);

	memcpy(copy, text, length);
	copy[length] = '\0';
	return copy;
}

MaqHidNode *tree_add(MaqHidDocument *document, MaqHidNode *parent, Kind kind)
{
	MaqHidNode *node;

	if (document->items >= MAQ_HID_MAX_ITEMS)
		return NULL;
	document->items++;
	node = document_alloc(document, sizeof *node);
	node->document = document;
	node->parent = parent;
	node->kind = kind;
	node->type = "";
	if (!parent) {
		document->root = node;
		return node;
	}
	node->depth = parent->depth + 1;
	if (parent->last)
		parent->last->next = node;
	else
		parent->first = node;
	parent->last = node;
	return node;
}

Attr *tree_add_attr(MaqHidNode *node)
{
	Attr *attr;

	if (node->document->items >= MAQ_HID_MAX_ITEMS || node->n_attrs >= MAX_ATTRS)
		return NULL;
	node->document->items++;
	node->n_attrs++;
	attr = document_alloc(node->document, sizeof *attr);
	attr->tag = attr->value = "";
	if (node->last_attr)
		node->last_attr->next = attr;
	else
		node->attrs = attr;
	node->last_attr = attr;
	return attr;
}

Attr *tree_attr(const MaqHidNode *node, const char *tag)
{
	for (Attr *attr = node->attrs; attr; attr = attr->next)
		if (strcmp(attr->tag, tag) == 0)
			return attr;
	return NULL;
}

const MaqHidNode *tree_walk(const MaqHidNode *top, const MaqHidNode *node)
{
	if (node->first)
		return node->first;
	while (node != top && !node->next)
		node = node->parent;
	return node == top ? NULL : node->next;
}

static const MaqHidNode *skip_comments(const MaqHidNode *node)
{
	while (node && node->kind == KIND_COMMENT)
		node = node->next;
	return node;
}

const MaqHidNode *tree_first(const MaqHidNode *node)
{
	return skip_comments(node->first);
}

const MaqHidNode *tree_next(const MaqHidNode *node)
{
	return skip_comments(node->next);
}

/* Compares instead of GLib's table: much of a parser's time is spent here. */
static bool is_lower(char c)
{
	return (guchar)(c - 'a') < 26;
}

static bool in_ident(char c)
{
	return is_lower(c) || (guchar)(c - '0') < 10 || c == '_' || c == '-';
}

gsize ident_length(const char *at, const char *end)
{
	const char *c = at;

	if (c == end || !is_lower(*c))
		return 0;
	while (c < end && in_ident(*c))
		c++;
	return c - at;
}

bool is_ident(const char *text)
{
	gsize length = strlen(text);

	return length && ident_length(text, text + length) == length;
}

bool looks_like_attr(const char *text, gsize length)
{
	gsize ident = ident_length(text, text + length);

	return ident && ident < length && text[ident] == ':';
}
