// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * process_service - Process sessions: the launcher as seen by an init
 */
#include "process.h"

#include <maq/memory.h>
#include <maq/status.h>

#define DESCRIBE_MS 500u /* longest wait for an init's state */
#define NS_PER_MS   1000000u
#define ARROW       " -> "
#define RESIZE_MAX  64   /* process.xml */
#define UNFETCHED   4096 /* ends, and orders: more are kept for no client */

typedef struct {
	Launcher *launcher;  /* borrowed */
	MaqPeer *peer;       /* borrowed */
	GHashTable *running; /* owned: id -> Started */
	GHashTable *traits;  /* owned: name -> GroupTraits, as configured */
	GQueue pressed;      /* of Pressure, not fetched yet */
	GQueue ends;         /* of End, not fetched yet */
	GQueue orders;       /* of Order, not fetched yet */
	char *last_name;     /* owned: of the last order */
	guint32 last_id;
	bool said_refused;           /* a process: that it asks again fills no log */
	guint32 refused[RESIZE_MAX]; /* of the last resize */
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

typedef struct {
	guint32 id;
	guint64 ram;
} Pressure;

/* ---- processes ---- */

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

static void started_pressed(void *data, guint64 ram)
{
	Started *started = data;
	GQueue *pressed = &started->client->pressed;
	Pressure *pressure = NULL;

	for (GList *l = pressed->head; l && !pressure; l = l->next)
		if (((Pressure *)l->data)->id == started->id)
			pressure = l->data;
	if (!pressure) {
		pressure = g_new(Pressure, 1);
		g_queue_push_tail(pressed, pressure);
	}
	*pressure = (Pressure){started->id, ram};
	maq_process_signal_pressure(started->client->peer);
}

/* A session may have a label of its own behind its client's: the client is the nearest
 * process above. NULL: it is of core itself. */
static Process *process_of(const Client *client)
{
	g_autofree char *label = g_strdup(maq_peer_label(client->peer));
	Process *process = launcher_find(client->launcher, label);

	for (char *arrow = g_strrstr(label, ARROW); arrow && !process;
		arrow = g_strrstr(label, ARROW)) {
		*arrow = '\0';
		process = launcher_find(client->launcher, label);
	}
	return process;
}

/* Whether it may have one more below. */
static bool may_start(const Client *client, Process *init, GError **error)
{
	if (client->ends.length >= UNFETCHED) {
		g_set_error(error, MAQ_ERROR, MAQ_BUSY, "'%s' does not ask for ends",
			maq_peer_label(client->peer));
		return false;
	}
	if (!init || group_has_room(process_group(init)))
		return !init || process_divide(init, error);
	g_set_error(error, MAQ_ERROR, MAQ_OUT_OF_CAPS,
		"'%s' has as many components as capabilities, and gets no more",
		process_label(init));
	return false;
}

static MaqProcessError spawn(void *self, const char *name, int *program, int *parent,
	const char *arguments, const char *grants, guint64 ram, guint32 caps, guint32 *id)
{
	Client *client = self;
	g_autofree char *label =
		g_strdup_printf("%s -> %s", maq_peer_label(client->peer), name);
	Process *own = process_of(client);
	const GroupTraits *traits = g_hash_table_lookup(client->traits, name);
	HostSocket sockets[HOST_SOCKETS_MAX];
	LaunchSpec spec = {
		.label = label,
		.ram = ram,
		.caps = caps,
		.traits = traits ? *traits : GROUP_TRAITS_USUAL,
		.init = own,
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
	*started = (Started){client, ++client->last_id, NULL};
	if (may_start(client, own, &error))
		started->process = launcher_start(client->launcher, &spec, started_ended,
			started_pressed, started, &error);
	if (!started->process) {
		if (!client->said_refused)
			g_warning("%s", error->message);
		client->said_refused = true;
		g_free(started);
		return MAQ_PROCESS_NO_PROCESS;
	}
	client->said_refused = false;
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

/* ---- quotas ---- */

#define TRAITS_MAX 4096 /* names */

static MaqProcessError configure(void *self, const char *name, MaqProcessTraits traits,
	guint32 weight, guint32 limit, guint32 rt_runtime, guint32 rt_period,
	guint64 cpus)
{
	Client *client = self;
	g_autofree char *label =
		g_strdup_printf("%s -> %s", maq_peer_label(client->peer), name);
	Process *process = launcher_find(client->launcher, label);
	GroupTraits *own = g_new(GroupTraits, 1);

	if (g_hash_table_size(client->traits) >= TRAITS_MAX)
		g_hash_table_remove_all(client->traits);
	*own = (GroupTraits){
		.server = traits & MAQ_PROCESS_TRAITS_SERVER,
		.weight = weight,
		.limit = limit,
		.rt_runtime = MIN(rt_runtime, rt_period),
		.rt_period = rt_period,
		.cpus = cpus,
	};
	g_hash_table_insert(client->traits, g_strdup(name), own);
	if (process)
		process_configure(process, own);
	return MAQ_PROCESS_OK;
}

/* Smaller ones first, so that the sum is never more than it was. */
static gsize resize_some(Client *client, bool larger, const guint32 *ids,
	const guint64 *ram, const guint32 *caps, gsize n, guint32 *refused, gsize at)
{
	for (gsize i = 0; i < n; i++) {
		const Started *started =
			g_hash_table_lookup(client->running, GUINT_TO_POINTER(ids[i]));

		if (!started ||
			(ram[i] > group_ram(process_group(started->process))) != larger)
			continue;
		if (!process_resize(started->process, ram[i], caps[i]))
			refused[at++] = ids[i];
	}
	return at;
}

static MaqProcessError resize(void *self, const guint32 *ids, gsize n_ids,
	const guint64 *ram, gsize n_ram, const guint32 *caps, gsize n_caps,
	const guint32 **refused, gsize *n_refused)
{
	Client *client = self;

	if (n_ids != n_ram || n_ids != n_caps)
		return MAQ_PROCESS_UNEQUAL;
	*n_refused =
		resize_some(client, false, ids, ram, caps, n_ids, client->refused, 0);
	*n_refused = resize_some(
		client, true, ids, ram, caps, n_ids, client->refused, *n_refused);
	*refused = client->refused;
	return MAQ_PROCESS_OK;
}

static MaqProcessError next_pressure(void *self, guint32 *id, guint64 *ram)
{
	Client *client = self;
	g_autofree Pressure *pressure = g_queue_pop_head(&client->pressed);

	*id = pressure ? pressure->id : 0;
	*ram = pressure ? pressure->ram : 0;
	return MAQ_PROCESS_OK;
}

static MaqProcessError enforcement(
	void *self, const char **quotas, const char **confinement)
{
	*quotas = launcher_enforcement(((Client *)self)->launcher);
	*confinement = confine_brief(launcher_confine(((Client *)self)->launcher));
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
	if (client->orders.length >= UNFETCHED)
		return; /* as one that does not answer */
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

/* The init whose child bears the label. */
static Client *find_init_of(Launcher *launcher, const char *label)
{
	GPtrArray *clients = launcher_clients(launcher);
	const char *arrow = g_strrstr(label, ARROW);

	for (guint i = 0; arrow && i < clients->len; i++) {
		Client *client = clients->pdata[i];
		const char *init = maq_peer_label(client->peer);

		if (strlen(init) == (gsize)(arrow - label) &&
			g_str_has_prefix(label, init))
			return client;
	}
	return NULL;
}

bool inits_restart(Launcher *launcher, const char *label)
{
	Client *client = find_init_of(launcher, label);

	if (client)
		push_order(client, MAQ_PROCESS_ORDER_RESTART, 0,
			g_strrstr(label, ARROW) + strlen(ARROW));
	return client != NULL;
}

/* ---- orders that change quotas ---- */

#define QUOTA_MS 2000u /* longest wait for an init's answer */

typedef struct {
	Client *client; /* borrowed */
	guint32 ticket;
	guint64 ram;
	guint32 caps;
	QuotaSet done;
	void *data;
	MaqTimeout *timeout;
} QuotaOrder;

static GList *quota_orders; /* of QuotaOrder, owned */

static QuotaOrder *find_quota_order(const Client *client, guint32 ticket)
{
	for (GList *l = quota_orders; l; l = l->next) {
		QuotaOrder *order = l->data;

		if (order->client == client && order->ticket == ticket)
			return order;
	}
	return NULL;
}

static void end_quota_order(QuotaOrder *order, bool answered, guint64 ram, guint32 caps)
{
	quota_orders = g_list_remove(quota_orders, order);
	maq_timeout_cancel(order->timeout);
	order->done(order->data, answered, ram, caps);
	g_free(order);
}

static void quota_order_over(void *data)
{
	QuotaOrder *order = data;

	order->timeout = NULL;
	end_quota_order(order, false, 0, 0);
}

static MaqProcessError quota_order(
	void *self, guint32 ticket, guint64 *ram, guint32 *caps)
{
	const QuotaOrder *order = find_quota_order(self, ticket);

	*ram = order ? order->ram : 0;
	*caps = order ? order->caps : 0;
	return order ? MAQ_PROCESS_OK : MAQ_PROCESS_NO_ORDER;
}

static MaqProcessError quota_done(void *self, guint32 ticket, guint64 ram, guint32 caps)
{
	QuotaOrder *order = find_quota_order(self, ticket);

	if (order)
		end_quota_order(order, true, ram, caps);
	return MAQ_PROCESS_OK;
}

bool inits_set_quota(Launcher *launcher, const char *label, guint64 ram, guint32 caps,
	QuotaSet done, void *data)
{
	static guint32 last_ticket;
	MaqEnv *env = launcher_env(launcher);
	Client *client = find_init_of(launcher, label);
	QuotaOrder *order;

	if (!client)
		return false;
	order = g_new(QuotaOrder, 1);
	*order = (QuotaOrder){client, ++last_ticket, ram, caps, done, data, NULL};
	order->timeout = maq_loop_at(maq_env_loop(env),
		maq_env_binding(env)->now() + QUOTA_MS * (guint64)NS_PER_MS,
		quota_order_over, order);
	quota_orders = g_list_prepend(quota_orders, order);
	push_order(client, MAQ_PROCESS_ORDER_QUOTA, order->ticket,
		g_strrstr(label, ARROW) + strlen(ARROW));
	return true;
}

static void forget_quota_orders(const Client *client)
{
	GList *next;

	for (GList *l = quota_orders; l; l = next) {
		QuotaOrder *order = l->data;

		next = l->next;
		if (order->client == client)
			end_quota_order(order, false, 0, 0);
	}
}

static void forget_client(Client *client)
{
	GList *next;

	g_ptr_array_remove(launcher_clients(client->launcher), client);
	forget_quota_orders(client);
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
	client->traits = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
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
	g_hash_table_unref(client->traits);
	g_queue_clear_full(&client->ends, g_free);
	g_queue_clear_full(&client->pressed, g_free);
	g_free(client->last_name);
	g_free(client);
}

const MaqProcessService process_service = {
	.ops =
		{
			.spawn = spawn,
			.kill = kill_process,
			.next_exit = next_exit,
			.configure = configure,
			.resize = resize,
			.next_pressure = next_pressure,
			.enforcement = enforcement,
			.quota_order = quota_order,
			.quota_done = quota_done,
			.next_order = next_order,
			.described = described,
		},
	.open = client_open,
	.close = client_close,
};
