// SPDX-License-Identifier: GPL-2.0-or-later
#include "spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FIRST_SOCKET 4 /* descriptor; docs/protocol.md */
#define FIRST_FREE   (MAQ_SCHEDULE_END + HOST_SOCKETS_MAX)

/* Sockets come after what the schedule gives. */
static int first_socket(const Slot *slot)
{
	return slot ? MAQ_SCHEDULE_END : FIRST_SOCKET;
}

/* In the new process, before it touches memory that counts. */
static bool enter(const int *entries, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (write(entries[i], "0", 1) != 1)
			_exit(111);
	return true;
}

/* In the new process; only async-signal-safe calls. */
static _Noreturn void become(const LaunchSpec *spec, const Slot *slot, int output,
	int null, pid_t core, bool wrapped, char *const *argv, char *const *envp)
{
	sigset_t none;
	/* high copies first: the originals may be among the numbers that are set */
	int parent = fcntl(spec->parent, F_DUPFD, FIRST_FREE);
	int program = fcntl(spec->program, F_DUPFD, FIRST_FREE);
	int out = fcntl(output, F_DUPFD, FIRST_FREE);
	int in = fcntl(null, F_DUPFD, FIRST_FREE);
	int sockets[HOST_SOCKETS_MAX];
	char magic[2] = "";

	for (unsigned i = 0; i < spec->n_sockets; i++)
		sockets[i] = fcntl(spec->sockets[i].fd, F_DUPFD, FIRST_FREE);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	setsid();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != core)
		_exit(111);
	if (slot)
		slot_give(slot);
	dup2(in, 0);
	dup2(out, 1);
	dup2(out, 2);
	dup2(parent, 3);
	int first = first_socket(slot);
	for (unsigned i = 0; i < spec->n_sockets; i++)
		dup2(sockets[i], first + (int)i);
	syscall(SYS_close_range, (unsigned)first + spec->n_sockets, ~0u,
		CLOSE_RANGE_CLOEXEC);
	/* an interpreter opens its script by /dev/fd */
	if (pread(program, magic, 2, 0) == 2 && magic[0] == '#' && magic[1] == '!')
		fcntl(program, F_SETFD, 0);
	if (wrapped)
		execvpe(argv[0], argv, envp);
	else
		syscall(SYS_execveat, program, "", argv, envp, AT_EMPTY_PATH);
	dprintf(2, "cannot be executed: %s\n", strerror(errno));
	_exit(111);
}

/* Which socket is which descriptor. */
static char *name_sockets(const LaunchSpec *spec, const Slot *slot)
{
	GString *text = g_string_new(NULL);

	for (unsigned i = 0; i < spec->n_sockets; i++)
		g_string_append_printf(text, "%s%s:%u", i ? " " : "",
			spec->sockets[i].name, (unsigned)first_socket(slot) + i);
	return g_string_free(text, FALSE);
}

static char **make_environment(const LaunchSpec *spec, const Slot *slot)
{
	g_autofree char *sockets = name_sockets(spec, slot);
	static const char *const passed[] = {"PATH", "HOME", "USER", "LANG", "TERM",
		"SHELL", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "G_DEBUG",
		"XDG_CACHE_HOME"};
	char **list = NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(passed); i++)
		if (g_getenv(passed[i]))
			list = g_environ_setenv(
				list, passed[i], g_getenv(passed[i]), TRUE);
	if (spec->n_sockets)
		list = g_environ_setenv(list, "MAQ_LISTEN", sockets, TRUE);
	if (slot)
		list = g_environ_setenv(list, "MAQ_SCHEDULE", "1", TRUE);
	return g_environ_setenv(list, "LC_CTYPE", "C.UTF-8", TRUE);
}

/* What is executed: the program by its descriptor, named by its label, or a command that
 * gets the program's path. */
static char **make_arguments(const LaunchSpec *spec, char **wrap, const char *path)
{
	g_autofree char *text = g_strconcat(
		wrap && path ? path : spec->label, "\n", spec->arguments, NULL);
	g_auto(GStrv) own = g_strsplit(g_strchomp(text), "\n", -1);
	g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

	if (wrap)
		g_strv_builder_addv(builder, (const char **)wrap);
	g_strv_builder_addv(builder, (const char **)own);
	return g_strv_builder_end(builder);
}

char *spawn_path(int program)
{
	g_autofree char *link = g_strdup_printf("/proc/self/fd/%d", program);

	return g_file_read_link(link, NULL);
}

pid_t spawn(
	const LaunchSpec *spec, Group *group, const Slot *slot, char **wrap, int output)
{
	int entries[GROUP_ENTRIES_MAX];
	unsigned n_entries = group_entries(group, entries);
	g_autofree char *path = spawn_path(spec->program);
	g_auto(GStrv) argv = make_arguments(spec, wrap, path);
	g_auto(GStrv) envp = make_environment(spec, slot);
	maq_autofd int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	pid_t core = getpid();
	pid_t pid = fork();

	if (pid == 0 && enter(entries, n_entries))
		become(spec, slot, output, null, core, wrap != NULL, argv, envp);
	for (unsigned i = 0; i < n_entries; i++)
		maq_clear_fd(&entries[i]);
	return pid;
}
