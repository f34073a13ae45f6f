/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * maq/hid_edit.h - find nodes by path, and edit a text without disturbing the rest of it
 *
 * A path is HID on one line, from the top-level node down: a type, perhaps a name and
 * attributes as conditions, then '| + type ...' for the level below. Disabled nodes are
 * found, too. Edits answer with the whole new text; every byte that the edit doesn't
 * concern is as before, comments and alignment included.
 */
#ifndef MAQ_HID_EDIT_H
#define MAQ_HID_EDIT_H

#include <maq/hid.h>

G_BEGIN_DECLS

/* The nodes (const MaqHidNode *, owned by the document) at a path, in document order;
 * a condition holds if the attribute is there with this value. (transfer full) */
GPtrArray *maq_hid_find(const MaqHidDocument *document, const char *path, GError **error);

/* 'path | : tag': the values of the attribute in the nodes found (transfer full: an
 * array of const char * owned by the document) */
GPtrArray *maq_hid_get(
	const MaqHidDocument *document, const char *attr_path, GError **error);

/* As Genode's tool has it, a condition of an edit only rules out nodes in which the
 * attribute has another value. (transfer full) */
char *maq_hid_edit_remove(
	const MaqHidDocument *document, const char *path, GError **error);
/* Turns the '+' of the nodes into 'x', or back. (transfer full) */
char *maq_hid_edit_disable(
	const MaqHidDocument *document, const char *path, bool disable, GError **error);
/* 'path | : tag: value | tag: value': sets or adds attributes. (transfer full) */
char *maq_hid_edit_set(
	const MaqHidDocument *document, const char *attr_path, GError **error);

/* The canonical layout with the space behind values kept, exactly as Genode's tool
 * formats. (transfer full) */
char *maq_hid_format(const MaqHidNode *node);

G_END_DECLS

#endif
