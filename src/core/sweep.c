// SPDX-License-Identifier: GPL-2.0-or-later
#include "sweep.h"

#include "group/group.h"

#include <errno.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <fcntl.h>
#include <maq/env.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define LIST_MAX        (1 << 20) /* bytes of a list */
#define JANITOR_TRIES   200u
#define JANITOR_WAIT_US 50000u

static int folder = -1, own = -1; /* owned */
static char *own_name;            /* owned */
static pid_t janitor;             /* 0: none */
static int alive = -1;            /* owned: its other end is the janitor's */

/* ---- what can be left ---- */

/* Unless somebody listens there by now. */
static bool remove_socket(const char *path)
{
	maq_autofd int fd =
		socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	struct stat status;

	if (strlen(path) >= sizeof at.sun_path || lstat(path, &status) ||
		!S_ISSOCK(status.st_mode))
		return true;
	g_strlcpy(at.sun_path, path, sizeof at.sun_path);
	if (!connect(fd, (struct sockaddr *)&at, sizeof at) || errno != ECONNREFUSED)
		return false;
	unlink(path);
	return true;
}

/* It bears the number of a process that is no more. */
static bool remove_control(const char *path)
{
	struct stat status;

	if (lstat(path, &status) == 0 && S_ISSOCK(status.st_mode))
		unlink(path);
	return true;
}

static bool remove_group(const char *path)
{
	groups_remove_left(path);
	return true;
}

static const struct {
	const char *kind;
	/* False: it is in use still, or again. */
	bool (*remove)(const char *path);
} kinds[] = {
	{"socket", remove_socket},
	{"control", remove_control},
	{"group", remove_group},
};

static bool remove_line(char *line)
{
	char *path = strchr(line, ' ');
	bool removed = true;

	if (!path)
		return true;
	*path++ = '\0';
	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (!strcmp(line, kinds[i].kind))
			removed &= kinds[i].remove(path);
	return removed;
}

/* ---- lists ---- */

/* False: a part is in use. */
static bool remove_listed(int file)
{
	struct stat status;
	bool removed = true;

	if (fstat(file, &status) || status.st_size > LIST_MAX)
		return true;
	g_autofree char *text = g_malloc0((gsize)status.st_size + 1);
	if (pread(file, text, (gsize)status.st_size, 0) != status.st_size)
		return true;
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line; line++)
		removed &= remove_line(*line);
	return removed;
}

/* Its lock is gone with its core. */
static void sweep_list(const char *name)
{
	maq_autofd int file = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	if (file < 0 || flock(file, LOCK_EX | LOCK_NB))
		return;
	remove_listed(file);
	unlinkat(folder, name, 0);
}

/* ---- the janitor ---- */

/* Other descriptors would keep alive what core's end is to end. */
static void close_others(int wait)
{
	int kept[] = {wait, own, folder};

	for (int fd = 3; fd < 1024; fd++)
		if (fd != kept[0] && fd != kept[1] && fd != kept[2])
			close(fd);
}

static _Noreturn void wait_for_core(int wait)
{
	char nothing;

	setsid();
	prctl(PR_SET_NAME, "maq-janitor");
	close_others(wait);
	while (read(wait, &nothing, 1) < 0 && errno == EINTR)
		;
	/* after an orderly end it is empty; else components end a moment after core */
	for (unsigned i = 0; i < JANITOR_TRIES && !remove_listed(own); i++)
		usleep(JANITOR_WAIT_US);
	unlinkat(folder, own_name, 0);
	_exit(0);
}

static void start_janitor(void)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return;
	janitor = fork();
	if (janitor == 0) {
		close(ends[1]);
		wait_for_core(ends[0]);
	}
	close(ends[0]);
	alive = ends[1];
}

bool sweep_is_own(pid_t pid)
{
	return pid == janitor;
}

/* ---- beginning and end ---- */

static int open_folder(const char *path)
{
	struct stat status;
	int fd;

	if (g_mkdir_with_parents(path, 0700))
		return -1;
	fd = open(path, O_DIRECTORY | O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd >= 0 && (fstat(fd, &status) || status.st_uid != getuid() ||
			       (status.st_mode & 077)))
		maq_clear_fd(&fd);
	return fd;
}

void sweep_begin(void)
{
	g_autofree char *path =
		g_build_filename(g_get_user_runtime_dir(), "maquette", "left", NULL);
	g_autoptr(GDir) dir = NULL;
	const char *name;

	folder = open_folder(path);
	if (folder < 0)
		return;
	own_name = g_strdup_printf("%d", getpid());
	dir = g_dir_open(path, 0, NULL);
	while (dir && (name = g_dir_read_name(dir)))
		sweep_list(name);
	own = openat(folder, own_name,
		O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (own >= 0)
		flock(own, LOCK_EX | LOCK_NB);
	start_janitor();
}

void sweep_note(const char *kind, const char *path)
{
	g_autofree char *line = g_strdup_printf("%s %s\n", kind, path);

	if (own >= 0 && write(own, line, strlen(line)) < 0)
		g_warning(
			"what may be left cannot be written down: %s", g_strerror(errno));
}

void sweep_end(void)
{
	if (own >= 0 && !ftruncate(own, 0))
		unlinkat(folder, own_name, 0);
	maq_clear_fd(&alive);
	if (janitor > 0)
		waitpid(janitor, NULL, 0);
	janitor = 0;
	maq_clear_fd(&own);
	maq_clear_fd(&folder);
	g_clear_pointer(&own_name, g_free);
}
