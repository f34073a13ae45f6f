/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * schema - what loading a schema makes of it, for checking
 */
#ifndef MAQ_HID_SCHEMA_INTERNAL_H
#define MAQ_HID_SCHEMA_INTERNAL_H

#include "tree.h"

#include <maq/hid_schema.h>

struct MaqHidSchema {
	MaqHidDocument *document; /* owned */
	GHashTable *types;        /* owned: name (borrowed) to GRegex (owned) */
	/* owned: name (borrowed) to a table (owned) of node type (borrowed) to the
	 * 'node' that defines it (borrowed) */
	GHashTable *categories;
};

/* The pattern of a type as the schema has it, or NULL */
const char *schema_pattern(const MaqHidSchema *schema, const char *type);

/* The definition of sub nodes of a type: the one that counts how often it may occur
 * ('rule'), and the one that says what is inside ('inside'); NULL if there is none. */
typedef struct {
	const MaqHidNode *rule, *inside;
} Definition;

Definition schema_find(
	const MaqHidSchema *schema, const MaqHidNode *scope, const char *type);

const MaqHidNode *schema_child(
	const MaqHidNode *scope, const char *type, const char *name);

#endif
