// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * private.h - what a document is made of, for the files of this library only
 *
 * A document holds the text as given and a copy of it in which each token ends in a
 * NUL, written over the delimiter that follows it; so tokens cost no copy of their own.
 * Nodes, attributes, quoted lines and comments lie in an arena and never move.
 */
#ifndef MAQ_HID_PRIVATE_H
#define MAQ_HID_PRIVATE_H

#include <maq/hid.h>
#include <string.h>

typedef struct ArenaChunk ArenaChunk;

typedef struct {
	ArenaChunk *chunks; /* owned, newest first */
} Arena;

void *maq_hid_arena_alloc(Arena *arena, size_t size); /* zeroed */
char *maq_hid_arena_strndup(Arena *arena, const char *text, size_t size);
void maq_hid_arena_clear(Arena *arena);

typedef enum { ITEM_NODE, ITEM_QUOTE, ITEM_COMMENT } ItemKind;

typedef struct Item Item;

/* What stands in a node, in the order of the text. */
struct Item {
	ItemKind kind;
	uint32_t line;      /* from 1; 0 in a document that was built */
	uint32_t offset;    /* of the anchor, `:` or `.` in the text */
	uint32_t end;       /* behind the last attribute or annotation, or the line's text */
	const char *text;   /* a node's type; the text of a quoted line or comment */
	Item *next;         /* borrowed */
	MaqHidNode *parent; /* borrowed, NULL for the top-level node */
};

struct MaqHidAttr {
	const char *tag;
	const char *value;
	const char *note; /* annotation that follows it, or NULL */
	MaqHidAttr *next;
	const MaqHidNode *node; /* borrowed */
	uint32_t line;
	uint32_t offset; /* of the tag, or of a bare name */
	uint32_t value_offset;
	uint32_t padding; /* spaces that follow the value and align what comes next */
	bool bare;        /* a name behind the node's type */
};

struct MaqHidNode {
	Item item;                      /* first: an Item of kind ITEM_NODE is a node */
	const MaqHidDocument *document; /* borrowed */
	Item *first, *last;
	MaqHidAttr *first_attr, *last_attr;
	const char *note; /* annotation behind the type, or NULL */
	unsigned attrs;
	int column; /* of the anchor, in characters from 0; -1 for the top-level node */
	bool disabled;
};

struct MaqHidDocument {
	gatomicrefcount references;
	const char *text; /* borrowed, or the same as owned */
	char *owned;
	size_t size;
	char *strings; /* owned */
	char *name;    /* owned */
	MaqHidNode *top;
	Arena arena;
};

static inline const MaqHidNode *item_node(const Item *item)
{
	return item && item->kind == ITEM_NODE ? (const MaqHidNode *)item : NULL;
}

MaqHidDocument *maq_hid_document_new(const char *name);
MaqHidNode *maq_hid_document_node(MaqHidDocument *document);
void maq_hid_append_item(MaqHidNode *parent, Item *item);
void maq_hid_append_attr(MaqHidNode *node, MaqHidAttr *attr);
const Item *maq_hid_walk(const Item *item, const MaqHidNode *within, unsigned *depth);
const Item *maq_hid_walk_past(
	const Item *item, const MaqHidNode *within, unsigned *depth);

/* [a-z][a-z0-9_-]* at the start of the text; its length, or 0 */
size_t maq_hid_ident(const char *text, const char *end);
bool maq_hid_is_ident(const char *text);
/* does it start like an attribute, an identifier and a colon? */
bool maq_hid_tag_like(const char *text, const char *end);

/* "name:line:column: message", the line and a caret; `at` points into `text` */
GError *maq_hid_error_in(const char *name, const char *text, size_t size, const char *at,
	MaqHidError code, const char *format, va_list arguments) G_GNUC_PRINTF(6, 0);
unsigned maq_hid_column(const char *text, const char *at); /* from 1, in characters */

void maq_hid_format_node(GString *out, const MaqHidNode *node, const char *type);

#endif
