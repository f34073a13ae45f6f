// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * document - the life of a document, and the lists that it is made of
 */
#include "private.h"

G_DEFINE_QUARK(maq-hid-error-quark, maq_hid_error)

MaqHidDocument *maq_hid_document_new(const char *name)
{
	MaqHidDocument *document = g_new0(MaqHidDocument, 1);

	g_atomic_ref_count_init(&document->references);
	document->name = g_strdup(name ? name : "(text)");
	return document;
}

MaqHidDocument *maq_hid_ref(MaqHidDocument *document)
{
	g_atomic_ref_count_inc(&document->references);
	return document;
}

void maq_hid_unref(MaqHidDocument *document)
{
	if (!document || !g_atomic_ref_count_dec(&document->references))
		return;
	maq_hid_arena_clear(&document->arena);
	g_free(document->owned);
	g_free(document->strings);
	g_free(document->name);
	g_free(document);
}

const MaqHidNode *maq_hid_top(const MaqHidDocument *document)
{
	return document ? document->top : NULL;
}

MaqHidNode *maq_hid_document_node(MaqHidDocument *document)
{
	MaqHidNode *node = maq_hid_arena_alloc(&document->arena, sizeof *node);

	node->item.kind = ITEM_NODE;
	node->document = document;
	return node;
}

void maq_hid_append_item(MaqHidNode *parent, Item *item)
{
	item->parent = parent;
	if (parent->last)
		parent->last->next = item;
	else
		parent->first = item;
	parent->last = item;
}

void maq_hid_append_attr(MaqHidNode *node, MaqHidAttr *attr)
{
	attr->node = node;
	if (node->last_attr)
		node->last_attr->next = attr;
	else
		node->first_attr = attr;
	node->last_attr = attr;
	node->attrs++;
}

/*
 * The item after `item` in the order of the text, within the node `within`, whose own
 * item the walk starts from; NULL at the end. `depth`, if given, is kept up to date.
 * A walk in place of recursion: the depth of a document is its author's choice.
 */
const Item *maq_hid_walk(const Item *item, const MaqHidNode *within, unsigned *depth)
{
	const MaqHidNode *node = item_node(item);

	if (!node || !node->first)
		return maq_hid_walk_past(item, within, depth);
	if (depth)
		++*depth;
	return node->first;
}

/* The same, but past all that `item` holds. */
const Item *maq_hid_walk_past(const Item *item, const MaqHidNode *within, unsigned *depth)
{
	while (item != &within->item) {
		if (item->next)
			return item->next;
		item = &item->parent->item;
		if (depth)
			--*depth;
	}
	return NULL;
}
