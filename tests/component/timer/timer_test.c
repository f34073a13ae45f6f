// SPDX-License-Identifier: GPL-2.0-or-later
#include <maq/test.h>
#include <maq/timer.h>

#define MS 1000000u /* ns */

MAQ_TEST_MAIN(timer);

/* One client in the test's own thread. */
typedef struct {
	MaqTest *test;
	MaqTimer *timer;
	unsigned alarms;
	guint64 last; /* when */
} Client;

static void alarmed(void *data)
{
	Client *client = data;

	client->alarms++;
	g_assert_cmpint(maq_timer_now(client->timer, &client->last), ==, MAQ_TIMER_OK);
}

static void client_init(Client *client, MaqTest *test, MaqEnv *env)
{
	g_autoptr(GError) error = NULL;

	*client = (Client){.test = test};
	client->timer = maq_timer_open(env, "", &error);
	g_assert_no_error(error);
	maq_timer_on_expired(client->timer, alarmed, client);
}

static MaqTest *timer_new(guint64 seed, MaqEnv **env)
{
	MaqTest *test = maq_test_new(seed, "config\n+ start timer\n-\n");

	maq_test_main(test, "timer", maq_main_timer);
	*env = maq_test_begin(test);
	return test;
}

static bool has_alarm(void *data)
{
	return ((Client *)data)->alarms;
}

static void alarm_comes_on_time(guint64 seed)
{
	MaqEnv *env;
	g_autoptr(MaqTest) test = timer_new(seed, &env);
	Client client;
	guint64 now = 0;

	client_init(&client, test, env);
	g_assert_cmpint(maq_timer_now(client.timer, &now), ==, MAQ_TIMER_OK);
	g_assert_cmpuint(now, ==, maq_test_now(test));
	g_assert_cmpint(
		maq_timer_wake_at(client.timer, now + 500 * MS), ==, MAQ_TIMER_OK);
	maq_test_sleep(test, 499 * MS);
	g_assert_cmpuint(client.alarms, ==, 0);
	maq_test_wait(test, has_alarm, &client);
	g_assert_cmpuint(client.last, ==, now + 500 * MS);
	maq_test_sleep(test, 1000 * MS);
	g_assert_cmpuint(client.alarms, ==, 1);
}

static void alarm_is_replaced_and_taken_back(guint64 seed)
{
	MaqEnv *env;
	g_autoptr(MaqTest) test = timer_new(seed, &env);
	Client client;
	guint64 now = maq_test_now(test);

	client_init(&client, test, env);
	maq_timer_wake_at(client.timer, now + 10 * MS);
	maq_timer_wake_at(client.timer, now + 20 * MS);
	maq_test_sleep(test, 15 * MS);
	g_assert_cmpuint(client.alarms, ==, 0);
	maq_timer_cancel(client.timer);
	maq_test_sleep(test, 100 * MS);
	g_assert_cmpuint(client.alarms, ==, 0);
	maq_timer_wake_at(client.timer, 1); /* long ago: at once */
	maq_test_settle(test);
	g_assert_cmpuint(client.alarms, ==, 1);
}

static void clients_have_alarms_of_their_own(guint64 seed)
{
	MaqEnv *env;
	g_autoptr(MaqTest) test = timer_new(seed, &env);
	Client clients[3];
	guint64 now = maq_test_now(test);

	for (unsigned i = 0; i < G_N_ELEMENTS(clients); i++) {
		client_init(&clients[i], test, env);
		maq_timer_wake_at(clients[i].timer, now + (i + 1) * 10 * MS);
	}
	maq_test_sleep(test, 15 * MS);
	maq_timer_close(clients[1].timer);
	maq_test_sleep(test, 100 * MS);
	g_assert_cmpuint(clients[0].alarms, ==, 1);
	g_assert_cmpuint(clients[1].alarms, ==, 0);
	g_assert_cmpuint(clients[2].alarms, ==, 1);
	g_assert_cmpuint(clients[2].last, ==, now + 30 * MS);
}

