// SPDX-License-Identifier: GPL-2.0-or-later
#include "zygote_view.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define HOST "/host" /* where the host's files are, in the zygote */
#define NEXT "/next" /* where a view's root is made */

static View views[VIEWS_MAX];
static int proc = -1, base = -1;
static int host = -1; /* of the view that is being made */

/* ---- the zygote's own ---- */

static bool mount_empty(const char *path, const char *options)
{
	return mount("void", path, "tmpfs", MS_NOSUID | MS_NODEV, options) == 0;
}

/* Out of the way of those that are set in the new process. */
static int keep(int fd)
{
	int kept = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, VIEW_FIRST);

	if (fd >= 0)
		close(fd);
	return kept;
}

bool view_begin(const char **what)
{
	proc = keep(open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC));
	*what = "mount";
	if (proc < 0 || mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) ||
		!mount_empty("/tmp", "size=64k,mode=755") || mkdir("/tmp/host", 0755) ||
		mkdir("/tmp/next", 0755))
		return false;
	*what = "pivot_root";
	if (syscall(SYS_pivot_root, "/tmp", "/tmp/host") || chdir("/"))
		return false;
	base = keep(openat(proc, "self/ns/mnt", O_RDONLY | O_CLOEXEC));
	return base >= 0;
}

int view_proc(void)
{
	return proc;
}

/* ---- entries ---- */

typedef struct {
	char kind;
	const char *source, *target;
} Entry;

/* The next one from *at on; false: there is none, or it is not whole. */
static bool next_entry(const View *view, uint32_t *at, Entry *entry)
{
	const char *text = view->text + *at, *end = view->text + view->size;

	if (*at + 2 >= view->size)
		return false;
	entry->kind = *text;
	entry->source = text + 1;
	const char *zero = memchr(entry->source, 0, (size_t)(end - entry->source));
	if (!zero)
		return false;
	entry->target = zero + 1;
	zero = memchr(entry->target, 0, (size_t)(end - entry->target));
	if (!zero || *entry->target != '/')
		return false;
	*at = (uint32_t)(zero + 1 - view->text);
	return true;
}

/* ---- the mount namespace ---- */

/* All folders above a target, below the new root. */
static void make_folders(char *path)
{
	for (char *slash = path + strlen(NEXT) + 1; (slash = strchr(slash, '/'));
		slash++) {
		*slash = '\0';
		mkdir(path, 0755);
		*slash = '/';
	}
}

/* Nobody can have put a symbolic link in the way since core looked. */
static int open_source(const char *source)
{
	struct open_how how = {.flags = O_PATH | O_CLOEXEC,
		.resolve = RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | RESOLVE_IN_ROOT};

	return (int)syscall(SYS_openat2, host, source, &how, sizeof how);
}

static bool bind_entry(const Entry *entry, const char *path)
{
	struct mount_attr attributes = {.attr_set = MOUNT_ATTR_NOSUID};
	struct stat status;
	int source = open_source(entry->source);
	bool well = source >= 0 && fstat(source, &status) == 0;

	if (entry->kind != VIEW_WRITE && entry->kind != VIEW_DEVICE)
		attributes.attr_set |= MOUNT_ATTR_RDONLY;
	if (entry->kind != VIEW_DEVICE)
		attributes.attr_set |= MOUNT_ATTR_NODEV;
	int tree = well ? (int)syscall(SYS_open_tree, source, "",
				  OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH |
					  AT_RECURSIVE)
			: -1;
	well = tree >= 0 &&
	       syscall(SYS_mount_setattr, tree, "", AT_EMPTY_PATH | AT_RECURSIVE,
		       &attributes, sizeof attributes) == 0;
	if (well && S_ISDIR(status.st_mode))
		mkdir(path, 0755);
	else if (well)
		mknod(path, S_IFREG | 0444, 0);
	well = well && syscall(SYS_move_mount, tree, "", AT_FDCWD, path,
			       MOVE_MOUNT_F_EMPTY_PATH) == 0;
	int failure = errno;
	if (tree >= 0)
		close(tree);
	if (source >= 0)
		close(source);
	errno = failure;
	return well;
}

