// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Motions that follow one another are one; where a button was pressed is never lost.
 */
#include "events.h"

#include <poll.h>

static void post(Events *events, unsigned viewer, int x, unsigned buttons)
{
	events_post(events, &(Event){.type = EVENT_POINTER,
				    .viewer = viewer,
				    .x = x,
				    .buttons = buttons});
}

static void expect(Events *events, int x, unsigned buttons)
{
	Event event;

	g_assert_true(events_take(events, &event));
	g_assert_cmpint(event.x, ==, x);
	g_assert_cmpuint(event.buttons, ==, buttons);
}

static void merges(void)
{
	Events events = {0};
	Event event;

	events_init(&events);
	post(&events, 0, 1, 0);
	post(&events, 0, 2, 0);
	post(&events, 0, 3, 1); /* pressed here */
	post(&events, 0, 4, 1);
	post(&events, 0, 5, 1);
	post(&events, 0, 6, 0); /* and released here */
	post(&events, 0, 7, 0);
	post(&events, 1, 8, 0); /* somebody else's */
	expect(&events, 2, 0);
	expect(&events, 3, 1);
	expect(&events, 5, 1);
	expect(&events, 6, 0);
	expect(&events, 7, 0);
	expect(&events, 8, 0);
	g_assert_false(events_take(&events, &event));
	events_fini(&events);
}

static bool is_readable(const Events *events)
{
	struct pollfd fd = {events->fd, POLLIN, 0};

	return poll(&fd, 1, 0) == 1;
}

/* To ask needs no room, and is heard among events. */
static void asks(void)
{
	Events events = {0};
	Event event;

	events_init(&events);
	g_assert_false(events_asked(&events));
	events_ask(&events);
	events_ask(&events);
	g_assert_true(is_readable(&events));
	g_assert_false(events_take(&events, &event));
	g_assert_true(is_readable(&events));
	post(&events, 0, 1, 0);
	g_assert_true(events_asked(&events));
	g_assert_false(events_asked(&events));
	g_assert_true(is_readable(&events));
	events_ask(&events);
	expect(&events, 1, 0);
	g_assert_true(is_readable(&events));
	g_assert_true(events_asked(&events));
	g_assert_false(is_readable(&events));
	events_fini(&events);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/vnc/events/merges", merges);
	g_test_add_func("/vnc/events/asks", asks);
	return g_test_run();
}