static void lost(void *data)
{
	*(bool *)data = true;
}

static void clients_learn_of_its_end(guint64 seed)
{
	MaqEnv *env;
	g_autoptr(MaqTest) test = timer_new(seed, &env);
	Client client;
	bool told = false;
	guint64 now;

	client_init(&client, test, env);
	maq_session_on_lost(maq_timer_session(client.timer), lost, &told);
	maq_test_kill(test, "timer");
	maq_test_settle(test);
	g_assert_true(told);
	g_assert_cmpint(maq_timer_now(client.timer, &now), ==, MAQ_TIMER_GONE);
}

/* ---- several clients that are components ---- */

/* Sleeps by its session with the timer, says so, and again. */
typedef struct {
	MaqEnv *env;
	MaqTimer *timer;
	unsigned left;
} Sleeper;

static void sleep_on(Sleeper *sleeper)
{
	guint64 now = 0;

	maq_timer_now(sleeper->timer, &now);
	maq_timer_wake_at(
		sleeper->timer, now + maq_config_u64(sleeper->env, "ms", 0) * MS);
}

static void woken(void *data)
{
	Sleeper *sleeper = data;

	maq_log(sleeper->env, "%u", sleeper->left);
	if (--sleeper->left)
		sleep_on(sleeper);
	else
		maq_exit(sleeper->env, 0);
}

static bool sleeper_start(MaqEnv *env, GError **error)
{
	Sleeper *sleeper = maq_env_state(env, sizeof *sleeper);

	sleeper->env = env;
	sleeper->left = 5;
	sleeper->timer = maq_timer_open(env, "", error);
	if (!sleeper->timer)
		return false;
	maq_timer_on_expired(sleeper->timer, woken, sleeper);
	sleep_on(sleeper);
	return true;
}

static char *log_of_sleepers(guint64 seed)
{
	g_autoptr(MaqTest) test = maq_test_new(seed,
		"config\n"
		"+ start timer\n"
		"  + provides | + service Timer\n"
		"+ start slow\n  + binary sleeper\n  + provides\n  + config | ms: 30\n"
		"+ start quick\n  + binary sleeper\n  + provides\n  + config | ms: 10\n"
		"+ start other\n  + binary sleeper\n  + provides\n  + config | ms: 10\n"
		"-\n");

	maq_test_main(test, "timer", maq_main_timer);
	maq_test_start(test, "sleeper", sleeper_start);
	maq_test_begin(test);
	guint64 start = maq_test_now(test);
	maq_test_wait_exit(test, "quick");
	maq_test_wait_exit(test, "other");
	g_assert_cmpuint(maq_test_now(test), ==, start + 50 * MS);
	maq_test_wait_exit(test, "slow");
	g_assert_cmpuint(maq_test_now(test), ==, start + 150 * MS);
	return g_strdup(maq_test_log(test));
}

static void test_sleepers(void)
{
	g_autoptr(GHashTable) logs =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint64 seed = 1; seed <= 100; seed++) {
		char *text = log_of_sleepers(seed);
		g_autofree char *again = log_of_sleepers(seed);

		g_assert_cmpstr(text, ==, again);
		g_hash_table_add(logs, text);
	}
	/* equal times are taken in any order */
	g_assert_cmpuint(g_hash_table_size(logs), >, 10);
}

static void test_alarm(void)
{
	maq_test_seeds(100, alarm_comes_on_time);
}

static void test_replaced(void)
{
	maq_test_seeds(100, alarm_is_replaced_and_taken_back);
}

static void test_clients(void)
{
	maq_test_seeds(100, clients_have_alarms_of_their_own);
}

static void test_end(void)
{
	maq_test_seeds(100, clients_learn_of_its_end);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/timer/alarm", test_alarm);
	g_test_add_func("/timer/replaced and taken back", test_replaced);
	g_test_add_func("/timer/clients", test_clients);
	g_test_add_func("/timer/end", test_end);
	g_test_add_func("/timer/sleepers", test_sleepers);
	return g_test_run();
}
