// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * init - start components as a configuration says, and route their sessions
 *
 * Provides  what its `service` nodes export from its children
 * Requires  ROM (config, programs), LOG, Process; Report (state) if configured
 * Config    an init configuration; see README.md
 *
 * A thin program over the sandbox library. It never waits for a child.
 */
#include "init.h"

#include <maq/memory.h>

/* ---- policy of the sandbox ---- */

Start *init_find(Init *init, const char *name)
{
	for (guint i = 0; i < init->starts->len; i++) {
		Start *start = init->starts->pdata[i];

		if (!start->removed && !strcmp(start->name, name))
			return start;
	}
	return NULL;
}

static void to_server(Init *init, const char *name, MaqTarget *target)
{
	Start *server = init_find(init, name);

	if (server && server->child && !server->restart &&
		server->state != START_INCOMPLETE) {
		target->kind = MAQ_TARGET_CHILD;
		target->child = server->child;
	} else if (server && start_comes_back(server)) {
		target->kind = MAQ_TARGET_WAIT;
	}
}

static bool is_last(const char *label, const char *part)
{
	const char *arrow = g_strrstr(label, " -> ");

	return !strcmp(arrow ? arrow + 4 : label, part);
}

static void to_config(Start *start, MaqTarget *target)
{
	target->kind = MAQ_TARGET_LOCAL;
	target->skeleton = &maq_rom_skeleton;
	target->table = &config_rom_service;
	target->service = start;
	g_snprintf(target->label, sizeof target->label, "%s -> config", start->name);
}

static void route(void *owner, MaqChild *child, const char *service, const char *label,
	MaqTarget *target)
{
	Init *init = owner;
	Start *start = maq_child_data(child);
	bool rom = !strcmp(service, "ROM");
	MaqRoute found;

	if (rom && is_last(label, "config") && maq_hid_first(start->node, "config")) {
		to_config(start, target);
		return;
	}
	/* as in Genode, a component's own name is its program's */
	if (rom && !strcmp(label, start->name))
		maq_scenario_route_binary(init->config, start->node, &found);
	else
		maq_scenario_route(init->config, start->node, service, label, &found);
	g_strlcpy(target->label, found.label, sizeof target->label);
	if (found.kind == MAQ_ROUTE_PARENT)
		target->kind = MAQ_TARGET_PARENT;
	else if (found.kind == MAQ_ROUTE_CHILD)
		to_server(init, found.child, target);
}

static void no_route(void *owner, MaqChild *child, const char *service, const char *label)
{
	Init *init = owner;

	if (strcmp(service, "ROM") || !is_last(label, "config"))
		maq_log(init->env,
			"Warning: %s: no route to service \"%s\" (label=\"%s\")",
			maq_child_name(child), service, label);
}

/* A service of which the configuration says nothing any more may come back. */
static void export_to(
	void *owner, const char *service, const char *label, MaqTarget *target)
{
	Init *init = owner;
	MaqRoute found;

	maq_scenario_export(init->config, service, label, &found);
	if (found.kind != MAQ_ROUTE_CHILD)
		return;
	g_strlcpy(target->label, found.label, sizeof target->label);
	Start *server = found.child ? init_find(init, found.child) : NULL;
	target->kind = MAQ_TARGET_WAIT;
	if (server && maq_scenario_provides(server->node, service))
		to_server(init, found.child, target);
}

static bool may_provide(void *owner, MaqChild *child, const char *service)
{
	Init *init = owner;
	Start *start = maq_child_data(child);
	bool may = maq_scenario_provides(start->node, service);

	/* the component says so itself, if it needs the service */
	if (!may && maq_hid_bool(init->config, "verbose", false))
		maq_log(init->env, "Error: %s: illegal announcement of service \"%s\"",
			start->name, service);
	return may;
}

static void child_exited(void *owner, MaqChild *child, int code)
{
	(void)owner;
	start_exited(maq_child_data(child), code);
}

static void child_wants(void *owner, MaqChild *child, guint64 ram, guint32 caps)
{
	Init *init = owner;
	Start *start = maq_child_data(child);

	maq_log(init->env,
		"child \"%s\" requests resources: ram_quota=%" G_GUINT64_FORMAT
		", cap_quota=%u",
		start->name, ram, caps);
	quota_requested(start, ram, caps);
	report_changed(init->report);
}

static void child_yielded(void *owner, MaqChild *child)
{
	Init *init = owner;

	quota_lower(maq_child_data(child));
	quota_raise_all(init);
	report_changed(init->report);
}

static void something_changed(void *owner)
{
	Init *init = owner;

	if (init->report)
		report_changed(init->report);
}

static const MaqSandboxOps sandbox_ops = {
	.route = route,
	.may_provide = may_provide,
	.exited = child_exited,
	.export = export_to,
	.wants = child_wants,
	.yielded = child_yielded,
	.no_route = no_route,
	.changed = something_changed,
};

