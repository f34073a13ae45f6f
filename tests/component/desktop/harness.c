// SPDX-License-Identifier: GPL-2.0-or-later
#include "harness.h"

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* The next line of the log; false: it has ended. */
static bool read_line(Desktop *desktop, char *line, int size)
{
	if (!fgets(line, size, desktop->output))
		return false;
	g_string_append(desktop->seen, line);
	return true;
}

Desktop desktop_start(const char *scenario, const char *vnc)
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
		prctl(PR_SET_PDEATHSIG, SIGTERM); /* a test that fails ends it */
		dup2(ends[1], 1);
		close(ends[0]);
		close(ends[1]);
		if (vnc)
			execl(program, program, "run", "--vnc", vnc, scenario, NULL);
		else
			execl(program, program, "run", scenario, NULL);
		_exit(111);
	}
	close(ends[1]);
	desktop.output = fdopen(ends[0], "r");
	desktop.seen = g_string_new("\n");
	while (!desktop.port && read_line(&desktop, line, sizeof line))
		sscanf(line, "[init -> vnc] listening on 127.0.0.1:%d", &desktop.port);
	g_assert_cmpint(desktop.port, >, 0);
	return desktop;
}

void desktop_await(Desktop *desktop, const char *text)
{
	char line[1000] = "";

	while (!strstr(line, text))
		g_assert_true(read_line(desktop, line, sizeof line));
}

int desktop_await_port(Desktop *desktop, const char *component)
{
	g_autofree char *begin =
		g_strdup_printf("\n[init -> %s] listening on 127.0.0.1:", component);
	const char *found;
	char line[1000];

	while (!(found = strstr(desktop->seen->str, begin)))
		g_assert_true(read_line(desktop, line, sizeof line));
	return atoi(found + strlen(begin));
}

rfbClient *connect_viewer(int port)
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

void disconnect(rfbClient *client)
{
	free(client->frameBuffer); /* the library leaves it to us */
	client->frameBuffer = NULL;
	rfbClientCleanup(client);
}

unsigned count_color(const rfbClient *client, guint32 color)
{
	unsigned count = 0;

	for (int i = 0; i < client->width * client->height; i++)
		count +=
			(((guint32 *)(void *)client->frameBuffer)[i] & 0xffffff) == color;
	return count;
}

void handle_message(rfbClient *client)
{
	/* WaitForMessage looks at the socket only */
	if (client->buffered == 0)
		g_assert_cmpint(WaitForMessage(client, PATIENCE), >, 0);
	g_assert_true(HandleRFBServerMessage(client));
}

void wait_for_color(rfbClient *client, guint32 color, unsigned least)
{
	gint64 until = g_get_monotonic_time() + PATIENCE;

	while (count_color(client, color) < least) {
		g_assert_cmpint(g_get_monotonic_time(), <, until);
		handle_message(client);
	}
}

void type(rfbClient *client, const char *text)
{
	for (; *text; text++) {
		guint32 keysym = *text == '\n' ? 0xff0d : (guint32)*text;

		g_assert_true(SendKeyEvent(client, keysym, TRUE));
		g_assert_true(SendKeyEvent(client, keysym, FALSE));
	}
}

/* Core names processes by their labels. */
pid_t find_component(pid_t core, const char *label)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/task/%d/children", core, core);
	g_autofree char *text = NULL;
	g_auto(GStrv) pids = NULL;

	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	pids = g_strsplit(g_strchomp(text), " ", -1);
	for (char **pid = pids; *pid; pid++) {
		g_autofree char *file = g_strdup_printf("/proc/%s/cmdline", *pid);
		g_autofree char *line = NULL;

		if (g_file_get_contents(file, &line, NULL, NULL) && !strcmp(line, label))
			return atoi(*pid);
	}
	return 0;
}

void desktop_end(Desktop *desktop)
{
	int status;

	kill(desktop->pid, SIGINT);
	g_assert_cmpint(waitpid(desktop->pid, &status, 0), ==, desktop->pid);
	g_assert_true(WIFEXITED(status));
	g_assert_cmpint(WEXITSTATUS(status), ==, 0);
	fclose(desktop->output);
	g_string_free(desktop->seen, TRUE);
}
