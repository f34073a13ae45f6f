// SPDX-License-Identifier: GPL-2.0-or-later
/* Inside the event loop of a Wayland server. */
#include "fixture.h"

#include <glib.h>
#include <stdbool.h>
#include <wayland-server-core.h>

static int ready(int fd, uint32_t mask, void *data)
{
	(void)fd;
	(void)mask;
	(void)data;
	fixture_dispatch();
	return 0;
}

static void stop(void *data)
{
	*(bool *)data = true;
}

static void test_wayland(void)
{
	struct wl_event_loop *outer = wl_event_loop_create();
	bool stopped = false;

	fixture_begin(stop, &stopped);
	struct wl_event_source *source =
		wl_event_loop_add_fd(outer, fixture_fd(), WL_EVENT_READABLE, ready, NULL);
	while (!stopped)
		g_assert_cmpint(wl_event_loop_dispatch(outer, -1), ==, 0);
	wl_event_source_remove(source);
	wl_event_loop_destroy(outer);
	fixture_end();
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/attach/wayland", test_wayland);
	return g_test_run();
}
