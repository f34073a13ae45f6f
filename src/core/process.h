// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * process - the launcher: the one part of the system that starts and ends processes
 *
 * Serves Process sessions. A session's processes are named below its label and end with
 * it. What they print becomes lines of the log. Orphans that a component leaves behind
 * come to core (it is a subreaper) and are killed.
 */
#ifndef CORE_PROCESS_H
#define CORE_PROCESS_H

#include "log.h"
#include "schedule.h"

#include <maq/process.h>

typedef struct Launcher Launcher;

/* What a process is; descriptors are borrowed. */
typedef struct {
	const char *label;
	int program, parent;
	const char *arguments; /* each ended by a newline */
	const char *grants;
} LaunchSpec;

typedef void (*ProcessEnded)(void *data, int code, int signal);
typedef struct Process Process;

/* log and schedule (NULL: none) are borrowed. */
Launcher *launcher_new(MaqEnv *env, Log *log, Schedule *schedule);
/* Ends all processes and waits for them. */
void launcher_free(Launcher *launcher);
/* ended is called from the loop, once; then the process is freed. */
Process *launcher_start(Launcher *launcher, const LaunchSpec *spec, ProcessEnded ended,
	void *data, GError **error);
void process_kill(Process *process);
/* As process_kill; nobody is told. */
void process_abandon(Process *process);
/* The process whose label begins a session's label; NULL if there is none. */
Process *launcher_find(Launcher *launcher, const char *label);
const char *process_grants(const Process *process);

extern const MaqProcessService process_service;

#endif
