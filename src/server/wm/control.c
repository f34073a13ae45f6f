// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * control - sessions of Wm: actions, state, events
 */
#include "wm.h"

#include <maq/memory.h>
#include <maq/wm.h>

#include <string.h>

#define EVENTS   512   /* lines that are kept */
#define TEXT_MAX 16000 /* bytes of an answer */

struct Control {
	Wm *wm;              /* borrowed */
	GPtrArray *clients;  /* owned, of Client */
	char *lines[EVENTS]; /* owned */
	guint64 end;         /* number that the next event will have */
	guint64 reads;       /* of events, by anyone */
	GString *answer;     /* owned: what the last call gave */
};

typedef struct {
	Control *control; /* borrowed */
	MaqPeer *peer;    /* borrowed */
	bool told;        /* since it last read */
} Client;

/* ---- events ---- */

void control_tell_once(Wm *wm, guint64 *told, const char *what, const char *about)
{
	Control *control = wm->control;

	if (!control || *told == control->reads)
		return;
	*told = control->reads;
	control_tell(wm, "%s%s%s", what, *about ? " " : "", about);
}

void control_tell(Wm *wm, const char *format, ...)
{
	Control *control = wm->control;
	va_list arguments;

	if (!control)
		return;
	char **line = &control->lines[control->end++ % EVENTS];
	g_free(*line);
	va_start(arguments, format);
	*line = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	for (guint i = 0; i < control->clients->len; i++) {
		Client *client = control->clients->pdata[i];

		if (!client->told)
			maq_wm_signal_happened(client->peer);
		client->told = true;
	}
}

static MaqWmError events(void *self, guint64 from, guint64 *next, guint64 *end,
	const void **text, gsize *text_size)
{
	Client *client = self;
	Control *control = client->control;
	guint64 oldest = control->end > EVENTS ? control->end - EVENTS : 0;

	g_string_truncate(control->answer, 0);
	for (from = CLAMP(from, oldest, control->end); from < control->end; from++) {
		const char *line = control->lines[from % EVENTS];

		if (control->answer->len + strlen(line) + 1 > TEXT_MAX)
			break;
		g_string_append_printf(control->answer, "%s\n", line);
	}
	client->told = from < control->end;
	control->reads++;
	*next = from;
	*end = control->end;
	*text = control->answer->str;
	*text_size = control->answer->len;
	return MAQ_WM_OK;
}

/* ---- state ---- */

static const char *label_of(void *data, ClientId client)
{
	const Tile *tile = tile_by_id(data, client);

	return tile ? tile->label : "";
}

static void put_if(MaqHidBuilder *out, const char *tag, bool value)
{
	if (value)
		maq_hid_put_bool(out, tag, true);
}

static void put_picture(const Tile *tile, MaqHidBuilder *out)
{
	Area seen = tile_seen(tile);

	if (!seen.width)
		return;
	maq_hid_put_format(
		out, "picture", "%d %d %d %d", seen.x, seen.y, seen.width, seen.height);
	if (seen.width != tile->picture.width || seen.height != tile->picture.height)
		maq_hid_put_format(out, "beyond", "%d %d %d %d", tile->pan_x, tile->pan_y,
			tile->picture.width, tile->picture.height);
}

static void describe(void *data, ClientId client, MaqHidBuilder *out)
{
	Wm *wm = data;
	const Tile *tile = tile_by_id(wm, client);

	put_if(out, "input", tile->seat != NULL);
	put_if(out, "focused", tile == wm->focused);
	put_if(out, "urgent", tile->urgent);
	put_if(out, "tagged", layout_tagged(wm->layout, client));
	put_if(out, "broadcast", tile->broadcast);
	put_if(out, "frozen", tile->frozen != NULL);
	put_if(out, "mirror", tile->source != NULL);
	put_picture(tile, out);
	maq_hid_put_format(out, "color", "%06x", wm->theme.labels[tile->color]);
	put_if(out, "asked_to_close", tile->asked);
	if (tile->usage)
		maq_hid_put(out, "usage", tile->usage);
	if (tile->title)
		maq_hid_put(out, "title", tile->title);
}

static const char *zoom_name(const Wm *wm)
{
	static const char *const names[] = {"none", "frame", "full"};

	return names[layout_zoomed(wm->layout)];
}

static void put_docks(const Wm *wm, MaqHidBuilder *out)
{
	for (guint i = 0; i < wm->places->len; i++) {
		const Place *place = &g_array_index(wm->places, Place, i);

		if (place->kind != PLACE_DOCK)
			continue;
		maq_hid_begin(out, "dock", label_of((void *)wm, place->client));
		maq_hid_put_format(out, "x", "%d", place->area.x);
		maq_hid_put_format(out, "y", "%d", place->area.y);
		maq_hid_put_format(out, "width", "%d", place->area.width);
		maq_hid_put_format(out, "height", "%d", place->area.height);
		describe((void *)wm, place->client, out);
		maq_hid_end(out);
	}
}