/* ---- ends of processes ---- */

static void fetch_exit(Init *init);

static void got_exit(
	void *data, MaqProcessError status, guint32 id, gint32 code, guint32 signal)
{
	Init *init = data;

	init->fetching_exits = false;
	if (status != MAQ_PROCESS_OK || !id)
		return;
	for (guint i = 0; i < init->starts->len; i++) {
		Start *start = init->starts->pdata[i];

		if (start->process == id) {
			start_process_ended(start, code, (int)signal);
			break;
		}
	}
	fetch_exit(init);
}

static void fetch_exit(Init *init)
{
	if (init->fetching_exits)
		return;
	init->fetching_exits = true;
	maq_process_next_exit_async(init->process, got_exit, init);
}

static void exits_arrived(void *data)
{
	fetch_exit(data);
}

/* ---- components at their limits ---- */

static void fetch_pressure(void *data);

static void got_pressure(void *data, MaqProcessError status, guint32 id, guint64 ram)
{
	Init *init = data;

	if (status != MAQ_PROCESS_OK || !id)
		return;
	for (guint i = 0; i < init->starts->len; i++) {
		Start *start = init->starts->pdata[i];

		if (start->process == id)
			child_wants(init, start->child, ram, 0);
	}
	fetch_pressure(init);
}

static void fetch_pressure(void *data)
{
	Init *init = data;

	maq_process_next_pressure_async(init->process, got_pressure, init);
}

/* ---- orders of the owner ---- */

static void fetch_order(void *data);

static void ignore_described(void *data, MaqProcessError status)
{
	(void)data;
	(void)status;
}

static void describe(Init *init, guint32 ticket)
{
	static const char details[] =
		"report | ids: yes | requested: yes | provided: yes | session_args: yes "
		"| "
		"child_ram: yes | child_caps: yes | init_ram: yes | init_caps: yes | "
		"donations: yes\n-\n";
	g_autoptr(MaqHidDocument) all =
		maq_hid_parse(details, -1, "details", MAQ_HID_STRICT, NULL);
	g_autofree char *text = report_text(init, maq_hid_root(all));
	gsize size = strlen(text);
	maq_autofd int content = maq_dataspace_new_constant("state", text, size, NULL);

	if (content >= 0)
		maq_process_described_async(
			init->process, ticket, size, content, ignore_described, NULL);
}

static void restart(Init *init, const char *name)
{
	Start *start = init_find(init, name);

	if (!start) {
		maq_log(init->env, "Warning: no child \"%s\" to start again", name);
		return;
	}
	maq_log(init->env, "child \"%s\" is started again as asked", name);
	start_end(start);
	start_begin(start);
	/* who used it asks again, as after a crash */
	maq_sandbox_retry(init->sandbox);
}

static void got_order(void *data, MaqProcessError status, MaqProcessOrder order,
	guint32 ticket, const char *name)
{
	if (status != MAQ_PROCESS_OK || order == MAQ_PROCESS_ORDER_NONE)
		return;
	if (order == MAQ_PROCESS_ORDER_DESCRIBE)
		describe(data, ticket);
	else if (order == MAQ_PROCESS_ORDER_QUOTA)
		quota_ordered(data, ticket, name);
	else
		restart(data, name);
	fetch_order(data);
}

static void fetch_order(void *data)
{
	Init *init = data;

	maq_process_next_order_async(init->process, got_order, init);
}

/* ---- configuration ---- */

/* A start node of the same name and version; later ones of a name update the first. */
static const MaqHidNode *find_node(const MaqHidNode *config, const Start *start)
{
	const MaqHidNode *node, *found = NULL;

	for (node = maq_hid_first(config, "start"); node;
		node = maq_hid_next(node, "start"))
		if (!g_strcmp0(maq_hid_name(node), start->name))
			found = node;
	if (found && g_strcmp0(maq_hid_attr(found, "version"),
			     maq_hid_attr(start->node, "version")))
		return NULL;
	return found;
}

static void mark_removed(Init *init, const MaqHidNode *config)
{
	for (guint i = 0; i < init->starts->len; i++) {
		Start *start = init->starts->pdata[i];
		const MaqHidNode *node = find_node(config, start);

		start->removed = !node;
		if (node)
			start_set_node(start, node);
	}
}

static void add_new(Init *init)
{
	GPtrArray *ordered = g_ptr_array_new();
	const MaqHidNode *node;

	for (node = maq_hid_first(init->config, "start"); node;
		node = maq_hid_next(node, "start")) {
		const char *name = maq_hid_name(node);
		Start *start = name ? init_find(init, name) : NULL;

		if (!name)
			maq_log(init->env, "Warning: skipped startup of nameless child");
		if (!start && name) {
			start = start_new(init, node);
			g_ptr_array_add(init->starts, start);
		}
		if (start && !g_ptr_array_find(ordered, start, NULL))
			g_ptr_array_add(ordered, start);
	}
	for (guint i = 0; i < init->starts->len; i++) {
		Start *start = init->starts->pdata[i];

		if (start->removed)
			g_ptr_array_add(ordered, start);
	}
	g_ptr_array_unref(init->starts);
	init->starts = ordered;
}

