// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sleeper - sleep for random times, tell one's state, look at another's
 *
 * Requires  Timer, Report, ROM (another's state), LOG
 * Config    seed: of the times; rounds: how often; exits after them
 *           outside: yes|no, watch something of the host as well (default no)
 */
#include <maq/component.h>
#include <maq/memory.h>
#include <maq/report.h>
#include <maq/rom.h>
#include <maq/timer.h>

#include <sys/epoll.h>
#include <sys/eventfd.h>

#define MS 1000000u /* ns */

typedef struct {
	MaqEnv *env;
	MaqTimer *timer;
	MaqReport *report;
	MaqRom *neighbour;
	guint64 random, rounds, round;
} Sleeper;

/* Times of whole milliseconds, so that many come at once. */
static void sleep_on(Sleeper *self)
{
	guint64 now = 0;

	self->random = self->random * 6364136223846793005u + 1442695040888963407u;
	maq_timer_now(self->timer, &now);
	maq_timer_wake_at(self->timer, now + (self->random >> 33) % 20 * MS);
}

static void look(void *data)
{
	Sleeper *self = data;
	maq_autofd int content = -1;
	guint64 size = 0;
	gsize mapped = 0;

	if (maq_rom_update(self->neighbour, &size, &content) != MAQ_ROM_OK)
		return;
	const char *text = maq_map(content, false, &mapped, NULL);
	maq_log(self->env, "sees %.*s", (int)size, text);
	maq_unmap(text, mapped);
}

static void woken(void *data)
{
	Sleeper *self = data;
	guint64 now = 0;

	maq_timer_now(self->timer, &now);
	self->round++;
	g_autofree char *text =
		g_strdup_printf("round %" G_GUINT64_FORMAT " at %" G_GUINT64_FORMAT " ns",
			self->round, now);
	maq_log(self->env, "%s", text);
	maq_report_submit(self->report, text, strlen(text));
	if (self->round == self->rounds)
		maq_exit(self->env, 0);
	else
		sleep_on(self);
}

static void from_outside(void *data, unsigned events)
{
	(void)data;
	(void)events;
}

static bool sleeper_start(MaqEnv *env, GError **error)
{
	Sleeper *self = maq_env_state(env, sizeof *self);

	self->env = env;
	self->random = maq_config_u64(env, "seed", 1);
	self->rounds = maq_config_u64(env, "rounds", 20);
	if (!(self->timer = maq_timer_open(env, "", error)) ||
		!(self->report = maq_report_open(env, "state", error)) ||
		!(self->neighbour = maq_rom_open(env, "neighbour", error)))
		return false;
	if (maq_config_bool(env, "outside", false))
		maq_loop_watch(maq_env_loop(env), eventfd(0, EFD_CLOEXEC), EPOLLIN,
			from_outside, self);
	maq_timer_on_expired(self->timer, woken, self);
	maq_rom_on_changed(self->neighbour, look, self);
	sleep_on(self);
	return true;
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, sleeper_start);
}
