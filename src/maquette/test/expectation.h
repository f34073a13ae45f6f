// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * expectation - what a scenario is to show, read from its file `expect` or `runtime`
 *
 * An expectation is a value: reading it touches nothing but the file, judging it
 * (judge.h) nothing at all.
 */
#ifndef MAQUETTE_EXPECTATION_H
#define MAQUETTE_EXPECTATION_H

#include <maq/hid.h>

typedef enum {
	STEP_LINE,
	STEP_TYPE,
	STEP_KEY,
	STEP_CLICK,
	STEP_DRAG,
	STEP_SCROLL,
	STEP_RESIZE,
	STEP_TILE,
	STEP_TEXT,
	STEP_QUIET,
	STEP_ANSWERED,
	STEP_NEEDLE,
	STEP_COPY,
	STEP_COPIED,
	STEP_SHOT,
	STEP_KILL,
	STEP_FREEZE,
	STEP_THAW,
	STEP_RECONFIGURE,
	STEP_RESTART,
	STEP_QUOTA,
	STEP_WM,
	STEP_COUNT
} StepKind;

/* One after the other: a line that is awaited, or something that is done. */
typedef struct {
	StepKind kind;
	const MaqHidNode *node; /* borrowed from the expectation */
	char *text;             /* owned: quoted, without space around it */
} Step;

/* What ends the test when all of it has come. */
typedef struct {
	bool succeed;     /* or fail */
	char **lines;     /* owned, patterns: in this order; NULL: none */
	guint found;      /* of lines */
	gint64 seconds;   /* -1: at any time */
	bool awaits_exit; /* and exit_code is the code */
	int exit_code;
} Outcome;

typedef struct {
	MaqHidDocument *document; /* owned */
	bool packaged;            /* a runtime of Genode's */
	GPtrArray *steps;         /* owned, of Step */
	GPtrArray *anywhere;      /* owned, of char *: lines expected at any time */
	GPtrArray *outcomes;      /* owned, of Outcome */
	GPtrArray *services;      /* owned, of char *: required of a packaged scenario */
	bool requires_quota, requires_confinement;
	bool awaits_exit;
	int exit_code;
	gint64 seconds; /* the end of patience */
} Expectation;

/* That of a scenario's folder; NULL and error. */
Expectation *expectation_load(const char *scenario, GError **error);
Expectation *expectation_parse(
	MaqHidDocument *document /* taken over */, bool packaged, GError **error);
void expectation_free(Expectation *expectation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Expectation, expectation_free)

/* It waits or looks, and does nothing that could cause a line. */
bool step_waits(const Step *step);
/* The step as its file has it, in one line; owned by the caller. */
char *step_describe(const Step *step);

#endif
