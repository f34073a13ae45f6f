// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * start - the life of one child: program, process, end, restart
 */
#include "init.h"

#include <maq/log.h>

#include <sched.h>

#define NS_PER_MS 1000000u
#define LINE_MS   1u /* until a full line of calls has moved on */

Start *start_new(Init *init, const MaqHidNode *node)
{
	Start *start = g_new0(Start, 1);

	start->init = init;
	start->node = node;
	start->name = g_strdup(maq_hid_name(node));
	start->channel = -1;
	start->id = ++init->last_id;
	start->restart = true; /* that is: to be started */
	start->missing = g_ptr_array_new_with_free_func(g_free);
	start->config_peers = g_ptr_array_new();
	if (maq_hid_first(node, "affinity") &&
		!maq_hid_first(init->config, "affinity-space"))
		maq_log(init->env,
			"Warning: affinity-space configuration missing, but affinity "
			"defined for child %s",
			start->name);
	return start;
}

/* ---- the end ---- */

static guint64 when_line_moved(const Init *init)
{
	return maq_env_binding(init->env)->now() + LINE_MS * NS_PER_MS;
}

typedef struct {
	Init *init; /* borrowed */
	guint32 process;
} Kill;

static void send_kill(void *data);

static void killed(void *data, MaqProcessError status)
{
	Kill *order = data;

	if (status == MAQ_PROCESS_BUSY)
		maq_loop_at(maq_env_loop(order->init->env), when_line_moved(order->init),
			send_kill, order);
	else
		g_free(order);
}

static void send_kill(void *data)
{
	Kill *order = data;

	maq_process_kill_async(order->init->process, order->process, killed, order);
}

static void kill_process(Init *init, guint32 process)
{
	Kill *order = g_new(Kill, 1);

	*order = (Kill){init, process};
	send_kill(order);
}

static void stop_process(Start *start)
{
	Init *init = start->init;

	if (start->process)
		kill_process(init, start->process);
	start->process = 0;
	maq_clear_fd(&start->channel);
	if (start->program)
		maq_rom_close(g_steal_pointer(&start->program));
}

void start_end(Start *start)
{
	Init *init = start->init;

	maq_timeout_cancel(g_steal_pointer(&start->backoff));
	maq_timeout_cancel(g_steal_pointer(&start->later));
	start->spawn_later = false;
	stop_process(start);
	maq_child_free(g_steal_pointer(&start->child));
	while (start->config_peers->len)
		maq_peer_close(start->config_peers->pdata[0]);
	init->ram += (gint64)start->ram;
	init->caps += start->caps;
	start->ram = start->wanted_ram = 0;
	start->caps = start->wanted_caps = 0;
	start->lowering_ram = start->lowering_caps = 0;
	start->lower_again = false;
	start->skipped = 0;
	g_ptr_array_set_size(start->missing, 0);
	quota_settled(start);
}

void start_free(Start *start)
{
	start_end(start);
	g_ptr_array_unref(start->config_peers);
	g_ptr_array_unref(start->missing);
	g_queue_clear_full(&start->crashes, g_free);
	g_free(start->name);
	g_free(start);
}

static void restart_now(void *data)
{
	Start *start = data;

	start->backoff = NULL;
	start_begin(start);
	maq_sandbox_retry(start->init->sandbox);
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
	report_changed(start->init->report);
	propagate(start, code);
}

void start_process_ended(Start *start, int code, int signal)
{
	bool expected = start->state == START_EXITED;

	start->process = 0;
	start->state = START_EXITED;
	start_end(start);
	report_changed(start->init->report);
	/* who waits for it is told, unless it comes back */
	maq_sandbox_retry(start->init->sandbox);
	if (expected)
		return;
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
	stop_process(start);
	start->state = START_INCOMPLETE;
	report_changed(start->init->report);
}

/* Answers to our requests name the attempt: it may be over by then. */
static Start *find_start(Init *init, guint attempt)
{
	for (guint i = 0; i < init->starts->len; i++) {
		Start *start = init->starts->pdata[i];

		if (start->attempt == attempt && start->child)
			return start;
	}
	return NULL;
}

typedef struct {
	Init *init;
	guint attempt;
} Ticket;

static Ticket *ticket_new(Start *start)
{
	Ticket *ticket = g_new(Ticket, 1);

	*ticket = (Ticket){start->init, start->attempt};
	return ticket;
}

