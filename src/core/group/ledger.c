// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ledger - no control groups: quotas are counted, and a process is held by resource
 * limits as far as these go
 */
#include "backend.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

typedef struct {
	pid_t pid;
	guint64 limit;
} Member;

static void *open_root(const char *name, GError **error)
{
	static int root;

	(void)name;
	(void)error;
	return &root;
}

static void close_root(void *root)
{
	(void)root;
}

static void *make(void *root, const char *path, GError **error)
{
	(void)root;
	(void)path;
	(void)error;
	return g_new0(Member, 1);
}

static unsigned entries(void *group, int descriptors[GROUP_ENTRIES_MAX])
{
	(void)group;
	(void)descriptors;
	return 0;
}

/* Not RLIMIT_AS: mappings of shared memory are others' quotas. */
static bool limit_ram(void *group, guint64 bytes)
{
	Member *member = group;

	member->limit = bytes;
#ifndef MAQ_SANITIZED
	if (member->pid)
		group_limit_data(member->pid, bytes);
#endif
	return true;
}

static void entered(void *group, pid_t pid)
{
	Member *member = group;

	member->pid = pid;
	limit_ram(member, member->limit);
}

static bool enter(void *group, pid_t pid)
{
	entered(group, pid);
	return true;
}

static void limit_processes(void *group, guint32 processes)
{
	(void)group;
	(void)processes;
}

static bool configure(void *group, const GroupTraits *traits, const char **what)
{
	(void)group;
	*what = "cpu";
	return traits->weight == 100 && !traits->limit && !traits->rt_runtime;
}

static void usage(void *group, GroupUsage *result)
{
	const Member *member = group;
	g_autofree char *path = g_strdup_printf("/proc/%d/statm", (int)member->pid);
	g_autofree char *times = g_strdup_printf("/proc/%d/schedstat", (int)member->pid);
	g_autofree char *text = NULL;
	g_autofree char *time = NULL;
	unsigned long size, resident, shared;

	if (!member->pid)
		return;
	if (g_file_get_contents(path, &text, NULL, NULL) &&
		sscanf(text, "%lu %lu %lu", &size, &resident, &shared) == 3)
		result->ram =
			(guint64)(resident - shared) * (guint64)sysconf(_SC_PAGESIZE);
	if (g_file_get_contents(times, &time, NULL, NULL))
		result->cpu = g_ascii_strtoull(time, NULL, 10);
	result->processes = 1;
}

static bool freeze(void *group, bool frozen)
{
	const Member *member = group;

	return member->pid && kill(member->pid, frozen ? SIGSTOP : SIGCONT) == 0;
}

static void kill_all(void *group)
{
	(void)group; /* the launcher ends the process, orphans come to core */
}

static int pressure(void *group, unsigned *events)
{
	(void)group;
	(void)events;
	return -1;
}

static bool is_pressed(void *group)
{
	(void)group;
	return false;
}

const GroupBackend group_ledger = {
	.name = "ledger only",
#ifdef MAQ_SANITIZED
	.missing = "a build with sanitizers needs memory that no quota counts",
#else
	.missing = "memory is held by RLIMIT_DATA, CPU and processes are not "
		   "enforced",
#endif
	.open = open_root,
	.close = close_root,
	.make = make,
	.remove = g_free,
	.entries = entries,
	.enter = enter,
	.entered = entered,
	.limit_ram = limit_ram,
	.limit_processes = limit_processes,
	.configure = configure,
	.usage = usage,
	.freeze = freeze,
	.kill = kill_all,
	.pressure = pressure,
	.is_pressed = is_pressed,
};
