// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * report - results for people, as TAP and as JUnit XML
 */
#ifndef MAQUETTE_REPORT_H
#define MAQUETTE_REPORT_H

#include "run.h"

typedef struct {
	char *name;     /* owned */
	char *scenario; /* owned */
	char *failure;  /* owned: folder, there if it failed */
	Result result;  /* owned */
	double seconds;
	bool finished;
} Case;

void case_free(gpointer data);

typedef struct {
	const GPtrArray *cases; /* borrowed, of Case, in their order */
	bool terminal;          /* standard output is one */
	guint printed;
} Report;

void report_begin(Report *report, const GPtrArray *cases);
/* Something has finished: prints what can be told in order. */
void report_progress(Report *report, guint running);
void report_end(Report *report);

/* For XML and HTML, valid whatever the text is; NULL: "". Owned by the caller. */
char *report_escape(const char *text);
bool report_write_junit(const GPtrArray *cases, const char *path, GError **error);

#endif
