// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * desktop - from a key press at a VNC client to the changed pixel
 *
 * The whole way: viewer, driver, window manager, terminal, pseudo-terminal with its echo,
 * and back. /bin/sh echoes through the line discipline of the pseudo-terminal.
 */
#include <glib.h>
#include <rfb/rfbclient.h>

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define KEYS     300
#define PATIENCE (10 * G_USEC_PER_SEC)

static bool changed; /* by the framebuffer update that came last */

static void updated(rfbClient *client, int x, int y, int width, int height)
{
	(void)client, (void)x, (void)y, (void)width, (void)height;
	changed = true;
}

static pid_t start(const char *program, const char *scenario, int *port)
{
	char line[1000];
	int ends[2];

	if (pipe(ends))
		return -1;
	pid_t pid = fork();
	if (pid == 0) {
		dup2(ends[1], 1);
		close(ends[0]);
		close(ends[1]);
		execl(program, program, "run", scenario, NULL);
		_exit(111);
	}
	close(ends[1]);
	FILE *output = fdopen(ends[0], "r");
	while (!*port && fgets(line, sizeof line, output))
		sscanf(line, "[init -> vnc] listening on 127.0.0.1:%d", port);
	return pid;
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
			exit(1);
	}
	return true;
}

static int compare(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return left < right ? -1 : left > right;
}

static rfbClient *connect_viewer(int port)
{
	rfbClient *client = rfbGetClient(8, 3, 4);

	rfbEnableClientLogging = FALSE;
	free(client->serverHost);
	client->serverHost = strdup("127.0.0.1");
	client->serverPort = port;
	client->appData.encodingsString = "raw copyrect";
	client->GotFrameBufferUpdate = updated;
	return rfbInitClient(client, NULL, NULL) ? client : NULL;
}

int main(int argc, char **argv)
{
	bool json = argc > 1 && !strcmp(argv[1], "--json");
	double times[KEYS];
	int port = 0, n = 0;
	pid_t pid = start(BENCH_MAQUETTE, BENCH_SCENARIO, &port);
	rfbClient *client = pid > 0 && port ? connect_viewer(port) : NULL;

	if (!client) {
		fprintf(stderr, "bench-desktop: the desktop did not start\n");
		return 1;
	}
	while (wait_update(client, G_USEC_PER_SEC / 2))
		; /* the prompt */
	for (int i = 0; i < KEYS; i++) {
		guint32 key = i % 2 ? 0xff08 : 'x'; /* a letter, and BackSpace */
		gint64 pressed = g_get_monotonic_time();

		SendKeyEvent(client, key, TRUE);
		if (wait_update(client, PATIENCE))
			times[n++] = (double)(g_get_monotonic_time() - pressed) / 1000.0;
		SendKeyEvent(client, key, FALSE);
		while (wait_update(client, 2000))
			; /* the rest of this key's answer */
	}
	kill(pid, SIGINT);
	waitpid(pid, NULL, 0);
	qsort(times, (size_t)n, sizeof *times, compare);
	double median = n ? times[n / 2] : -1, p99 = n ? times[n * 99 / 100] : -1;
	if (json)
		printf("{\"name\":\"key press to pixel\",\"unit\":\"ms\",\"ours\":%.3f,"
		       "\"p99\":%.3f,\"peers\":{},\"limit\":null,\"goal\":\"<= "
		       "1\",\"met\":%s}\n",
			median, p99, n == KEYS && median <= 1 ? "true" : "false");
	else
		printf("%-34s %8.3f ms   p99 %.3f ms, %d of %d keys (goal 1)\n",
			"key press to pixel over VNC", median, p99, n, KEYS);
	return n == KEYS ? 0 : 1;
}
