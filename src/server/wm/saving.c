// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * saving - the layout as Report `layout`, and at the start from ROM `layout`
 *
 * With report_rom between them, the layout survives the window manager. A report is
 * given when it differs from the last one, and never waited for.
 */
#include "wm.h"

#include <maq/memory.h>
#include <maq/report.h>
#include <maq/rom.h>

#include <string.h>

#define REPORT_MAX 16000 /* bytes of a short one */

struct Saving {
	Wm *wm;            /* borrowed */
	MaqReport *report; /* owned by env; NULL: none */
	char *last;        /* owned: as it was arranged last */
	bool scheduled;
	bool in_flight; /* the last report is not answered yet */
	bool again;     /* there is a newer one */
};

static const char *label_of(void *data, ClientId client)
{
	const Tile *tile = tile_by_id(data, client);

	return tile ? tile->label : "";
}

static void describe(void *data, ClientId client, MaqHidBuilder *out)
{
	Wm *wm = data;
	const Tile *tile = tile_by_id(wm, client);

	if (tile->urgent)
		maq_hid_put_bool(out, "urgent", true);
	if (tile == wm->focused)
		maq_hid_put_bool(out, "focused", true);
}

static char *layout_text(Wm *wm)
{
	MaqHidBuilder *out = maq_hid_builder_new("layout");
	PlanClients clients = {label_of, describe, tile_is_present, false, wm};

	maq_hid_put(out, "mode", wm->mode);
	maq_hid_put(out, "theme", wm->theme.name);
	plan_write(wm->layout, out, &clients);
	return maq_hid_builder_finish(out);
}

/* ---- reports ---- */

static void submit(Saving *saving);

static void submitted(void *data, MaqReportError status)
{
	Saving *saving = data;

	saving->in_flight = false;
	if (status == MAQ_REPORT_OK && saving->again)
		submit(saving);
	else if (status == MAQ_REPORT_OK)
		control_tell(saving->wm, "saved");
}

static void submit(Saving *saving)
{
	gsize size = strlen(saving->last);

	saving->again = saving->in_flight;
	if (!saving->report || saving->in_flight)
		return;
	saving->in_flight = true;
	if (size <= REPORT_MAX) {
		maq_report_submit_async(
			saving->report, saving->last, size, submitted, saving);
		return;
	}
	maq_autofd int content =
		maq_dataspace_new_constant("layout", saving->last, size, NULL);
	if (content < 0)
		saving->in_flight = false;
	else
		maq_report_submit_large_async(
			saving->report, size, content, submitted, saving);
}

static void compare(void *data)
{
	Saving *saving = data;
	char *text = layout_text(saving->wm);

	saving->scheduled = false;
	if (!g_strcmp0(text, saving->last)) {
		g_free(text);
		return;
	}
	g_free(saving->last);
	saving->last = text;
	submit(saving);
}

void saving_changed(Wm *wm)
{
	Saving *saving = wm->saving;

	if (!saving || saving->scheduled)
		return;
	saving->scheduled = true;
	maq_loop_defer(maq_env_loop(wm->env), compare, saving);
}

bool saving_is_done(const Wm *wm)
{
	const Saving *saving = wm->saving;

	return saving && saving->report && saving->last && !saving->scheduled &&
	       !saving->in_flight && !saving->again;
}

static void report_opened(void *data, int status, MaqSession *session)
{
	Saving *saving = data;

	if (!session) {
		maq_log(saving->wm->env, "the layout is not reported: %s",
			maq_status_text(status));
		return;
	}
	saving->report = (MaqReport *)session;
	if (saving->last)
		submit(saving);
}

Saving *saving_new(Wm *wm)
{
	Saving *saving = g_new0(Saving, 1);

	saving->wm = wm;
	maq_env_own(wm->env, saving);
	if (maq_config_bool(wm->env, "report", false))
		maq_open_async(wm->env, &maq_report_interface, "layout", NULL, 0,
			report_opened, saving);
	return saving;
}

/* ---- restoring ---- */

static MaqHidDocument *read_saved(Wm *wm)
{
	g_autoptr(GError) error = NULL;
	MaqRom *rom = maq_rom_open(wm->env, "layout", &error);
	MaqHidDocument *document = NULL;

	if (!rom) {
		maq_log(wm->env, "no saved layout: %s", error->message);
		return NULL;
	}
	g_autoptr(GBytes) text = maq_rom_text(rom);
	if (text)
		document = maq_hid_parse(g_bytes_get_data(text, NULL),
			(gssize)g_bytes_get_size(text), "layout", MAQ_HID_LENIENT, NULL);
	maq_rom_close(rom);
	return document;
}

void saving_restore(Wm *wm)
{
	g_autoptr(MaqHidDocument) saved =
		maq_config_bool(wm->env, "restore", false) ? read_saved(wm) : NULL;
	const MaqHidNode *root = saved ? maq_hid_root(saved) : NULL;

	if (!maq_hid_first(root, "workspace"))
		root = maq_config(wm->env);
	plan_apply(wm->layout, root, wm->saved_wishes);
}
