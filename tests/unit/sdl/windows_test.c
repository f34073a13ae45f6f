// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * windows_test - what SDL says, as the component is told it: events that no window system
 * here would send, fingers above all, are put into SDL's queue
 */
#include "windows.h"

#define SDL_MAIN_HANDLED
#include <SDL.h>

#include <linux/input-event-codes.h>
#include <poll.h>

#define WAIT_MS 20000

static Told next(Windows *windows)
{
	struct pollfd ready = {windows_events(windows), POLLIN, 0};
	Told told;

	while (!windows_next(windows, &told))
		g_assert_cmpint(poll(&ready, 1, WAIT_MS), ==, 1);
	return told;
}

/* Others may come in between. */
static Told await(Windows *windows, int type)
{
	for (;;) {
		Told told = next(windows);

		if ((int)told.type == type)
			return told;
		g_assert_cmpint(told.type, !=, TOLD_FAILED);
		g_free(told.text);
	}
}

static Windows *open_two(void)
{
	static const WindowWish wishes[] = {{"one", 400, 300}, {"two", 200, 100}};
	Windows *windows = windows_new(wishes, 2, "dummy", false);

	await(windows, TOLD_SIZE);
	await(windows, TOLD_SIZE);
	return windows;
}

/* SDL numbers windows from 1. */
static void put_finger(Uint32 type, SDL_FingerID finger, Uint32 window, float x, float y)
{
	SDL_Event event = {.tfinger = {.type = type,
				   .touchId = 7,
				   .fingerId = finger,
				   .x = x,
				   .y = y,
				   .windowID = window}};

	g_assert_cmpint(SDL_PushEvent(&event), ==, 1);
}

static void assert_touch(
	Windows *windows, guint window, guint16 finger, bool down, int x, int y)
{
	Told told = await(windows, TOLD_TOUCH);

	g_assert_cmpuint(told.window, ==, window);
	g_assert_cmpuint(told.code, ==, finger);
	g_assert_cmpint(told.down, ==, down);
	g_assert_cmpint(told.x, ==, x);
	g_assert_cmpint(told.y, ==, y);
}

/* In parts of the window they come, in its pixels they are told; each by its number. */
static void test_touch(void)
{
	Windows *windows = open_two();

	put_finger(SDL_FINGERDOWN, 0, 1, 0.5f, 0.25f);
	put_finger(SDL_FINGERDOWN, 1, 1, 0.0f, 0.0f);
	put_finger(SDL_FINGERMOTION, 0, 1, 0.75f, 0.5f);
	put_finger(SDL_FINGERUP, 1, 1, 0.25f, 0.0f);
	put_finger(SDL_FINGERDOWN, 2, 2, 0.5f, 0.5f);
	put_finger(SDL_FINGERUP, 0, 1, 0.75f, 0.5f);
	put_finger(SDL_FINGERDOWN, 5, 99, 0.5f, 0.5f); /* no window of ours */
	put_finger(SDL_FINGERUP, 2, 2, 0.5f, 0.5f);
	assert_touch(windows, 0, 0, true, 200, 75);
	assert_touch(windows, 0, 1, true, 0, 0);
	assert_touch(windows, 0, 0, true, 300, 150);
	assert_touch(windows, 0, 1, false, 100, 0);
	assert_touch(windows, 1, 2, true, 100, 50);
	assert_touch(windows, 0, 0, false, 300, 150);
	assert_touch(windows, 1, 2, false, 100, 50);
	windows_end(windows);
}

/* What SDL makes of a finger for programs that know mice only is not told twice. */
static void test_no_mouse_of_touch(void)
{
	Windows *windows = open_two();
	SDL_Event made = {.button = {.type = SDL_MOUSEBUTTONDOWN,
				  .windowID = 1,
				  .which = SDL_TOUCH_MOUSEID,
				  .button = SDL_BUTTON_LEFT,
				  .x = 1,
				  .y = 2}};
	SDL_Event real = made;

	real.button.which = 0;
	real.button.x = 30;
	SDL_PushEvent(&made);
	SDL_PushEvent(&real);
	Told told = await(windows, TOLD_BUTTON);
	g_assert_cmpint(told.x, ==, 30);
	g_assert_cmpint(told.code, ==, BTN_LEFT);
	windows_end(windows);
}

static void test_wheel(void)
{
	Windows *windows = open_two();
	SDL_Event turned = {.wheel = {.type = SDL_MOUSEWHEEL,
				    .windowID = 1,
				    .preciseX = 0.5f,
				    .preciseY = -2}};
	SDL_Event flipped = turned;

	flipped.wheel.direction = SDL_MOUSEWHEEL_FLIPPED;
	SDL_PushEvent(&turned);
	SDL_PushEvent(&flipped);
	Told told = await(windows, TOLD_WHEEL);
	g_assert_cmpint(told.x, ==, 60);
	g_assert_cmpint(told.y, ==, -240);
	told = await(windows, TOLD_WHEEL);
	g_assert_cmpint(told.y, ==, 240);
	windows_end(windows);
}

static void test_no_driver(void)
{
	WindowWish wish = {"one", 400, 300};
	Windows *windows = windows_new(&wish, 1, "no such driver", false);
	Told told = next(windows);

	g_assert_cmpint(told.type, ==, TOLD_FAILED);
	g_assert_nonnull(told.text);
	g_free(told.text);
	windows_end(windows);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/sdl/touch", test_touch);
	g_test_add_func("/sdl/no-mouse-of-touch", test_no_mouse_of_touch);
	g_test_add_func("/sdl/wheel", test_wheel);
	g_test_add_func("/sdl/no-driver", test_no_driver);
	int result = g_test_run();
	SDL_TLSCleanup(); /* of this thread, which has put events */
	return result;
}
