// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * backend - what group.c asks of a back end
 */
#ifndef CORE_GROUP_BACKEND_H
#define CORE_GROUP_BACKEND_H

#include "group.h"

typedef struct {
	const char *name;
	const char *missing; /* "": nothing */
	bool real_time;      /* it can hold real-time threads to a budget */
	/* A root for the scenario's groups; NULL: this machine has none. */
	void *(*open)(const char *name, GError **error);
	void (*close)(void *root);
	/* path: from the root, "init/wm"; the groups above are made already. */
	void *(*make)(void *root, const char *path, GError **error);
	/* Removes it; its processes have ended. */
	void (*remove)(void *group);
	unsigned (*entries)(void *group, int entries[GROUP_ENTRIES_MAX]);
	/* Moves a process. */
	bool (*enter)(void *group, pid_t pid);
	/* Its first process has entered by itself. */
	void (*entered)(void *group, pid_t pid);
	/* False: more is in use. */
	bool (*limit_ram)(void *group, guint64 bytes);
	void (*limit_processes)(void *group, guint32 processes);
	/* Weight, limit and real time; false: *what is not possible here. */
	bool (*configure)(void *group, const GroupTraits *traits, const char **what);
	void (*usage)(void *group, GroupUsage *usage);
	bool (*freeze)(void *group, bool frozen);
	void (*kill)(void *group);
	int (*pressure)(void *group, unsigned *events);
	bool (*is_pressed)(void *group);
} GroupBackend;

extern const GroupBackend group_v1, group_v2, group_ledger;

/* ---- files of control groups ---- */

/* 0 or -errno. */
int group_write(int folder, const char *file, const char *format, ...)
	G_GNUC_PRINTF(3, 4);
/* As much as there is room for; false: nothing. */
bool group_read_text(int folder, const char *file, char *text, size_t size);
/* The first number in the file; fallback. */
guint64 group_read(int folder, const char *file, guint64 fallback);
/* The number behind a word, as in memory.stat. */
guint64 group_read_field(int folder, const char *file, const char *field);
/* A signal to each process listed; false: there is none. */
bool group_signal(int folder, int number);
/* SIGKILL to each process of a group and of those below; how many there were. */
unsigned group_kill_below(int folder);
/* Removes a group with all below. The kernel needs a moment after the last process: it is
 * tried as often as patience says, with a pause between. */
void group_remove_tree(const char *path, unsigned patience);
#define GROUP_WAIT_US    1000u
#define GROUP_PATIENCE   50u /* at the end of a scenario */
#define GROUP_IMPATIENCE 3u  /* while others wait; what stays goes with the scenario */

/* ---- of a single process, with all its threads ---- */

/* False: the process has not executed its program yet, and needs core's handles. */
bool group_has_executed(pid_t pid);
void group_limit_handles(pid_t pid, guint32 handles);
void group_limit_data(pid_t pid, guint64 bytes);
bool group_schedule(pid_t pid, const GroupTraits *traits, const char **what);

/* ---- names of scenarios' groups ---- */

#define GROUP_PREFIX "maquette."

#endif
