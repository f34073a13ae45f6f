// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * launcher - starts and stops what a list offers, through an init's configuration
 *
 * Requires  Framebuffer, Input  where it is seen, typed and clicked into
 *           Report config       the configuration of the init that starts it
 *           ROM state           that init's state report, if there is a route
 *           ROM config, LOG
 * Config    README.md, config.hsd; changes are followed
 */
#include "draw.h"

#include <maq/component.h>
#include <maq/display.h>
#include <maq/memory.h>
#include <maq/report.h>
#include <maq/rom.h>

#include <linux/input-event-codes.h>
#include <string.h>

#define REPORT_MAX 16000 /* bytes of a short one */
#define FILTER_MAX 100   /* likewise */

typedef struct {
	MaqEnv *env;
	MaqScreen *screen; /* closed with env */
	MaqEvents *events; /* likewise */
	MaqReport *report;
	MaqRom *state; /* NULL: not known */
	Fonts fonts;
	Entries entries;
	MaqHidDocument *config; /* owned: a copy, to which the entries refer */
	char *reported;         /* owned: the last configuration */
	guint first;            /* entry at the top */
	bool focused, scheduled;
	bool in_flight, again; /* a report is not answered; there is a newer one */
	guint64 input_seq;
} Launcher;

/* ---- drawing ---- */

static void draw(void *data)
{
	Launcher *self = data;
	MaqBuffer buffer;

	self->scheduled = false;
	if (!maq_screen_begin(self->screen, &buffer))
		return; /* ready calls again */
	g_autoptr(MaqCanvas) canvas = maq_canvas_new(
		buffer.pixels, buffer.width, buffer.height, (int)buffer.stride);
	draw_launcher(canvas, &self->fonts, &self->entries, &self->first, self->focused);
	maq_screen_commit(self->screen, NULL, 0, self->input_seq);
}

static void schedule(void *data)
{
	Launcher *self = data;

	if (!self->scheduled)
		maq_loop_defer(maq_env_loop(self->env), draw, self);
	self->scheduled = true;
}

/* ---- the configuration that is reported ---- */

static void submit(Launcher *self);

static void submitted(void *data, MaqReportError status)
{
	Launcher *self = data;

	self->in_flight = false;
	if (status != MAQ_REPORT_OK)
		maq_log(self->env, "the configuration is not taken: %s",
			maq_status_text((int)status));
	if (self->again)
		submit(self);
}

static void submit(Launcher *self)
{
	gsize size = strlen(self->reported);

	self->again = self->in_flight;
	if (self->in_flight)
		return;
	self->in_flight = true;
	if (size <= REPORT_MAX) {
		maq_report_submit_async(
			self->report, self->reported, size, submitted, self);
		return;
	}
	maq_autofd int content =
		maq_dataspace_new_constant("config", self->reported, size, NULL);
	if (content < 0)
		self->in_flight = false;
	else
		maq_report_submit_large_async(
			self->report, size, content, submitted, self);
}

static void configure_init(Launcher *self)
{
	char *text = entries_config(
		&self->entries, self->config ? maq_hid_root(self->config) : NULL);

	if (!g_strcmp0(text, self->reported)) {
		g_free(text);
		return;
	}
	g_free(self->reported);
	self->reported = text;
	submit(self);
}

static void set_wanted(Launcher *self, Entry *entry, bool wanted)
{
	if (!entry || (!wanted && !entry->wanted))
		return;
	if (wanted)
		entry_start(entry);
	else
		entry_stop(entry);
	maq_log(self->env, "%s %s", wanted ? "start" : "stop", entry->name);
	configure_init(self);
}

static void toggle(Launcher *self)
{
	Entry *entry = entries_selected(&self->entries);

	if (entry)
		set_wanted(self, entry, !entry->wanted || entry->state == ENTRY_EXITED);
}

/* ---- what changes ---- */

static void state_changed(void *data)
{
	Launcher *self = data;
	g_autoptr(GBytes) text = maq_rom_text(self->state);
	g_autoptr(MaqHidDocument) document =
		text ? maq_hid_parse(g_bytes_get_data(text, NULL),
			       (gssize)g_bytes_get_size(text), "state", MAQ_HID_LENIENT,
			       NULL)
		     : NULL;

	if (!document)
		return;
	entries_read_state(&self->entries, maq_hid_root(document));
	schedule(self);
}