static bool make_entry(const Entry *entry)
{
	char path[4096];

	if (snprintf(path, sizeof path, "%s%s", NEXT, entry->target) >=
		(int)sizeof path) {
		errno = ENAMETOOLONG;
		return false;
	}
	make_folders(path);
	switch (entry->kind) {
	case VIEW_LINK:
		return symlink(entry->source, path) == 0 || errno == EEXIST;
	case VIEW_FOLDER:
	case VIEW_OWN:
		return mkdir(path, 0755) == 0 || errno == EEXIST;
	default:
		return bind_entry(entry, path);
	}
}

static bool make_root(const View *view, const char **what)
{
	uint32_t at = 0;
	Entry entry;

	*what = "a mount namespace";
	if (setns(base, CLONE_NEWNS) || unshare(CLONE_NEWNS) ||
		!mount_empty(NEXT, "size=1m,nr_inodes=4k,mode=755"))
		return false;
	host = open(HOST, O_PATH | O_DIRECTORY | O_CLOEXEC);
	while (next_entry(view, &at, &entry)) {
		*what = entry.target;
		if (!make_entry(&entry))
			return false;
	}
	*what = "a root of its own";
	return chdir(NEXT) == 0 && syscall(SYS_pivot_root, ".", ".") == 0 &&
	       umount2(".", MNT_DETACH) == 0 &&
	       mount(NULL, "/", NULL,
		       MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV,
		       NULL) == 0;
}

int view_make(const char *text, uint32_t size, bool namespaces, const char **what)
{
	int number = 0;
	View *view;

	*what = "too many views";
	while (number < VIEWS_MAX && views[number].text)
		number++;
	errno = ENOSPC;
	if (number == VIEWS_MAX)
		return -1;
	view = &views[number];
	*view = (View){.space = -1, .text = malloc(size + 1u), .size = size};
	if (!view->text)
		return -1;
	memcpy(view->text, text, size);
	view->text[size] = '\0';
	bool made = !namespaces || make_root(view, what);
	int failure = errno;
	if (host >= 0)
		close(host);
	host = -1;
	errno = failure;
	if (namespaces && made)
		view->space = keep(openat(proc, "self/ns/mnt", O_RDONLY | O_CLOEXEC));
	if (namespaces && view->space < 0) {
		view_forget(number);
		errno = failure;
		return -1;
	}
	return number;
}

const View *view_get(int number)
{
	return number >= 0 && number < VIEWS_MAX && views[number].text ? &views[number]
								       : NULL;
}

void view_forget(int number)
{
	if (!view_get(number))
		return;
	if (views[number].space >= 0)
		close(views[number].space);
	free(views[number].text);
	views[number] = (View){0};
}

/* ---- in the new process ---- */

bool view_has_own(const View *view)
{
	uint32_t at = 0;
	Entry entry;

	while (next_entry(view, &at, &entry))
		if (entry.kind == VIEW_OWN)
			return true;
	return false;
}

bool view_mount_own(const View *view, const char **what)
{
	uint32_t at = 0;
	Entry entry;

	while (next_entry(view, &at, &entry)) {
		unsigned long flags = MS_NOSUID | MS_NODEV;
		const char *options = NULL;

		if (entry.kind != VIEW_OWN)
			continue;
		/* as the host's below it is seen */
		if (!strcmp(entry.source, "proc"))
			flags |= MS_RDONLY | MS_NOEXEC;
		if (!strcmp(entry.source, "tmpfs"))
			options = "mode=1777";
		if (!strcmp(entry.source, "devpts")) {
			flags = MS_NOSUID | MS_NOEXEC;
			options = "newinstance,ptmxmode=0666,mode=620";
		}
		*what = entry.target;
		if (mount("own", entry.target, entry.source, flags, options))
			return false;
	}
	return true;
}

/* ---- Landlock ---- */

