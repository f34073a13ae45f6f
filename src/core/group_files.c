// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * group_files - reading and writing the small files of control groups
 */
#include "group_backend.h"

#include <maq/wire.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define KILL_ROUNDS 100 /* a process may fork while it is being ended */

int group_write(int folder, const char *file, const char *format, ...)
{
	char text[128];
	va_list arguments;
	maq_autofd int fd = openat(folder, file, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	va_start(arguments, format);
	int size = vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	return write(fd, text, (size_t)size) == size ? 0 : -errno;
}

static bool read_text(int folder, const char *file, char *text, size_t size)
{
	maq_autofd int fd = openat(folder, file, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, size - 1);

	text[MAX(n, 0)] = '\0';
	return n > 0;
}

guint64 group_read(int folder, const char *file, guint64 fallback)
{
	char text[4096];

	return read_text(folder, file, text, sizeof text) && g_ascii_isdigit(*text)
		       ? g_ascii_strtoull(text, NULL, 10)
		       : fallback;
}

guint64 group_read_field(int folder, const char *file, const char *field)
{
	char text[4096];
	size_t size = strlen(field);

	if (!read_text(folder, file, text, sizeof text))
		return 0;
	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (!strncmp(line, field, size) && line[size] == ' ')
			return g_ascii_strtoull(line + size + 1, NULL, 10);
	}
	return 0;
}

/* The number of processes that were told. */
static unsigned tell_listed(int folder, int number)
{
	char text[4096];
	char *next = text;
	unsigned n = 0;

	if (!read_text(folder, "cgroup.procs", text, sizeof text))
		return 0;
	/* the last number may be cut off: it comes in the next round */
	for (long pid = strtol(text, &next, 10); pid > 0 && *next == '\n';
		pid = strtol(next, &next, 10), n++)
		kill((pid_t)pid, number);
	return n;
}

bool group_signal(int folder, int number)
{
	return tell_listed(folder, number) > 0;
}

void group_kill_listed(int folder)
{
	for (unsigned i = 0; i < KILL_ROUNDS && tell_listed(folder, SIGKILL); i++)
		usleep(1000);
}

bool group_claim(int folder)
{
	return flock(folder, LOCK_EX | LOCK_NB) == 0;
}
