// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * dummy - does what its configuration lists, to try out how components are put together
 *
 * Provides  LOG, once told to
 * Requires  LOG
 * Config    the counterpart of Genode's component of this name: see README.md. The list
 *           is gone through again when the attribute `version` changes.
 */
#include "dummy.h"

#include <maq/memory.h>

#include <unistd.h>

typedef struct {
	MaqEnv *env;
	char *version; /* owned by env */
	guint configs;
	LogService service;
	bool serving;
	GPtrArray *connections; /* owned by env, of MaqLog */
	guint64 ram;            /* consumed, bytes */
	guint64 wanted_ram;     /* not had yet */
	guint32 caps, wanted_caps;
	int memory; /* dataspace of ram; -1 */
} Dummy;

/* ---- resources ---- */

static char *bytes_text(guint64 bytes)
{
	if (bytes && !(bytes & 0xfffff))
		return g_strdup_printf("%" G_GUINT64_FORMAT "M", bytes >> 20);
	if (bytes && !(bytes & 0x3ff))
		return g_strdup_printf("%" G_GUINT64_FORMAT "K", bytes >> 10);
	return g_strdup_printf("%" G_GUINT64_FORMAT, bytes);
}

static void release(Dummy *dummy)
{
	if (dummy->ram) {
		g_autofree char *text = bytes_text(dummy->ram);
		maq_log(dummy->env, "release %s bytes of memory", text);
	}
	if (dummy->caps)
		maq_log(dummy->env, "release %u caps", dummy->caps);
	maq_clear_fd(&dummy->memory);
	maq_refund(dummy->env, dummy->ram, dummy->caps);
	dummy->ram = 0;
	dummy->caps = 0;
}

/* Takes what is wanted, or asks the parent for it. */
static void take(void *data)
{
	Dummy *dummy = data;
	g_autoptr(GError) error = NULL;

	if (!dummy->wanted_ram && !dummy->wanted_caps)
		return;
	if (!maq_charge(dummy->env, dummy->wanted_ram, dummy->wanted_caps)) {
		maq_request_resources(dummy->env, dummy->wanted_ram, dummy->wanted_caps);
		return;
	}
	dummy->ram += dummy->wanted_ram;
	dummy->caps += dummy->wanted_caps;
	if (dummy->wanted_ram)
		dummy->memory = maq_dataspace_new("dummy", dummy->wanted_ram, &error);
	if (error)
		maq_log(dummy->env, "Error: %s", error->message);
	dummy->wanted_ram = 0;
	dummy->wanted_caps = 0;
}

static void consume(Dummy *dummy, guint64 ram, guint32 caps)
{
	g_autofree char *text = bytes_text(ram);

	release(dummy);
	if (ram)
		maq_log(dummy->env, "consume %s bytes of memory", text);
	if (caps)
		maq_log(dummy->env, "consume %u caps", caps);
	dummy->wanted_ram = ram;
	dummy->wanted_caps = caps;
	take(dummy);
}

static void yield(void *data)
{
	Dummy *dummy = data;

	maq_log(dummy->env, "got yield request");
	release(dummy);
	maq_yielded(dummy->env);
}

/* ---- sessions ---- */

static void create_connections(Dummy *dummy, guint64 count, guint64 ram_upgrade)
{
	maq_log(dummy->env, "going to create %" G_GUINT64_FORMAT " LOG connections",
		count);
	for (guint64 i = 0; i < count; i++) {
		g_autofree char *label = g_strdup_printf("%" G_GUINT64_FORMAT, i);
		g_autoptr(GError) error = NULL;
		MaqLog *log = maq_log_open(dummy->env, label, &error);

		if (!log) {
			maq_log(dummy->env, "Error: %s", error->message);
			return;
		}
		g_ptr_array_add(dummy->connections, log);
		if (!ram_upgrade)
			continue;
		maq_log(dummy->env, "upgrade connection %" G_GUINT64_FORMAT, i);
		if (maq_upgrade(dummy->env, maq_log_session(log), ram_upgrade, 0))
			maq_log(dummy->env, "Error: upgrade refused");
	}
	maq_log(dummy->env, "created all LOG connections");
}

static void destroy_connections(Dummy *dummy)
{
	for (guint i = 0; i < dummy->connections->len; i++)
		maq_log_close(dummy->connections->pdata[i]);
	g_ptr_array_set_size(dummy->connections, 0);
	maq_log(dummy->env, "destroyed all LOG connections");
}

