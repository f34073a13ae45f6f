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

#include "confine.h"
#include "host.h"
#include "log.h"
#include "schedule.h"

#include <maq/process.h>

#include <sys/types.h>

typedef struct Launcher Launcher;

/* What a process is; descriptors are borrowed. */
typedef struct {
	const char *label;
	int program, parent;
	const char *arguments;     /* each ended by a newline */
	const char *grants;        /* allowed ones, host.h; NULL: may grant everything */
	const HostSocket *sockets; /* become descriptors 4, 5 ... */
	unsigned n_sockets;
} LaunchSpec;

typedef void (*ProcessEnded)(void *data, int code, int signal);
typedef struct Process Process;

/* Sessions with inits, kept for orders. */
GPtrArray *launcher_clients(Launcher *launcher);
MaqEnv *launcher_env(Launcher *launcher);
/* All are borrowed; schedule may be NULL: none. */
Launcher *launcher_new(
	MaqEnv *env, Log *log, Host *host, Schedule *schedule, Confine *confine);
/* "LABEL=COMMAND": this component is run by the command, e.g. valgrind. */
bool launcher_wrap(Launcher *launcher, const char *text, GError **error);
/* Ends all processes and waits for them. */
void launcher_free(Launcher *launcher);
/* ended is called from the loop, once; then the process is freed. */
Process *launcher_start(Launcher *launcher, const LaunchSpec *spec, ProcessEnded ended,
	void *data, GError **error);
void process_kill(Process *process);
/* As process_kill; nobody is told. */
void process_abandon(Process *process);
Host *launcher_host(Launcher *launcher);
const Confine *launcher_confine(const Launcher *launcher);
/* The process of that label; NULL if there is none. */
Process *launcher_find(Launcher *launcher, const char *label);
/* NULL: everything. */
const char *process_grants(const Process *process);

/* For reports; order is that of the starts. */
typedef void (*ProcessVisit)(
	void *data, const char *label, pid_t pid, const char *grants);
void launcher_visit(Launcher *launcher, ProcessVisit visit, void *data);

/* ---- process_service.c: orders of the owner to the inits ---- */

/* text: a state report, borrowed; NULL: the init gave none in time. */
typedef void (*Described)(void *data, const char *label, const char *text);
/* Asks every init for its state; described is called once for each, then once with label
 * NULL. */
void inits_describe(Launcher *launcher, Described described, void *data);
/* False: there is no such init; whether it has such a child, it says in the log. */
bool inits_restart(Launcher *launcher, const char *label);

extern const MaqProcessService process_service;

#endif
