// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * start - the life of one child: program, process, end, restart
 */
#include "init.h"

#include <maq/memory.h>

#define NS_PER_MS 1000000u

Start *start_new(Init *init, const MaqHidNode *node)
{
	Start *start = g_new0(Start, 1);

	start->init = init;
	start->node = node;
	start->name = g_strdup(maq_hid_name(node));
	start->channel = -1;
	start->config_peers = g_ptr_array_new();
	return start;
}

/* ---- the end ---- */

static void ignore_kill(void *data, MaqProcessError status)
{
	(void)data;
	(void)status;
}

static void stop_process(Start *start)
{
	Init *init = start->init;

	if (start->process)
		maq_process_kill_async(init->process, start->process, ignore_kill, NULL);
	start->process = 0;
	maq_clear_fd(&start->channel);
	if (start->program)
		maq_rom_close(g_steal_pointer(&start->program));
}

void start_end(Start *start)
{
	Init *init = start->init;

	maq_timeout_cancel(g_steal_pointer(&start->backoff));
	stop_process(start);
	maq_child_free(g_steal_pointer(&start->child));
	init->ram += start->ram;
	init->caps += start->caps;
	start->ram = 0;
	start->caps = 0;
}

void start_free(Start *start)
{
	start_end(start);
	g_ptr_array_unref(start->config_peers);
	g_queue_clear_full(&start->crashes, g_free);
	g_free(start->name);
	g_free(start);
}

static void restart_now(void *data)
{
	Start *start = data;

	start->backoff = NULL;
	start_begin(start);
}

/* Whether the restart rule allows another try now: max times within a time. */
static bool may_restart(Start *start, guint64 now)
{
	const MaqHidNode *rule = maq_hid_first(start->node, "restart");
	guint64 max = maq_hid_u64(rule, "max", 5);
	guint64 within = maq_hid_u64(rule, "within_ms", 10000) * NS_PER_MS;
	guint recent = 0;

	if (!rule)
		return false;
	for (GList *l = start->crashes.head; l; l = l->next)
		recent += now - *(guint64 *)l->data < within;
	return recent < max;
}

static void plan_restart(Start *start)
{
	MaqEnv *env = start->init->env;
	const MaqHidNode *rule = maq_hid_first(start->node, "restart");
	guint64 now = maq_env_binding(env)->now();

	if (!may_restart(start, now)) {
		if (rule)
			maq_log(env, "child \"%s\" crashed too often, it stays away",
				start->name);
		return;
	}
	g_queue_push_head(&start->crashes, g_memdup2(&now, sizeof now));
	maq_log(env, "child \"%s\" is started again", start->name);
	start->backoff = maq_loop_at(maq_env_loop(env),
		now + maq_hid_u64(rule, "backoff_ms", 100) * NS_PER_MS, restart_now,
		start);
}

static void propagate(Start *start, int code)
{
	const MaqHidNode *exit = maq_hid_first(start->node, "exit");

	if (maq_hid_bool(exit, "propagate", false))
		maq_exit(start->init->env, code);
}

void start_exited(Start *start, int code)
{
	maq_log(start->init->env, "child \"%s\" exited with exit value %d", start->name,
		code);
	start->state = START_EXITED;
	start->exit_code = code;
	propagate(start, code);
}

void start_process_ended(Start *start, int code, int signal)
{
	bool expected = start->state == START_EXITED;

	start->process = 0;
	start_end(start);
	if (expected)
		return;
	start->state = START_EXITED;
	start->exit_code = signal ? 128 + signal : code;
	if (signal)
		maq_log(start->init->env, "child \"%s\" was ended by signal %d",
			start->name, signal);
	else
		maq_log(start->init->env,
			"child \"%s\" ended with code %d without saying so", start->name,
			code);
	plan_restart(start);
	if (!start->backoff)
		propagate(start, start->exit_code);
}

/* ---- the beginning ---- */

static void fail(Start *start, const char *why)
{
	maq_log(start->init->env, "Error: child \"%s\" cannot be started: %s",
		start->name, why);
	start_end(start);
	start->state = START_FAILED;
}

/* Answers to our requests name the start by id: it may have gone meanwhile. */
static Start *find_start(Init *init, guint id)
{
	for (guint i = 0; i < init->starts->len; i++) {
		Start *start = init->starts->pdata[i];

		if (start->id == id && start->child)
			return start;
	}
	return NULL;
}

typedef struct {
	Init *init;
	guint id;
} Ticket;

static Ticket *ticket_new(Start *start)
{
	Ticket *ticket = g_new(Ticket, 1);

	*ticket = (Ticket){start->init, start->id};
	return ticket;
}

static void spawned(void *data, MaqProcessError status, guint32 process)
{
	g_autofree Ticket *ticket = data;
	Start *start = find_start(ticket->init, ticket->id);

	if (!start) {
		if (status == MAQ_PROCESS_OK)
			maq_process_kill_async(
				ticket->init->process, process, ignore_kill, NULL);
		return;
	}
	maq_clear_fd(&start->channel);
	if (status != MAQ_PROCESS_OK) {
		fail(start, "the host refused a process");
		return;
	}
	start->process = process;
	start->state = START_RUNNING;
}

