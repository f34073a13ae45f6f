// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * step - does a step of an expectation to a running scenario
 *
 * In a child process: whatever hangs, hangs there, and is killed at the end of patience.
 */
#ifndef MAQUETTE_STEP_H
#define MAQUETTE_STEP_H

#include "../remote.h"
#include "expectation.h"

#include <sys/types.h>

/* ---- any work in a child ---- */

typedef struct {
	pid_t pid;
	int handle, output; /* owned: readable at its end; what it has printed */
} ChildRun;

/* work does not return: it ends the child by _exit(). */
bool child_begin(ChildRun *child, void (*work)(void *data, const char *pid), void *data,
	const char *pid);
/* Kills it, unless it has ended. Whether it ended with 0; what it printed, if message is
 * not NULL, owned by the caller. */
bool child_finish(ChildRun *child, char **message);

/* ---- steps ---- */

typedef struct {
	pid_t core;
	const char *scenario, *failure; /* folders: of needles; of what is left */
	const char *config;             /* file; of the running scenario */
	bool update_needles;
	gint64 seconds; /* how long it may take */
} StepPlace;

typedef struct StepRun StepRun;

StepRun *step_begin(const Step *step, const StepPlace *place);
/* Readable when it is done. */
int step_handle(const StepRun *run);
/* Frees it. Whether it was done; what it says, owned by the caller. */
bool step_finish(StepRun *run, char **message);

/* In a child: a scenario that has just been started answers soon, or the child is killed.
 * Owned by the caller. */
Remote *step_await_scenario(pid_t core);

#endif
