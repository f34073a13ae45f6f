// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * entries - what can be started, what runs, and the configuration that says so
 *
 * No input or output.
 */
#ifndef LAUNCHER_ENTRIES_H
#define LAUNCHER_ENTRIES_H

#include <maq/hid.h>

typedef enum {
	ENTRY_STOPPED,
	ENTRY_STARTING, /* wanted, and not there or incomplete yet */
	ENTRY_RUNNING,
	ENTRY_EXITED, /* wanted, and one of its components has ended */
} EntryState;

typedef struct {
	char *name, *summary;   /* owned */
	const MaqHidNode *node; /* borrowed from the configuration */
	bool wanted;
	guint version; /* of its start nodes: another one starts them anew */
	EntryState state;
} Entry;

typedef struct {
	GPtrArray *all; /* owned, of Entry, in the order of the configuration */
	GPtrArray *
		shown; /* owned, of Entry, borrowed: those that the filter lets through */
	GString *filter; /* owned */
	guint selected;  /* of shown */
} Entries;

void entries_init(Entries *entries);
void entries_fini(Entries *entries);
/* Another configuration, which must stay until the next; what is wanted stays so, if
 * there still is an entry of that name. */
void entries_read(Entries *entries, const MaqHidNode *config);
/* The state report of the init that starts them. */
void entries_read_state(Entries *entries, const MaqHidNode *state);
/* Entries with these letters in this order, in their name or summary. */
void entries_filter(Entries *entries, const char *text);
Entry *entries_selected(const Entries *entries); /* NULL: none is shown */
void entries_select(Entries *entries, int by);
/* Starts it, also anew if it has exited. */
void entry_start(Entry *entry);
void entry_stop(Entry *entry);
/* The configuration of that init: the node `base`, and the start nodes of all that is
 * wanted. (transfer full) */
char *entries_config(const Entries *entries, const MaqHidNode *config);

#endif