static void tell_launcher_later(Start *start);

static void spawned(void *data, MaqProcessError status, guint32 process)
{
	g_autofree Ticket *ticket = data;
	Start *start = find_start(ticket->init, ticket->attempt);

	if (!start) {
		if (status == MAQ_PROCESS_OK)
			kill_process(ticket->init, process);
		return;
	}
	if (status == MAQ_PROCESS_BUSY) {
		start->spawn_later = true;
		tell_launcher_later(start);
		return;
	}
	maq_clear_fd(&start->channel);
	if (status != MAQ_PROCESS_OK) {
		fail(start, "the host refused a process");
		return;
	}
	start->process = process;
	maq_child_set_process(
		start->child, process, start->spawned_ram, start->spawned_caps);
	start->state = START_RUNNING;
	start->lived = true;
	report_changed(start->init->report);
}

static void told_how(void *data, MaqProcessError status)
{
	g_autofree Ticket *ticket = data;
	Start *start = find_start(ticket->init, ticket->attempt);

	if (!start || status != MAQ_PROCESS_BUSY)
		return;
	start->configured = false;
	tell_launcher_later(start);
}

/* GLib would look into /sys, which a component does not have. */
static guint count_processors(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof set, &set) ? 1 : (guint)CPU_COUNT(&set);
}

void start_configure(Start *start)
{
	MaqScenarioCpu cpu;
	bool server = maq_hid_first(start->node, "provides") != NULL;

	maq_scenario_cpu(start->init->config, start->node, count_processors(), &cpu);
	if (start->configured && server == start->server &&
		!memcmp(&cpu, &start->cpu, sizeof cpu))
		return;
	start->configured = true;
	start->server = server;
	start->cpu = cpu;
	maq_process_configure_async(start->init->process, start->name,
		server ? MAQ_PROCESS_TRAITS_SERVER : 0, cpu.weight, cpu.limit,
		cpu.rt_runtime, cpu.rt_period, cpu.cpus, told_how, ticket_new(start));
}

static void spawn(Start *start, int program, const char *grants)
{
	const MaqAccount *account = maq_child_account(start->child);

	start->spawned_ram = maq_account_held_ram(account);
	start->spawned_caps = maq_account_held_caps(account);
	start_configure(start);
	maq_process_spawn_async(start->init->process, start->name, program,
		start->channel, "", grants, start->spawned_ram, start->spawned_caps,
		spawned, ticket_new(start));
}

static void got_program(void *data, MaqRomError status, int program)
{
	g_autofree Ticket *ticket = data;
	Start *start = find_start(ticket->init, ticket->attempt);
	const MaqHidNode *host = start ? maq_hid_first(start->node, "host") : NULL;
	g_autofree char *grants = host ? maq_hid_to_text(host, "host") : NULL;

	if (start && status != MAQ_ROM_OK)
		fail(start, "its program has no content");
	else if (start)
		spawn(start, program, grants ? grants : "");
	maq_clear_fd(&program);
}

/* Program and log are there: what the component needs for its first step. */
static void go_on(Start *start)
{
	if (start->program && start->log_ready && start->state == START_WAITING)
		maq_rom_executable_async(start->program, got_program, ticket_new(start));
}

static void tell_launcher(void *data)
{
	Start *start = data;

	start->later = NULL;
	if (!start->configured)
		start_configure(start);
	if (!start->spawn_later)
		return;
	start->spawn_later = false;
	go_on(start);
}

static void tell_launcher_later(Start *start)
{
	if (!start->later)
		start->later = maq_loop_at(maq_env_loop(start->init->env),
			when_line_moved(start->init), tell_launcher, start);
}

/* Where the configuration asks for it: who changes a running system looks there. */
static void fail_without_program(Start *start, int status)
{
	const MaqHidNode *binary = maq_hid_first(start->node, "binary");
	guint line, column;

	maq_hid_position(binary ? binary : start->node, NULL, &line, &column);
	g_autofree char *why = g_strdup_printf("config:%u:%u: no program \"%s\" (%s)",
		line, column, maq_scenario_binary(start->node), maq_status_text(status));
	fail(start, why);
}

