// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * heartbeat - notices components whose loop stands still
 */
#include "init.h"

#define DEFAULT_MS 1000u
#define NS_PER_MS  1000000u

static void plan(Init *init);

/* True: it wants to be started again. */
static bool look_at(Start *start)
{
	const MaqHidNode *rule = maq_hid_first(start->node, "heartbeat");
	guint64 limit = maq_hid_u64(rule, "restart_after_skipped", 0);
	unsigned skipped = 0;

	if (rule && start->state == START_RUNNING)
		skipped = maq_child_skipped_heartbeats(start->child);
	if (skipped != start->skipped)
		report_changed(start->init->report);
	start->skipped = skipped;
	if (rule && start->state == START_RUNNING)
		maq_child_signal_heartbeat(start->child);
	start->restart = limit && skipped > limit;
	if (start->restart)
		maq_log(start->init->env,
			"child \"%s\" skipped %u heartbeats, it is started again",
			start->name, skipped);
	return start->restart;
}

static void beat(void *data)
{
	Init *init = data;
	bool restart = false;

	init->heartbeat = NULL;
	for (guint i = 0; i < init->starts->len; i++)
		restart |= look_at(init->starts->pdata[i]);
	plan(init);
	if (restart)
		init_apply(init);
}

static void plan(Init *init)
{
	const MaqHidNode *node = maq_hid_first(init->config, "heartbeat");
	guint64 rate = maq_hid_u64(node, "rate_ms", DEFAULT_MS);

	if (node && rate && !init->heartbeat)
		init->heartbeat = maq_loop_at(maq_env_loop(init->env),
			maq_env_binding(init->env)->now() + rate * NS_PER_MS, beat, init);
}

void heartbeat_configure(Init *init)
{
	maq_timeout_cancel(g_steal_pointer(&init->heartbeat));
	plan(init);
}
