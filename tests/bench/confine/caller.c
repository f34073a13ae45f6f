// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bench_caller - the round trip of a call between two components
 *
 * Requires  LOG, Timer
 */
#include <maq/component.h>
#include <maq/timer.h>

#include <stdlib.h>

#define ROUNDS 20000

static int compare(const void *a, const void *b)
{
	guint64 left = *(const guint64 *)a, right = *(const guint64 *)b;

	return left < right ? -1 : left > right;
}

static bool caller_start(MaqEnv *env, GError **error)
{
	const MaqBinding *binding = maq_env_binding(env);
	MaqTimer *timer = maq_timer_open(env, "", error);
	guint64 *times = maq_env_state(env, ROUNDS * sizeof *times), now;

	if (!timer)
		return false;
	for (unsigned i = 0; i < ROUNDS; i++) {
		guint64 start = binding->now();

		if (maq_timer_now(timer, &now) != MAQ_TIMER_OK)
			return false;
		times[i] = binding->now() - start;
	}
	qsort(times, ROUNDS, sizeof *times, compare);
	maq_log(env, "result %.3f", (double)times[ROUNDS / 2] / 1000);
	maq_exit(env, 0);
	return true;
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, caller_start);
}
