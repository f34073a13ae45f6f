// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * v2 - control groups version 2, by their files
 *
 * As root, and as a user in a subtree that is delegated to the user. At memory.high a
 * process is slowed down and the event tells; memory.max lies above it and ends it. A
 * group with groups below has no processes.
 * Source: Documentation/admin-guide/cgroup-v2.rst of Linux.
 */
#include "backend.h"
#include "../sweep.h"

#include <maq/status.h>
#include <maq/wire.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <unistd.h>

#define SLACK         (2u << 20)   /* between memory.high and memory.max, bytes */
#define NEAR          (256u << 10) /* memory.high: the kernel counts in batches */
#define CORE_NAME     "maquette-core"
#define CPU_PERIOD_US 100000u

static const char *const controllers[] = {"memory", "pids", "cpu"};

typedef struct {
	char *folder; /* owned: of the scenario's group */
} Root;

typedef struct {
	char *path; /* owned */
	int folder;
	int high, current; /* kept: written and read often */
	int events;        /* memory.events */
} Member;

/* ---- where ---- */

static char *mount_point(void)
{
	g_autofree char *text = NULL;

	if (!g_file_get_contents("/proc/self/mounts", &text, NULL, NULL))
		return NULL;
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line; line++) {
		g_auto(GStrv) words = g_strsplit(*line, " ", 4);

		if (g_strv_length(words) >= 3 && !strcmp(words[2], "cgroup2"))
			return g_strdup(words[1]);
	}
	return NULL;
}

/* "0::/user.slice/..." */
static char *own_path(void)
{
	g_autofree char *text = NULL;

	if (!g_file_get_contents("/proc/self/cgroup", &text, NULL, NULL))
		return NULL;
	const char *line = strstr(text, "0::");
	return line ? g_strndup(line + 3, strcspn(line + 3, "\n")) : NULL;
}

/* Memory first: the others could be had beside processes, but then the groups below would
 * be those of threads. */
static bool enable(int folder)
{
	for (gsize i = 0; i < G_N_ELEMENTS(controllers); i++) {
		int status = group_write(
			folder, "cgroup.subtree_control", "+%s", controllers[i]);

		if (status && !i) {
			errno = -status;
			return false;
		}
	}
	return true;
}

static bool has_memory(int folder)
{
	g_autofree char *path =
		g_strdup_printf("/proc/self/fd/%d/cgroup.controllers", folder);
	g_autofree char *text = NULL;

	return g_file_get_contents(path, &text, NULL, NULL) && strstr(text, "memory");
}

static bool is_ours(pid_t pid)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/stat", (int)pid);
	g_autofree char *text = NULL;
	int parent = 0;

	if (pid == getpid())
		return true;
	if (!g_file_get_contents(path, &text, NULL, NULL) || !strrchr(text, ')'))
		return false;
	return sscanf(strrchr(text, ')') + 1, " %*c %d", &parent) == 1 &&
	       parent == getpid();
}

/* A group that was made for us alone, such as a scope of systemd: core and its helpers go
 * into one below, so that it has no processes any more. */