static void opened_program(void *data, int status, int channel)
{
	g_autofree Ticket *ticket = data;
	Start *start = find_start(ticket->init, ticket->attempt);

	if (!start) {
		maq_clear_fd(&channel);
		return;
	}
	if (status != MAQ_OK) {
		fail_without_program(start, status);
		return;
	}
	start->program = maq_rom_attach(start->init->env, channel);
	go_on(start);
}

static void opened_log(void *data, int status, int channel)
{
	g_autofree Ticket *ticket = data;
	Start *start = find_start(ticket->init, ticket->attempt);

	(void)channel; /* stays with the child's sessions */
	if (!start)
		return;
	start->log_ready = status == MAQ_OK;
	if (status == MAQ_OK)
		go_on(start);
	else
		fail(start, "its LOG session was denied");
}

void start_begin(Start *start)
{
	Init *init = start->init;

	if (start->lived)
		start->id = ++init->last_id;
	start->lived = false;
	start->attempt = ++init->last_attempt;
	start->state = START_WAITING;
	start->log_ready = false;
	quota_assign(start);
	start->child = maq_child_new(init->sandbox, start->name, start->ram, start->caps,
		start, &start->channel);
	if (!start->child) {
		fail(start, "no session for it");
		return;
	}
	maq_child_prepare_session(
		start->child, &maq_log_interface, "", opened_log, ticket_new(start));
	if (start->state == START_WAITING)
		maq_child_open_session(start->child, &maq_rom_interface, start->name,
			opened_program, ticket_new(start));
}

/* ---- a new configuration ---- */

static bool same_part(const MaqHidNode *a, const MaqHidNode *b, const char *type)
{
	return maq_hid_equal(maq_hid_first(a, type), maq_hid_first(b, type));
}

void start_set_node(Start *start, const MaqHidNode *node)
{
	const MaqHidNode *old = start->node;

	start->node = node;
	/* an ended component stays what it is */
	if (start->state == START_EXITED && !start->backoff)
		return;
	if (!same_part(old, node, "host"))
		start->restart = true;
	/* its program may be another one now */
	if (start->state == START_INCOMPLETE && !start->missing->len &&
		!maq_hid_equal(old, node))
		start->restart = true;
	if (same_part(old, node, "config"))
		return;
	for (guint i = 0; i < start->config_peers->len; i++)
		maq_rom_signal_changed(start->config_peers->pdata[i]);
}

static void add_missing(void *data, const char *service, const char *label)
{
	Start *start = data;

	g_ptr_array_add(start->missing, g_strdup(service));
	g_ptr_array_add(start->missing, g_strdup(label));
}

static bool has_route(const Start *start, const char *service, const char *label)
{
	const Init *init = start->init;
	MaqRoute route;

	if (!strcmp(service, "ROM") && !strcmp(label, start->name))
		maq_scenario_route_binary(init->config, start->node, &route);
	else
		maq_scenario_route(init->config, start->node, service, label, &route);
	return route.kind != MAQ_ROUTE_NONE;
}

/* What was missing is there: it is worth another try. */
static bool is_complete_now(const Start *start)
{
	for (guint i = 0; i < start->missing->len; i += 2)
		if (!has_route(start, start->missing->pdata[i],
			    start->missing->pdata[i + 1]))
			return false;
	return start->missing->len > 0;
}

bool start_check_routes(Start *start)
{
	if (start->removed || start->restart || !start->child ||
		start->state == START_EXITED)
		return false;
	if (start->state == START_INCOMPLETE && start->missing->len) {
		start->restart = is_complete_now(start);
		return start->restart;
	}
	MaqRoutes routes = maq_child_check_routes(start->child, add_missing, start);
	if (routes == MAQ_ROUTES_VALID)
		return false;
	if (routes == MAQ_ROUTES_CHANGED) {
		start->restart = true;
		return true;
	}
	if (start->state != START_INCOMPLETE)
		maq_log(start->init->env,
			"child \"%s\" is incomplete: no route to %s \"%s\"", start->name,
			(char *)start->missing->pdata[0],
			(char *)start->missing->pdata[1]);
	stop_process(start);
	start->state = START_INCOMPLETE;
	report_changed(start->init->report);
	return true;
}

bool start_comes_back(const Start *start)
{
	return start->restart || start->backoff || start->state == START_WAITING ||
	       start->state == START_INCOMPLETE;
}
