// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The desktop as a user has it: a VNC client connects, types into the terminal, sees the
 * answer, changes the desktop's size, and ends the scenario.
 */
#include <glib.h>
#include <rfb/rfbclient.h>

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE (30 * G_USEC_PER_SEC) /* for slow machines; passing needs no wait */
#define RED      0xd75f5fu             /* the terminal's colour 41 */
#define GREEN    0x87af5fu             /* and 42 */

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

/* Core names processes by their labels. */
static pid_t find_component(pid_t core, const char *label)
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

static void desktop_end(Desktop *desktop)
{
	int status;

	kill(desktop->pid, SIGINT);
	g_assert_cmpint(waitpid(desktop->pid, &status, 0), ==, desktop->pid);
	g_assert_true(WIFEXITED(status));
	g_assert_cmpint(WEXITSTATUS(status), ==, 0);
	fclose(desktop->output);
}

/* The driver crashes: the port stays, and everything behind it, too. */
static void survives_driver(void)
{
	const char *scenario = g_test_get_filename(G_TEST_DIST, "init.config", NULL);
	Desktop desktop = desktop_start(scenario);
	rfbClient *client = connect_viewer(desktop.port);
	pid_t driver = find_component(desktop.pid, "init -> vnc");

	wait_for_color(client, 0x101418, 200000);
	type(client, "printf '\\033[41m%800s\\033[0m' x\n");
	wait_for_color(client, RED, 60000);
	g_assert_cmpint(driver, >, 0);
	kill(driver, SIGKILL);
	disconnect(client);

	client = connect_viewer(desktop.port);
	wait_for_color(client, RED, 60000);
	type(client, "printf '\\033[42m%800s\\033[0m' x\n");
	wait_for_color(client, GREEN, 60000);
	g_assert_cmpint(find_component(desktop.pid, "init -> vnc"), !=, driver);
	disconnect(client);
	desktop_end(&desktop);
}

/* So does the window manager: terminals come back into the new one. */
static void survives_wm(void)
{
	const char *scenario = g_test_get_filename(G_TEST_DIST, "init.config", NULL);
	Desktop desktop = desktop_start(scenario);
	rfbClient *client = connect_viewer(desktop.port);

	wait_for_color(client, 0x101418, 200000);
	kill(find_component(desktop.pid, "init -> wm"), SIGKILL);
	/* without it nothing is shown */
	wait_for_color(client, 0, 400000);
	wait_for_color(client, 0x101418, 200000);
	type(client, "printf '\\033[42m%800s\\033[0m' x\n");
	wait_for_color(client, GREEN, 60000);
	disconnect(client);
	desktop_end(&desktop);
}

/* With noVNC, http://ADDRESS:PORT/ is its page. */
static void browser_gets_page(void)
{
	static const char request[] = "GET /vnc.html HTTP/1.1\r\nHost: x\r\n\r\n";
	const char *scenario = g_test_get_filename(G_TEST_DIST, "init.config", NULL);
	struct sockaddr_in at = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	g_autoptr(GString) page = g_string_new(NULL);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	char part[4096];
	ssize_t got;

	if (!g_file_test("/usr/share/novnc/vnc.html", G_FILE_TEST_EXISTS)) {
		g_test_skip("noVNC is not installed");
		return;
	}
	Desktop desktop = desktop_start(scenario);
	at.sin_port = htons((guint16)desktop.port);
	g_assert_no_errno(connect(fd, (struct sockaddr *)&at, sizeof at));
	g_assert_cmpint(write(fd, request, sizeof request - 1), ==, sizeof request - 1);
	while ((got = read(fd, part, sizeof part)) > 0)
		g_string_append_len(page, part, got);
	close(fd);
	g_assert_true(g_str_has_prefix(page->str, "HTTP/1.1 200 OK"));
	g_assert_nonnull(strstr(page->str, "<title>noVNC</title>"));
	desktop_end(&desktop);
}

static void types_and_sees(void)
{
	const char *scenario = g_test_get_filename(G_TEST_DIST, "init.config", NULL);
	Desktop desktop = desktop_start(scenario);
	rfbClient *client = connect_viewer(desktop.port);
	rfbClient *second = connect_viewer(desktop.port); /* never reads */
	gint64 until = g_get_monotonic_time() + PATIENCE;

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
	desktop_end(&desktop);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/desktop/types-and-sees", types_and_sees);
	g_test_add_func("/desktop/browser-gets-page", browser_gets_page);
	g_test_add_func("/desktop/survives-driver", survives_driver);
	g_test_add_func("/desktop/survives-wm", survives_wm);
	return g_test_run();
}
