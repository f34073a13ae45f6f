// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * init - start components as a configuration says, and route their sessions
 *
 * Provides  what its `service` nodes export from its children
 * Requires  ROM (config, programs), LOG, Process
 * Config    an init configuration; see README.md
 *
 * A thin program over the sandbox library. It never waits for a child.
 */
#include "init.h"

/* ---- policy of the sandbox ---- */

static Start *find_by_name(Init *init, const char *name)
{
	for (guint i = 0; i < init->starts->len; i++) {
		Start *start = init->starts->pdata[i];

		if (!strcmp(start->name, name))
			return start;
	}
	return NULL;
}

static void route(void *owner, MaqChild *child, const char *service, const char *label,
	MaqTarget *target)
{
	Init *init = owner;
	Start *start = maq_child_data(child);
	MaqRoute found;

	if (!strcmp(service, "ROM") && !strcmp(label, "config") &&
		maq_hid_first(start->node, "config")) {
		target->kind = MAQ_TARGET_LOCAL;
		target->skeleton = &maq_rom_skeleton;
		target->table = &config_rom_service;
		target->service = start;
		g_snprintf(
			target->label, sizeof target->label, "%s -> config", start->name);
		return;
	}
	maq_scenario_route(init->config, start->node, service, label, &found);
	g_strlcpy(target->label, found.label, sizeof target->label);
	Start *server =
		found.kind == MAQ_ROUTE_CHILD ? find_by_name(init, found.child) : NULL;
	if (found.kind == MAQ_ROUTE_PARENT) {
		target->kind = MAQ_TARGET_PARENT;
	} else if (server && server->child) {
		target->kind = MAQ_TARGET_CHILD;
		target->child = server->child;
	} else if (strcmp(service, "ROM") || strcmp(label, "config")) {
		maq_log(init->env, "Warning: %s: no route to %s \"%s\"", start->name,
			service, label);
	}
}

static bool may_provide(void *owner, MaqChild *child, const char *service)
{
	Start *start = maq_child_data(child);

	(void)owner;
	return maq_scenario_provides(start->node, service);
}

static void child_exited(void *owner, MaqChild *child, int code)
{
	(void)owner;
	start_exited(maq_child_data(child), code);
}

static const MaqSandboxOps sandbox_ops = {
	.route = route,
	.may_provide = may_provide,
	.exited = child_exited,
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

/* ---- configuration ---- */

static void remove_missing(Init *init, const MaqHidNode *config)
{
	for (guint i = init->starts->len; i-- > 0;) {
		Start *start = init->starts->pdata[i];

		if (maq_scenario_start(config, start->name))
			continue;
		g_ptr_array_remove_index(init->starts, i);
		start_free(start);
	}
}

/* Later start nodes of the same name are the ones that count for existing children. */
static void apply_starts(Init *init)
{
	const MaqHidNode *node;
	g_autoptr(GPtrArray) fresh = g_ptr_array_new();

	for (node = maq_hid_first(init->config, "start"); node;
		node = maq_hid_next(node, "start")) {
		Start *start = maq_hid_name(node) ? find_by_name(init, maq_hid_name(node))
						  : NULL;

		if (start || !maq_hid_name(node))
			continue;
		start = start_new(init, node);
		g_ptr_array_add(init->starts, start);
		g_ptr_array_add(fresh, start);
	}
	/* all exist before the first one asks for another's service */
	for (guint i = 0; i < init->starts->len; i++) {
		Start *start = init->starts->pdata[i];

		if (!g_ptr_array_find(fresh, start, NULL))
			start_update(
				start, maq_scenario_start(init->config, start->name));
	}
	for (guint i = 0; i < fresh->len; i++)
		start_begin(fresh->pdata[i]);
}

static void configure(Init *init)
{
	g_autoptr(GError) error = NULL;
	const MaqHidNode *config = maq_config(init->env);
	g_autofree char *text = config ? maq_hid_to_text(config, NULL) : NULL;
	MaqHidDocument *old = init->document;

	/* our own copy: env's is replaced with the next change */
	MaqHidDocument *document =
		text ? maq_hid_parse(text, -1, "config", MAQ_HID_LENIENT, &error) : NULL;
	if (!document)
		return;
	remove_missing(init, maq_hid_root(document));
	init->document = document;
	init->config = maq_hid_root(document);
	apply_starts(init);
	maq_hid_free(old);
}

static void config_changed(void *data)
{
	configure(data);
}

static bool init_start(MaqEnv *env, GError **error)
{
	Init *init = maq_env_state(env, sizeof *init);
	MaqQuota quota = {0};

	init->env = env;
	init->starts = g_ptr_array_new();
	init->process = maq_process_open(env, "", error);
	if (!init->process || !maq_quota(env, &quota))
		return false;
	init->ram = quota.ram - quota.ram_used;
	init->caps = quota.caps - quota.caps_used;
	init->sandbox = maq_sandbox_new(env, &sandbox_ops, init);
	maq_process_on_exits(init->process, exits_arrived, init);
	maq_config_on_changed(env, config_changed, init);
	configure(init);
	return true;
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, init_start);
}