/* maq_config() is valid until the next change only, so a copy is kept. */
static void config_changed(void *data)
{
	Launcher *self = data;
	const MaqHidNode *config = maq_config(self->env);
	g_autofree char *text =
		config ? maq_hid_to_text(config, NULL) : g_strdup("config\n-\n");
	MaqHidDocument *copy = maq_hid_parse(text, -1, "config", MAQ_HID_LENIENT, NULL);

	if (!copy)
		return;
	entries_read(&self->entries, maq_hid_root(copy));
	maq_hid_free(self->config);
	self->config = copy;
	configure_init(self);
	schedule(self);
}

/* ---- keys and mouse ---- */

static void type(Launcher *self, guint32 codepoint)
{
	g_autoptr(GString) text = g_string_new(self->entries.filter->str);

	if (!g_unichar_isprint(codepoint) || text->len >= FILTER_MAX)
		return;
	g_string_append_unichar(text, codepoint);
	entries_filter(&self->entries, text->str);
}

static void erase_last(Launcher *self)
{
	g_autofree char *text = g_strdup(self->entries.filter->str);
	char *last = g_utf8_find_prev_char(text, text + strlen(text));

	if (last)
		*last = '\0';
	entries_filter(&self->entries, text);
}

static void key(Launcher *self, const MaqInputEvent *event)
{
	switch (event->code) {
	case KEY_UP:
		entries_select(&self->entries, -1);
		break;
	case KEY_DOWN:
	case KEY_TAB:
		entries_select(&self->entries, 1);
		break;
	case KEY_ENTER:
	case KEY_KPENTER:
		toggle(self);
		break;
	case KEY_DELETE:
		set_wanted(self, entries_selected(&self->entries), false);
		break;
	case KEY_ESC:
		entries_filter(&self->entries, "");
		break;
	case KEY_BACKSPACE:
		erase_last(self);
		break;
	default:
		if (event->codepoint >= ' ')
			type(self, event->codepoint);
	}
}

/* The first click selects, one on what is selected starts or stops it. */
static void click(Launcher *self, int y)
{
	guint at = draw_entry_at(&self->fonts, self->first, y);

	if (at >= self->entries.shown->len)
		return;
	if (at == self->entries.selected)
		toggle(self);
	self->entries.selected = at;
}

static void event_arrived(void *data, const MaqInputEvent *event)
{
	Launcher *self = data;
	bool pressed = event->type == MAQ_INPUT_TYPE_PRESS;

	if (pressed && event->code == BTN_LEFT)
		click(self, event->y);
	else if ((pressed || event->type == MAQ_INPUT_TYPE_REPEAT) &&
		 (event->code < BTN_MISC || event->code >= KEY_OK))
		key(self, event);
	else if (event->type == MAQ_INPUT_TYPE_FOCUS_ENTER)
		self->focused = true;
	else if (event->type == MAQ_INPUT_TYPE_FOCUS_LEAVE ||
		 event->type == MAQ_INPUT_TYPE_SNAPSHOT)
		self->focused = false;
	else
		return;
	self->input_seq = event->sequence;
	schedule(self);
}

/* ---- start ---- */

static void display_lost(void *data)
{
	maq_log(data, "the display has gone, and does not come back");
	maq_exit(data, 1);
}

static void launcher_free(gpointer data)
{
	Launcher *self = data;

	entries_fini(&self->entries);
	maq_hid_free(self->config);
	fonts_fini(&self->fonts);
	g_free(self->reported);
	g_free(self);
}

static bool open_sessions(Launcher *self, GError **error)
{
	self->report = maq_report_open(self->env, "config", error);
	self->screen =
		self->report ? maq_screen_open(self->env, "", 0, 0, schedule, self, error)
			     : NULL;
	if (!self->screen)
		return false;
	self->events = maq_events_open(self->env, "", event_arrived, self, error);
	if (!self->events)
		return false;
	maq_screen_on_lost(self->screen, display_lost, self->env);
	MaqHints hints = {0};
	draw_least(&self->fonts, &hints.min_width, &hints.min_height);
	maq_screen_set_hints(self->screen, &hints, false, "");
	self->state = maq_rom_open(self->env, "state", NULL);
	if (self->state)
		maq_rom_on_changed(self->state, state_changed, self);
	return true;
}

static bool launcher_start(MaqEnv *env, GError **error)
{
	Launcher *self = g_new0(Launcher, 1);

	maq_env_own_by(env, self, launcher_free);
	self->env = env;
	entries_init(&self->entries);
	if (!fonts_init(
		    &self->fonts, maq_config_string(env, "font", "sans-serif"), error) ||
		!open_sessions(self, error))
		return false;
	maq_config_on_changed(env, config_changed, self);
	config_changed(self);
	if (self->state)
		state_changed(self);
	return true;
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, launcher_start);
}
