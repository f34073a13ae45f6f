// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * tree - a running scenario as core describes it: remote_tree()
 */
#ifndef MAQUETTE_TREE_H
#define MAQUETTE_TREE_H

#include <maq/hid.h>

/* Node process of a component; NULL. */
const MaqHidNode *tree_process(const MaqHidNode *tree, const char *label);

/* A component: depth is 0 for the first init, which has no node child (NULL). */
typedef struct {
	const char *label;
	guint depth;
	const MaqHidNode *child;
	const MaqHidNode *process; /* NULL: it does not run */
} TreeEntry;

/* Parents before their children, in the order of the configuration. */
typedef void (*TreeVisit)(void *data, const TreeEntry *entry);
void tree_visit(const MaqHidNode *tree, TreeVisit visit, void *data);

/* "runs", "exited", "stuck", "incomplete". */
const char *tree_state(const TreeEntry *entry);
guint tree_sessions(const TreeEntry *entry);
/* The name behind the last arrow, indented by its depth; owned by the caller. */
char *tree_name(const TreeEntry *entry);
/* "12M", "340K"; owned by the caller. */
char *tree_size(guint64 bytes);
/* What stands behind the quotas and the confinement, a line each. */
void tree_print_enforcement(const MaqHidNode *tree);

#endif
