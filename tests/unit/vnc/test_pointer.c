// SPDX-License-Identifier: GPL-2.0-or-later
#include "pointer.h"

static void drags(void)
{
	Pointer pointer = {0};

	g_assert_true(pointer_take(&pointer, 1, 0));
	g_assert_true(pointer_take(&pointer, 2, 0));
	g_assert_true(pointer_take(&pointer, 1, 1));
	g_assert_false(pointer_take(&pointer, 2, 0));
	g_assert_false(pointer_take(&pointer, 2, 1));
	g_assert_true(pointer_take(&pointer, 1, 0));
	g_assert_true(pointer_take(&pointer, 2, 1));
	g_assert_false(pointer_take(&pointer, 1, 0));
	pointer_leave(&pointer, 1);
	g_assert_false(pointer_take(&pointer, 1, 0));
	pointer_leave(&pointer, 2);
	g_assert_true(pointer_take(&pointer, 1, 0));
}

static void wheel_holds_nothing(void)
{
	Pointer pointer = {0};

	g_assert_true(pointer_take(&pointer, 1, 8));
	g_assert_true(pointer_take(&pointer, 2, 0));
}

static void shared(void)
{
	Pointer pointer = {.shared = true};

	g_assert_true(pointer_take(&pointer, 1, 1));
	g_assert_true(pointer_take(&pointer, 2, 1));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/vnc/pointer/drags", drags);
	g_test_add_func("/vnc/pointer/wheel-holds-nothing", wheel_holds_nothing);
	g_test_add_func("/vnc/pointer/shared", shared);
	return g_test_run();
}
