// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * files - reading and writing the small files of control groups
 */
#include "backend.h"

#include <maq/wire.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/magic.h>
#include <sys/statfs.h>
#include <unistd.h>

#define KILL_ROUNDS 100 /* a process may fork while it is being ended */

int group_write(int folder, const char *file, const char *format, ...)
{
	maq_autofd int fd = openat(folder, file, O_WRONLY | O_CLOEXEC);
	char text[256];
	va_list arguments;

	if (fd < 0)
		return -errno;
	va_start(arguments, format);
	int size = vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	g_assert(size >= 0 && (size_t)size < sizeof text);
	return write(fd, text, (size_t)size) == size ? 0 : -errno;
}

bool group_read_text(int folder, const char *file, char *text, size_t size)
{
	maq_autofd int fd = openat(folder, file, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, size - 1);

	text[MAX(n, 0)] = '\0';
	return n > 0;
}

guint64 group_read(int folder, const char *file, guint64 fallback)
{
	char text[4096];

	return group_read_text(folder, file, text, sizeof text) && g_ascii_isdigit(*text)
		       ? g_ascii_strtoull(text, NULL, 10)
		       : fallback;
}

guint64 group_read_field(int folder, const char *file, const char *field)
{
	char text[4096];
	size_t size = strlen(field);

	if (!group_read_text(folder, file, text, sizeof text))
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

	if (!group_read_text(folder, "cgroup.procs", text, sizeof text))
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

unsigned group_kill_below(int folder)
{
	unsigned n = 0;
	int list = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *entries = list < 0 ? NULL : fdopendir(list);

	for (struct dirent *entry = entries ? readdir(entries) : NULL; entry;
		entry = readdir(entries)) {
		if (entry->d_type != DT_DIR || entry->d_name[0] == '.')
			continue;
		maq_autofd int below =
			openat(folder, entry->d_name, O_PATH | O_DIRECTORY | O_CLOEXEC);
		n += group_kill_below(below);
	}
	if (entries)
		closedir(entries);
	return n + tell_listed(folder, SIGKILL);
}

void group_remove_tree(const char *path, unsigned patience)
{
	GDir *list = g_dir_open(path, 0, NULL);
	const char *name;

	while (list && (name = g_dir_read_name(list))) {
		g_autofree char *below = g_build_filename(path, name, NULL);

		if (g_file_test(below, G_FILE_TEST_IS_DIR))
			group_remove_tree(below, patience);
	}
	if (list)
		g_dir_close(list);
	for (unsigned i = 0; i < patience && rmdir(path) && errno == EBUSY; i++)
		usleep(GROUP_WAIT_US);
}

/* Only what can be ours: the list of what is left lies in a folder of the user's. */
void groups_remove_left(const char *path)
{
	g_autofree char *name = g_path_get_basename(path);
	maq_autofd int folder = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct statfs system;

	if (folder < 0 || !g_str_has_prefix(name, GROUP_PREFIX) ||
		fstatfs(folder, &system) ||
		(system.f_type != CGROUP_SUPER_MAGIC &&
			system.f_type != CGROUP2_SUPER_MAGIC))
		return;
	for (unsigned i = 0; i < KILL_ROUNDS && group_kill_below(folder); i++)
		usleep(GROUP_WAIT_US);
	group_remove_tree(path, GROUP_PATIENCE);
}
