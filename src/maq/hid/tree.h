/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * tree - the parsed document as the files of this library share it
 *
 * The tree keeps everything the text says, disabled nodes, comments and padding
 * included: the public accessors show what counts, the printer and the editor see all.
 * Spans point into the pristine text; strings are NUL-terminated in a second copy of it,
 * so that neither costs an allocation of its own.
 */
#ifndef MAQ_HID_TREE_H
#define MAQ_HID_TREE_H

#include <maq/hid.h>

#define MAX_ATTRS 256u /* a node; keeps the search for duplicates cheap */

typedef struct {
	const char *at; /* borrowed, in the document; NULL: none */
	gsize length;
} Span;

typedef struct Attr Attr;
struct Attr {
	Attr *next;
	const char *tag;   /* owned by the document */
	const char *value; /* owned by the document, trimmed */
	const char *start; /* of the tag in the text, of the value if it has none */
	Span padded;       /* the value with the space behind it */
	Span annotation;   /* the comment behind it, without '. ' */
	guint line, column;
	bool bare; /* a name without its tag */
};

typedef enum { KIND_NODE, KIND_DISABLED, KIND_QUOTE, KIND_COMMENT } Kind;

struct MaqHidNode {
	MaqHidDocument *document;
	MaqHidNode *parent, *next, *first, *last;
	Attr *attrs, *last_attr;
	const char *type;  /* owned by the document; "" for quotes and comments */
	const char *start; /* of the anchor in the text; NULL if built */
	const char *head;  /* end of the type in the text */
	Span annotation;   /* the comment behind a node without attributes */
	Span content;      /* of a quote or a comment */
	guint n_attrs, line, column, depth;
	Kind kind;
	bool leading; /* a comment directly below its node's line */
};

typedef struct Block Block;

struct MaqHidDocument {
	char *name; /* owned */
	char *text; /* owned, pristine; NULL if built */
	char *cut;  /* owned, the same with NULs behind strings */
	gsize size;
	gsize body; /* offset of the line that ends the document */
	guint items;
	MaqHidNode *root;
	Block *blocks; /* owned: what nodes and attributes are cut from */
};

MaqHidDocument *document_new(const char *name);
void *document_alloc(MaqHidDocument *document, gsize size);
const char *document_strndup(MaqHidDocument *document, const char *text, gsize length);
/* NULL beyond MAQ_HID_MAX_ITEMS */
MaqHidNode *tree_add(MaqHidDocument *document, MaqHidNode *parent, Kind kind);
Attr *tree_add_attr(MaqHidNode *node);
Attr *tree_attr(const MaqHidNode *node, const char *tag);
/* The node that follows in document order, leaving 'top' never; NULL at the end. */
const MaqHidNode *tree_walk(const MaqHidNode *top, const MaqHidNode *node);

static inline bool is_node(const MaqHidNode *node)
{
	return node->kind == KIND_NODE || node->kind == KIND_DISABLED;
}

/* Characters of a text that need not be valid UTF-8 */
static inline gsize characters(const char *at, gsize length)
{
	gsize count = 0;

	for (gsize i = 0; i < length; i++)
		count += ((guchar)at[i] & 0xc0) != 0x80;
	return count;
}

/* first and next among what Genode's tool calls children: all but comments */
const MaqHidNode *tree_first(const MaqHidNode *node);
const MaqHidNode *tree_next(const MaqHidNode *node);

/* Length of the identifier at 'at', 0 if there is none. */
gsize ident_length(const char *at, const char *end);
bool is_ident(const char *text);
/* Would the text behind a node type read as an attribute? */
bool looks_like_attr(const char *text, gsize length);

/* Columns count characters from 1. */
void error_at(GError **error, int code, const MaqHidDocument *document, guint line,
	guint column, const char *format, ...) G_GNUC_PRINTF(6, 7);

typedef enum {
	PRINT_PLAIN = 0,
	PRINT_PADDING = 1 << 0, /* keep the space behind values, as Genode's tool does */
} PrintFlags;

void print_tree(
	GString *out, const MaqHidNode *node, const char *new_type, PrintFlags flags);

#endif
