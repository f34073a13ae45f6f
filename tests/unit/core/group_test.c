// SPDX-License-Identifier: GPL-2.0-or-later
/* What an init may give: counted by core itself, whatever the kernel can do. */
#include "group/group.h"

#include <glib.h>

typedef struct {
	Groups *groups;
	Group *init, *sub; /* the scenario's own, and one below */
} Fixture;

static Group *make(Fixture *f, Group *parent, guint32 caps)
{
	Group *group = group_new(
		f->groups, parent, "one", 1 << 20, caps, &GROUP_TRAITS_USUAL, NULL);

	g_assert_nonnull(group);
	return group;
}

static void set_up(Fixture *f, gconstpointer data)
{
	(void)data;
	f->groups = groups_new("test", "ledger", NULL);
	g_assert_nonnull(f->groups);
	f->init = make(f, NULL, 0);
	f->sub = make(f, f->init, 4);
}

static void tear_down(Fixture *f, gconstpointer data)
{
	(void)data;
	group_free(f->sub);
	group_free(f->init);
	groups_free(f->groups);
}

static void test_room(Fixture *f, gconstpointer data)
{
	const guint most = 4 + GROUP_ALLOWANCE_HANDLES;
	g_autoptr(GPtrArray) below =
		g_ptr_array_new_with_free_func((GDestroyNotify)group_free);
	Group *liar;

	(void)data;
	/* that a child claims to have many does not help */
	liar = make(f, f->sub, 1000000);
	for (guint i = 1; i < most; i++) {
		g_assert_true(group_has_room(liar));
		g_assert_true(group_has_room(f->sub));
		g_ptr_array_add(below, make(f, i % 2 ? liar : f->sub, 10));
	}
	g_assert_false(group_has_room(f->sub));
	g_assert_false(group_has_room(liar));
	g_assert_true(group_has_room(f->init)); /* its owner's word */
	g_ptr_array_set_size(below, 0);
	g_assert_true(group_has_room(f->sub));
	group_free(liar);
}

static guint32 given_rt(Group *group, guint32 runtime, guint32 period)
{
	GroupTraits traits = GROUP_TRAITS_USUAL;
	const char *what = NULL;

	traits.rt_runtime = runtime;
	traits.rt_period = period;
	group_configure(group, &traits, &what);
	return group_traits(group)->rt_runtime;
}

static void test_real_time(Fixture *f, gconstpointer data)
{
	Group *one = make(f, f->sub, 10), *other = make(f, f->sub, 10);

	(void)data;
	g_assert_cmpuint(given_rt(one, 1000, 10000), ==, 0);
	g_assert_cmpuint(given_rt(f->sub, 1000, 10000), ==, 1000);
	g_assert_cmpuint(given_rt(one, 600, 10000), ==, 600);
	g_assert_cmpuint(given_rt(other, 600, 10000), ==, 0);
	g_assert_cmpuint(given_rt(other, 400, 10000), ==, 400);
	group_free(other);
	group_free(one);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add("/group/room", Fixture, NULL, set_up, test_room, tear_down);
	g_test_add("/group/real-time", Fixture, NULL, set_up, test_real_time, tear_down);
	return g_test_run();
}
