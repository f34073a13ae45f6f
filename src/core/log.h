// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * log - the LOG service, the output of processes, and the memory of the last lines
 */
#ifndef CORE_LOG_H
#define CORE_LOG_H

#include <maq/env.h>
#include <maq/log.h>

typedef struct Log Log;

Log *log_new(bool labels_in_color);
void log_free(Log *log);
/* Prints each line of text behind "[label] " and remembers it. */
void log_text(Log *log, const char *label, const char *text);
/* Lines kept of a label, oldest first, at most max; owned by the caller (g_strfreev). */
char **log_last_lines(const Log *log, const char *label, guint max);

/* Service of LOG sessions; self is the Log. */
extern const MaqLogService log_service;

#endif