char *control_state(const Wm *wm)
{
	MaqHidBuilder *out = maq_hid_builder_new("wm");
	PlanClients clients = {label_of, describe, tile_is_present, true, (void *)wm};

	maq_hid_put(out, "workspace", layout_workspace_name(wm->layout));
	maq_hid_put(out, "focused", wm->focused ? wm->focused->label : "");
	put_if(out, "saved", saving_is_done(wm));
	maq_hid_put(out, "mode", wm->mode);
	maq_hid_put(out, "zoom", zoom_name(wm));
	maq_hid_put(out, "theme", wm->theme.name);
	maq_hid_put_format(out, "bar", "%d", bar_height(wm));
	maq_hid_put_format(out, "gap", "%d", wm->settings.gap);
	for (guint i = 0; i < wm->n_heads; i++)
		put_if(out, "scan_out",
			wm->heads[i]->scanning && i == layout_output(wm->layout));
	put_if(out, "help", wm->help);
	put_if(out, "xray", wm->xray);
	if (prompt_shown(&wm->prompt)) {
		maq_hid_put(out, "prompt", wm->prompt.command);
		maq_hid_put(out, "typed", wm->prompt.text->str);
	}
	if (wm->notice)
		maq_hid_put(out, "notice", wm->notice);
	put_docks(wm, out);
	plan_write(wm->layout, out, &clients);
	return maq_hid_builder_finish(out);
}

static MaqWmError give(char *text, guint64 *size, int *content)
{
	g_autofree char *owned = text;
	g_autoptr(GError) error = NULL;

	*size = strlen(owned);
	*content = maq_dataspace_new_constant("wm", owned, *size, &error);
	return *content < 0 ? MAQ_WM_FAILED : MAQ_WM_OK;
}

static MaqWmError state(void *self, guint64 *size, int *content)
{
	return give(control_state(((Client *)self)->control->wm), size, content);
}

static void put_keys(const Wm *wm, MaqHidBuilder *out)
{
	for (guint i = 0; i < keymap_size(wm->keymap); i++) {
		const Binding *binding = keymap_at(wm->keymap, i);

		if (keymap_find(wm->keymap, binding->mode, binding->code,
			    binding->modifiers) != binding)
			continue;
		maq_hid_begin(out, "key", binding->keys);
		maq_hid_put(out, "mode", binding->mode);
		maq_hid_put(out, "run", binding->command);
		maq_hid_end(out);
	}
}

static MaqWmError list_actions(void *self, guint64 *size, int *content)
{
	const Wm *wm = ((Client *)self)->control->wm;
	MaqHidBuilder *out = maq_hid_builder_new("actions");

	for (guint i = 0; i < n_actions; i++) {
		maq_hid_begin(out, "action", actions[i].name);
		if (*actions[i].arguments)
			maq_hid_put(out, "arguments", actions[i].arguments);
		maq_hid_put(out, "help", actions[i].help);
		maq_hid_end(out);
	}
	put_keys(wm, out);
	return give(maq_hid_builder_finish(out), size, content);
}

/* ---- run ---- */

static MaqWmError run(void *self, const char *line, bool *done, const char **message)
{
	Control *control = ((Client *)self)->control;
	g_autofree char *problem = actions_run(control->wm, line);
	g_autofree char *valid = g_utf8_make_valid(problem ? problem : "", -1);

	g_string_assign(control->answer, valid);
	g_string_truncate(control->answer, MIN(control->answer->len, 400));
	*done = !problem;
	*message = control->answer->str;
	return MAQ_WM_OK;
}

/* ---- sessions ---- */

static MaqStatus client_open(void *self, MaqPeer *peer, void **made)
{
	Control *control = self;
	Client *client = g_new(Client, 1);

	*client = (Client){control, peer, false};
	g_ptr_array_add(control->clients, client);
	*made = client;
	return MAQ_OK;
}

static void client_close(void *self)
{
	Client *client = self;

	g_ptr_array_remove(client->control->clients, client);
	g_free(client);
}

static const MaqWmService wm_service = {
	.ops = {.run = run, .state = state, .actions = list_actions, .events = events},
	.open = client_open,
	.close = client_close,
};

Control *control_provide(Wm *wm)
{
	Control *control = g_new0(Control, 1);

	control->wm = wm;
	control->clients = g_ptr_array_new();
	control->reads = 1;
	control->answer = g_string_new(NULL);
	maq_env_own(wm->env, control);
	/* a scenario need not have it: nobody scripts it then, that is all */
	maq_wm_provide(wm->env, &wm_service, control, NULL);
	return control;
}
