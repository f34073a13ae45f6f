// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * report - the state of the children as a report, in Genode's form
 *
 *     state | version: of the configuration
 *     + child NAME | binary: .. | version: .. | id: .. | state: incomplete | exited: 0
 *       + ram  | assigned: .. | quota: .. | used: .. | avail: .. | requested: ..
 *       + caps | ...
 *       + requested | + session SERVICE | label: .. | state: OK
 *       + provided  | + session SERVICE | label: .. | state: OK
 */
#include "init.h"

#include <maq/memory.h>
#include <maq/report.h>

#include <stdio.h>

#define SHORT_MAX  16000u /* bytes that a submission takes without a dataspace */
#define DEFAULT_MS 100u
#define NS_PER_MS  1000000u

struct Report {
	Init *init;          /* borrowed */
	MaqReport *session;  /* owned by env; NULL: none yet */
	bool opening, dirty; /* dirty: changed while one is on its way */
	bool sending;
	gsize size;        /* of the last one, bytes */
	MaqTimeout *delay; /* until it is sent; NULL */
};

/* ---- content ---- */

static void put_bytes(MaqHidBuilder *builder, const char *tag, guint64 bytes)
{
	static const struct {
		guint64 size;
		const char *suffix;
	} units[] = {{1u << 30, "G"}, {1u << 20, "M"}, {1u << 10, "K"}, {1, ""}};

	for (gsize i = 0; i < G_N_ELEMENTS(units); i++) {
		if (!bytes || bytes % units[i].size)
			continue;
		maq_hid_put_format(builder, tag, "%" G_GUINT64_FORMAT "%s",
			bytes / units[i].size, units[i].suffix);
		return;
	}
	maq_hid_put_u64(builder, tag, bytes);
}

static void put_child_ram(MaqHidBuilder *builder, const Start *start, bool donations)
{
	const MaqAccount *account = maq_child_account(start->child);

	maq_hid_begin(builder, "ram", NULL);
	put_bytes(builder, "assigned", start->ram);
	put_bytes(builder, "quota", account->ram - account->ram_donated);
	put_bytes(builder, "used", account->ram_charged);
	put_bytes(builder, "avail", maq_account_ram(account));
	if (donations) {
		put_bytes(builder, "donated", account->ram_donated);
		put_bytes(builder, "received", account->ram_received);
	}
	if (start->wanted_ram)
		put_bytes(builder, "requested", start->wanted_ram);
	maq_hid_end(builder);
}

static void put_child_caps(MaqHidBuilder *builder, const Start *start, bool donations)
{
	const MaqAccount *account = maq_child_account(start->child);

	maq_hid_begin(builder, "caps", NULL);
	maq_hid_put_u64(builder, "assigned", start->caps);
	maq_hid_put_u64(builder, "quota", account->caps - account->caps_donated);
	maq_hid_put_u64(builder, "used", account->caps_charged);
	maq_hid_put_u64(builder, "avail", maq_account_caps(account));
	if (donations) {
		maq_hid_put_u64(builder, "donated", account->caps_donated);
		maq_hid_put_u64(builder, "received", account->caps_received);
	}
	if (start->wanted_caps)
		maq_hid_put_u64(builder, "requested", start->wanted_caps);
	maq_hid_end(builder);
}

typedef struct {
	MaqHidBuilder *builder;
	const MaqChild *child;
	bool served, args;
} Listing;

static void put_session(void *data, const MaqSessionInfo *info)
{
	const Listing *listing = data;
	MaqHidBuilder *builder = listing->builder;

	if ((listing->served ? info->server : info->client) != listing->child)
		return;
	maq_hid_begin(builder, "session", info->service);
	maq_hid_put(builder, "label", info->label);
	maq_hid_put(builder, "state", info->state);
	if (listing->args) {
		put_bytes(builder, "ram", info->ram);
		maq_hid_put_u64(builder, "caps", info->caps);
		if (!listing->served && info->server)
			maq_hid_put(builder, "server", maq_child_name(info->server));
	}
	maq_hid_end(builder);
}

/* A process stands for what Genode's children have as sessions of these. */
static void put_process_sessions(MaqHidBuilder *builder, const Start *start)
{
	static const char *const services[] = {"PD", "CPU"};
	const MaqHidNode *parent = maq_hid_first(start->init->config, "parent-provides");

	for (gsize i = 0; i < G_N_ELEMENTS(services); i++) {
		const MaqHidNode *node = maq_hid_first(parent, "service");

		while (node && g_strcmp0(maq_hid_name(node), services[i]))
			node = maq_hid_next(node, "service");
		if (!node || !start->process)
			continue;
		maq_hid_begin(builder, "session", services[i]);
		maq_hid_put(builder, "label", start->name);
		maq_hid_put(builder, "state", "OK");
		maq_hid_end(builder);
	}
}

static void put_sessions(MaqHidBuilder *builder, const Start *start,
	const MaqHidNode *details, bool served)
{
	Listing listing = {builder, start->child, served,
		maq_hid_bool(details, "session_args", false)};

	maq_hid_begin(builder, served ? "provided" : "requested", NULL);
	if (!served)
		put_process_sessions(builder, start);
	maq_sandbox_sessions(start->init->sandbox, put_session, &listing);
	maq_hid_end(builder);
}

