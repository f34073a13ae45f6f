// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * process_service - Process sessions: the launcher as seen by an init
 */
#include "process.h"

typedef struct {
	Launcher *launcher;  /* borrowed */
	MaqPeer *peer;       /* borrowed */
	GHashTable *running; /* owned: id -> Started */
	GQueue ends;         /* of End, not fetched yet */
	guint32 last_id;
} Client;

typedef struct {
	Client *client;
	guint32 id;
	Process *process;
} Started;

typedef struct {
	guint32 id, signal;
	int code;
} End;

static void started_ended(void *data, int code, int signal)
{
	Started *started = data;
	Client *client = started->client;
	End *end = g_new(End, 1);

	*end = (End){started->id, (guint32)signal, code};
	g_queue_push_tail(&client->ends, end);
	g_hash_table_remove(client->running, GUINT_TO_POINTER(started->id));
	maq_process_signal_exits(client->peer);
}

static MaqProcessError spawn(void *self, const char *name, int *program, int *parent,
	const char *arguments, const char *grants, guint64 ram, guint32 caps, guint32 *id)
{
	Client *client = self;
	g_autofree char *label =
		g_strdup_printf("%s -> %s", maq_peer_label(client->peer), name);
	Process *own = launcher_find(client->launcher, maq_peer_label(client->peer));
	HostSocket sockets[HOST_SOCKETS_MAX];
	LaunchSpec spec = {
		.label = label,
		.program = *program,
		.parent = *parent,
		.arguments = arguments,
		.grants = grants,
		.sockets = sockets,
		.n_sockets = host_sockets(launcher_host(client->launcher), label, grants,
			own ? process_grants(own) : "", sockets),
	};
	Started *started = g_new(Started, 1);
	g_autoptr(GError) error = NULL;

	(void)ram; /* the ledger is the parent's; groups enforce it later */
	(void)caps;
	*started = (Started){client, ++client->last_id, NULL};
	started->process =
		launcher_start(client->launcher, &spec, started_ended, started, &error);
	if (!started->process) {
		g_warning("%s", error->message);
		g_free(started);
		return MAQ_PROCESS_NO_PROCESS;
	}
	g_hash_table_insert(client->running, GUINT_TO_POINTER(started->id), started);
	*id = started->id;
	return MAQ_PROCESS_OK;
}

static MaqProcessError kill_process(void *self, guint32 id)
{
	Client *client = self;
	Started *started = g_hash_table_lookup(client->running, GUINT_TO_POINTER(id));

	if (!started)
		return MAQ_PROCESS_UNKNOWN;
	process_kill(started->process);
	return MAQ_PROCESS_OK;
}

static MaqProcessError next_exit(void *self, guint32 *id, gint32 *code, guint32 *signal)
{
	Client *client = self;
	g_autofree End *end = g_queue_pop_head(&client->ends);

	*id = end ? end->id : 0;
	*code = end ? end->code : 0;
	*signal = end ? end->signal : 0;
	return MAQ_PROCESS_OK;
}

static MaqStatus client_open(void *self, MaqPeer *peer, void **made)
{
	Client *client = g_new0(Client, 1);

	client->launcher = self;
	client->peer = peer;
	client->running = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	*made = client;
	return MAQ_OK;
}

static void client_close(void *self)
{
	Client *client = self;
	GHashTableIter iter;
	gpointer started;

	g_hash_table_iter_init(&iter, client->running);
	while (g_hash_table_iter_next(&iter, NULL, &started))
		process_abandon(((Started *)started)->process);
	g_hash_table_unref(client->running);
	g_queue_clear_full(&client->ends, g_free);
	g_free(client);
}

const MaqProcessService process_service = {
	.ops = {.spawn = spawn, .kill = kill_process, .next_exit = next_exit},
	.open = client_open,
	.close = client_close,
};
