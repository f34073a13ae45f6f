// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ticker - report the number of ticks so far
 *
 * Requires  Timer, Report (count), LOG
 * Config    period_ms: from one tick to the next (default 100)
 *           ticks: exit after so many (default 0: never)
 */
#include <maq/component.h>
#include <maq/report.h>
#include <maq/timer.h>

typedef struct {
	MaqEnv *env;
	MaqTimer *timer;
	MaqReport *report;
	guint64 ticks, next;
} Ticker;

static void tell(Ticker *ticker)
{
	MaqHidBuilder *builder = maq_hid_builder_new("count");

	maq_hid_put_u64(builder, "ticks", ticker->ticks);
	g_autofree char *text = maq_hid_builder_finish(builder);
	maq_report_submit(ticker->report, text, strlen(text));
}

static void plan(Ticker *ticker)
{
	guint64 period = maq_config_u64(ticker->env, "period_ms", 100) * 1000000;

	ticker->next += period;
	maq_timer_wake_at(ticker->timer, ticker->next);
}

static void tick(void *data)
{
	Ticker *ticker = data;
	guint64 last = maq_config_u64(ticker->env, "ticks", 0);

	ticker->ticks++;
	tell(ticker);
	if (last && ticker->ticks >= last)
		maq_exit(ticker->env, 0);
	else
		plan(ticker);
}

static bool ticker_start(MaqEnv *env, GError **error)
{
	Ticker *ticker = maq_env_state(env, sizeof *ticker);

	ticker->env = env;
	ticker->timer = maq_timer_open(env, "", error);
	if (!ticker->timer)
		return false;
	ticker->report = maq_report_open(env, "count", error);
	if (!ticker->report)
		return false;
	maq_timer_on_expired(ticker->timer, tick, ticker);
	maq_timer_now(ticker->timer, &ticker->next);
	plan(ticker);
	return true;
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, ticker_start);
}
