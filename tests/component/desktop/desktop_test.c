// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The desktop as a user has it: a VNC client connects, types into the terminal, sees the
 * answer, changes the desktop's size, and ends the scenario.
 */
#include <glib.h>
#include <rfb/rfbclient.h>

#include <linux/input-event-codes.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE (30 * G_USEC_PER_SEC) /* for slow machines; passing needs no wait */
#define RED      0xd75f5fu             /* the terminal's colour 41 */

typedef struct {
	pid_t pid;
	FILE *output;
	int port;
} Desktop;

static Desktop desktop_start(const char *scenario)
{
	g_autofree char *program =
		g_build_filename(g_getenv("MAQ_BIN"), "maquette", NULL);
	Desktop desktop = {0};
	char line[1000];
	int ends[2];

	g_assert_cmpint(pipe(ends), ==, 0);
	desktop.pid = fork();
	g_assert_cmpint(desktop.pid, >=, 0);
	if (desktop.pid == 0) {
		dup2(ends[1], 1);
		close(ends[0]);
		close(ends[1]);
		execl(program, program, "run", scenario, NULL);
		_exit(111);
	}
	close(ends[1]);
	desktop.output = fdopen(ends[0], "r");
	while (!desktop.port && fgets(line, sizeof line, desktop.output))
		sscanf(line, "[init -> vnc] listening on 127.0.0.1:%d", &desktop.port);
	g_assert_cmpint(desktop.port, >, 0);
	return desktop;
}

static rfbClient *connect_viewer(int port)
{
	rfbClient *client = rfbGetClient(8, 3, 4);

	rfbEnableClientLogging = FALSE;
	free(client->serverHost);
	client->serverHost = strdup("127.0.0.1");
	client->serverPort = port;
	client->canHandleNewFBSize = TRUE;
	client->appData.encodingsString = "zrle copyrect raw"; /* exact colours */
	client->format.redShift = 16;
	client->format.blueShift = 0;
	g_assert_true(rfbInitClient(client, NULL, NULL));
	return client;
}

static void disconnect(rfbClient *client)
{
	free(client->frameBuffer); /* the library leaves it to us */
	client->frameBuffer = NULL;
	rfbClientCleanup(client);
}

static unsigned count_color(const rfbClient *client, guint32 color)
{
	unsigned count = 0;

	for (int i = 0; i < client->width * client->height; i++)
		count +=
			(((guint32 *)(void *)client->frameBuffer)[i] & 0xffffff) == color;
	return count;
}

static void handle_message(rfbClient *client)
{
	/* WaitForMessage looks at the socket only */
	if (client->buffered == 0)
		g_assert_cmpint(WaitForMessage(client, PATIENCE), >, 0);
	g_assert_true(HandleRFBServerMessage(client));
}

/* Reads messages until the colour covers at least so many pixels. */
static void wait_for_color(rfbClient *client, guint32 color, unsigned least)
{
	gint64 until = g_get_monotonic_time() + PATIENCE;

	while (count_color(client, color) < least) {
		g_assert_cmpint(g_get_monotonic_time(), <, until);
		handle_message(client);
	}
}

static void type(rfbClient *client, const char *text)
{
	for (; *text; text++) {
		guint32 keysym = *text == '\n' ? 0xff0d : (guint32)*text;

		g_assert_true(SendKeyEvent(client, keysym, TRUE));
		g_assert_true(SendKeyEvent(client, keysym, FALSE));
	}
}

static void types_and_sees(void)
{
	const char *scenario = g_test_get_filename(G_TEST_DIST, "init.config", NULL);
	Desktop desktop = desktop_start(scenario);
	rfbClient *client = connect_viewer(desktop.port);
	rfbClient *second = connect_viewer(desktop.port); /* never reads */
	gint64 until = g_get_monotonic_time() + PATIENCE;
	int status;

	g_assert_cmpint(client->width, ==, 800);
	g_assert_cmpint(client->height, ==, 600);
	/* the background of the terminal: it is there */
	wait_for_color(client, 0x101418, 200000);
	g_assert_cmpuint(count_color(client, RED), ==, 0);
	/* 41 is red; 800 blanks of it are more than 80000 pixels */
	type(client, "printf '\\033[41m%800s\\033[0m' x\n");
	wait_for_color(client, RED, 60000);

	g_assert_true(SendExtDesktopSize(client, 1000, 700));
	while (client->width != 1000 || client->height != 700) {
		g_assert_cmpint(g_get_monotonic_time(), <, until);
		handle_message(client);
	}
	/* drawn anew at the new size: more terminal than the old one had pixels */
	wait_for_color(client, 0x101418, 500000);
	type(client, "clear; printf '\\033[41m%2000s\\033[0m' x\n");
	wait_for_color(client, RED, 150000);

	disconnect(client);
	disconnect(second);
	kill(desktop.pid, SIGINT);
	g_assert_cmpint(waitpid(desktop.pid, &status, 0), ==, desktop.pid);
	g_assert_true(WIFEXITED(status));
	g_assert_cmpint(WEXITSTATUS(status), ==, 0);
	fclose(desktop.output);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/desktop/types-and-sees", types_and_sees);
	return g_test_run();
}
