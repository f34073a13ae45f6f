// SPDX-License-Identifier: GPL-2.0-or-later
#include "monitor.h"

#include <maq/memory.h>
#include <maq/report.h>
#include <maq/rom.h>

#define CHILD "test-resource_request"

typedef struct {
	MaqEnv *env;
	MaqRom *state;
	MaqReport *config;
	guint64 quota;
	guint answered;
} Monitor;

static void put_service(MaqHidBuilder *builder, const char *name)
{
	maq_hid_begin(builder, "service", name);
	maq_hid_end(builder);
}

static void put_routes(MaqHidBuilder *builder)
{
	maq_hid_begin(builder, "route", NULL);
	maq_hid_begin(builder, "any-service", NULL);
	maq_hid_begin(builder, "parent", NULL);
	maq_hid_end(builder);
	maq_hid_end(builder);
	maq_hid_end(builder);
}

static void put_config(Monitor *monitor)
{
	MaqHidBuilder *builder = maq_hid_builder_new("config");

	maq_hid_begin(builder, "report", NULL);
	maq_hid_put(builder, "child_ram", "yes");
	maq_hid_end(builder);
	maq_hid_begin(builder, "parent-provides", NULL);
	put_service(builder, "ROM");
	put_service(builder, "LOG");
	put_service(builder, "Timer");
	put_service(builder, "Process");
	maq_hid_end(builder);
	maq_hid_begin(builder, "start", CHILD);
	maq_hid_put_u64(builder, "ram", monitor->quota);
	maq_hid_put_u64(builder, "caps", 300);
	put_routes(builder);
	maq_hid_end(builder);
	g_autofree char *text = maq_hid_builder_finish(builder);
	maq_report_submit(monitor->config, text, strlen(text));
}

static MaqHidDocument *read_state(Monitor *monitor)
{
	maq_autofd int content = -1;
	guint64 size = 0;
	gsize mapped = 0;

	if (maq_rom_update(monitor->state, &size, &content) != MAQ_ROM_OK)
		return NULL;
	const char *text = maq_map(content, false, &mapped, NULL);
	MaqHidDocument *state = text && size <= mapped
					? maq_hid_parse(text, (gssize)size, "state",
						  MAQ_HID_LENIENT, NULL)
					: NULL;
	maq_unmap(text, mapped);
	return state;
}

static void state_changed(void *data)
{
	Monitor *monitor = data;
	g_autoptr(MaqHidDocument) state = read_state(monitor);
	const MaqHidNode *child =
		state ? maq_hid_first(maq_hid_root(state), "child") : NULL;
	const MaqHidNode *ram = maq_hid_first(child, "ram");
	guint64 requested = maq_hid_bytes(ram, "requested", 0);
	guint64 quota = maq_hid_bytes(ram, "assigned", 0) + requested;

	/* an older state may come again */
	if (!requested || quota <= monitor->quota)
		return;
	monitor->quota = quota;
	maq_log(monitor->env,
		"responding to resource request of %" G_GUINT64_FORMAT " cnt=%u",
		requested, monitor->answered++);
	put_config(monitor);
}

bool monitor_start(MaqEnv *env, GError **error)
{
	Monitor *monitor = maq_env_state(env, sizeof *monitor);

	monitor->env = env;
	monitor->quota = 2u << 20;
	monitor->config = maq_report_open(env, "init.config", error);
	monitor->state = monitor->config ? maq_rom_open(env, "state", error) : NULL;
	if (!monitor->state)
		return false;
	maq_rom_on_changed(monitor->state, state_changed, monitor);
	put_config(monitor);
	return true;
}
