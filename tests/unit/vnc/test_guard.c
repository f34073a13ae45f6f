// SPDX-License-Identifier: GPL-2.0-or-later
#include "guard.h"

#define SECOND G_USEC_PER_SEC

static Guard guard;
static gint64 now = 1000 * G_USEC_PER_SEC;

static gint64 wait_of(const char *address)
{
	return guard_wait(&guard, address, now);
}

static void fail(const char *address, unsigned times)
{
	for (unsigned i = 0; i < times; i++)
		guard_failed(&guard, address, now);
}

static void slows_down(void)
{
	guard_init(&guard);
	fail("a", 2);
	g_assert_cmpint(wait_of("a"), ==, 0);
	fail("a", 1);
	g_assert_cmpint(wait_of("a"), ==, 2 * SECOND);
	g_assert_cmpint(wait_of("b"), ==, 0);
	now += SECOND;
	g_assert_cmpint(wait_of("a"), ==, SECOND);
	now += SECOND;
	g_assert_cmpint(wait_of("a"), ==, 0);
	fail("a", 1);
	g_assert_cmpint(wait_of("a"), ==, 4 * SECOND);
	fail("a", 100);
	g_assert_cmpint(wait_of("a"), ==, 300 * SECOND);
	guard_succeeded(&guard, "a");
	g_assert_cmpint(wait_of("a"), ==, 0);
	guard_fini(&guard);
}

static void forgets(void)
{
	guard_init(&guard);
	fail("a", 10);
	now += (gint64)3601 * SECOND;
	g_assert_cmpint(wait_of("a"), ==, 0);
	fail("a", 2);
	g_assert_cmpint(wait_of("a"), ==, 0);
	guard_fini(&guard);
}

/* Who comes from many addresses does not make one forgotten that has long to wait. */
static void many_addresses(void)
{
	guard_init(&guard);
	fail("a", 10);
	for (unsigned i = 0; i < 10 * GUARD_PLACES; i++) {
		g_autofree char *other = g_strdup_printf("other %u", i);

		fail(other, 1);
	}
	g_assert_cmpint(wait_of("a"), >, 0);
	guard_fini(&guard);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/vnc/guard/slows-down", slows_down);
	g_test_add_func("/vnc/guard/forgets", forgets);
	g_test_add_func("/vnc/guard/many-addresses", many_addresses);
	return g_test_run();
}
