// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * process - what the kernel limits by process: handles, data, processors, real time
 *
 * Only soft limits are set: core could not raise a hard one again without privileges. A
 * component's system call filter keeps it from raising them itself.
 */
#include "backend.h"

#include <dirent.h>
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#define RT_PRIORITY 1

static void limit(pid_t pid, __rlimit_resource_t resource, guint64 value)
{
	struct rlimit limits;

	if (prlimit(pid, resource, NULL, &limits))
		return;
	limits.rlim_cur = MIN(value, limits.rlim_max);
	prlimit(pid, resource, &limits, NULL);
}

bool group_has_executed(pid_t pid)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/exe", (int)pid);
	g_autofree char *program = g_file_read_link(path, NULL);
	g_autofree char *own = g_file_read_link("/proc/self/exe", NULL);

	return program && g_strcmp0(program, own) &&
	       !g_str_has_suffix(program, "/maquette-zygote");
}

void group_limit_handles(pid_t pid, guint32 handles)
{
	limit(pid, RLIMIT_NOFILE, handles);
}

void group_limit_data(pid_t pid, guint64 bytes)
{
	limit(pid, RLIMIT_DATA, bytes);
}

/* Those of core, or of them the named ones: bit 0 is the first that core may use. */
static cpu_set_t cpu_set(guint64 cpus)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof set, &set))
		CPU_ZERO(&set);
	for (int i = 0, number = 0; cpus && i < CPU_SETSIZE; i++) {
		if (!CPU_ISSET(i, &set))
			continue;
		if (number >= 64 || !(cpus >> number & 1))
			CPU_CLR(i, &set);
		number++;
	}
	return set;
}

static bool schedule_thread(pid_t thread, const GroupTraits *traits, const char **what)
{
	cpu_set_t set = cpu_set(traits->cpus);
	struct sched_param parameters = {
		.sched_priority = traits->rt_runtime ? RT_PRIORITY : 0};
	bool well = true;

	if (sched_setaffinity(thread, sizeof set, &set) && errno != ESRCH) {
		*what = "affinity";
		well = false;
	}
	int policy = traits->rt_runtime ? SCHED_RR : SCHED_OTHER;
	if (sched_getscheduler(thread) != policy &&
		sched_setscheduler(thread, policy, &parameters) && errno != ESRCH) {
		*what = "real-time CPU";
		well = false;
	}
	return well;
}

bool group_schedule(pid_t pid, const GroupTraits *traits, const char **what)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/task", (int)pid);
	DIR *tasks = opendir(path);
	bool well = true;

	for (struct dirent *entry = tasks ? readdir(tasks) : NULL; entry;
		entry = readdir(tasks))
		if (g_ascii_isdigit(entry->d_name[0]))
			well &= schedule_thread((pid_t)atoi(entry->d_name), traits, what);
	if (tasks)
		closedir(tasks);
	return well;
}
