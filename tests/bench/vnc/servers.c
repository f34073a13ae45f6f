// SPDX-License-Identifier: GPL-2.0-or-later
#include "servers.h"
#include "bench.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <grp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define FOLDER      BENCH_FOLDER "/"
#define READY_MS    5000
#define PORT_BASE   5690
#define PATIENCE_MS 2000 /* of a server that is to end */
#define NOBODY      65534

const char *const server_names[SERVERS] = {
	"ours", "libvncserver", "libvncserver, defer 0", "Xvnc", "x11vnc", "wayvnc"};

/* ---- programs ---- */

/* sway refuses to be root. */
static void become_nobody(void)
{
	if (geteuid() == 0 && (setgroups(0, NULL) || setgid(NOBODY) || setuid(NOBODY)))
		_exit(111);
}

static pid_t spawn(const char *const *command, int display_fd)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	int null = open("/dev/null", O_RDWR);
	dup2(null, 0);
	dup2(null, 1);
	dup2(null, 2);
	if (display_fd >= 0)
		dup2(display_fd, 3);
	if (!strcmp(command[0], "sway"))
		become_nobody();
	execvp(command[0], (char *const *)command);
	_exit(111);
}

static void spawn_content(Running *running, const char *program, const char *content)
{
	const char *const command[] = {program, content, NULL};

	running->draws[running->n] = true;
	running->pids[running->n++] = spawn(command, -1);
}

static void spawn_server(Running *running, const char *const *command)
{
	running->server = running->n;
	running->pids[running->n++] = spawn(command, -1);
}

/* An X server that says its number at descriptor 3. */
static bool spawn_x(Running *running, const char *const *command)
{
	char text[16] = "";
	int ends[2];
	ssize_t n = 0, got;

	if (pipe(ends))
		return false;
	running->pids[running->n++] = spawn(command, ends[1]);
	close(ends[1]);
	while (n < 15 && !strchr(text, '\n') &&
		(got = read(ends[0], text + n, (size_t)(15 - n))) > 0)
		n += got;
	close(ends[0]);
	g_autofree char *name = g_strdup_printf(":%d", atoi(text));
	setenv("DISPLAY", name, 1);
	return n > 0;
}

static void start_xvnc(Running *running, const char *content, const char *port)
{
	const char *const command[] = {"Xvnc", "-displayfd", "3", "-rfbport", port,
		"-localhost", "-SecurityTypes", "None", "-geometry", "1920x1080",
		"-depth", "24", NULL};

	if (spawn_x(running, command))
		spawn_content(running, FOLDER "bench-vnc-x", content);
}

static void start_x11vnc(Running *running, const char *content, const char *port)
{
	const char *const x[] = {"Xvfb", "-displayfd", "3", "-screen", "0",
		"1920x1080x24", "-nolisten", "tcp", NULL};
	const char *const command[] = {"x11vnc", "-rfbport", port, "-localhost",
		"-shared", "-forever", "-nopw", "-quiet", "-noipv6", NULL};

	if (spawn_x(running, x)) {
		spawn_content(running, FOLDER "bench-vnc-x", content);
		spawn_server(running, command);
	}
}

/* One that draws by itself, and says at descriptor 3 how long that took. */
static void spawn_drawing(Running *running, const char *const *command)
{
	int page = memfd_create("drawn", 0);

	if (ftruncate(page, sizeof *running->drawn))
		exit(1);
	running->drawn =
		mmap(NULL, sizeof *running->drawn, PROT_READ, MAP_SHARED, page, 0);
	running->server = running->n;
	running->pids[running->n++] = spawn(command, page);
	close(page);
}

static void start_ours(Running *running, const char *content, const char *port)
{
	const char *const command[] = {FOLDER "bench-vnc-server", port, content, NULL};

	spawn_drawing(running, command);
}

static void start_bare(
	Running *running, const char *content, const char *port, const char *defer_ms)
{
	const char *const command[] = {
		FOLDER "bench-vnc-bare", port, content, defer_ms, NULL};

	spawn_drawing(running, command);
}

/* ---- sway, which draws nowhere, and wayvnc, which looks at it ---- */

static bool await_file(const char *folder, const char *name)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);

	for (int waited = 0; waited < READY_MS; waited += 20) {
		if (g_file_test(path, G_FILE_TEST_EXISTS))
			return true;
		g_usleep(20000);
	}
	return false;
}

static bool spawn_sway(Running *running)
{
	g_autofree char *folder = g_dir_make_tmp("maq-bench-XXXXXX", NULL);
	g_autofree char *config = g_build_filename(folder, "config", NULL);
	const char *const command[] = {"sway", "-c", config, NULL};

	g_file_set_contents(config,
		"output * mode 1920x1080@60Hz\nxwayland disable\n"
		"default_border none\nseat * hide_cursor 100\n",
		-1, NULL);
	g_chmod(config, 0644);
	if (geteuid() == 0 && chown(folder, NOBODY, NOBODY))
		return false;
	setenv("XDG_RUNTIME_DIR", folder, 1);
	setenv("XDG_CONFIG_HOME", folder, 1);
	setenv("WLR_BACKENDS", "headless", 1);
	setenv("WLR_RENDERER", "pixman", 1);
	setenv("WLR_LIBINPUT_NO_DEVICES", "1", 1);
	running->folder = g_steal_pointer(&folder);
	running->pids[running->n++] = spawn(command, -1);
	setenv("WAYLAND_DISPLAY", "wayland-1", 1);
	return await_file(running->folder, "wayland-1");
}