/* As of version 6; the kernel is told how much of it this one knows. */
typedef struct {
	uint64_t files, network, scoped;
} Ruleset;

#define ALL_FILES(version)                                                               \
	((version) >= 5          ? (1ull << 16) - 1                                      \
		: (version) >= 3 ? (1ull << 15) - 1                                      \
		: (version) >= 2 ? (1ull << 14) - 1                                      \
				 : (1ull << 13) - 1)
#define READ                                                                             \
	(LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR |                    \
		LANDLOCK_ACCESS_FS_EXECUTE)
#define OF_FILES                                                                         \
	(LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE |                  \
		LANDLOCK_ACCESS_FS_EXECUTE | 1ull << 14 /* truncate */ |                 \
		1ull << 15 /* device ioctl */)
#define TCP       3ull /* bind, connect */
#define TO_OTHERS 3ull /* abstract sockets, signals */

int view_landlock(void)
{
	long version = syscall(
		SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

	return version > 0 ? (int)version : 0;
}

static bool allow(int rules, int file, uint64_t access)
{
	struct landlock_path_beneath_attr rule = {
		.allowed_access = access, .parent_fd = file};
	struct stat status;

	if (fstat(file, &status) == 0 && !S_ISDIR(status.st_mode))
		rule.allowed_access &= OF_FILES;
	return syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule,
		       0) == 0;
}

static bool allow_path(int rules, const char *path, uint64_t access)
{
	int file = open(path, O_PATH | O_CLOEXEC);
	bool well = file < 0 || allow(rules, file, access);

	if (file >= 0)
		close(file);
	return well;
}

static uint64_t access_of(const Entry *entry, uint64_t all)
{
	switch (entry->kind) {
	case VIEW_WRITE:
	case VIEW_DEVICE:
		return all;
	case VIEW_OWN:
		return all;
	default:
		return READ;
	}
}

/* Without namespaces there are no pseudo-terminals of its own: the host's, then. */
static bool allow_terminals(int rules, const Entry *entry, uint64_t all)
{
	return strcmp(entry->source, "devpts") != 0 ||
	       (allow_path(rules, "/dev/pts", all) &&
		       allow_path(rules, "/dev/ptmx", all));
}

/* With a root of its own, one rule is for all that may only be read. */
static bool allow_entries(const View *view, int rules, uint64_t all)
{
	bool rooted = view->space >= 0, well = true;
	uint32_t at = 0;
	Entry entry;

	if (rooted)
		well = allow_path(rules, "/", READ & all);
	while (well && next_entry(view, &at, &entry)) {
		if (!rooted && entry.kind == VIEW_OWN)
			well = allow_terminals(rules, &entry, all);
		bool copied = entry.kind == VIEW_READ || entry.kind == VIEW_WRITE ||
			      entry.kind == VIEW_DEVICE;

		if (rooted ? entry.kind == VIEW_READ || entry.kind == VIEW_LINK ||
					entry.kind == VIEW_FOLDER
			   : !copied)
			continue;
		well = allow_path(rules, rooted ? entry.target : entry.source,
			access_of(&entry, all) & all);
	}
	return well;
}

bool view_restrict(const View *view, int program, uint32_t confine_class)
{
	int version = view_landlock();
	uint64_t all = ALL_FILES(version);
	Ruleset set = {.files = all, .scoped = version >= 6 ? TO_OTHERS : 0};
	size_t size = version >= 6 ? sizeof set : version >= 4 ? 16 : 8;

	if (!version)
		return true;
	if (version >= 4 && confine_class != CONFINE_PROGRAM)
		set.network = TCP;
	int rules = (int)syscall(SYS_landlock_create_ruleset, &set, size, 0);
	bool well = rules >= 0 &&
		    allow(rules, program,
			    (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_EXECUTE) &
				    all) &&
		    allow_entries(view, rules, all) &&
		    syscall(SYS_landlock_restrict_self, rules, 0) == 0;
	if (rules >= 0)
		close(rules);
	return well;
}