/* Whoever uses a session that leads elsewhere now is started anew, and so are in turn
 * those who use its services. */
static void mark_restarts(Init *init)
{
	bool again = true;

	while (again) {
		again = false;
		for (guint i = 0; i < init->starts->len; i++)
			again |= start_check_routes(init->starts->pdata[i]);
	}
}

static void end_marked(Init *init)
{
	for (guint i = init->starts->len; i-- > 0;) {
		Start *start = init->starts->pdata[i];

		if (start->removed) {
			g_ptr_array_remove_index(init->starts, i);
			start_free(start);
		} else if (start->restart) {
			start_end(start);
		}
	}
}

static void begin_marked(Init *init)
{
	for (guint i = 0; i < init->starts->len; i++) {
		Start *start = init->starts->pdata[i];

		if (!start->restart)
			continue;
		start->restart = false;
		start_begin(start);
	}
}

static void announce_exports(Init *init)
{
	const MaqHidNode *node = maq_hid_first(init->config, "service");

	for (; node; node = maq_hid_next(node, "service")) {
		const char *service = maq_hid_name(node);
		g_autoptr(GError) error = NULL;

		if (!service || g_hash_table_contains(init->announced, service))
			continue;
		if (maq_sandbox_announce(init->sandbox, service, &error))
			g_hash_table_add(init->announced, g_strdup(service));
		else
			maq_log(init->env, "Warning: %s is not exported: %s", service,
				error->message);
	}
}

void init_apply(Init *init)
{
	mark_restarts(init);
	end_marked(init);
	for (guint i = 0; i < init->starts->len; i++)
		start_configure(init->starts->pdata[i]);
	for (guint i = 0; i < init->starts->len; i++)
		quota_lower(init->starts->pdata[i]);
	begin_marked(init);
	quota_raise_all(init);
	maq_sandbox_check_exports(init->sandbox);
	maq_sandbox_retry(init->sandbox);
}

/* What the command line refuses may come here: what of it can be done is done. */
static void complain(
	void *data, const MaqHidNode *node, const char *tag, bool fatal, const char *text)
{
	Init *init = data;
	guint line, column;

	(void)fatal;
	maq_hid_position(node, tag, &line, &column);
	maq_log(init->env, "Warning: config:%u:%u: %s", line, column, text);
}

static void configure(Init *init)
{
	const MaqHidNode *config = maq_config(init->env);
	MaqHidDocument *old = init->document;
	gsize size;

	if (!config)
		return;
	/* our own copy: env's is replaced with the next change */
	const char *text = maq_hid_source(maq_hid_document(config), &size);
	MaqHidDocument *document =
		maq_hid_parse(text, (gssize)size, "config", MAQ_HID_LENIENT, NULL);
	if (!document)
		return;
	mark_removed(init, maq_hid_root(document));
	init->document = document;
	init->config = maq_hid_root(document);
	add_new(init);
	init_apply(init);
	announce_exports(init);
	heartbeat_configure(init);
	report_configure(init->report);
	maq_hid_free(old);
}

static void config_changed(void *data)
{
	Init *init = data;

	if (maq_config(init->env))
		maq_scenario_check(maq_config(init->env), init->total_ram,
			init->total_caps, complain, init);
	configure(init);
}

static void resources_arrived(void *data)
{
	quota_update(data);
}

static bool init_start(MaqEnv *env, GError **error)
{
	Init *init = maq_env_state(env, sizeof *init);

	init->env = env;
	init->starts = g_ptr_array_new();
	init->announced = g_hash_table_new(g_str_hash, g_str_equal);
	init->process = maq_process_open(env, "", error);
	if (!init->process)
		return false;
	const char *quotas = "", *confinement = "";
	if (maq_process_enforcement(init->process, &quotas, &confinement) ==
		MAQ_PROCESS_OK) {
		init->quotas = g_strdup(quotas);
		init->confinement = g_strdup(confinement);
	}
	if (!quota_begin(init))
		return false;
	init->report = report_new(init);
	init->sandbox = maq_sandbox_new(env, &sandbox_ops, init);
	maq_sandbox_use_process(init->sandbox, init->process);
	maq_process_on_pressure(init->process, fetch_pressure, init);
	maq_process_on_exits(init->process, exits_arrived, init);
	maq_process_on_orders(init->process, fetch_order, init);
	maq_config_on_changed(env, config_changed, init);
	maq_on_resources(env, resources_arrived, init);
	configure(init);
	return true;
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, init_start);
}
