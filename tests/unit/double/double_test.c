// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the double promises: the same run for the same seed, other orders for others, the
 * limits and notices of the Linux binding, a clock of its own, and a word on deadlocks.
 */
#include <maq/report.h>
#include <maq/test.h>

#include <errno.h>

#define SECOND 1000000000u /* ns */

/* ---- the baton ---- */

typedef struct {
	GString *order;
	char name;
	unsigned rounds;
} Talker;

/* Sends to itself: each time the baton may go to somebody else. */
static void talk(void *data)
{
	Talker *talker = data;
	MaqMessage *message = g_new0(MaqMessage, 1);
	int ends[2];

	g_assert_cmpint(maq_binding_double.pair(ends), ==, 0);
	for (unsigned i = 0; i < talker->rounds; i++) {
		message->header.size = sizeof message->header;
		message->header.kind = MAQ_KIND_SIGNAL;
		g_string_append_c(talker->order, talker->name);
		g_assert_cmpint(maq_binding_double.send(ends[0], message), ==, 0);
		g_assert_cmpint(maq_binding_double.receive(ends[1], message, -1), ==, 1);
	}
	maq_binding_double.close(ends[0]);
	maq_binding_double.close(ends[1]);
	g_free(message);
}

static bool alone(void *data)
{
	return maq_double_tasks(data) == 1;
}

static char *order_of(guint64 seed)
{
	GString *order = g_string_new(NULL);
	Talker talkers[] = {{order, 'a', 5}, {order, 'b', 5}, {order, 'c', 5}};
	MaqDouble *baton = maq_double_new(seed);

	maq_double_start(baton, "a", talk, &talkers[0]);
	maq_double_start(baton, "b", talk, &talkers[1]);
	maq_double_start(baton, "c", talk, &talkers[2]);
	g_assert_cmpint(maq_double_wait(baton, alone, baton, -1, 0), ==, MAQ_DOUBLE_TRUE);
	maq_double_free(baton);
	return g_string_free(order, FALSE);
}

static void test_same_seed_same_order(void)
{
	g_autoptr(GHashTable) orders =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint64 seed = 1; seed <= 100; seed++) {
		char *order = order_of(seed);
		g_autofree char *again = order_of(seed);

		g_assert_cmpstr(order, ==, again);
		g_assert_cmpuint(strlen(order), ==, 15);
		g_hash_table_add(orders, order);
	}
	/* of 756756 that are possible */
	g_assert_cmpuint(g_hash_table_size(orders), >, 90);
}

/* ---- the binding ---- */

static void ends_a_later(void *data)
{
	int *ends = data;

	maq_binding_double.end(ends[0]);
}

static void test_limits_and_ends(void)
{
	MaqDouble *baton = maq_double_new(1);
	MaqMessage *message = g_new0(MaqMessage, 1);
	int ends[2], sent = 0;
	unsigned n = 0;

	g_assert_cmpint(maq_binding_double.pair(ends), ==, 0);
	message->header.size = MAQ_MESSAGE_MAX;
	message->header.kind = MAQ_KIND_CALL;
	while (!(sent = maq_binding_double.send(ends[0], message)))
		n++;
	g_assert_cmpint(sent, ==, -EAGAIN);
	g_assert_cmpuint(n, >=, 1);
	g_assert_false(maq_binding_double.drained(ends[0]));
	for (unsigned i = 0; i < n; i++)
		g_assert_cmpint(maq_binding_double.receive(ends[1], message, 0), ==, 1);
	g_assert_true(maq_binding_double.drained(ends[0]));
	g_assert_cmpint(maq_binding_double.receive(ends[1], message, 0), ==, -EAGAIN);
	maq_double_start(baton, "other", ends_a_later, ends);
	g_assert_cmpint(maq_binding_double.receive(ends[1], message, -1), ==, 0);
	maq_double_wait(baton, alone, baton, -1, 0);
	maq_binding_double.close(ends[0]);
	maq_binding_double.close(ends[1]);
	maq_double_free(baton);
	g_free(message);
}

static void test_clock(void)
{
	MaqDouble *baton = maq_double_new(1);
	MaqMessage *message = g_new0(MaqMessage, 1);
	guint64 start = maq_binding_double.now();
	int ends[2];

	g_assert_cmpint(maq_binding_double.pair(ends), ==, 0);
	g_assert_cmpuint(maq_binding_double.now(), ==, start);
	g_assert_cmpint(
		maq_binding_double.receive(ends[0], message, 5000), ==, -ETIMEDOUT);
	g_assert_cmpuint(maq_binding_double.now(), ==, start + 5 * (guint64)SECOND);
	maq_binding_double.close(ends[0]);
	maq_binding_double.close(ends[1]);
	maq_double_free(baton);
	g_free(message);
}

/* ---- a deadlock of two components ---- */

typedef struct {
	MaqEnv *env;
	const char *asks;
	MaqReport *other;
} Asker;

static MaqReportError submit(void *self, const void *content, gsize size)
{
	Asker *asker = self;

	return maq_report_submit(asker->other, content, size);
}

static MaqStatus asker_open(void *self, MaqPeer *peer, void **client)
{
	Asker *asker = self;

	(void)peer;
	if (!asker->other && !(asker->other = maq_report_open(asker->env, "", NULL)))
		return MAQ_DENIED;
	*client = self;
	return MAQ_OK;
}

static void asker_close(void *self)
{
	(void)self;
}

static const MaqReportService asker_service = {
	.ops = {.submit = submit},
	.open = asker_open,
	.close = asker_close,
};

static bool left_start(MaqEnv *env, GError **error)
{
	Asker *asker = maq_env_state(env, sizeof *asker);

	asker->env = env;
	return maq_report_provide(env, &asker_service, asker, error);
}

static bool right_start(MaqEnv *env, GError **error)
{
	Asker *asker = maq_env_state(env, sizeof *asker);

	asker->env = env;
	asker->other = maq_report_open(env, "", error);
	return asker->other && maq_report_provide(env, &asker_service, asker, error);
}

/* Each asks the other, who asks back. */
static void two_ask_each_other(guint64 seed)
{
	g_autoptr(MaqTest) test = maq_test_new(seed,
		"config\n"
		"+ start left\n"
		"  + provides | + service Report\n"
		"  + route\n"
		"    + service Report | + child right\n"
		"+ start right\n"
		"  + provides | + service Report\n"
		"  + route\n"
		"    + service Report | + child left\n"
		"+ start test | + route | + any-service | + child left\n"
		"-\n");

	maq_test_start(test, "left", left_start);
	maq_test_start(test, "right", right_start);
	MaqEnv *env = maq_test_begin(test);
	g_autoptr(GError) error = NULL;
	MaqReport *report = maq_report_open(env, "", &error);

	/* left answers the test's request only when right, who waits for left, answered
	 */
	g_assert_null(report);
	g_autofree char *waiting = maq_test_report(test);
	g_test_message("%s", waiting);
	g_assert_nonnull(strstr(waiting, "test runs\n"));
	g_assert_nonnull(strstr(waiting,
		"left waits for the reply to operation 1 of Parent from init\n"));
	g_assert_nonnull(strstr(waiting, "left asks right for Report\n"));
	g_assert_nonnull(strstr(waiting, "right asks left for Report\n"));
}

static void test_deadlock(void)
{
	maq_test_seeds(20, two_ask_each_other);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/double/same seed, same order", test_same_seed_same_order);
	g_test_add_func("/double/limits and ends", test_limits_and_ends);
	g_test_add_func("/double/clock", test_clock);
	g_test_add_func("/double/deadlock", test_deadlock);
	return g_test_run();
}
