// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * trace - what components recorded last, read from their rings (maq/trace_ring.h)
 */
#ifndef MAQUETTE_TRACE_H
#define MAQUETTE_TRACE_H

#include "remote.h"

#include <maq/trace_ring.h>

#include <stdio.h>

/* Of one component. */
typedef struct {
	MaqTraceRing *copy;    /* owned */
	char *label;           /* owned: plain */
	MaqTraceEvent *events; /* owned, of all the oldest first, by time */
	guint n;
	guint64 lost; /* events that are overwritten, or are none */
} TracePart;

/* Of TracePart, by number; NULL and error. */
GPtrArray *trace_load(Remote *remote, GError **error);
/* Likewise, from a folder where core has saved it. */
GPtrArray *trace_load_saved(const char *folder, GError **error);

/* All as lines, in the order of time; of each component the last ones at most. */
void trace_print(const GPtrArray *parts, guint lines, FILE *out);
/* A component's words, without what a terminal would obey; owned by the caller. */
char *trace_plain(const char *text);
/* Of two events (MaqTraceEvent), for sorting. */
int trace_compare_time(gconstpointer a, gconstpointer b, gpointer unused);
/* The event's name, as rpc_call; id is one of MaqTraceId. */
const char *trace_event_name(guint id);
/* The name of the operation, NULL if it is not known; owned by the caller. names is an
 * interface's text; *service (NULL: of no interest) is owned by the caller, too. */
char *trace_operation(const char *names, guint opcode, char **service);
/* In the Common Trace Format, version 1.8, with one stream a component; the folder is
 * made or is empty. */
bool trace_write_ctf(const GPtrArray *parts, const char *folder, GError **error);

#endif
