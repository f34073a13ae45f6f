// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * client - a component's clipboard: a Report and a ROM session, either of which may lack
 */
#include <maq/clipboard.h>
#include <maq/component.h>
#include <maq/memory.h>
#include <maq/report.h>
#include <maq/rom.h>

#include <string.h>

#define LABEL      "clipboard"
#define REPORT_MAX 16000      /* bytes of a short one */
#define PAUSE_NS   100000000u /* until a server that has gone may be back */
#define TRIES      100

/* One of the two sessions. */
typedef struct {
	MaqClipboard *clipboard; /* borrowed */
	const MaqInterface *interface;
	void (*opened)(MaqClipboard *clipboard, MaqSession *session);
	unsigned tries; /* left; 0 at first: a session that never was is not missed */
} Way;

struct MaqClipboard {
	MaqEnv *env;        /* borrowed */
	char *text;         /* owned */
	bool own;           /* it was copied here: another's is not for us to tell */
	MaqHandler changed; /* NULL: nobody asks */
	void *data;
	Way report_way, rom_way;
	MaqReport *report;        /* owned by env; NULL: none */
	MaqRom *rom;              /* likewise */
	bool in_flight;           /* a report is not answered yet */
	bool again;               /* there is a newer one */
	bool reading, read_again; /* likewise */
	bool fresh;               /* a session that has not told anything yet */
};

/* ---- copying ---- */

static void submit(MaqClipboard *clipboard);

static void submitted(void *data, MaqReportError status)
{
	MaqClipboard *clipboard = data;

	clipboard->in_flight = false;
	if (status != MAQ_REPORT_OK && clipboard->report)
		maq_log(clipboard->env, "the clipboard does not take the text: %s",
			status == MAQ_REPORT_TOO_LARGE ? "too large"
						       : maq_status_text((int)status));
	if (clipboard->again)
		submit(clipboard);
}

static void submit(MaqClipboard *clipboard)
{
	gsize size;

	clipboard->again = clipboard->in_flight;
	if (!clipboard->report || clipboard->in_flight)
		return;
	g_autofree char *node = maq_clipboard_encode(clipboard->text, &size);
	if (!node)
		return; /* never: what is longer is not taken */
	clipboard->in_flight = true;
	if (size <= REPORT_MAX) {
		maq_report_submit_async(
			clipboard->report, node, size, submitted, clipboard);
		return;
	}
	maq_autofd int content = maq_dataspace_new_constant(LABEL, node, size, NULL);
	if (content < 0)
		clipboard->in_flight = false;
	else
		maq_report_submit_large_async(
			clipboard->report, size, content, submitted, clipboard);
}

bool maq_clipboard_set(MaqClipboard *clipboard, const char *text)
{
	g_autofree char *node = maq_clipboard_encode(text, NULL);

	if (!node)
		return false;
	g_free(clipboard->text);
	clipboard->text = maq_clipboard_decode(node, strlen(node));
	clipboard->own = true;
	submit(clipboard);
	return true;
}

const char *maq_clipboard_text(const MaqClipboard *clipboard)
{
	return clipboard->text;
}

/* ---- what others have copied ---- */

static void read_rom(void *data);

static void take(MaqClipboard *clipboard, const char *node, gsize size)
{
	char *text = maq_clipboard_decode(node, size);

	bool nothing = !text || (!*text && clipboard->fresh); /* it has begun anew */

	clipboard->fresh = false;
	if (nothing || !strcmp(text, clipboard->text)) {
		g_free(text);
		return;
	}
	g_free(clipboard->text);
	clipboard->text = text;
	clipboard->own = false;
	if (clipboard->changed)
		clipboard->changed(clipboard->data);
}

static void updated(void *data, MaqRomError status, guint64 size, int content)
{
	MaqClipboard *clipboard = data;
	gsize mapped = 0;

	clipboard->reading = false;
	const char *node =
		status == MAQ_ROM_OK ? maq_map(content, false, &mapped, NULL) : NULL;
	/* while an own text is under way, what is there is older */
	if (node && size <= mapped && !clipboard->in_flight)
		take(clipboard, node, (gsize)size);
	maq_unmap(node, mapped);
	if (clipboard->read_again)
		read_rom(clipboard);
}

static void read_rom(void *data)
{
	MaqClipboard *clipboard = data;

	clipboard->read_again = clipboard->reading;
	if (!clipboard->rom || clipboard->reading)
		return;
	clipboard->reading = true;
	maq_rom_update_async(clipboard->rom, updated, clipboard);
}

/* ---- sessions ---- */

static void try_it(void *data);

static void wait_a_while(Way *way)
{
	MaqEnv *env = way->clipboard->env;

	if (!way->tries)
		return;
	way->tries--;
	maq_loop_at(
		maq_env_loop(env), maq_env_binding(env)->now() + PAUSE_NS, try_it, way);
}

static void opened(void *data, int status, MaqSession *session)
{
	Way *way = data;

	(void)status; /* no route, no clipboard but one's own */
	if (session)
		way->opened(way->clipboard, session);
	else
		wait_a_while(way);
}

static void try_it(void *data)
{
	Way *way = data;

	maq_open_async(way->clipboard->env, way->interface, LABEL, NULL, 0, opened, way);
}

static void report_lost(void *data)
{
	MaqClipboard *clipboard = data;

	maq_report_close(g_steal_pointer(&clipboard->report));
	clipboard->report_way.tries = TRIES;
	wait_a_while(&clipboard->report_way);
}

static void report_opened(MaqClipboard *clipboard, MaqSession *session)
{
	clipboard->report = (MaqReport *)session;
	clipboard->report_way.tries = 0;
	maq_session_on_lost(session, report_lost, clipboard);
	if (clipboard->own)
		submit(clipboard);
}

static void rom_lost(void *data)
{
	MaqClipboard *clipboard = data;

	maq_rom_close(g_steal_pointer(&clipboard->rom));
	clipboard->rom_way.tries = TRIES;
	wait_a_while(&clipboard->rom_way);
}

static void rom_opened(MaqClipboard *clipboard, MaqSession *session)
{
	clipboard->rom = (MaqRom *)session;
	clipboard->rom_way.tries = 0;
	clipboard->fresh = true;
	maq_session_on_lost(session, rom_lost, clipboard);
	maq_rom_on_changed(clipboard->rom, read_rom, clipboard);
	read_rom(clipboard);
}

static void clipboard_free(gpointer data)
{
	MaqClipboard *clipboard = data;

	g_free(clipboard->text);
	g_free(clipboard);
}

MaqClipboard *maq_clipboard_new(MaqEnv *env, MaqHandler changed, void *data)
{
	MaqClipboard *clipboard = g_new0(MaqClipboard, 1);

	maq_env_own_by(env, clipboard, clipboard_free);
	clipboard->env = env;
	clipboard->text = g_strdup("");
	clipboard->changed = changed;
	clipboard->data = data;
	clipboard->report_way = (Way){clipboard, &maq_report_interface, report_opened, 0};
	clipboard->rom_way = (Way){clipboard, &maq_rom_interface, rom_opened, 0};
	try_it(&clipboard->report_way);
	try_it(&clipboard->rom_way);
	return clipboard;
}
