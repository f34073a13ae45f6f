// SPDX-License-Identifier: GPL-2.0-or-later
#include <maq/greeter.h>
#include <maq/test.h>

MAQ_TEST_MAIN(greeter);
MAQ_TEST_MAIN(guest);

/* ---- the greeter: we are its client ---- */

static void greets_by_name(guint64 seed)
{
	g_autoptr(MaqTest) test = maq_test_new(
		seed, "config\n+ start greeter\n  + config | word: welcome\n-\n");
	const char *text;

	maq_test_main(test, "greeter", maq_main_greeter);
	MaqEnv *env = maq_test_begin(test);
	MaqGreeter *greeter = maq_greeter_open(env, "", NULL);
	g_assert_nonnull(greeter);
	g_assert_cmpint(maq_greeter_greet(greeter, "", &text), ==, MAQ_GREETER_NOBODY);
	g_assert_cmpint(maq_greeter_greet(greeter, "Ada", &text), ==, MAQ_GREETER_OK);
	g_assert_cmpstr(text, ==, "welcome, Ada");
	maq_test_wait_line(test, "[init -> greeter] test greeted Ada");
}

/* ---- the guest: we are its server ---- */

static MaqGreeterError greet(void *self, const char *name, const char **text)
{
	(void)self;
	g_assert_cmpstr(name, ==, "Ada");
	*text = "oh, it's you";
	return MAQ_GREETER_OK;
}

static MaqStatus open_session(void *self, MaqPeer *peer, void **client)
{
	(void)peer;
	*client = self;
	return MAQ_OK;
}

static void close_session(void *client)
{
	(void)client;
}

static const MaqGreeterService our_greeter = {
	.ops = {.greet = greet},
	.open = open_session,
	.close = close_session,
};

static void repeats_what_it_hears(guint64 seed)
{
	g_autoptr(MaqTest) test =
		maq_test_new(seed, "config\n+ start guest\n  + config | name: Ada\n-\n");

	maq_test_main(test, "guest", maq_main_guest);
	maq_test_serve(test, &maq_greeter_skeleton, &our_greeter, NULL);
	maq_test_begin(test);
	maq_test_wait_line(test, "[init -> guest] oh, it's you");
	g_assert_cmpint(maq_test_wait_exit(test, "guest"), ==, 0);
}

/* ---- both ---- */

static void test_greeter(void)
{
	maq_test_seeds(100, greets_by_name);
}

static void test_guest(void)
{
	maq_test_seeds(100, repeats_what_it_hears);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/greetings/greeter", test_greeter);
	g_test_add_func("/greetings/guest", test_guest);
	return g_test_run();
}
