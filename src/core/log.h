// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * log - the LOG service, the output of processes, and the memory of the last lines
 */
#ifndef CORE_LOG_H
#define CORE_LOG_H

#include <maq/env.h>
#include <maq/log.h>

typedef struct Log Log;

/* env: its clock tells who writes too fast; NULL: nobody does (time is virtual). */
Log *log_new(bool labels_in_color, MaqEnv *env);
void log_free(Log *log);
/* Prints each line of text behind "[label] " and remembers it. */
void log_text(Log *log, const char *label, const char *text);
/* Lines kept of a label, oldest first, at most max; owned by the caller (g_strfreev). */
char **log_last_lines(const Log *log, const char *label, guint max);

/* How fast an author writes; zeroed at first. */
typedef struct {
	guint64 paid_until; /* ns */
} LogPace;
/* Counts lines of an author; how long it has to wait before the next one, ns. */
guint64 log_pace(Log *log, LogPace *pace, gsize lines);

/* Lines are numbered from 0; the number that the next one will have. */
guint64 log_end(const Log *log);
/* Appends lines from this number on to text, each as label, tab, text, newline, at most
 * max bytes in all; returns the number of the line after the last one given. */
guint64 log_read(const Log *log, guint64 from, GString *text, gsize max);
/*
 * The last lines as the ROM module `log`: the number of lines so far, then a line each:
 * label, tab, text. data is the Log. Owned by the caller.
 */
char *log_module(void *data);
/* Called after each piece of text; it must not log. */
void log_on_line(Log *log, void (*handler)(void *data), void *data);

/* Service of LOG sessions; self is the Log. */
extern const MaqLogService log_service;

#endif
