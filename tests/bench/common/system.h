// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * system - a whole system, run by the command line, as benchmarks see it
 */
#ifndef BENCH_SYSTEM_H
#define BENCH_SYSTEM_H

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

typedef struct {
	pid_t pid;
	FILE *output; /* owned */
	guint64 started;
	char *folder; /* owned: a scenario that was written for it; NULL: none */
} BenchSystem;

/* Runs MAQUETTE run SCENARIO, on CPU (-1: all). */
bool bench_system_run(
	BenchSystem *system, const char *maquette, const char *scenario, int cpu);
/* Likewise, with further options, NULL behind the last; at most 12. */
bool bench_system_run_with(BenchSystem *system, const char *maquette,
	const char *const *options, const char *scenario, int cpu);
/* Likewise, for a configuration given as text. */
bool bench_system_run_text(
	BenchSystem *system, const char *maquette, const char *config, int cpu);
/* The next line of the log that contains text, without its newline; false: the end. */
bool bench_system_line(BenchSystem *system, const char *text, char *line, gsize size);
/* Summed proportional set size of the processes started by it, itself included, in KiB.
 * Adds each one's name and MiB to parts. */
guint64 bench_system_pss(const BenchSystem *system, GString *parts);
void bench_system_stop(BenchSystem *system);

#endif
