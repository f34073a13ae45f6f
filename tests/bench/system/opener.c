// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bench_opener - how long opening and closing a session of a sibling's service takes
 *
 * Requires  LOG, Timer
 */
#include <maq/component.h>
#include <maq/timer.h>

#include <stdlib.h>

#define ROUNDS 500

static int compare(const void *a, const void *b)
{
	guint64 left = *(const guint64 *)a, right = *(const guint64 *)b;

	return left < right ? -1 : left > right;
}

static bool opener_start(MaqEnv *env, GError **error)
{
	const MaqBinding *binding = maq_env_binding(env);
	guint64 times[ROUNDS];

	for (unsigned i = 0; i < ROUNDS; i++) {
		guint64 start = binding->now();
		MaqTimer *timer = maq_timer_open(env, "", error);

		if (!timer)
			return false;
		maq_timer_close(timer);
		times[i] = binding->now() - start;
	}
	qsort(times, ROUNDS, sizeof *times, compare);
	maq_log(env, "result %.1f", (double)times[ROUNDS / 2] / 1000);
	maq_exit(env, 0);
	return true;
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, opener_start);
}
