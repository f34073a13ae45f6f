// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * process_service - Process sessions: the launcher as seen by an init
 */
#include "process.h"

#include <maq/memory.h>

#define DESCRIBE_MS 500u /* longest wait for an init's state */
#define NS_PER_MS   1000000u

typedef struct {
	Launcher *launcher;  /* borrowed */
	MaqPeer *peer;       /* borrowed */
	GHashTable *running; /* owned: id -> Started */
	GQueue ends;         /* of End, not fetched yet */
	GQueue orders;       /* of Order, not fetched yet */
	char *last_name;     /* owned: of the last order */
	guint32 last_id;
} Client;

typedef struct {
	MaqProcessOrder order;
	guint32 ticket;
	char *name; /* owned */
} Order;

/* One question to all inits. */
typedef struct {
	Launcher *launcher; /* borrowed */
	guint32 ticket;
	GPtrArray *asked; /* owned, of Client, borrowed: have not answered */
	Described described;
	void *data;
	MaqTimeout *timeout;
} Question;

static GList *questions; /* of Question, owned: core has one launcher */

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
		.grants = host_allowed(launcher_host(client->launcher), label, grants,
			own ? process_grants(own) : ""),
		.sockets = sockets,
	};
	Started *started = g_new(Started, 1);
	g_autoptr(GError) error = NULL;

	spec.n_sockets = host_sockets(
		launcher_host(client->launcher), label, spec.grants, sockets);
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

/* ---- orders ---- */

static void order_free(gpointer data)
{
	Order *order = data;

	g_free(order->name);
	g_free(order);
}

static void push_order(
	Client *client, MaqProcessOrder kind, guint32 ticket, const char *name)
{
	Order *order = g_new(Order, 1);

	*order = (Order){kind, ticket, g_strdup(name)};
	g_queue_push_tail(&client->orders, order);
	maq_process_signal_orders(client->peer);
}

static MaqProcessError next_order(
	void *self, MaqProcessOrder *kind, guint32 *ticket, const char **name)
{
	Client *client = self;
	Order *order = g_queue_pop_head(&client->orders);

	*kind = order ? order->order : MAQ_PROCESS_ORDER_NONE;
	*ticket = order ? order->ticket : 0;
	/* lives until the reply is written */
	g_free(client->last_name);
	client->last_name = order ? g_steal_pointer(&order->name) : g_strdup("");
	*name = client->last_name;
	if (order)
		order_free(order);
	return MAQ_PROCESS_OK;
}

static void question_over(void *data)
{
	Question *question = data;

	questions = g_list_remove(questions, question);
	for (guint i = 0; i < question->asked->len; i++) {
		const Client *client = question->asked->pdata[i];

		question->described(question->data, maq_peer_label(client->peer), NULL);
	}
	question->described(question->data, NULL, NULL);
	g_ptr_array_unref(question->asked);
	g_free(question);
}

static void answer_question(Question *question, Client *client, const char *text)
{
	if (!g_ptr_array_remove(question->asked, client))
		return;
	if (text)
		question->described(question->data, maq_peer_label(client->peer), text);
	if (question->asked->len)
		return;
	maq_timeout_cancel(question->timeout);
	question_over(question);
}

static MaqProcessError described(void *self, guint32 ticket, guint64 size, int *content)
{
	Client *client = self;
	gsize mapped = 0;
	const char *mapping = maq_map(*content, false, &mapped, NULL);
	g_autofree char *text =
		mapping && size <= mapped ? g_strndup(mapping, size) : NULL;

	maq_unmap(mapping, mapped);
	for (GList *l = questions; l; l = l->next)
		if (((Question *)l->data)->ticket == ticket) {
			answer_question(l->data, client, text);
			break;
		}
	return MAQ_PROCESS_OK;
}

void inits_describe(Launcher *launcher, Described tell, void *data)
{
	static guint32 last_ticket;
	MaqEnv *env = launcher_env(launcher);
	GPtrArray *clients = launcher_clients(launcher);
	Question *question = g_new(Question, 1);

	*question =
		(Question){launcher, ++last_ticket, g_ptr_array_new(), tell, data, NULL};
	questions = g_list_prepend(questions, question);
	question->timeout = maq_loop_at(maq_env_loop(env),
		maq_env_binding(env)->now() +
			(clients->len ? DESCRIBE_MS : 0) * (guint64)NS_PER_MS,
		question_over, question);
	for (guint i = 0; i < clients->len; i++) {
		g_ptr_array_add(question->asked, clients->pdata[i]);
		push_order(clients->pdata[i], MAQ_PROCESS_ORDER_DESCRIBE,
			question->ticket, "");
	}
}

bool inits_restart(Launcher *launcher, const char *label)
{
	GPtrArray *clients = launcher_clients(launcher);
	const char *arrow = g_strrstr(label, " -> ");

	if (!arrow)
		return false;
	for (guint i = 0; i < clients->len; i++) {
		Client *client = clients->pdata[i];
		const char *init = maq_peer_label(client->peer);

		if (strlen(init) != (gsize)(arrow - label) ||
			!g_str_has_prefix(label, init))
			continue;
		push_order(client, MAQ_PROCESS_ORDER_RESTART, 0, arrow + 4);
		return true;
	}
	return false;
}

static void forget_client(Client *client)
{
	GList *next;

	g_ptr_array_remove(launcher_clients(client->launcher), client);
	for (GList *l = questions; l; l = next) {
		next = l->next;
		answer_question(l->data, client, NULL);
	}
	g_queue_clear_full(&client->orders, order_free);
}

/* ---- clients ---- */

static MaqStatus client_open(void *self, MaqPeer *peer, void **made)
{
	Client *client = g_new0(Client, 1);

	client->launcher = self;
	client->peer = peer;
	client->running = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	g_ptr_array_add(launcher_clients(client->launcher), client);
	*made = client;
	return MAQ_OK;
}

static void client_close(void *self)
{
	Client *client = self;
	GHashTableIter iter;
	gpointer started;

	forget_client(client);
	g_hash_table_iter_init(&iter, client->running);
	while (g_hash_table_iter_next(&iter, NULL, &started))
		process_abandon(((Started *)started)->process);
	g_hash_table_unref(client->running);
	g_queue_clear_full(&client->ends, g_free);
	g_free(client->last_name);
	g_free(client);
}

const MaqProcessService process_service = {
	.ops =
		{
			.spawn = spawn,
			.kill = kill_process,
			.next_exit = next_exit,
			.next_order = next_order,
			.described = described,
		},
	.open = client_open,
	.close = client_close,
};
