// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * judge - holds a scenario's output against its expectation; pure
 *
 * Lines of the output count once for each line that is expected in order, and for every
 * outcome and every line that may come anywhere. While a step that is no line is being
 * done, lines are kept: what it causes may come before it is known to be done.
 */
#ifndef MAQUETTE_JUDGE_H
#define MAQUETTE_JUDGE_H

#include "expectation.h"

typedef enum { OPEN, SUCCEEDED, FAILED } Verdict;

typedef struct {
	Expectation *expectation; /* borrowed; its outcomes and lines are ticked off */
	const char *component;    /* borrowed: label of a packaged one; NULL: none */
	GString *output;          /* owned: all of it */
	gsize scanned, ordered;   /* of output, for those in order apart */
	guint done;               /* of the steps */
	Verdict verdict;
	char *reason; /* owned: of a failure */
} Judge;

void judge_init(Judge *judge, Expectation *expectation, const char *component);
void judge_fini(Judge *judge);

void judge_output(Judge *judge, const char *text, gsize size);
void judge_time(Judge *judge, gint64 seconds);
/* The scenario has ended; code -1: by a signal. Leaves no verdict open. */
void judge_exit(Judge *judge, int code);
void judge_fail(Judge *judge, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* The next one, if it is something to do; NULL. */
const Step *judge_step(const Judge *judge);
/* It is about to be done: what it causes comes behind the output so far. Steps that only
 * wait cause nothing, and leave the lines that are there. */
void judge_step_begin(Judge *judge);
void judge_step_done(Judge *judge);

/* What has not come, a line each; owned by the caller. */
char *judge_missing(const Judge *judge);

/* Whether the line has the pattern in it; '*' stands for anything. */
bool judge_matches(const char *line, const char *pattern);

#endif
