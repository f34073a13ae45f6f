// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * group - what the kernel is told of quotas: a control group a component
 *
 * The groups form the component tree. A component's limit is its quota and a stated
 * allowance, since a process needs memory before it does anything; an init's group holds
 * those of its children and one of its own process, and its limit is its quota and all
 * allowances below. So an init that lies about its children's quotas harms only these.
 *
 * Three back ends behind one table: control groups version 1 (libcgroup), version 2, and
 * the ledger alone with what resource limits can do. Single-threaded; no call waits for
 * a component.
 */
#ifndef CORE_GROUP_H
#define CORE_GROUP_H

#include <glib.h>
#include <stdbool.h>
#include <sys/types.h>

typedef struct Groups Groups; /* of one scenario */
typedef struct Group Group;   /* of one component */

/* Descriptors to which a new process writes "0" to become a member. */
#define GROUP_ENTRIES_MAX 8

/* Bytes and numbers that are not part of any quota. */
#define GROUP_ALLOWANCE_RAM       (2u << 20)   /* of a process */
#define GROUP_RESERVE_RAM         (4u << 20)   /* of a server, in addition */
#define GROUP_RESERVE_INIT        (8u << 20)   /* of an init, in addition */
#define GROUP_OF_A_TOOL           (1ull << 30) /* of a component that is wrapped */
#define GROUP_ALLOWANCE_PROCESSES 8u
#define GROUP_ALLOWANCE_HANDLES   32u

typedef struct {
	bool server;
	bool wrapped;                  /* by a tool, whose memory is no quota's */
	guint32 weight;                /* 100: usual */
	guint32 limit;                 /* 1/100 percent of one CPU; 0: none */
	guint32 rt_runtime, rt_period; /* us; 0: no real-time threads */
	guint64 cpus;                  /* a bit each; 0: all */
} GroupTraits;

#define GROUP_TRAITS_USUAL ((GroupTraits){.weight = 100})

typedef struct {
	guint64 ram;       /* bytes in use, as the kernel counts */
	guint64 limit;     /* bytes; 0: none is enforced */
	guint64 cpu;       /* ns used since its start */
	guint32 processes; /* with threads */
} GroupUsage;

/* name: of the scenario's group; kind: v1, v2, ledger, or auto (also NULL): the first
 * that this machine has. NULL: it lacks that one. */
Groups *groups_new(const char *name, const char *kind, GError **error);
void groups_free(Groups *groups);
/* "cgroup v1", "cgroup v2" or "ledger only". */
const char *groups_kind(const Groups *groups);
/* Whether quotas are only counted. */
bool groups_lack(const Groups *groups);
/* What the back end cannot promise, and how to get it; "": nothing. */
const char *groups_missing(const Groups *groups);
/* Ends and removes what a killed core has left: path is as it was noted. */
void groups_remove_left(const char *path);

/* parent: NULL: the scenario itself. NULL: error says why. */
Group *group_new(Groups *groups, Group *parent, const char *name, guint64 ram,
	guint32 caps, const GroupTraits *traits, GError **error);
/* All its processes have ended, or end now. */
void group_free(Group *group);
/* The descriptors are the caller's to close. */
unsigned group_entries(Group *group, int entries[GROUP_ENTRIES_MAX]);
/* The process that entered. */
void group_entered(Group *group, pid_t pid);
/* It is an init: from now on it has groups below. */
bool group_divide(Group *group, GError **error);
/* False: it uses more, and keeps the limits that it has. */
bool group_resize(Group *group, guint64 ram, guint32 caps);
guint64 group_ram(const Group *group);
guint32 group_caps(const Group *group);
const GroupTraits *group_traits(const Group *group);
/* An init with as many components below as it has capabilities, and a few, gets no more:
 * each has an allowance of memory and takes core's descriptors. */
bool group_has_room(const Group *group);
/* False: the machine or the init cannot give all of it; *what says what. Processors are
 * those of its init; real time is a part of its init's. */
bool group_configure(Group *group, const GroupTraits *traits, const char **what);
/* What of its traits it did not get at its start; NULL: nothing. */
const char *group_lacks(const Group *group);
void group_usage(Group *group, GroupUsage *usage);
bool group_freeze(Group *group, bool frozen);
/* Ends every process of the group and of those below. */
void group_kill(Group *group);
/* Told when it stands at its RAM limit: readable, or exceptional, as events says; -1: the
 * back end cannot tell. */
int group_pressure(Group *group, unsigned *events);
/* Takes the event; whether it is at its limit. */
bool group_is_pressed(Group *group);

#endif
