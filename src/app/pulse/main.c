// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pulse - a periodic task in the manner of audio: how late it is, first calm, then not
 *
 * Requires  LOG
 * Config    period_us: of the task (default 5000)
 *           work_us: processor time that it takes in each (default 500)
 *           calm_ms, busy_ms: the two parts of the measurement (default 2000, 4000)
 *
 * Logs for each part how many periods there were, how many ended after the next had
 * begun, and the median and largest lateness; then exits.
 */
#include <maq/component.h>

#include <stdlib.h>

#define NS_PER_US 1000u
#define NS_PER_MS 1000000u
#define SAMPLES   100000u

typedef struct {
	MaqEnv *env;
	guint64 period, work, next; /* ns */
	guint64 calm, busy;         /* ends of the parts */
	guint32 *late;              /* owned by env: us, of this part */
	guint count, missed;
} Pulse;

static int compare(const void *a, const void *b)
{
	guint32 left = *(const guint32 *)a, right = *(const guint32 *)b;

	return left < right ? -1 : left > right;
}

static void report(Pulse *pulse, const char *part)
{
	qsort(pulse->late, pulse->count, sizeof *pulse->late, compare);
	if (pulse->count)
		maq_log(pulse->env,
			"%s: %u periods, %u missed, late by %u us in the median, %u at "
			"most",
			part, pulse->count, pulse->missed, pulse->late[pulse->count / 2],
			pulse->late[pulse->count - 1]);
	pulse->count = pulse->missed = 0;
}

static void do_work(const Pulse *pulse, guint64 start)
{
	while (maq_env_binding(pulse->env)->now() < start + pulse->work)
		;
}

static void beat(void *data)
{
	Pulse *pulse = data;
	guint64 now = maq_env_binding(pulse->env)->now();

	if (pulse->count < SAMPLES)
		pulse->late[pulse->count++] = (guint32)((now - pulse->next) / NS_PER_US);
	do_work(pulse, now);
	pulse->next += pulse->period;
	for (now = maq_env_binding(pulse->env)->now(); pulse->next < now;
		pulse->next += pulse->period)
		pulse->missed++;
	if (pulse->calm && now > pulse->calm) {
		report(pulse, "calm");
		pulse->calm = 0;
	}
	if (now > pulse->busy) {
		report(pulse, "busy");
		maq_exit(pulse->env, 0);
		return;
	}
	maq_loop_at(maq_env_loop(pulse->env), pulse->next, beat, pulse);
}

static bool pulse_start(MaqEnv *env, GError **error)
{
	Pulse *pulse = maq_env_state(env, sizeof *pulse);
	guint64 now = maq_env_binding(env)->now();

	(void)error;
	pulse->env = env;
	pulse->period = MAX(maq_config_u64(env, "period_us", 5000), 100) * NS_PER_US;
	pulse->work = maq_config_u64(env, "work_us", 500) * NS_PER_US;
	pulse->calm = now + maq_config_u64(env, "calm_ms", 2000) * NS_PER_MS;
	pulse->busy = pulse->calm + maq_config_u64(env, "busy_ms", 4000) * NS_PER_MS;
	pulse->late = g_new0(guint32, SAMPLES);
	maq_env_own(env, pulse->late);
	pulse->next = now + pulse->period;
	maq_loop_at(maq_env_loop(env), pulse->next, beat, pulse);
	return true;
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, pulse_start);
}