static void put_child(
	MaqHidBuilder *builder, const Start *start, const MaqHidNode *details)
{
	const char *version = maq_hid_attr(start->node, "version");

	maq_hid_begin(builder, "child", start->name);
	maq_hid_put(builder, "binary", maq_scenario_binary(start->node));
	if (version)
		maq_hid_put(builder, "version", version);
	if (maq_hid_bool(details, "ids", false))
		maq_hid_put_u64(builder, "id", start->id);
	if (start->state == START_INCOMPLETE)
		maq_hid_put(builder, "state", "incomplete");
	if (start->state == START_EXITED)
		maq_hid_put_format(builder, "exited", "%d", start->exit_code);
	if (start->skipped)
		maq_hid_put_u64(builder, "skipped_heartbeats", start->skipped);
	if (start->child && maq_hid_bool(details, "child_ram", false))
		put_child_ram(builder, start, maq_hid_bool(details, "donations", false));
	if (start->child && maq_hid_bool(details, "child_caps", false))
		put_child_caps(builder, start, maq_hid_bool(details, "donations", false));
	if (start->child && maq_hid_bool(details, "requested", false))
		put_sessions(builder, start, details, false);
	if (start->child && maq_hid_bool(details, "provided", false))
		put_sessions(builder, start, details, true);
	maq_hid_end(builder);
}

char *report_text(Init *init, const MaqHidNode *details)
{
	MaqHidBuilder *builder = maq_hid_builder_new("state");
	const char *version = maq_hid_attr(init->config, "version");

	if (version)
		maq_hid_put(builder, "version", version);
	if (maq_hid_bool(details, "init_ram", false)) {
		maq_hid_begin(builder, "ram", NULL);
		put_bytes(builder, "quota", init->total_ram);
		put_bytes(builder, "used", init->total_ram - (guint64)init->ram);
		put_bytes(builder, "avail", (guint64)MAX(init->ram, 0));
		maq_hid_end(builder);
	}
	if (maq_hid_bool(details, "host", false)) {
		maq_hid_begin(builder, "host", NULL);
		maq_hid_put(builder, "quotas", init->quotas);
		maq_hid_put(builder, "confinement", init->confinement);
		maq_hid_end(builder);
	}
	if (maq_hid_bool(details, "init_caps", false)) {
		maq_hid_begin(builder, "caps", NULL);
		maq_hid_put_u64(builder, "quota", init->total_caps);
		maq_hid_put_u64(
			builder, "used", (guint64)(init->total_caps - init->caps));
		maq_hid_put_u64(builder, "avail", (guint64)MAX(init->caps, 0));
		maq_hid_end(builder);
	}
	for (guint i = 0; i < init->starts->len; i++)
		put_child(builder, init->starts->pdata[i], details);
	return maq_hid_builder_finish(builder);
}

/* ---- sending ---- */

static void send_now(void *data);

static void upgraded(void *data, int status)
{
	Report *report = data;

	report->sending = false;
	if (status == MAQ_OK)
		report_changed(report);
	else if (status != MAQ_GONE)
		g_warning("the state report is larger than our quota allows");
}

static void sent(void *data, MaqReportError status)
{
	Report *report = data;

	if (status == MAQ_REPORT_OUT_OF_RAM) {
		maq_upgrade_async(report->init->env, maq_report_session(report->session),
			report->size, 0, upgraded, report);
		return;
	}
	report->sending = false;
	if (status != MAQ_REPORT_OK && status != MAQ_REPORT_GONE)
		g_warning("the state report was refused: outcome %d", (int)status);
	if (report->dirty)
		report_changed(report);
}

static void lost(void *data)
{
	Report *report = data;

	/* the reader is started again: so is the report */
	maq_report_close(g_steal_pointer(&report->session));
	report->sending = false;
	report_changed(report);
}

static void opened(void *data, int status, MaqSession *session)
{
	Report *report = data;

	(void)status;
	report->opening = false;
	if (!session) {
		maq_log(report->init->env, "Warning: no session for the state report");
		return;
	}
	report->session = (MaqReport *)session;
	maq_session_on_lost(session, lost, report);
	send_now(report);
}

static void open_session(Report *report)
{
	if (report->opening)
		return;
	report->opening = true;
	/* never waiting: who reads it may be started after us */
	maq_open_async(report->init->env, &maq_report_interface, "state", NULL, 0, opened,
		report);
}

static void submit(Report *report, const char *text)
{
	gsize size = strlen(text);
	g_autoptr(GError) error = NULL;

	report->sending = true;
	report->size = size;
	report->dirty = false;
	if (size <= SHORT_MAX) {
		maq_report_submit_async(report->session, text, size, sent, report);
		return;
	}
	maq_autofd int content = maq_dataspace_new_constant("state", text, size, &error);
	if (content < 0) {
		report->sending = false;
		g_warning("state report: %s", error->message);
		return;
	}
	maq_report_submit_large_async(report->session, size, content, sent, report);
}

static void send_now(void *data)
{
	Report *report = data;
	const MaqHidNode *details = maq_hid_first(report->init->config, "report");

	report->delay = NULL;
	if (!details)
		return;
	if (!report->session) {
		open_session(report);
		return;
	}
	g_autofree char *text = report_text(report->init, details);
	submit(report, text);
}

void report_changed(Report *report)
{
	const MaqHidNode *details = maq_hid_first(report->init->config, "report");
	MaqEnv *env = report->init->env;

	if (!details || report->delay)
		return;
	if (report->sending) {
		report->dirty = true;
		return;
	}
	guint64 delay = maq_hid_u64(details, "delay_ms", DEFAULT_MS);
	report->delay = maq_loop_at(maq_env_loop(env),
		maq_env_binding(env)->now() + delay * NS_PER_MS, send_now, report);
}

void report_configure(Report *report)
{
	/* a shorter delay counts at once */
	maq_timeout_cancel(g_steal_pointer(&report->delay));
	report_changed(report);
}

Report *report_new(Init *init)
{
	Report *report = g_new0(Report, 1);

	report->init = init;
	return report;
}

void report_free(Report *report)
{
	maq_timeout_cancel(report->delay);
	g_free(report);
}
