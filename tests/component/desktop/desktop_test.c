// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The desktop as a user has it: a VNC client connects, types into the terminal, sees the
 * answer, changes the desktop's size, and ends the scenario.
 */
#include "harness.h"

#include <arpa/inet.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The driver crashes: the port stays, and everything behind it, too. */
static void survives_driver(void)
{
	const char *scenario = g_test_get_filename(G_TEST_DIST, "init.config", NULL);
	Desktop desktop = desktop_start(scenario, NULL);
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
	Desktop desktop = desktop_start(scenario, NULL);
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
	Desktop desktop = desktop_start(scenario, NULL);
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
	Desktop desktop = desktop_start(scenario, NULL);
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