static void got_program(void *data, MaqRomError status, int program)
{
	g_autofree Ticket *ticket = data;
	Start *start = find_start(ticket->init, ticket->id);
	const MaqHidNode *host = start ? maq_hid_first(start->node, "host") : NULL;
	g_autofree char *grants = host ? maq_hid_to_text(host, "host") : NULL;

	if (start && status != MAQ_ROM_OK)
		fail(start, "its program has no content");
	else if (start)
		maq_process_spawn_async(start->init->process, start->name, program,
			start->channel, "", grants ? grants : "", start->ram, start->caps,
			spawned, ticket_new(start));
	maq_clear_fd(&program);
}

static void opened_program(void *data, int status, int channel)
{
	g_autofree Ticket *ticket = data;
	Start *start = find_start(ticket->init, ticket->id);

	if (!start) {
		maq_clear_fd(&channel);
		return;
	}
	if (status != MAQ_OK) {
		g_autofree char *why = g_strdup_printf("no program \"%s\" (%s)",
			maq_scenario_binary(start->node), maq_status_text(status));
		fail(start, why);
		return;
	}
	start->program = maq_rom_attach(start->init->env, channel);
	maq_rom_executable_async(start->program, got_program, ticket_new(start));
}

/* Takes the quota from what is left, all of it if that is too little. */
static void assign_quota(Start *start)
{
	Init *init = start->init;
	guint64 ram = maq_scenario_ram(init->config, start->node);
	guint32 caps = maq_scenario_caps(init->config, start->node);

	if (ram > init->ram || caps > init->caps)
		maq_log(init->env,
			"Warning: child \"%s\" wants %" G_GUINT64_FORMAT
			" bytes of RAM and %u caps, only %" G_GUINT64_FORMAT
			" and %u are left",
			start->name, ram, caps, init->ram, init->caps);
	start->ram = MIN(ram, init->ram);
	start->caps = MIN(caps, init->caps);
	init->ram -= start->ram;
	init->caps -= start->caps;
}

void start_begin(Start *start)
{
	Init *init = start->init;

	start->id = ++init->last_id;
	start->state = START_WAITING;
	assign_quota(start);
	start->child = maq_child_new(init->sandbox, start->name, start->ram, start->caps,
		start, &start->channel);
	if (!start->child) {
		fail(start, "no session for it");
		return;
	}
	maq_child_open_session(start->child, &maq_rom_interface,
		maq_scenario_binary(start->node), opened_program, ticket_new(start));
}

/* ---- a new configuration ---- */

static bool same_part(const MaqHidNode *a, const MaqHidNode *b, const char *type)
{
	return maq_hid_equal(maq_hid_first(a, type), maq_hid_first(b, type));
}

static bool needs_restart(const MaqHidNode *old, const MaqHidNode *new)
{
	static const char *const parts[] = {"binary", "route", "provides", "host"};

	for (gsize i = 0; i < G_N_ELEMENTS(parts); i++)
		if (!same_part(old, new, parts[i]))
			return true;
	return g_strcmp0(maq_hid_attr(old, "version"), maq_hid_attr(new, "version")) != 0;
}

static void adapt_quota(Start *start)
{
	Init *init = start->init;
	gint64 ram = (gint64)MIN(maq_scenario_ram(init->config, start->node),
			     start->ram + init->ram) -
		     (gint64)start->ram;
	gint64 caps = (gint64)MIN(maq_scenario_caps(init->config, start->node),
			      (guint64)start->caps + init->caps) -
		      start->caps;

	if ((!ram && !caps) || !maq_child_transfer(start->child, ram, caps))
		return;
	start->ram = (guint64)((gint64)start->ram + ram);
	start->caps = (guint32)(start->caps + caps);
	init->ram = (guint64)((gint64)init->ram - ram);
	init->caps = (guint32)(init->caps - caps);
}

void start_update(Start *start, const MaqHidNode *node)
{
	const MaqHidNode *old = start->node;
	bool restart = needs_restart(old, node);
	bool config_changed = !same_part(old, node, "config");

	start->node = node;
	if (restart) {
		start_end(start);
		start_begin(start);
		return;
	}
	if (!start->child)
		return;
	adapt_quota(start);
	if (config_changed)
		for (guint i = 0; i < start->config_peers->len; i++)
			maq_rom_signal_changed(start->config_peers->pdata[i]);
}

/* ---- the ROM `config` of the child ---- */

typedef struct {
	Start *start; /* borrowed: outlives the sessions of its child */
	MaqPeer *peer;
} ConfigClient;

static MaqRomError config_update(void *self, guint64 *size, int *content)
{
	ConfigClient *client = self;
	const MaqHidNode *config = maq_hid_first(client->start->node, "config");
	g_autofree char *text = config ? maq_hid_to_text(config, "config") : NULL;
	g_autoptr(GError) error = NULL;

	if (!text)
		return MAQ_ROM_NO_CONTENT;
	*size = strlen(text);
	*content = maq_dataspace_new_constant("config", text, *size, &error);
	return *content < 0 ? MAQ_ROM_FAILED : MAQ_ROM_OK;
}

static MaqStatus config_open(void *self, MaqPeer *peer, void **made)
{
	ConfigClient *client = g_new(ConfigClient, 1);

	*client = (ConfigClient){self, peer};
	g_ptr_array_add(client->start->config_peers, peer);
	*made = client;
	return MAQ_OK;
}

static void config_close(void *self)
{
	ConfigClient *client = self;

	g_ptr_array_remove_fast(client->start->config_peers, client->peer);
	g_free(client);
}

const MaqRomService config_rom_service = {
	.ops = {.update = config_update},
	.open = config_open,
	.close = config_close,
};
