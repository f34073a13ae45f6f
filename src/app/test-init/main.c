// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test-init - leads an init through configurations and checks its logs and its state
 *
 * Provides  LOG, to the init under test and its children
 * Requires  LOG, Report (init.config), ROM (state: what init reports), Timer
 * Config    the steps, in order: init_config, expect_log, expect_warning,
 *           expect_init_state, sleep, message, nop; see README.md
 *
 * The counterpart of Genode's component of this name: it takes the same configuration.
 */
#include "match.h"

#include <maq/component.h>
#include <maq/log.h>
#include <maq/memory.h>
#include <maq/report.h>
#include <maq/rom.h>
#include <maq/timer.h>

#define REPORT_SHORT 16000u

typedef struct {
	MaqEnv *env;
	MaqTimer *timer;           /* owned by env, as the sessions that follow */
	MaqReport *report;         /* the configuration of the init under test */
	MaqRom *state;             /* its state report */
	MaqHidDocument *state_now; /* owned; NULL: none yet */
	const MaqHidNode *step;    /* in the configuration; NULL: all done */
	guint number;
	const char *expected_log; /* in step; NULL */
	bool sleeping;
} Test;

typedef struct {
	Test *test;    /* borrowed */
	MaqPeer *peer; /* borrowed */
} Client;

typedef enum { NEXT, WAIT } Progress;

/* ---- steps ---- */

static void publish(Test *test, const MaqHidNode *step)
{
	g_autofree char *text = maq_hid_to_text(step, "config");
	gsize size = strlen(text);
	g_autoptr(GError) error = NULL;
	maq_autofd int content = -1;
	MaqReportError status;

	if (size <= REPORT_SHORT) {
		status = maq_report_submit(test->report, text, size);
	} else {
		content = maq_dataspace_new_constant("config", text, size, &error);
		status = maq_report_submit_large(test->report, size, content);
	}
	if (status != MAQ_REPORT_OK)
		maq_log(test->env, "Error: the configuration was not taken");
}

static Progress step_config(Test *test, const MaqHidNode *step)
{
	publish(test, step);
	return NEXT;
}

static Progress step_expect_log(Test *test, const MaqHidNode *step)
{
	test->expected_log = maq_hid_string(step, "string", "");
	return WAIT;
}

static Progress step_expect_state(Test *test, const MaqHidNode *step)
{
	const MaqHidNode *state = test->state_now ? maq_hid_root(test->state_now) : NULL;

	if (state && match(step, state))
		return NEXT;
	g_autofree char *is = state ? maq_hid_to_text(state, NULL) : g_strdup("none");
	g_autofree char *wanted = maq_hid_to_text(step, NULL);
	maq_log(test->env, "Warning: init state does not match: %s", is);
	maq_log(test->env, "Warning: expected condition: %s", wanted);
	return WAIT;
}

static Progress step_sleep(Test *test, const MaqHidNode *step)
{
	guint64 now = 0;

	if (test->sleeping)
		return WAIT;
	test->sleeping = true;
	maq_timer_now(test->timer, &now);
	maq_timer_wake_at(test->timer, now + maq_hid_u64(step, "ms", 250) * 1000000);
	return WAIT;
}

static Progress step_message(Test *test, const MaqHidNode *step)
{
	maq_log(test->env, "--- %s ---", maq_hid_string(step, "string", ""));
	return NEXT;
}

static Progress step_nop(Test *test, const MaqHidNode *step)
{
	(void)test;
	(void)step;
	return NEXT;
}

static const struct {
	const char *type;
	Progress (*run)(Test *test, const MaqHidNode *step);
} steps[] = {
	{"init_config", step_config},
	{"expect_log", step_expect_log},
	{"expect_warning", step_expect_log},
	{"expect_init_state", step_expect_state},
	{"sleep", step_sleep},
	{"message", step_message},
	{"nop", step_nop},
};

static Progress run_step(Test *test)
{
	const char *type = maq_hid_type(test->step);

	maq_log(test->env, "step %u (%s)", test->number, type);
	for (gsize i = 0; i < G_N_ELEMENTS(steps); i++)
		if (!strcmp(type, steps[i].type))
			return steps[i].run(test, test->step);
	maq_log(test->env, "Error: unexpected step: %s", type);
	maq_exit(test->env, 1);
	return WAIT;
}

static void go_on(void *data)
{
	Test *test = data;

	while (test->step && run_step(test) == NEXT) {
		test->step = maq_hid_next(test->step, NULL);
		test->number++;
	}
	if (test->step)
		return;
	g_clear_pointer(&test->state_now, maq_hid_free);
	maq_exit(test->env, 0);
}

static void finish_step(Test *test)
{
	test->step = maq_hid_next(test->step, NULL);
	test->number++;
	/* not from within the call of a client */
	maq_loop_undefer(maq_env_loop(test->env), test);
	maq_loop_defer(maq_env_loop(test->env), go_on, test);
}

/* ---- what happens ---- */

static void state_changed(void *data)
{
	Test *test = data;
	g_autoptr(GBytes) bytes = maq_rom_text(test->state);
	gsize size;

	if (!bytes)
		return;
	const char *text = g_bytes_get_data(bytes, &size);
	g_clear_pointer(&test->state_now, maq_hid_free);
	test->state_now =
		maq_hid_parse(text, (gssize)size, "state", MAQ_HID_LENIENT, NULL);
	if (test->step && !strcmp(maq_hid_type(test->step), "expect_init_state"))
		go_on(test);
}

static void slept(void *data)
{
	Test *test = data;

	if (!test->sleeping)
		return;
	test->sleeping = false;
	finish_step(test);
}

static MaqLogError client_write(void *self, const char *text)
{
	Client *client = self;
	Test *test = client->test;
	g_autofree char *line =
		g_strdup_printf("[%s] %s", maq_peer_label(client->peer), text);
	bool expected = test->expected_log && !strcmp(test->expected_log, line);

	maq_log(test->env, "%s (%s)", line, expected ? "expected" : "ignored");
	if (expected) {
		test->expected_log = NULL;
		finish_step(test);
	}
	return MAQ_LOG_OK;
}

static MaqStatus client_open(void *self, MaqPeer *peer, void **made)
{
	Client *client = g_new(Client, 1);

	*client = (Client){self, peer};
	*made = client;
	return MAQ_OK;
}

static const MaqLogService log_service = {
	.ops = {.write = client_write},
	.open = client_open,
	.close = g_free,
};

static bool test_start(MaqEnv *env, GError **error)
{
	Test *test = maq_env_state(env, sizeof *test);

	test->env = env;
	test->timer = maq_timer_open(env, "", error);
	test->report = test->timer ? maq_report_open(env, "init.config", error) : NULL;
	test->state = test->report ? maq_rom_open(env, "state", error) : NULL;
	if (!test->state || !maq_log_provide(env, &log_service, test, error))
		return false;
	maq_timer_on_expired(test->timer, slept, test);
	maq_rom_on_changed(test->state, state_changed, test);
	test->step = maq_hid_first(maq_config(env), NULL);
	maq_loop_defer(maq_env_loop(env), go_on, test);
	return true;
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, test_start);
}
