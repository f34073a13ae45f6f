// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * parent - the components' parent: what init and core are together
 */
#include "internal.h"

#include <maq/memory.h>
#include <maq/scenario.h>

#include <stdio.h>
#include <sys/epoll.h>

#define DEFAULT_RAM  (64u << 20)
#define DEFAULT_CAPS 1000

const MaqHidNode *maq_test_node(const Place *place)
{
	return maq_scenario_start(place->test->config, place->name);
}

/* ---- LOG ---- */

typedef struct {
	MaqTest *test;
	MaqPeer *peer;
} LogClient;

static MaqLogError log_write(void *self, const char *text)
{
	LogClient *client = self;

	maq_test_line(client->test, maq_peer_label(client->peer), text);
	return MAQ_LOG_OK;
}

static MaqStatus log_open(void *test, MaqPeer *peer, void **made)
{
	LogClient *client = g_new(LogClient, 1);

	*client = (LogClient){test, peer};
	*made = client;
	return MAQ_OK;
}

const MaqLogService maq_test_log_service = {
	.ops = {.write = log_write},
	.open = log_open,
	.close = g_free,
};

/* ---- ROM ---- */

typedef struct {
	MaqPeer *peer;
	GPtrArray *peers; /* borrowed: those of the module or place */
	Module *module;   /* borrowed; NULL: the place's configuration */
	Place *place;     /* borrowed */
} RomClient;

static MaqRomError rom_answer(const char *text, guint64 *size, int *content)
{
	if (!text)
		return MAQ_ROM_NO_CONTENT;
	*size = strlen(text);
	*content = maq_dataspace_new_constant("rom", text, *size, NULL);
	return *content < 0 ? MAQ_ROM_FAILED : MAQ_ROM_OK;
}

static MaqRomError rom_update(void *self, guint64 *size, int *content)
{
	RomClient *client = self;

	return rom_answer(client->module->text, size, content);
}

static MaqRomError config_update(void *self, guint64 *size, int *content)
{
	RomClient *client = self;
	const MaqHidNode *config = maq_hid_first(maq_test_node(client->place), "config");
	g_autofree char *text = config ? maq_hid_to_text(config, "config") : NULL;

	return rom_answer(text, size, content);
}

static void client_new(RomClient client, void **made)
{
	g_ptr_array_add(client.peers, client.peer);
	*made = g_memdup2(&client, sizeof client);
}

static MaqStatus rom_open(void *test, MaqPeer *peer, void **made)
{
	const char *label = maq_peer_label(peer);
	const char *last = g_strrstr(label, " -> ");
	Module *module = maq_test_module(test, last ? last + strlen(" -> ") : label);

	if (!module->text)
		return MAQ_DENIED;
	client_new((RomClient){peer, module->peers, module, NULL}, made);
	return MAQ_OK;
}

static MaqStatus config_open(void *self, MaqPeer *peer, void **made)
{
	Place *place = self;

	client_new((RomClient){peer, place->config_peers, NULL, place}, made);
	return MAQ_OK;
}

static void rom_close(void *self)
{
	RomClient *client = self;

	g_ptr_array_remove(client->peers, client->peer);
	g_free(client);
}

const MaqRomService maq_test_rom_service = {
	.ops = {.update = rom_update},
	.open = rom_open,
	.close = rom_close,
};

const MaqRomService maq_test_config_service = {
	.ops = {.update = config_update},
	.open = config_open,
	.close = rom_close,
};

/* ---- routes ---- */

static Place *find_place(MaqTest *test, const char *name)
{
	for (guint i = 0; i < test->places->len; i++) {
		Place *place = test->places->pdata[i];

		if (!strcmp(place->name, name))
			return place;
	}
	return NULL;
}

static bool may_provide_here(const Place *place, const char *service)
{
	const MaqHidNode *node = maq_test_node(place);

	return !maq_hid_first(node, "provides") || maq_scenario_provides(node, service);
}

static bool to_local(MaqTest *test, const char *service, MaqTarget *target)
{
	for (guint i = test->locals->len; i-- > 0;) { /* the latest counts */
		const Local *local = &g_array_index(test->locals, Local, i);

		if (strcmp(local->skeleton->interface->service, service))
			continue;
		target->kind = MAQ_TARGET_LOCAL;
		target->skeleton = local->skeleton;
		target->table = local->table;
		target->service = local->service;
		return true;
	}
	return false;
}

static bool to_place(MaqTarget *target, Place *place)
{
	if (!place || !place->child)
		return false;
	target->kind = MAQ_TARGET_CHILD;
	target->child = place->child;
	return true;
}

/* To the start node that names the service; else to the only one that may provide it. */
static bool to_provider(
	MaqTest *test, const MaqChild *client, const char *service, MaqTarget *target)
{
	Place *only = NULL;
	unsigned count = 0;

	for (guint i = 0; i < test->places->len; i++) {
		Place *place = test->places->pdata[i];

		if (maq_scenario_provides(maq_test_node(place), service))
			return to_place(target, place);
		if (place->child && place->child != client &&
			may_provide_here(place, service)) {
			only = place;
			count++;
		}
	}
	return count == 1 && to_place(target, only);
}

static void set_label(MaqTarget *target, const char *name, const char *label)
{
	g_snprintf(target->label, sizeof target->label, *label ? "%s%s -> %s" : "%s%s%s",
		target->kind == MAQ_TARGET_LOCAL ? "init -> " : "", name, label);
}