static void provide(Dummy *dummy, const MaqHidNode *node)
{
	g_autoptr(GError) error = NULL;

	dummy->service = (LogService){dummy->env, maq_hid_bool(node, "verbose", false),
		maq_hid_u64(node, "delay_close_ms", 0)};
	if (dummy->serving)
		return;
	dummy->serving =
		maq_log_provide(dummy->env, &log_service, &dummy->service, &error);
	if (dummy->serving)
		maq_log(dummy->env, "created LOG service");
	else
		maq_log(dummy->env, "Error: %s", error->message);
}

/* ---- the list ---- */

static void stand_still(void)
{
	for (;;)
		pause();
}

static void step_log(Dummy *dummy, const MaqHidNode *node)
{
	maq_log(dummy->env, "%s", maq_hid_string(node, "string", ""));
}

static void step_create(Dummy *dummy, const MaqHidNode *node)
{
	create_connections(dummy, maq_hid_u64(node, "count", 0),
		maq_hid_bytes(node, "ram_upgrade", 0));
}

static void step_destroy(Dummy *dummy, const MaqHidNode *node)
{
	(void)node;
	destroy_connections(dummy);
}

static void step_ram(Dummy *dummy, const MaqHidNode *node)
{
	consume(dummy, maq_hid_bytes(node, "amount", 0), 0);
}

static void step_caps(Dummy *dummy, const MaqHidNode *node)
{
	consume(dummy, 0, (guint32)maq_hid_u64(node, "amount", 0));
}

static void step_yield(Dummy *dummy, const MaqHidNode *node)
{
	(void)node;
	maq_on_yield(dummy->env, yield, dummy);
}

static void step_sleep(Dummy *dummy, const MaqHidNode *node)
{
	(void)dummy;
	g_usleep(maq_hid_u64(node, "ms", 100) * 1000);
}

static void step_sleep_forever(Dummy *dummy, const MaqHidNode *node)
{
	(void)dummy;
	(void)node;
	stand_still();
}

static void step_exit(Dummy *dummy, const MaqHidNode *node)
{
	maq_exit(dummy->env, (int)maq_hid_u64(node, "code", 0));
}

static void step_crash(Dummy *dummy, const MaqHidNode *node)
{
	(void)dummy;
	(void)node;
	abort();
}

static const struct {
	const char *type;
	void (*run)(Dummy *dummy, const MaqHidNode *node);
} steps[] = {
	{"log", step_log},
	{"log_service", provide},
	{"create_log_connections", step_create},
	{"destroy_log_connections", step_destroy},
	{"consume_ram", step_ram},
	{"consume_caps", step_caps},
	{"handle_yield_requests", step_yield},
	{"sleep", step_sleep},
	{"sleep_forever", step_sleep_forever},
	{"exit", step_exit},
	{"crash", step_crash},
};

static void run_step(Dummy *dummy, const MaqHidNode *node)
{
	for (gsize i = 0; i < G_N_ELEMENTS(steps); i++)
		if (!strcmp(maq_hid_type(node), steps[i].type)) {
			steps[i].run(dummy, node);
			return;
		}
	maq_log(dummy->env, "Warning: \"%s\" is not understood", maq_hid_type(node));
}

static void configure(void *data)
{
	Dummy *dummy = data;
	const MaqHidNode *config = maq_config(dummy->env);
	const char *version = maq_hid_string(config, "version", "");

	if (dummy->version && !strcmp(dummy->version, version))
		return;
	dummy->version = g_strdup(version);
	maq_env_own(dummy->env, dummy->version);
	dummy->configs++;
	if (*version)
		maq_log(dummy->env, "config %u: %s", dummy->configs, version);
	for (const MaqHidNode *node = maq_hid_first(config, NULL); node;
		node = maq_hid_next(node, NULL))
		run_step(dummy, node);
}

static bool dummy_start(MaqEnv *env, GError **error)
{
	Dummy *dummy = maq_env_state(env, sizeof *dummy);

	(void)error;
	dummy->env = env;
	dummy->memory = -1;
	dummy->connections = g_ptr_array_new();
	maq_on_resources(env, take, dummy);
	maq_config_on_changed(env, configure, dummy);
	configure(dummy);
	return true;
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, dummy_start);
}
