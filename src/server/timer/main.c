// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * timer - alarms on the monotonic clock
 *
 * Provides  Timer, any number of clients, one alarm each
 * Requires  nothing
 */
#include <maq/component.h>
#include <maq/timer.h>

typedef struct {
	MaqEnv *env;       /* borrowed */
	MaqPeer *peer;     /* borrowed */
	MaqTimeout *alarm; /* NULL: none is set */
} Client;

static MaqTimerError now(void *self, guint64 *time)
{
	Client *client = self;

	*time = maq_env_binding(client->env)->now();
	return MAQ_TIMER_OK;
}

static void expired(void *self)
{
	Client *client = self;

	client->alarm = NULL;
	maq_timer_signal_expired(client->peer);
}

static MaqTimerError cancel(void *self)
{
	Client *client = self;

	maq_timeout_cancel(g_steal_pointer(&client->alarm));
	return MAQ_TIMER_OK;
}

static MaqTimerError wake_at(void *self, guint64 deadline)
{
	Client *client = self;

	cancel(client);
	client->alarm = maq_loop_at(maq_env_loop(client->env), deadline, expired, client);
	return MAQ_TIMER_OK;
}

static MaqStatus client_open(void *env, MaqPeer *peer, void **made)
{
	Client *client = g_new0(Client, 1);

	client->env = env;
	client->peer = peer;
	*made = client;
	return MAQ_OK;
}

static void client_close(void *self)
{
	cancel(self);
	g_free(self);
}

static const MaqTimerService timer_service = {
	.ops = {.now = now, .wake_at = wake_at, .cancel = cancel},
	.open = client_open,
	.close = client_close,
};

static bool timer_start(MaqEnv *env, GError **error)
{
	return maq_timer_provide(env, &timer_service, env, error);
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, timer_start);
}
