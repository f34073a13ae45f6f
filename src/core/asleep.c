// SPDX-License-Identifier: GPL-2.0-or-later
#include "asleep.h"

#include <string.h>

static char *read_file(const char *format, int number, const char *name)
{
	g_autofree char *path = g_strdup_printf(format, number, name);
	char *text;

	return g_file_get_contents(path, &text, NULL, NULL) ? text : NULL;
}

/* 0: it has ended. */
static int process_of(int pidfd)
{
	g_autofree char *info = read_file("/proc/self/fdinfo/%d%s", pidfd, "");
	const char *line = info ? strstr(info, "Pid:") : NULL;

	return line ? (int)MAX(g_ascii_strtoll(line + 4, NULL, 10), 0) : 0;
}

bool asleep(int pidfd, guint64 *ran)
{
	int process = process_of(pidfd);
	guint64 before = *ran;

	*ran = 0;
	if (!process)
		return false;
	g_autofree char *stat = read_file("/proc/%d/%s", process, "stat");
	g_autofree char *times = read_file("/proc/%d/%s", process, "schedstat");
	/* the name in front may contain anything */
	const char *state = stat ? strrchr(stat, ')') : NULL;
	if (!state || !times || !strchr("ST", state[2]))
		return false;
	*ran = g_ascii_strtoull(times, NULL, 10);
	return *ran && *ran == before;
}
