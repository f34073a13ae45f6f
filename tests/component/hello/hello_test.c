// SPDX-License-Identifier: GPL-2.0-or-later
#include <maq/test.h>

MAQ_TEST_MAIN(hello);

static MaqTest *hello_new(guint64 seed, const char *config)
{
	MaqTest *test = maq_test_new(seed, config);

	maq_test_main(test, "hello", maq_main_hello);
	maq_test_begin(test);
	return test;
}

static void says_and_exits(guint64 seed)
{
	g_autoptr(MaqTest) test = hello_new(seed, "config\n+ start hello\n-\n");

	g_assert_cmpint(maq_test_wait_exit(test, "hello"), ==, 0);
	g_assert_cmpstr(maq_test_log(test), ==,
		"[init -> hello] hello, world\n"
		"[init] child \"hello\" exited with exit value 0\n");
}

static void stays_and_says_again(guint64 seed)
{
	g_autoptr(MaqTest) test = hello_new(
		seed, "config\n+ start hello\n  + config | text: one | stay: yes\n-\n");

	maq_test_wait_line(test, "[init -> hello] one");
	maq_test_configure(
		test, "config\n+ start hello\n  + config | text: two | stay: yes\n-\n");
	maq_test_wait_line(test, "[init -> hello] two");
	maq_test_sleep(test, 60000000000);
	g_assert_cmpstr(
		maq_test_log(test), ==, "[init -> hello] one\n[init -> hello] two\n");
}

static void two_talk_in_any_order(guint64 seed)
{
	g_autoptr(MaqTest) test = hello_new(seed,
		"config\n+ start a\n  + binary hello\n+ start b\n  + binary hello\n-\n");

	maq_test_wait_exit(test, "a");
	maq_test_wait_exit(test, "b");
	g_assert_true(maq_test_has_line(test, "[init -> a] hello, world"));
	g_assert_true(maq_test_has_line(test, "[init -> b] hello, world"));
}

static void test_says_and_exits(void)
{
	maq_test_seeds(100, says_and_exits);
}

static void test_stays(void)
{
	maq_test_seeds(100, stays_and_says_again);
}

static void test_two(void)
{
	maq_test_seeds(100, two_talk_in_any_order);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/hello/says and exits", test_says_and_exits);
	g_test_add_func("/hello/stays", test_stays);
	g_test_add_func("/hello/two of them", test_two);
	return g_test_run();
}
