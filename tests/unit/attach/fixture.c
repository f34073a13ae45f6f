// SPDX-License-Identifier: GPL-2.0-or-later
#include "fixture.h"

#include <maq/env.h>
#include <maq/timer.h>

#define MS     1000000u /* ns */
#define ALARMS 5        /* one after the other */

/* ---- the server: a timer, in a thread ---- */

typedef struct {
	MaqEnv *env;
	MaqPeer *peer;
	int channel;
} Server;

static MaqTimerError now(void *self, guint64 *time)
{
	(void)self;
	*time = maq_binding_linux.now();
	return MAQ_TIMER_OK;
}

static void expired(void *data)
{
	maq_timer_signal_expired(((Server *)data)->peer);
}

static MaqTimerError wake_at(void *self, guint64 deadline)
{
	Server *server = self;

	maq_loop_at(maq_env_loop(server->env), deadline, expired, server);
	return MAQ_TIMER_OK;
}

static MaqTimerError cancel(void *self)
{
	(void)self;
	return MAQ_TIMER_OK;
}

static MaqStatus server_open(void *self, MaqPeer *peer, void **client)
{
	((Server *)self)->peer = peer;
	*client = self;
	return MAQ_OK;
}

static void server_close(void *self)
{
	maq_loop_quit(maq_env_loop(((Server *)self)->env), 0);
}

static const MaqTimerService service = {
	.ops = {.now = now, .wake_at = wake_at, .cancel = cancel},
	.open = server_open,
	.close = server_close,
};

static gpointer serve(gpointer data)
{
	Server *server = data;

	server->env = maq_env_new(&maq_binding_linux);
	maq_timer_serve(server->env, &service, server, "test", server->channel);
	maq_loop_run(maq_env_loop(server->env));
	maq_env_free(server->env);
	return NULL;
}

/* ---- the client ---- */

static struct {
	Server server;
	GThread *thread;
	MaqEnv *env;
	MaqTimer *timer;
	guint64 start;
	unsigned alarms, answers, timeouts, deferred;
	void (*stop)(void *data);
	void *data;
} f;

static void got_now(void *data, MaqTimerError status, guint64 time)
{
	(void)data;
	g_assert_cmpint(status, ==, MAQ_TIMER_OK);
	g_assert_cmpuint(time, >=, f.start + ALARMS * MS);
	f.answers++;
	f.stop(f.data);
}

static void alarmed(void *data)
{
	(void)data;
	if (++f.alarms < ALARMS)
		maq_timer_wake_at(f.timer, maq_binding_linux.now() + MS);
	else
		maq_timer_now_async(f.timer, got_now, NULL);
}

static void run_deferred(void *data)
{
	(void)data;
	f.deferred++;
	maq_timer_wake_at(f.timer, f.start + MS);
}

static void timed_out(void *data)
{
	(void)data;
	g_assert_cmpuint(
		maq_binding_linux.now(), >=, f.start + (f.timeouts + 1) * 5 * MS);
	if (++f.timeouts < 2) /* the second one is set by a handler */
		maq_loop_at(maq_env_loop(f.env), f.start + 10 * MS, timed_out, NULL);
	else
		maq_loop_defer(maq_env_loop(f.env), run_deferred, NULL);
}

void fixture_begin(void (*stop)(void *data), void *data)
{
	int ends[2];

	g_assert_cmpint(maq_binding_linux.pair(ends), ==, 0);
	f.server.channel = ends[1];
	f.thread = g_thread_new("server", serve, &f.server);
	f.stop = stop;
	f.data = data;
	f.env = maq_env_new(&maq_binding_linux);
	f.timer = maq_timer_attach(f.env, ends[0]);
	maq_timer_on_expired(f.timer, alarmed, NULL);
	f.start = maq_binding_linux.now();
	maq_loop_attach(maq_env_loop(f.env));
	maq_loop_at(maq_env_loop(f.env), f.start + 5 * MS, timed_out, NULL);
}

int fixture_fd(void)
{
	return maq_loop_fd(maq_env_loop(f.env));
}

void fixture_dispatch(void)
{
	g_assert_true(maq_loop_dispatch(maq_env_loop(f.env)));
}

void fixture_end(void)
{
	g_assert_cmpuint(f.timeouts, ==, 2);
	g_assert_cmpuint(f.deferred, ==, 1);
	g_assert_cmpuint(f.alarms, ==, ALARMS);
	g_assert_cmpuint(f.answers, ==, 1);
	maq_env_free(f.env);
	g_thread_join(f.thread);
}
