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
#include "group/group.h"
#include "host.h"
#include "log.h"
#include "schedule.h"
#include "traces.h"

#include <maq/process.h>

#include <sys/types.h>

typedef struct Launcher Launcher;
typedef struct Process Process;

/* What a process is; descriptors are borrowed. */
typedef struct {
	const char *label;
	guint64 ram; /* quota at the start */
	guint32 caps;
	GroupTraits traits;
	Process *init; /* that starts it; NULL: core */
	int program, parent;
	const char *arguments;     /* each ended by a newline */
	const char *grants;        /* allowed ones, host.h; NULL: may grant everything */
	const HostSocket *sockets; /* become descriptors 4, 5 ... */
	unsigned n_sockets;
} LaunchSpec;

typedef void (*ProcessEnded)(void *data, int code, int signal);
/* It stands still at its RAM limit; ram: what it needs for a first step. */
typedef void (*ProcessPressed)(void *data, guint64 ram);

/* Sessions with inits, kept for orders. */
GPtrArray *launcher_clients(Launcher *launcher);
MaqEnv *launcher_env(Launcher *launcher);
/* All are borrowed; schedule may be NULL: none. */
Launcher *launcher_new(MaqEnv *env, Log *log, Host *host, Groups *groups,
	Schedule *schedule, Confine *confine);
/* What processes that start from now on do is recorded there; borrowed. */
void launcher_record(Launcher *launcher, Traces *traces);
/* NULL: nothing is. */
const Traces *launcher_traces(const Launcher *launcher);
/* "LABEL=COMMAND": this component is run by the command, e.g. valgrind. */
bool launcher_wrap(Launcher *launcher, const char *text, GError **error);
/* Ends all processes and waits for them. */
void launcher_free(Launcher *launcher);
/* ended is called from the loop, once; then the process is freed. pressed may be NULL:
 * the process is ended at its limit. */
Process *launcher_start(Launcher *launcher, const LaunchSpec *spec, ProcessEnded ended,
	ProcessPressed pressed, void *data, GError **error);
/* Another quota; false: it uses more, and keeps the old one. */
bool process_resize(Process *process, guint64 ram, guint32 caps);
/* What of it the machine cannot do is logged. */
void process_configure(Process *process, const GroupTraits *traits);
/* It has processes below from now on. */
bool process_divide(Process *process, GError **error);
Group *process_group(const Process *process);
Groups *launcher_groups(Launcher *launcher);
/* What stands behind the quotas, and what that cannot promise. */
const char *launcher_enforcement(const Launcher *launcher);
void process_kill(Process *process);
/* As process_kill; nobody is told. */
void process_abandon(Process *process);
Host *launcher_host(Launcher *launcher);
const Confine *launcher_confine(const Launcher *launcher);
/* The process of that label; NULL if there is none. */
Process *launcher_find(Launcher *launcher, const char *label);
const char *process_label(const Process *process);
/* NULL: everything. */
const char *process_grants(const Process *process);

/* For reports; order is that of the starts. */
typedef void (*ProcessVisit)(void *data, const char *label, pid_t pid, const char *grants,
	const GroupUsage *usage);
void launcher_visit(Launcher *launcher, ProcessVisit visit, void *data);

/* ---- process_service.c: orders of the owner to the inits ---- */

/* text: a state report, borrowed; NULL: the init gave none in time. */
typedef void (*Described)(void *data, const char *label, const char *text);
/* Asks every init for its state; described is called once for each, then once with label
 * NULL. */
void inits_describe(Launcher *launcher, Described described, void *data);
/* False: there is no such init; whether it has such a child, it says in the log. */
bool inits_restart(Launcher *launcher, const char *label);

/* ram, caps: assigned now; 0: there is no such component. Not answered: not in time. */
typedef void (*QuotaSet)(void *data, bool answered, guint64 ram, guint32 caps);
/* False: there is no such init. All bits set: as it is. */
bool inits_set_quota(Launcher *launcher, const char *label, guint64 ram, guint32 caps,
	QuotaSet done, void *data);

extern const MaqProcessService process_service;

#endif
