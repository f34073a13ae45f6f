/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * maq/hid.h - human-inclined data: reading, writing, checking and editing
 *
 * HID is the configuration syntax of Genode 26.02 (doc/hid.txt there): one top-level
 * node closed by a line '-', sub nodes behind '+' (or 'x', disabled), attributes
 * 'tag: value', ':' quoted text, '.' comments, '|' joining lines.
 *
 * A document is immutable once parsed and may be read by any number of threads. Every
 * string and node read from it is owned by the document. All accessors take NULL for a
 * node and then answer with the default, NULL or 0.
 */
#ifndef MAQ_HID_H
#define MAQ_HID_H

#include <glib.h>
#include <stdbool.h>

G_BEGIN_DECLS

/* Bounds on what is parsed; a text beyond them is refused with MAQ_HID_ERROR_LIMIT. */
#define MAQ_HID_MAX_SIZE  (16u << 20) /* bytes of text */
#define MAQ_HID_MAX_DEPTH 128u        /* nodes inside one another */
#define MAQ_HID_MAX_ITEMS (1u << 20)  /* nodes, attributes, quoted lines, comments */

typedef struct MaqHidDocument MaqHidDocument;
typedef struct MaqHidNode MaqHidNode;
typedef struct MaqHidBuilder MaqHidBuilder;

typedef enum {
	/* as at run time: the first of duplicate tags wins, a wrong line is ignored */
	MAQ_HID_LENIENT = 0,
	/* as offline tools do: every violation is an error */
	MAQ_HID_STRICT = 1 << 0,
	/* with MAQ_HID_STRICT: let duplicate tags pass (formatting, editing) */
	MAQ_HID_DUPLICATES = 1 << 1,
} MaqHidFlags;

#define MAQ_HID_ERROR maq_hid_error_quark()
GQuark maq_hid_error_quark(void);

typedef enum {
	MAQ_HID_ERROR_SYNTAX, /* not HID; file:line:column, the line and a caret */
	MAQ_HID_ERROR_LIMIT,  /* larger, deeper or richer than the bounds above */
	MAQ_HID_ERROR_XML,    /* not XML, or XML that HID cannot express */
	MAQ_HID_ERROR_SCHEMA, /* against its schema, or a malformed schema */
	MAQ_HID_ERROR_VALUE,  /* set by maq_hid_set_error */
	MAQ_HID_ERROR_PATH,   /* a malformed node path or edit */
} MaqHidError;

/* Parse 'size' bytes (-1: up to the NUL); copies the text. 'name' is for messages. */
MaqHidDocument *maq_hid_parse(const char *text, gssize size, const char *name,
	MaqHidFlags flags, GError **error);
/* Parse a file; further errors: G_FILE_ERROR. */
MaqHidDocument *maq_hid_load(const char *path, MaqHidFlags flags, GError **error);
/* Convert XML; comments become comments, commented-out nodes disabled nodes. */
MaqHidDocument *maq_hid_from_xml(
	const char *text, gssize size, const char *name, GError **error);
void maq_hid_free(MaqHidDocument *document);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MaqHidDocument, maq_hid_free)

/* never NULL */
const MaqHidNode *maq_hid_root(const MaqHidDocument *document);
const MaqHidDocument *maq_hid_document(const MaqHidNode *node);
/* The document's text as parsed and the name given to it. */
const char *maq_hid_source(const MaqHidDocument *document, gsize *size);
const char *maq_hid_source_name(const MaqHidDocument *document);

/* Nodes. Disabled nodes are not seen by iteration; type NULL means any. */
const char *maq_hid_type(const MaqHidNode *node);
const char *maq_hid_name(const MaqHidNode *node); /* attribute 'name' or NULL */
const MaqHidNode *maq_hid_first(const MaqHidNode *node, const char *type);
const MaqHidNode *maq_hid_next(const MaqHidNode *node, const char *type);
const MaqHidNode *maq_hid_parent(const MaqHidNode *node);
bool maq_hid_disabled(const MaqHidNode *node); /* only seen through queries */

/* Attributes: the value, NUL-terminated and trimmed, or NULL. */
const char *maq_hid_attr(const MaqHidNode *node, const char *tag);
const char *maq_hid_string(
	const MaqHidNode *node, const char *tag, const char *default_value);
/* yes, true, on, 1 and no, false, off, 0; anything else is the default */
bool maq_hid_bool(const MaqHidNode *node, const char *tag, bool default_value);
/* decimal, or hexadecimal with 0x; anything else is the default */
guint64 maq_hid_u64(const MaqHidNode *node, const char *tag, guint64 default_value);
double maq_hid_double(const MaqHidNode *node, const char *tag, double default_value);
/* as u64, optionally with K, M or G (1024 to the power of 1, 2, 3) */
guint64 maq_hid_bytes(const MaqHidNode *node, const char *tag, guint64 default_value);
/* Attributes by position, in the order of the text, 'name' being one of them. */
guint maq_hid_n_attrs(const MaqHidNode *node);
bool maq_hid_attr_at(
	const MaqHidNode *node, guint i, const char **tag, const char **value);

/* The ':' lines joined by newlines, or NULL if there is none. (transfer full) */
char *maq_hid_quoted(const MaqHidNode *node);

/* Where the node (tag NULL) or its attribute stands; from 1, columns in characters.
 * An attribute that is missing stands where its node does. */
void maq_hid_position(
	const MaqHidNode *node, const char *tag, guint *line, guint *column);
/* file:line:column: message, the offending line, and a caret; MAQ_HID_ERROR_VALUE */
void maq_hid_set_error(GError **error, const MaqHidNode *node, const char *tag,
	const char *format, ...) G_GNUC_PRINTF(4, 5);

/* Same types, attributes (in any order), quoted lines and enabled sub nodes? */
bool maq_hid_equal(const MaqHidNode *a, const MaqHidNode *b);

/* Canonical text with the node as top-level node (renamed unless new_type is NULL),
 * closed by '-', comments kept. (transfer full) */
char *maq_hid_to_text(const MaqHidNode *node, const char *new_type);
char *maq_hid_to_xml(const MaqHidNode *node); /* (transfer full) */

/*
 * Generator. A type or tag that is no identifier, and an unbalanced end, are bugs of
 * the caller. A value that HID cannot express ('|', control characters; a name that
 * would read as an attribute) loses those characters: '|' becomes '/', others ' '.
 */
MaqHidBuilder *maq_hid_builder_new(const char *root_type);
void maq_hid_begin(MaqHidBuilder *builder, const char *type, const char *name);
void maq_hid_end(MaqHidBuilder *builder);
void maq_hid_put(MaqHidBuilder *builder, const char *tag, const char *value);
void maq_hid_put_bool(MaqHidBuilder *builder, const char *tag, bool value);
void maq_hid_put_u64(MaqHidBuilder *builder, const char *tag, guint64 value);
void maq_hid_put_format(MaqHidBuilder *builder, const char *tag, const char *format, ...)
	G_GNUC_PRINTF(3, 4);
void maq_hid_quote(MaqHidBuilder *builder, const char *text);        /* a line per line */
void maq_hid_append(MaqHidBuilder *builder, const MaqHidNode *node); /* a deep copy */
/* Canonical text; frees the builder. (transfer full) */
char *maq_hid_builder_finish(MaqHidBuilder *builder);
void maq_hid_builder_free(MaqHidBuilder *builder); /* discards it */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MaqHidBuilder, maq_hid_builder_free)

G_END_DECLS

#endif
