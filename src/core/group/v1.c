// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * v1 - control groups version 1, by libcgroup
 *
 * A process that reaches its memory limit pauses (memory.oom_control) until the limit is
 * raised or it is ended. What is written often is written by kept descriptors: 1 us.
 * Source: Documentation/admin-guide/cgroup-v1/memory.rst of Linux.
 */
#include "backend.h"
#include "../sweep.h"

#include <maq/status.h>
#include <maq/wire.h>

#include <errno.h>
#include <fcntl.h>
#include <libcgroup.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#define CPU_PERIOD_US 100000u
#define SHARES_USUAL  1024u
#define RT_PERIOD_US  1000000u

typedef enum { MEMORY, CPU, CPUACCT, PIDS, N_CONTROLLERS } Controller;

static const char *const names[N_CONTROLLERS] = {"memory", "cpu", "cpuacct", "pids"};

typedef struct {
	char *inside[N_CONTROLLERS]; /* owned: libcgroup's name; NULL: it is missing */
	int folder[N_CONTROLLERS];   /* -1: it is missing */
} Root;

typedef struct {
	Root *root;       /* borrowed */
	char *path;       /* owned */
	int memory;       /* folder */
	int limit, usage; /* memory.limit_in_bytes, memory.usage_in_bytes */
	int event;        /* at the limit */
	guint32 weight, cpu_limit;
	guint rt; /* us of each second, taken from the groups above */
} Member;

/* ---- where ---- */

/* Our own group in a hierarchy, if it can be seen here. */
static char *own_group(const char *controller, const char *mount)
{
	char *path = NULL;

	if (cgroup_get_current_controller_path(getpid(), controller, &path) || !path)
		return g_strdup("");
	g_autofree char *folder = g_strconcat(mount, path, NULL);
	char *own = access(folder, W_OK) || !strcmp(path, "/") ? g_strdup("")
							       : g_strdup(path);
	free(path);
	return own;
}

static char *mount_of(const char *controller)
{
	char *mount = NULL;

	if (cgroup_get_subsys_mount_point(controller, &mount) || !mount)
		return NULL;
	char *copy = g_strdup(mount);
	free(mount);
	/* a controller of version 2 has no folder of its own here */
	g_autofree char *file = g_build_filename(copy, "tasks", NULL);
	if (access(file, F_OK))
		g_clear_pointer(&copy, g_free);
	return copy;
}

static void set_cgroup_error(GError **error, const char *what, int status)
{
	int failure = cgroup_get_last_errno();

	g_set_error(error, MAQ_ERROR, MAQ_FAILED, "cgroup v1: %s: %s", what,
		status == ECGOTHER && failure ? g_strerror(failure)
					      : cgroup_strerror(status));
}

static bool create(const char *controller, const char *inside, GError **error)
{
	struct cgroup *group = cgroup_new_cgroup(inside);
	int status = ECGFAIL;

	if (group && cgroup_add_controller(group, controller))
		status = cgroup_create_cgroup(group, 1);
	if (group)
		cgroup_free(&group);
	if (status)
		set_cgroup_error(error, controller, status);
	return !status;
}

static void delete (const char *controller, const char *inside)
{
	struct cgroup *group = cgroup_new_cgroup(inside);

	if (group && cgroup_add_controller(group, controller))
		for (unsigned i = 0;
			i < GROUP_PATIENCE &&
			cgroup_delete_cgroup_ext(group,
				CGFLAG_DELETE_IGNORE_MIGRATION | CGFLAG_DELETE_RECURSIVE);
			i++)
			usleep(GROUP_WAIT_US);
	if (group)
		cgroup_free(&group);
}

static bool open_controller(Root *root, Controller c, const char *name, GError **error)
{
	g_autofree char *mount = mount_of(names[c]);

	if (!mount) {
		g_set_error(error, MAQ_ERROR, MAQ_FAILED,
			"no cgroup v1 with the %s controller", names[c]);
		return false;
	}
	g_autofree char *own = own_group(names[c], mount);
	g_autofree char *inside = g_strdup_printf("%s/" GROUP_PREFIX "%s", own, name);
	g_autofree char *path = g_build_filename(mount, inside, NULL);
	if (!create(names[c], inside, error))
		return false;
	root->inside[c] = g_steal_pointer(&inside);
	root->folder[c] = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	sweep_note("group", path);
	return root->folder[c] >= 0;
}

static void close_root(void *data)
{
	Root *root = data;

	for (Controller c = N_CONTROLLERS; c-- > MEMORY;) {
		if (root->inside[c])
			delete (names[c], root->inside[c]);
		g_free(root->inside[c]);
		maq_clear_fd(&root->folder[c]);
	}
	g_free(root);
}

