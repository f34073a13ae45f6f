// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * log_service - LOG, each line passed on with its client's label before it
 */
#include "dummy.h"

typedef struct {
	LogService *service; /* borrowed */
	MaqPeer *peer;       /* borrowed */
} Client;

static MaqLogError client_write(void *self, const char *text)
{
	Client *client = self;

	maq_log(client->service->env, "[%s] %s", maq_peer_label(client->peer), text);
	return MAQ_LOG_OK;
}

static void upgraded(void *data)
{
	Client *client = data;

	maq_log(client->service->env, "received session quota upgrade");
}

static MaqStatus client_open(void *self, MaqPeer *peer, void **made)
{
	LogService *service = self;
	Client *client = g_new(Client, 1);

	*client = (Client){service, peer};
	maq_peer_on_upgraded(peer, upgraded, client);
	if (service->verbose)
		maq_log(service->env, "opening session with label %s",
			maq_peer_label(peer));
	*made = client;
	return MAQ_OK;
}

static void client_close(void *self)
{
	Client *client = self;
	LogService *service = client->service;

	/* a server that is slow to let go, as it stands still meanwhile */
	if (service->delay_close_ms) {
		maq_log(service->env, "delay close by %" G_GUINT64_FORMAT " ms",
			service->delay_close_ms);
		g_usleep(service->delay_close_ms * 1000);
	}
	if (service->verbose)
		maq_log(service->env, "closing session with label %s",
			maq_peer_label(client->peer));
	g_free(client);
}

const MaqLogService log_service = {
	.ops = {.write = client_write},
	.open = client_open,
	.close = client_close,
};
