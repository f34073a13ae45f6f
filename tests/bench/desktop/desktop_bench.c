// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * desktop - from a key press at a VNC client to the changed pixel
 *
 * The whole way: viewer, driver, window manager, terminal, pseudo-terminal, and back.
 * With cat, the line discipline of the pseudo-terminal echoes; with bash, its line editor
 * does. Beside it Xvnc with a window that fills a cell, without a terminal.
 */
#include "bench.h"
#include "system.h"
#include "viewer.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define KEYS     300
#define PATIENCE G_USEC_PER_SEC

static bool changed; /* by the framebuffer update that came last */

typedef struct {
	double median, p99; /* ms; negative: it did not work */
} Latency;

static const Latency failed = {BENCH_ABSENT, BENCH_ABSENT};

static void updated(rfbClient *client, int x, int y, int width, int height)
{
	(void)client, (void)x, (void)y, (void)width, (void)height;
	changed = true;
}

/* Handles messages until there is an update, or none came for a time (us). */
static bool wait_update(rfbClient *client, gint64 patience)
{
	gint64 until = g_get_monotonic_time() + patience;

	changed = false;
	while (!changed) {
		gint64 left = until - g_get_monotonic_time();

		if (left <= 0)
			return false;
		if (WaitForMessage(client, (unsigned)left) > 0 &&
			!HandleRFBServerMessage(client))
			return false;
	}
	return true;
}

/* Keys at the server on this port. */
static Latency measure(int port)
{
	rfbClient *client = bench_viewer_connect(port, updated);
	double times[KEYS];
	gsize n = 0;

	if (!client)
		return failed;
	while (wait_update(client, G_USEC_PER_SEC / 2))
		; /* the prompt */
	for (int i = 0; i < KEYS; i++) {
		guint32 key = i % 2 ? 0xff08 : 'x'; /* a letter, and BackSpace */
		gint64 pressed = g_get_monotonic_time();

		SendKeyEvent(client, key, TRUE);
		if (!wait_update(client, PATIENCE))
			break;
		times[n++] = (double)(g_get_monotonic_time() - pressed) / 1000.0;
		SendKeyEvent(client, key, FALSE);
		while (wait_update(client, 20000))
			; /* the rest of this key's answer */
	}
	rfbClientCleanup(client);
	if (n < KEYS)
		return failed;
	return (Latency){bench_median(times, n), bench_quantile(times, n, 0.99)};
}

static Latency ours(const char *program)
{
	g_autofree char *config = NULL;
	g_autofree char *line = g_strdup_printf("program: %s", program);
	Latency latency = failed;
	BenchSystem system;
	char text[500];
	int port = 0;

	if (!g_file_get_contents(BENCH_SCENARIO, &config, NULL, NULL))
		return failed;
	g_autoptr(GString) edited = g_string_new(config);
	g_string_replace(edited, "program: /bin/sh", line, 0);
	if (bench_system_run_text(&system, BENCH_MAQUETTE, edited->str, -1)) {
		while (!port && fgets(text, sizeof text, system.output))
			sscanf(text, "[init -> vnc] listening on 127.0.0.1:%d", &port);
		if (port)
			latency = measure(port);
	}
	bench_system_stop(&system);
	return latency;
}

/* ---- Xvnc ---- */

#ifdef BENCH_X_ECHO
static int free_port(void)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof address;
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	bool bound = !bind(fd, (struct sockaddr *)&address, size) &&
		     !getsockname(fd, (struct sockaddr *)&address, &size);

	close(fd);
	return bound ? ntohs(address.sin_port) : 0;
}

static void silence(void)
{
	int null = open("/dev/null", O_RDWR);

	dup2(null, 1);
	dup2(null, 2);
}

/* The display's number is written to a pipe when it is ready. */
static pid_t start_xvnc(int port, int *display)
{
	g_autofree char *rfbport = g_strdup_printf("%d", port);
	char text[16] = "";
	int ends[2];

	if (pipe(ends))
		return -1;
	pid_t pid = fork();
	if (pid == 0) {
		silence();
		dup2(ends[1], 3);
		execlp("Xvnc", "Xvnc", "-displayfd", "3", "-rfbport", rfbport,
			"-SecurityTypes", "None", "-geometry", "800x600", "-depth", "24",
			NULL);
		_exit(111);
	}
	close(ends[1]);
	ssize_t n = read(ends[0], text, sizeof text - 1);
	close(ends[0]);
	*display = n > 0 ? atoi(text) : -1;
	return pid;
}

static pid_t start_echo(int display)
{
	g_autofree char *name = g_strdup_printf(":%d", display);
	pid_t pid = fork();

	if (pid == 0) {
		silence();
		setenv("DISPLAY", name, 1);
		execl(BENCH_X_ECHO, BENCH_X_ECHO, NULL);
		_exit(111);
	}
	return pid;
}

static void end(pid_t pid)
{
	if (pid > 0) {
		kill(pid, SIGTERM);
		waitpid(pid, NULL, 0);
	}
}

static Latency xvnc(void)
{
	int port = free_port(), display = -1;
	pid_t server = start_xvnc(port, &display);
	Latency latency = failed;

	if (display >= 0) {
		pid_t echo = start_echo(display);
		latency = measure(port);
		end(echo);
	}
	end(server);
	return latency;
}
#else
static Latency xvnc(void)
{
	return failed;
}
#endif

static void print(const char *name, Latency latency, Latency peer)
{
	g_autofree char *note = g_strdup_printf("p99 %.2f", latency.p99);

	if (latency.median < 0)
		bench_skip(name, "the desktop did not answer each key");
	else
		bench_print(&(BenchFigure){name, "ms", latency.median, NULL, 0,
			BENCH_MOST, 1,
			{{"Xvnc, no terminal", peer.median}, {"its p99", peer.p99}},
			note});
}

int main(int argc, char **argv)
{
	bench_init(argc, argv);
	Latency echo = ours("/bin/cat"), bash = ours("/bin/bash"), peer = xvnc();

	print("key press to pixel over VNC, bare echo", echo, peer);
	print("key press to pixel over VNC, bash", bash, peer);
	return 0;
}