static void *open_root(const char *name, GError **error)
{
	Root *root = g_new0(Root, 1);

	for (Controller c = MEMORY; c < N_CONTROLLERS; c++)
		root->folder[c] = -1;
	if (cgroup_init() || !open_controller(root, MEMORY, name, error)) {
		if (error && !*error)
			g_set_error(error, MAQ_ERROR, MAQ_FAILED, "no cgroup v1");
		close_root(root);
		return NULL;
	}
	for (Controller c = MEMORY + 1; c < N_CONTROLLERS; c++)
		open_controller(root, c, name, NULL);
	/* groups below take both over from here, and each write costs their start time:
	 * a pause at the limit instead of a signal that kills, and no swapping, since a
	 * quota is of memory, where swap is there at all */
	group_write(root->folder[MEMORY], "memory.oom_control", "1");
	group_write(root->folder[MEMORY], "memory.swappiness", "0");
	return root;
}

/* ---- a group ---- */

static int open_in(const Root *root, Controller c, const char *path)
{
	return root->folder[c] < 0
		       ? -1
		       : openat(root->folder[c], path, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

static int watch_limit(int memory)
{
	maq_autofd int event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	maq_autofd int control =
		openat(memory, "memory.oom_control", O_RDONLY | O_CLOEXEC);

	if (event < 0 || control < 0 ||
		group_write(memory, "cgroup.event_control", "%d %d", event, control))
		return -1;
	return maq_steal_fd(&event);
}

static void member_free(Member *member)
{
	maq_clear_fd(&member->memory);
	maq_clear_fd(&member->limit);
	maq_clear_fd(&member->usage);
	maq_clear_fd(&member->event);
	g_free(member->path);
	g_free(member);
}

/* By hand: libcgroup takes five times as long for a group, and twenty to remove it. */
static void *make(void *data, const char *path, GError **error)
{
	Root *root = data;

	for (Controller c = MEMORY; c < N_CONTROLLERS; c++)
		if (root->folder[c] >= 0 && mkdirat(root->folder[c], path, 0755)) {
			g_set_error(error, MAQ_ERROR, MAQ_FAILED, "cgroup v1: %s: %s: %s",
				names[c], path, g_strerror(errno));
			return NULL;
		}
	Member *member = g_new0(Member, 1);
	member->root = root;
	member->weight = 100; /* the kernel's default */
	member->path = g_strdup(path);
	member->memory = open_in(root, MEMORY, path);
	member->limit =
		openat(member->memory, "memory.limit_in_bytes", O_WRONLY | O_CLOEXEC);
	member->usage =
		openat(member->memory, "memory.usage_in_bytes", O_RDONLY | O_CLOEXEC);
	member->event = watch_limit(member->memory);
	return member;
}

static void take_rt(Member *member, gint64 change);

/* The kernel needs a moment after the end of the last process. What is left then goes
 * with the scenario's group. */
static void remove_folder(int root, const char *path)
{
	for (unsigned i = 0; i < GROUP_IMPATIENCE && root >= 0 &&
			     unlinkat(root, path, AT_REMOVEDIR) && errno == EBUSY;
		i++)
		usleep(GROUP_WAIT_US);
}

static void remove_member(void *data)
{
	Member *member = data;

	take_rt(member, -(gint64)member->rt);
	for (Controller c = MEMORY; c < N_CONTROLLERS; c++)
		remove_folder(member->root->folder[c], member->path);
	member_free(member);
}

static unsigned entries(void *data, int descriptors[GROUP_ENTRIES_MAX])
{
	const Member *member = data;
	g_autofree char *file = g_strconcat(member->path, "/cgroup.procs", NULL);
	unsigned n = 0;

	for (Controller c = MEMORY; c < N_CONTROLLERS; c++) {
		int folder = member->root->folder[c];
		int fd = folder < 0 ? -1 : openat(folder, file, O_WRONLY | O_CLOEXEC);

		if (fd >= 0)
			descriptors[n++] = fd;
	}
	return n;
}

static bool enter(void *data, pid_t pid)
{
	int descriptors[GROUP_ENTRIES_MAX];
	unsigned n = entries(data, descriptors);
	bool well = n > 0;

	for (unsigned i = 0; i < n; i++) {
		well &= dprintf(descriptors[i], "%d", (int)pid) > 0;
		maq_clear_fd(&descriptors[i]);
	}
	return well;
}

static void entered(void *data, pid_t pid)
{
	(void)data;
	(void)pid;
}

static void limit_processes(void *data, guint32 processes)
{
	const Member *member = data;
	g_autofree char *file = g_strconcat(member->path, "/pids.max", NULL);

	if (member->root->folder[PIDS] >= 0)
		group_write(member->root->folder[PIDS], file, "%u", processes);
}

/* ---- memory ---- */

static guint64 used(const Member *member)
{
	char text[32] = "";

	return pread(member->usage, text, sizeof text - 1, 0) > 0
		       ? g_ascii_strtoull(text, NULL, 10)
		       : 0;
}

/* What the kernel could not give up: it would try for milliseconds. */
static guint64 held(const Member *member)
{
	return group_read_field(member->memory, "memory.stat", "total_rss") +
	       group_read_field(member->memory, "memory.stat", "total_shmem");
}

static bool limit_ram(void *data, guint64 bytes)
{
	const Member *member = data;
	char text[32];
	int size = snprintf(text, sizeof text, "%" G_GUINT64_FORMAT, bytes);

	if (used(member) > bytes && held(member) > bytes)
		return false;
	return pwrite(member->limit, text, (size_t)size, 0) == size;
}

static int pressure(void *data, unsigned *events)
{
	*events = EPOLLIN;
	return ((const Member *)data)->event;
}

static bool is_pressed(void *data)
{
	const Member *member = data;
	guint64 count;

	while (read(member->event, &count, sizeof count) > 0)
		;
	return group_read_field(member->memory, "memory.oom_control", "under_oom") == 1;
}

/* ---- CPU ---- */

/* A group can have real-time threads only if all above it have as much: us of a second.
 */
static void take_rt(Member *member, gint64 change)
{
	g_auto(GStrv) parts = g_strsplit(member->path, "/", -1);
	g_autoptr(GString) path = g_string_new(".");

	for (char **part = parts; *part && change; part++) {
		maq_autofd int folder = open_in(member->root, CPU, path->str);
		gint64 now = (gint64)group_read(folder, "cpu.rt_runtime_us", 0);

		group_write(folder, "cpu.rt_runtime_us", "%" G_GINT64_FORMAT,
			MAX(now + change, 0));
		g_string_append_printf(path, "/%s", *part);
	}
}

static bool configure_rt(Member *member, int folder, const GroupTraits *traits)
{
	guint32 period = traits->rt_period ? traits->rt_period : RT_PERIOD_US;
	guint share = (guint)((guint64)traits->rt_runtime * RT_PERIOD_US / period);

	if (share > member->rt)
		take_rt(member, (gint64)share - member->rt);
	bool well = !group_write(folder, "cpu.rt_runtime_us", "0") &&
		    !group_write(folder, "cpu.rt_period_us", "%u", period) &&
		    !group_write(folder, "cpu.rt_runtime_us", "%u", traits->rt_runtime);
	if (share < member->rt)
		take_rt(member, (gint64)share - member->rt);
	member->rt = share;
	return well;
}

static bool configure(void *data, const GroupTraits *traits, const char **what)
{
	Member *member = data;
	gint64 quota = traits->limit ? (gint64)traits->limit * CPU_PERIOD_US / 10000 : -1;

	*what = "cpu";
	if (traits->weight == member->weight && traits->limit == member->cpu_limit &&
		!traits->rt_runtime && !member->rt)
		return true;
	member->weight = traits->weight;
	member->cpu_limit = traits->limit;
	maq_autofd int folder = open_in(member->root, CPU, member->path);
	bool well = !group_write(folder, "cpu.shares", "%u",
			    MAX(traits->weight * SHARES_USUAL / 100, 2)) &&
		    !group_write(folder, "cpu.cfs_quota_us", "%" G_GINT64_FORMAT,
			    quota > 0 ? MAX(quota, 1000) : -1);
	if (traits->rt_runtime || member->rt) {
		*what = well ? "real-time CPU" : "cpu";
		well = configure_rt(member, folder, traits) && well;
	}
	return well;
}

static void usage(void *data, GroupUsage *result)
{
	const Member *member = data;
	maq_autofd int pids = open_in(member->root, PIDS, member->path);
	maq_autofd int cpu = open_in(member->root, CPUACCT, member->path);

	result->ram = used(member);
	result->cpu = cpu < 0 ? 0 : group_read(cpu, "cpuacct.usage", 0);
	result->processes = pids < 0 ? 0 : (guint32)group_read(pids, "pids.current", 0);
}

static bool freeze(void *data, bool frozen)
{
	return group_signal(((const Member *)data)->memory, frozen ? SIGSTOP : SIGCONT);
}

/* ---- the end ---- */

static void kill_all(void *data)
{
	group_kill_below(((const Member *)data)->memory);
}

const GroupBackend group_v1 = {
	.name = "cgroup v1",
	.missing = "",
	.real_time = true,
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
