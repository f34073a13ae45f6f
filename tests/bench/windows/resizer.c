// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * resizer - moves the focused frame's border there and back, 60 times a second
 *
 * Requires  Wm, LOG
 */
#include <maq/component.h>
#include <maq/wm.h>

#define PERIOD_NS 16666667u

typedef struct {
	MaqEnv *env;
	MaqWm *wm;
	guint64 next;
	guint count;
} Resizer;

static void done(void *data, MaqWmError status, bool well, const char *message)
{
	(void)data, (void)status, (void)well, (void)message;
}

static void tick(void *data)
{
	Resizer *resizer = data;
	bool back = resizer->count++ / 20 % 2;

	maq_wm_run_async(
		resizer->wm, back ? "resize left 6" : "resize right 6", done, resizer);
	resizer->next += PERIOD_NS;
	maq_loop_at(maq_env_loop(resizer->env), resizer->next, tick, resizer);
}

static bool resizer_start(MaqEnv *env, GError **error)
{
	Resizer *resizer = maq_env_state(env, sizeof *resizer);

	resizer->env = env;
	resizer->wm = maq_wm_open(env, "", error);
	if (!resizer->wm)
		return false;
	resizer->next = maq_env_binding(env)->now() + PERIOD_NS * 30;
	maq_loop_at(maq_env_loop(env), resizer->next, tick, resizer);
	return true;
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, resizer_start);
}
