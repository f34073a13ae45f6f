// SPDX-License-Identifier: GPL-2.0-or-later
#include "held.h"

static void one_user(void)
{
	Held held = {0};

	g_assert_false(held_release(&held, 0, KEY_A));
	g_assert_true(held_press(&held, 0, KEY_A));
	g_assert_false(held_press(&held, 0, KEY_A)); /* it repeats */
	g_assert_true(held_release(&held, 0, KEY_A));
	g_assert_false(held_release(&held, 0, KEY_A));
}

static void two_users(void)
{
	Held held = {0};

	g_assert_true(held_press(&held, 0, KEY_LEFTSHIFT));
	g_assert_false(held_press(&held, 31, KEY_LEFTSHIFT));
	g_assert_true(held_press(&held, 31, KEY_B));
	/* the first one leaves */
	g_assert_false(held_release(&held, 0, KEY_LEFTSHIFT));
	g_assert_false(held_release(&held, 0, KEY_B));
	g_assert_true(held_release(&held, 31, KEY_LEFTSHIFT));
	g_assert_true(held_release(&held, 31, KEY_B));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/console/held/one-user", one_user);
	g_test_add_func("/console/held/two-users", two_users);
	return g_test_run();
}
