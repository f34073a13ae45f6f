// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * run - one test: starts the scenario, follows its output, does the steps, judges
 *
 * Runs in a process of its own, so that its run-time folder is its own.
 */
#ifndef MAQUETTE_TEST_RUN_H
#define MAQUETTE_TEST_RUN_H

#include <glib.h>
#include <stdbool.h>

/* How all scenarios are run. */
typedef struct {
	gboolean virtual_time, require_confinement, require_quota, update_needles, record;
	char *seed;   /* owned; NULL: all components run at once */
	char *output; /* owned: folder of the failures' folders; NULL: ./maquette-test */
	char *junit;  /* owned; NULL: none */
	gboolean report; /* pages for a browser in output, of what went well, too */
	int jobs, repeat;
} Options;

typedef struct {
	const char *scenario; /* borrowed */
	const char *runtime;  /* borrowed: run-time folder, for this run alone */
	const char *failure;  /* borrowed: folder for what is left of a failure */
} Run;

typedef enum { RESULT_FAILED, RESULT_WELL, RESULT_SKIPPED } ResultKind;

typedef struct {
	ResultKind kind;
	char *reason;   /* owned: of a failure or skip; NULL */
	char *comments; /* owned: lines for who reads the results; NULL */
} Result;

void run_test(const Run *run, const Options *options, Result *result);

#endif
