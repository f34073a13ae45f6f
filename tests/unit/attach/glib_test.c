// SPDX-License-Identifier: GPL-2.0-or-later
/* Inside GLib's main context: a source for the loop's descriptor is all that is needed.
 */
#include "fixture.h"

#include <glib-unix.h>

static gboolean ready(gint fd, GIOCondition condition, gpointer data)
{
	(void)fd;
	(void)condition;
	(void)data;
	fixture_dispatch();
	return G_SOURCE_CONTINUE;
}

static void stop(void *data)
{
	g_main_loop_quit(data);
}

static void test_glib(void)
{
	GMainLoop *main_loop = g_main_loop_new(NULL, FALSE);

	fixture_begin(stop, main_loop);
	guint source = g_unix_fd_add(fixture_fd(), G_IO_IN, ready, NULL);
	g_main_loop_run(main_loop);
	g_source_remove(source);
	g_main_loop_unref(main_loop);
	fixture_end();
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/attach/glib", test_glib);
	return g_test_run();
}