static void start_wayvnc(Running *running, const char *content, const char *port)
{
	const char *const command[] = {"wayvnc", "-f", "60", "127.0.0.1", port, NULL};
	const char *const names[] = {"XDG_RUNTIME_DIR", "XDG_CONFIG_HOME"};
	char *before[] = {g_strdup(g_getenv(names[0])), g_strdup(g_getenv(names[1]))};

	unsetenv("WAYLAND_DISPLAY");
	unsetenv("DISPLAY");
	if (spawn_sway(running)) {
		spawn_content(running, FOLDER "bench-vnc-wl", content);
		g_usleep(G_USEC_PER_SEC / 2); /* its window is there */
		spawn_server(running, command);
	}
	unsetenv("WAYLAND_DISPLAY"); /* x11vnc would refuse */
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		if (before[i])
			setenv(names[i], before[i], 1);
		else
			unsetenv(names[i]);
		g_free(before[i]);
	}
}

static void remove_folder(const char *folder)
{
	GDir *dir = g_dir_open(folder, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(folder, name, NULL);

		g_remove(path);
	}
	if (dir)
		g_dir_close(dir);
	g_rmdir(folder);
}

/* ---- all of them ---- */

static const char *first_missing(const char *const *programs)
{
	for (; *programs; programs++) {
		g_autofree char *path = g_find_program_in_path(*programs);

		if (!path)
			return *programs;
	}
	return NULL;
}

const char *server_lacks(Server server)
{
	static const char *const xvnc[] = {"Xvnc", FOLDER "bench-vnc-x", NULL};
	static const char *const x11vnc[] = {
		"x11vnc", "Xvfb", FOLDER "bench-vnc-x", NULL};
	static const char *const wayvnc[] = {
		"wayvnc", "sway", FOLDER "bench-vnc-wl", NULL};

	return server == XVNC     ? first_missing(xvnc)
	       : server == X11VNC ? first_missing(x11vnc)
	       : server == WAYVNC ? first_missing(wayvnc)
				  : NULL;
}

/* Without a connection: x11vnc waits for one that says nothing. */
static bool is_open(int port)
{
	g_autofree char *listens =
		g_strdup_printf(":%04X 00000000:0000 0A", (unsigned)port);
	g_autofree char *table = NULL;

	return g_file_get_contents("/proc/net/tcp", &table, NULL, NULL) &&
	       strstr(table, listens);
}

static void start_programs(Running *running, Server server, const char *content)
{
	g_autofree char *port = g_strdup_printf("%d", running->port);

	if (server == OURS)
		start_ours(running, content, port);
	else if (server <= BARE_EAGER)
		start_bare(running, content, port, server == BARE_EAGER ? "0" : "5");
	else if (server == XVNC)
		start_xvnc(running, content, port);
	else if (server == X11VNC)
		start_x11vnc(running, content, port);
	else
		start_wayvnc(running, content, port);
}

bool server_start(Running *running, Server server, const char *content)
{
	static int next;

	*running = (Running){.port = PORT_BASE + next++ % 40};
	if (server_lacks(server))
		return false;
	start_programs(running, server, content);
	for (int waited = 0; waited < READY_MS; waited += 20) {
		if (is_open(running->port))
			return true;
		g_usleep(20000);
	}
	return false;
}

/* x11vnc leaves its shared memory behind if it can't end by itself. */
static void end_process(pid_t pid)
{
	kill(pid, SIGTERM);
	for (int i = 0; i < PATIENCE_MS; i++) {
		if (waitpid(pid, NULL, WNOHANG) == pid)
			return;
		g_usleep(1000);
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

void server_stop(Running *running)
{
	while (running->n)
		end_process(running->pids[--running->n]);
	if (running->folder)
		remove_folder(running->folder);
	g_clear_pointer(&running->folder, g_free);
	if (running->drawn)
		munmap((void *)running->drawn, sizeof *running->drawn);
	running->drawn = NULL;
}

double server_cpu_seconds(const Running *running)
{
	double sum = 0;

	for (unsigned i = 0; i < running->n; i++) {
		clockid_t clock;
		struct timespec used;

		if (!running->draws[i] &&
			clock_getcpuclockid(running->pids[i], &clock) == 0 &&
			clock_gettime(clock, &used) == 0)
			sum += (double)used.tv_sec + (double)used.tv_nsec / 1e9;
	}
	return sum - (running->drawn ? (double)*running->drawn / 1e9 : 0);
}

double server_pss_mb(const Running *running)
{
	g_autofree char *path =
		g_strdup_printf("/proc/%d/smaps_rollup", running->pids[running->server]);
	g_autofree char *text = NULL;
	const char *at;

	if (!g_file_get_contents(path, &text, NULL, NULL) ||
		!(at = strstr(text, "\nPss:")))
		return BENCH_ABSENT;
	return atof(at + 5) / 1024.0;
}
