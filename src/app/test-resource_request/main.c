// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test-resource_request - run out of quota in every way, and ask for more
 *
 * Requires  LOG, Timer; as monitor see monitor.h
 * Config    role: monitor: the other part
 *
 * Each step is tried until it succeeds; after a refusal more is asked for, and the step
 * is tried again when the quota has been raised.
 */
#include "monitor.h"

#include <maq/timer.h>

#define KEEP        (64u << 10) /* of the initial quota, bytes */
#define LARGE       (512u << 10)
#define SMALL       4096u
#define SMALL_COUNT 256u

typedef struct Test {
	MaqEnv *env;
	MaqTimer *timer; /* of the step session */
	guint step, count;
	guint requests;  /* of this step */
	guint64 used[8]; /* after each step */
} Test;

/* A step: true when it has succeeded; false: more is needed. */

static bool drain(Test *test)
{
	while (test->count < SMALL_COUNT && maq_charge(test->env, SMALL, 0))
		test->count++;
	if (test->count < SMALL_COUNT)
		return false;
	maq_refund(test->env, (guint64)SMALL_COUNT * SMALL, 0);
	/* nothing is left for what follows */
	MaqQuota quota = {0};
	return maq_quota(test->env, &quota) &&
	       maq_charge(test->env, quota.ram - quota.ram_used, 0);
}

static bool open_session(Test *test)
{
	g_autoptr(GError) error = NULL;

	test->timer = maq_timer_open(test->env, "", &error);
	return test->timer != NULL;
}

static bool transfer(Test *test)
{
	return maq_upgrade(test->env, maq_timer_session(test->timer), LARGE, 0) == MAQ_OK;
}

static bool allocate(Test *test)
{
	return maq_charge(test->env, LARGE, 0);
}

static const struct {
	const char *name;
	bool (*run)(Test *test);
	guint64 more; /* to ask for */
} steps[] = {
	{"draining the quota in small steps", drain, 256u << 10},
	{"out-of-memory during session request", open_session, 16u << 10},
	{"out-of-memory during transfer-quota", transfer, LARGE},
	{"out-of-memory during RAM allocation", allocate, LARGE},
};

static void finish(Test *test)
{
	for (guint i = 1; i < G_N_ELEMENTS(steps); i++)
		if (test->used[i] <= test->used[i - 1]) {
			maq_log(test->env, "Error: step %u has used nothing", i);
			maq_exit(test->env, 1);
			return;
		}
	maq_log(test->env, "--- finished test-resource_request ---");
	maq_exit(test->env, 0);
}

static void go_on(void *data)
{
	Test *test = data;
	MaqQuota quota = {0};

	while (test->step < G_N_ELEMENTS(steps)) {
		if (!steps[test->step].run(test)) {
			test->requests++;
			maq_request_resources(test->env, steps[test->step].more, 0);
			return;
		}
		maq_quota(test->env, &quota);
		test->used[test->step] = quota.ram_used;
		maq_log(test->env, "-- %s: done after %s", steps[test->step].name,
			test->requests ? "a resource request" : "nothing");
		test->requests = 0;
		test->step++;
	}
	finish(test);
}

static bool test_start(MaqEnv *env, GError **error)
{
	if (!g_strcmp0(maq_config_string(env, "role", ""), "monitor"))
		return monitor_start(env, error);

	Test *test = maq_env_state(env, sizeof *test);
	MaqQuota quota = {0};
	test->env = env;
	maq_log(env, "--- test-resource_request started ---");
	if (!maq_quota(env, &quota) ||
		!maq_charge(env, quota.ram - quota.ram_used - KEEP, 0)) {
		g_set_error(error, MAQ_ERROR, MAQ_FAILED, "no initial quota");
		return false;
	}
	maq_on_resources(env, go_on, test);
	go_on(test);
	return true;
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, test_start);
}
