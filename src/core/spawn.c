// SPDX-License-Identifier: GPL-2.0-or-later
#include "spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FIRST_SOCKET 4   /* descriptor; docs/protocol.md */
#define FIRST_FREE   100 /* above all numbers that components know */

/* ---- descriptors ---- */

typedef struct {
	ConfineFd list[CONFINE_FDS_MAX];
	unsigned count;
} Descriptors;

static void give(Descriptors *descriptors, int fd, int target)
{
	g_assert(descriptors->count < CONFINE_FDS_MAX);
	descriptors->list[descriptors->count++] = (ConfineFd){fd, target};
}

/* Sockets come after what the schedule gives. */
static int first_socket(const Slot *slot)
{
	return slot ? MAQ_SCHEDULE_END : FIRST_SOCKET;
}

static int trace_target(const LaunchSpec *spec, const Slot *slot)
{
	return first_socket(slot) + (int)spec->n_sockets;
}

static void collect(Descriptors *descriptors, const LaunchSpec *spec,
	const SpawnGifts *gifts, int null, const int *entries, unsigned n_entries)
{
	const Slot *slot = gifts->slot;

	/* first of all, before it touches memory that counts */
	for (unsigned i = 0; i < n_entries; i++)
		give(descriptors, entries[i], ZYGOTE_FD_GROUP);
	give(descriptors, spec->program, ZYGOTE_FD_PROGRAM);
	give(descriptors, null, 0);
	give(descriptors, gifts->output, 1);
	give(descriptors, gifts->output, 2);
	give(descriptors, spec->parent, 3);
	if (slot) {
		int fds[SLOT_FDS];

		slot_descriptors(slot, fds);
		for (int i = 0; i < SLOT_FDS; i++)
			give(descriptors, fds[i], MAQ_SCHEDULE_PAGE + i);
	}
	for (unsigned i = 0; i < spec->n_sockets; i++)
		give(descriptors, spec->sockets[i].fd, first_socket(slot) + (int)i);
	if (gifts->trace >= 0)
		give(descriptors, gifts->trace, trace_target(spec, slot));
}

/* ---- by another command, not confined ---- */

/* In the new process; only async-signal-safe calls. */
static _Noreturn void become(
	const Descriptors *descriptors, pid_t core, char *const *argv, char *const *envp)
{
	int copies[CONFINE_FDS_MAX];
	int last = 0;
	sigset_t none;

	for (unsigned i = 0; i < descriptors->count; i++)
		if (descriptors->list[i].target == ZYGOTE_FD_GROUP &&
			write(descriptors->list[i].fd, "0", 1) != 1)
			_exit(111);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	setsid();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != core)
		_exit(111);
	/* high copies first: the originals may be among the numbers that are set */
	for (unsigned i = 0; i < descriptors->count; i++)
		copies[i] = fcntl(descriptors->list[i].fd, F_DUPFD_CLOEXEC, FIRST_FREE);
	for (unsigned i = 0; i < descriptors->count; i++) {
		last = MAX(last, descriptors->list[i].target);
		if (descriptors->list[i].target >= 0)
			dup2(copies[i], descriptors->list[i].target);
	}
	syscall(SYS_close_range, (unsigned)last + 1, ~0u, CLOSE_RANGE_CLOEXEC);
	execvpe(argv[0], argv, envp);
	dprintf(2, "cannot be executed: %s\n", strerror(errno));
	_exit(111);
}

/* ---- its surroundings ---- */

/* Which of those that listen, or of the others, is which descriptor. */
static char **name_sockets(char **list, const char *variable, const LaunchSpec *spec,
	const Slot *slot, bool listens)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (unsigned i = 0; i < spec->n_sockets; i++)
		if (spec->sockets[i].listens == listens)
			g_string_append_printf(text, "%s%s:%u", text->len ? " " : "",
				spec->sockets[i].name, (unsigned)first_socket(slot) + i);
	return text->len ? g_environ_setenv(list, variable, text->str, TRUE) : list;
}

static char **pass(char **list, const char *const *names)
{
	for (; *names; names++)
		if (g_getenv(*names))
			list = g_environ_setenv(list, *names, g_getenv(*names), TRUE);
	return list;
}

/* Little of core's own: for the developer's tools, and for wrapped programs. */
static char **make_environment(
	const LaunchSpec *spec, const SpawnGifts *gifts, char **granted, bool wrapped)
{
	const Slot *slot = gifts->slot;
	static const char *const tools[] = {"ASAN_OPTIONS", "UBSAN_OPTIONS",
		"LSAN_OPTIONS", "TSAN_OPTIONS", "G_DEBUG", NULL};
	static const char *const ours[] = {"PATH", "HOME", "USER", "LANG", "TERM",
		"SHELL", "XDG_CACHE_HOME", "DISPLAY", "WAYLAND_DISPLAY",
		"XDG_RUNTIME_DIR", "XAUTHORITY", NULL};
	char **list = pass(g_strdupv(granted), tools);

	if (wrapped)
		list = pass(list, ours);
	list = name_sockets(list, "MAQ_LISTEN", spec, slot, true);
	list = name_sockets(list, "MAQ_OPEN", spec, slot, false);
	if (slot)
		list = g_environ_setenv(list, "MAQ_SCHEDULE", "1", TRUE);
	if (gifts->trace >= 0) {
		g_autofree char *number = g_strdup_printf("%d", trace_target(spec, slot));

		list = g_environ_setenv(list, "MAQ_TRACE", number, TRUE);
	}
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
	g_autofree char *path = g_file_read_link(link, NULL);
	struct stat own, there;

	/* of a file in a component's own root the kernel tells the path within that */
	if (!path || fstat(program, &own) || stat(path, &there) ||
		own.st_dev != there.st_dev || own.st_ino != there.st_ino)
		return NULL;
	return g_steal_pointer(&path);
}

static void say_once(const View *view)
{
	static bool said;

	if (view->class == CONFINE_SANITIZED && !said)
		g_message("programs with sanitizers are confined less: they see their "
			  "own /proc, trace themselves and may start processes");
	said = said || view->class == CONFINE_SANITIZED;
}

pid_t spawn(Confine *confine, const LaunchSpec *spec, Group *group,
	const SpawnGifts *gifts, char **wrap)
{
	int entries[GROUP_ENTRIES_MAX];
	unsigned n_entries = group_entries(group, entries);
	g_autofree char *path = spawn_path(spec->program);
	const View *view = view_of(spec->program, path, spec->grants);
	g_auto(GStrv) argv = make_arguments(spec, wrap, path);
	g_auto(GStrv) envp = make_environment(spec, gifts, view->variables, wrap != NULL);
	maq_autofd int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	Descriptors descriptors = {.count = 0};
	pid_t core = getpid(), pid;

	collect(&descriptors, spec, gifts, null, entries, n_entries);
	if (wrap) {
		pid = fork();
		if (pid == 0)
			become(&descriptors, core, argv, envp);
	} else {
		ConfineStart start = {view, descriptors.list, descriptors.count, argv,
			envp, spec->caps + GROUP_ALLOWANCE_HANDLES + (gifts->trace >= 0)};

		say_once(view);
		pid = confine_start(confine, &start);
	}
	int failure = errno;
	for (unsigned i = 0; i < n_entries; i++)
		maq_clear_fd(&entries[i]);
	errno = failure;
	return pid;
}
