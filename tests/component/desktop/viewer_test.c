// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The desktop of the demo with a viewer that people use: TigerVNC's, under Xvfb, its user
 * played by xdotool. What it does is seen by a client of our own.
 */
#include "harness.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Ends with us, whatever happens. */
static pid_t start(const char *const *command)
{
	pid_t pid = fork();

	g_assert_cmpint(pid, >=, 0);
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	execvp(command[0], (char *const *)command);
	_exit(111);
}

static void stop(pid_t pid)
{
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
}

/* A display of its own; it chooses the number. */
static pid_t start_x(void)
{
	int ends[2];
	char text[16] = "";
	g_autofree char *fd = NULL, *display = NULL;

	g_assert_no_errno(pipe(ends));
	fd = g_strdup_printf("%d", ends[1]);
	const char *const command[] = {"Xvfb", "-displayfd", fd, "-screen", "0",
		"1600x1000x24", "-nolisten", "tcp", "-noreset", NULL};
	pid_t pid = start(command);
	close(ends[1]);
	g_assert_cmpint(read(ends[0], text, sizeof text - 1), >, 0);
	close(ends[0]);
	display = g_strconcat(":", g_strchomp(text), NULL);
	g_setenv("DISPLAY", display, TRUE);
	return pid;
}

static void as_user(const char *format, ...) G_GNUC_PRINTF(1, 2);
static void as_user(const char *format, ...)
{
	va_list arguments;
	int status = 0;
	g_autoptr(GError) error = NULL;

	va_start(arguments, format);
	g_autofree char *command = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_spawn_command_line_sync(command, NULL, NULL, &status, &error);
	g_assert_no_error(error);
	g_assert_cmpint(status, ==, 0);
}

static void tigervnc(void)
{
	g_autofree char *scenario =
		g_build_filename(g_getenv("MAQ_SOURCE"), "scenarios", "desktop", NULL);
	Desktop desktop = desktop_start(scenario, "127.0.0.1:0");
	rfbClient *watcher = connect_viewer(desktop.port);
	g_autofree char *address = g_strdup_printf("127.0.0.1::%d", desktop.port);
	const char *const command[] = {
		"xtigervncviewer", "-Shared", "-RemoteResize=1", address, NULL};
	gint64 until = g_get_monotonic_time() + PATIENCE;
	pid_t x = start_x(), viewer = start(command);

	desktop_await(&desktop, "viewer 1 has come");
	wait_for_color(watcher, 0x101418, 400000); /* the terminal is there */
	wait_for_color(watcher, 0x15191e, 150000); /* and the state of the system */
	as_user("xdotool search --sync --onlyvisible --name TigerVNC windowfocus --sync");
	as_user("xdotool type --delay 10 \"printf '\\\\033[41m%%800s\\\\033[0m' x\"");
	as_user("xdotool key Return");
	wait_for_color(watcher, RED, 60000);
	/* the size of its window becomes that of the desktop */
	as_user("xdotool search --name TigerVNC windowsize 1000 700");
	while (watcher->width != 1000 || watcher->height != 700) {
		g_assert_cmpint(g_get_monotonic_time(), <, until);
		handle_message(watcher);
	}
	wait_for_color(watcher, 0x101418, 300000);
	stop(viewer);
	desktop_await(&desktop, "viewer 1 has left");
	stop(x);
	disconnect(watcher);
	desktop_end(&desktop);
}

int main(int argc, char **argv)
{
	static const char *const programs[] = {"Xvfb", "xtigervncviewer", "xdotool"};

	for (gsize i = 0; i < G_N_ELEMENTS(programs); i++) {
		g_autofree char *found = g_find_program_in_path(programs[i]);

		if (!found) {
			printf("skipped: %s is not installed\n", programs[i]);
			return 77;
		}
	}
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/viewer/tigervnc", tigervnc);
	return g_test_run();
}
