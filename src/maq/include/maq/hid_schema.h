/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * maq/hid_schema.h - check documents against schemas (.hsd)
 *
 * A schema is HID itself ('schema', 'type', 'attr', 'node', 'category', 'quote',
 * 'anything'; doc/hid.txt of Genode). A schema may be used by several threads at once.
 */
#ifndef MAQ_HID_SCHEMA_H
#define MAQ_HID_SCHEMA_H

#include <maq/hid.h>

G_BEGIN_DECLS

typedef struct MaqHidSchema MaqHidSchema;

/* Takes the document over, also on failure. Errors: what is wrong with the schema. */
MaqHidSchema *maq_hid_schema_new(MaqHidDocument *document, GError **error);
MaqHidSchema *maq_hid_schema_load(const char *path, GError **error);
void maq_hid_schema_free(MaqHidSchema *schema);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MaqHidSchema, maq_hid_schema_free)

/* All violations in the order of the text, each with its place, the line and a caret;
 * disabled nodes are checked, too. No violation: an empty array. (transfer full) */
GPtrArray *maq_hid_schema_check(
	const MaqHidSchema *schema, const MaqHidDocument *document);

G_END_DECLS

#endif