static bool make_room(int folder)
{
	char text[4096];
	char *next = text;

	if (!group_read_text(folder, "cgroup.procs", text, sizeof text))
		return false;
	for (long pid = strtol(text, &next, 10); pid > 0; pid = strtol(next, &next, 10))
		if (!is_ours((pid_t)pid))
			return false;
	if (mkdirat(folder, CORE_NAME, 0755) && errno != EEXIST)
		return false;
	maq_autofd int core =
		openat(folder, CORE_NAME, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	next = text;
	for (long pid = strtol(text, &next, 10); pid > 0; pid = strtol(next, &next, 10))
		if (group_write(core, "cgroup.procs", "%ld", pid))
			return false;
	return enable(folder);
}

/* A folder for the scenario in one that others may use as well; false: not there. */
static bool try_in(Root *root, const char *above, const char *name, GError **error)
{
	g_autofree char *path = g_strdup_printf("%s/" GROUP_PREFIX "%s", above, name);
	maq_autofd int folder = open(above, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	maq_autofd int made = -1;

	g_clear_error(error);
	if (!has_memory(folder)) {
		g_set_error(error, MAQ_ERROR, MAQ_FAILED,
			"cgroup v2: no memory controller in %s", above);
		return false;
	}
	if (!enable(folder) && errno == EBUSY)
		make_room(folder);
	if (mkdir(path, 0755)) {
		g_set_error(error, MAQ_ERROR, MAQ_FAILED, "cgroup v2: %s: %s", above,
			g_strerror(errno));
		return false;
	}
	made = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (made < 0 || !has_memory(made) || !enable(made)) {
		g_set_error(error, MAQ_ERROR, MAQ_FAILED,
			"cgroup v2: %s has processes of others, so no groups below "
			"it can be limited",
			above);
		rmdir(path);
		return false;
	}
	sweep_note("group", path);
	root->folder = g_steal_pointer(&path);
	return true;
}

/* Whether a process that we start may be put there: moving needs the right to write to
 * the nearest group that has both. */
static bool may_move(const char *above)
{
	g_autofree char *file = g_build_filename(above, "cgroup.procs", NULL);

	return access(file, W_OK) == 0;
}

static bool try_at(
	Root *root, const char *mount, const char *own, const char *name, GError **error)
{
	g_autofree char *above = g_strconcat(mount, own, NULL);

	if (g_str_has_suffix(above, "/"))
		above[strlen(above) - 1] = '\0';
	return may_move(above) && try_in(root, above, name, error);
}

/* "/a/b" becomes "/a", then "/"; false: there is nothing above. */
static bool go_up(char *path)
{
	char *slash = strrchr(path, '/');

	if (!slash || !path[1])
		return false;
	slash[slash == path] = '\0';
	return true;
}

/* From our own group upwards: the nearest that has room for another one. */
static bool find_place(Root *root, const char *name, GError **error)
{
	g_autofree char *mount = mount_point();
	g_autofree char *own = own_path();

	if (!mount || !own) {
		g_set_error(error, MAQ_ERROR, MAQ_FAILED, "no cgroup v2");
		return false;
	}
	do
		if (try_at(root, mount, own, name, error))
			return true;
	while (go_up(own));
	g_clear_error(error);
	g_set_error(error, MAQ_ERROR, MAQ_FAILED,
		"cgroup v2: no group here is this user's to divide; one is had by: "
		"systemd-run --user --scope -p Delegate=yes maquette run ...");
	return false;
}

static void *open_root(const char *name, GError **error)
{
	Root *root = g_new0(Root, 1);

	if (find_place(root, name, error))
		return root;
	g_free(root);
	return NULL;
}

static void close_root(void *data)
{
	Root *root = data;

	group_remove_tree(root->folder, GROUP_PATIENCE);
	g_free(root->folder);
	g_free(root);
}

/* ---- a group ---- */

static void member_free(Member *member)
{
	maq_clear_fd(&member->folder);
	maq_clear_fd(&member->high);
	maq_clear_fd(&member->current);
	maq_clear_fd(&member->events);
	g_free(member->path);
	g_free(member);
}

static void open_files(Member *member)
{
	member->high = openat(member->folder, "memory.high", O_WRONLY | O_CLOEXEC);
	member->current = openat(member->folder, "memory.current", O_RDONLY | O_CLOEXEC);
	member->events = openat(member->folder, "memory.events", O_RDONLY | O_CLOEXEC);
	group_write(member->folder, "memory.swap.max", "0");
}

static void *make(void *data, const char *path, GError **error)
{
	const Root *root = data;
	Member *member = g_new0(Member, 1);
	g_autofree char *above = g_path_get_dirname(path);
	g_autofree char *outer = g_build_filename(root->folder, above, NULL);
	maq_autofd int outer_folder = open(outer, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	*member = (Member){g_build_filename(root->folder, path, NULL), -1, -1, -1, -1};
	/* an init's own process has to leave first: then enter() does it */
	enable(outer_folder);
	if (mkdir(member->path, 0755) ||
		(member->folder = open(
			 member->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0) {
		g_set_error(error, MAQ_ERROR, MAQ_FAILED, "cgroup v2: %s: %s",
			member->path, g_strerror(errno));
		member_free(member);
		return NULL;
	}
	open_files(member);
	return member;
}

static void remove_member(void *data)
{
	Member *member = data;

	group_remove_tree(member->path, GROUP_IMPATIENCE);
	member_free(member);
}

static unsigned entries(void *data, int descriptors[GROUP_ENTRIES_MAX])
{
	const Member *member = data;

	descriptors[0] = openat(member->folder, "cgroup.procs", O_WRONLY | O_CLOEXEC);
	return descriptors[0] >= 0;
}

static bool enter(void *data, pid_t pid)
{
	Member *member = data;

	if (group_write(member->folder, "cgroup.procs", "%d", (int)pid))
		return false;
	maq_autofd int above =
		openat(member->folder, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool well = enable(above);
	open_files(member);
	return well;
}

static void entered(void *data, pid_t pid)
{
	(void)data;
	(void)pid;
}

static void limit_processes(void *data, guint32 processes)
{
	group_write(((const Member *)data)->folder, "pids.max", "%u", processes);
}

/* ---- memory ---- */

static guint64 held(const Member *member)
{
	return group_read_field(member->folder, "memory.stat", "anon") +
	       group_read_field(member->folder, "memory.stat", "shmem");
}

/* A kernel takes limits below what is in use, and would end processes for it. */
static bool limit_ram(void *data, guint64 bytes)
{
	const Member *member = data;
	char text[32];
	int size = snprintf(text, sizeof text, "%" G_GUINT64_FORMAT, bytes);

	if (group_read(member->folder, "memory.current", 0) > bytes &&
		held(member) > bytes)
		return false;
	return pwrite(member->high, text, (size_t)size, 0) == size &&
	       !group_write(
		       member->folder, "memory.max", "%" G_GUINT64_FORMAT, bytes + SLACK);
}

static int pressure(void *data, unsigned *events)
{
	*events = EPOLLPRI;
	return ((const Member *)data)->events;
}

/* Page cache that can be dropped is no reason. */
static bool is_pressed(void *data)
{
	const Member *member = data;
	char text[256];

	/* reading it by this descriptor is what re-arms it */
	(void)!pread(member->events, text, sizeof text, 0);
	return held(member) + NEAR >=
	       group_read(member->folder, "memory.high", G_MAXUINT64);
}

/* ---- CPU ---- */

static bool configure(void *data, const GroupTraits *traits, const char **what)
{
	const Member *member = data;
	int status = group_write(member->folder, "cpu.weight", "%u", traits->weight);

	*what = "cpu";
	if (traits->limit)
		status |=
			group_write(member->folder, "cpu.max", "%" G_GUINT64_FORMAT " %u",
				MAX((guint64)traits->limit * CPU_PERIOD_US / 10000, 1000),
				CPU_PERIOD_US);
	else
		group_write(member->folder, "cpu.max", "max %u", CPU_PERIOD_US);
	/* an unchanged weight is no loss where there is no controller */
	return !status || (traits->weight == 100 && !traits->limit);
}

static void usage(void *data, GroupUsage *result)
{
	const Member *member = data;

	result->ram = group_read(member->folder, "memory.current", 0);
	result->cpu = 1000 * group_read_field(member->folder, "cpu.stat", "usage_usec");
	result->processes = (guint32)group_read(member->folder, "pids.current", 0);
}

static bool freeze(void *data, bool frozen)
{
	return !group_write(
		((const Member *)data)->folder, "cgroup.freeze", "%d", frozen ? 1 : 0);
}

/* ---- the end ---- */

/* cgroup.kill is there from Linux 5.14 on. */
static void kill_all(void *data)
{
	const Member *member = data;

	if (group_write(member->folder, "cgroup.kill", "1"))
		group_kill_below(member->folder);
}

const GroupBackend group_v2 = {
	.name = "cgroup v2",
	.missing = "a component at its limit is slowed down, not stopped; there is no "
		   "real-time CPU",
	.open = open_root,
	.close = close_root,
	.make = make,
	.remove = remove_member,
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