static void by_default(MaqTest *test, MaqChild *child, const char *service,
	const char *label, MaqTarget *target)
{
	bool own = child == test->self; /* the test serves, and does not ask itself */

	if ((own && to_provider(test, child, service, target)) ||
		to_local(test, service, target) ||
		(!own && to_provider(test, child, service, target)))
		set_label(target, maq_child_name(child), label);
}

static void route(void *owner, MaqChild *child, const char *service, const char *label,
	MaqTarget *target)
{
	MaqTest *test = owner;
	Place *place = maq_child_data(child);
	const MaqHidNode *node = maq_scenario_start(test->config, maq_child_name(child));
	MaqRoute found;

	if (place && !strcmp(service, "ROM") && !strcmp(label, "config") &&
		maq_hid_first(node, "config")) {
		target->kind = MAQ_TARGET_LOCAL;
		target->skeleton = &maq_rom_skeleton;
		target->table = &maq_test_config_service;
		target->service = place;
		set_label(target, place->name, label);
		return;
	}
	if (!node || (!maq_hid_first(node, "route") &&
			     !maq_hid_first(test->config, "default-route"))) {
		by_default(test, child, service, label, target);
		return;
	}
	maq_scenario_route(test->config, node, service, label, &found);
	if (found.kind == MAQ_ROUTE_PARENT && to_local(test, service, target))
		g_snprintf(
			target->label, sizeof target->label, "init -> %s", found.label);
	else if (found.kind == MAQ_ROUTE_CHILD &&
		 to_place(target, find_place(test, found.child)))
		g_strlcpy(target->label, found.label, sizeof target->label);
}

static bool may_provide(void *owner, MaqChild *child, const char *service)
{
	(void)owner;
	return maq_child_data(child) && may_provide_here(maq_child_data(child), service);
}

/* ---- ends ---- */

static void child_exited(void *owner, MaqChild *child, int code)
{
	Place *place = maq_child_data(child);
	g_autofree char *text = NULL;

	if (!place)
		return;
	place->exited = true;
	place->code = code;
	text = g_strdup_printf(
		"child \"%s\" exited with exit value %d", place->name, code);
	maq_test_line(owner, "init", text);
}

static void place_ended(void *data, unsigned events)
{
	Place *place = data;

	(void)events;
	maq_watch_free(g_steal_pointer(&place->watch));
	maq_child_free(g_steal_pointer(&place->child));
	if (!place->exited)
		maq_test_line(place->test, "init", "a child ended without saying so");
	place->ended = true;
}

static const MaqSandboxOps sandbox_ops = {
	.route = route,
	.may_provide = may_provide,
	.exited = child_exited,
};

/* ---- the beginning ---- */

static void run_place(void *data)
{
	Place *place = data;
	char *argv[] = {place->name, NULL};
	int channel = maq_steal_fd(&place->channel);
	int alive = maq_steal_fd(&place->alive);

	maq_component_embed(&maq_binding_double, channel);
	if (place->main)
		place->main(1, argv);
	else
		maq_component_run(&maq_binding_double, channel, place->start);
	maq_binding_double.end(alive);
	maq_binding_double.close(alive);
}

static void place_begin(Place *place)
{
	MaqTest *test = place->test;
	const MaqHidNode *node = maq_test_node(place);
	guint64 ram = maq_scenario_ram(test->config, node);
	guint32 caps = maq_scenario_caps(test->config, node);
	int ends[2];

	place->child = maq_child_new(test->sandbox, place->name, ram ? ram : DEFAULT_RAM,
		caps ? caps : DEFAULT_CAPS, place, &place->channel);
	if (!place->child || maq_binding_double.pair(ends))
		maq_test_fail(test, "no session for \"%s\"", place->name);
	place->alive = ends[0];
	place->watched = ends[1];
	place->watch = maq_loop_watch(
		maq_env_loop(test->parent), ends[1], 0, place_ended, place);
	maq_double_start(test->baton, place->name, run_place, place);
}

static void take_order(void *data, unsigned events)
{
	MaqTest *test = data;
	MaqMessage *message = g_new(MaqMessage, 1);
	int got = maq_binding_double.receive(test->orders[1], message, 0);

	(void)events;
	g_free(message);
	if (got == 0)
		maq_loop_quit(maq_env_loop(test->parent), 0);
	if (got != 1)
		return;
	test->order(test->order_data);
	test->order = NULL;
}

void maq_test_parent(void *data)
{
	MaqTest *test = data;

	test->parent = maq_env_new(&maq_binding_double);
	test->sandbox = maq_sandbox_new(test->parent, &sandbox_ops, test);
	test->self = maq_child_new(test->sandbox, "test", DEFAULT_RAM, DEFAULT_CAPS, NULL,
		&test->self_channel);
	maq_loop_watch(
		maq_env_loop(test->parent), test->orders[1], EPOLLIN, take_order, test);
	for (guint i = 0; i < test->places->len; i++)
		place_begin(test->places->pdata[i]);
	test->started = true;
	maq_loop_run(maq_env_loop(test->parent));
	maq_sandbox_free(g_steal_pointer(&test->sandbox));
	for (guint i = 0; i < test->places->len; i++) {
		Place *place = test->places->pdata[i];

		maq_watch_free(g_steal_pointer(&place->watch));
		maq_binding_double.close(place->watched);
	}
	maq_env_free(test->parent);
	maq_binding_double.close(test->orders[1]);
}
