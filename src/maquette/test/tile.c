// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * tile - waits for a component's tile, by the state of the window manager
 */
#include "tile.h"

#include "../command.h"

#include <maq/memory.h>
#include <maq/wm.h>

#include <stdio.h>
#include <string.h>

#define NS_PER_S 1000000000ull

typedef struct {
	Remote *remote; /* borrowed */
	MaqWm *wm;      /* owned by the remote's env */
	const char *label;
	bool input;   /* it has to hear of keys, too */
	guint64 next; /* event */
} Tile;

static void end(Tile *tile, int code)
{
	maq_loop_quit(maq_env_loop(tile->remote->env), code);
}

static bool is_shown(const MaqHidNode *node, const char *label, bool input)
{
	const char *type = maq_hid_type(node);

	if ((!strcmp(type, "client") || !strcmp(type, "float") ||
		    !strcmp(type, "dock")) &&
		!g_strcmp0(maq_hid_name(node), label) &&
		!maq_hid_bool(node, "absent", false) &&
		(!input || maq_hid_bool(node, "input", false)))
		return true;
	for (node = maq_hid_first(node, NULL); node; node = maq_hid_next(node, NULL))
		if (is_shown(node, label, input))
			return true;
	return false;
}

static MaqHidDocument *read_state(MaqWm *wm)
{
	maq_autofd int content = -1;
	guint64 size = 0;
	gsize mapped = 0;

	if (maq_wm_state(wm, &size, &content) != MAQ_WM_OK)
		return NULL; /* it is lost, and that is told */
	const char *text = maq_map(content, false, &mapped, NULL);
	MaqHidDocument *state = text && size <= mapped
					? maq_hid_parse(text, (gssize)size, "state",
						  MAQ_HID_LENIENT, NULL)
					: NULL;
	maq_unmap(text, mapped);
	return state;
}

static void look(Tile *tile)
{
	g_autoptr(MaqHidDocument) state = read_state(tile->wm);

	if (state && is_shown(maq_hid_root(state), tile->label, tile->input))
		end(tile, EXIT_WELL);
}

/* Events are told anew once they are read. */
static void happened(void *data)
{
	Tile *tile = data;
	guint64 last = G_MAXUINT64;
	const void *text;
	gsize size;

	while (tile->next < last)
		if (maq_wm_events(tile->wm, tile->next, &tile->next, &last, &text,
			    &size) != MAQ_WM_OK)
			return;
	look(tile);
}

static void lost(void *data)
{
	fprintf(stderr, "the window manager has gone\n");
	end(data, EXIT_SCENARIO);
}

static void time_over(void *data)
{
	const Tile *tile = data;

	fprintf(stderr, "there has been no tile of this label%s\n",
		tile->input ? " with an Input session" : "");
	end(data, EXIT_SCENARIO);
}

int tile_await(Remote *remote, const char *label, bool input, gint64 seconds)
{
	g_autoptr(GError) error = NULL;
	Tile tile = {.remote = remote, .label = label, .input = input};
	MaqLoop *loop = maq_env_loop(remote->env);
	int channel = remote_session(remote, &maq_wm_interface, &error);

	if (channel < 0) {
		fprintf(stderr, "%s\n", error->message);
		return EXIT_SCENARIO;
	}
	tile.wm = maq_wm_attach(remote->env, channel);
	maq_wm_on_happened(tile.wm, happened, &tile);
	maq_session_on_lost(maq_wm_session(tile.wm), lost, &tile);
	maq_loop_at(loop,
		maq_env_binding(remote->env)->now() + (guint64)MAX(seconds, 1) * NS_PER_S,
		time_over, &tile);
	happened(&tile);
	return maq_loop_run(loop);
}

static void collect(const MaqHidNode *node, GPtrArray *labels)
{
	const char *label = maq_hid_name(node);

	if (!strcmp(maq_hid_type(node), "client") && label &&
		!maq_hid_bool(node, "absent", false))
		g_ptr_array_add(labels, g_strdup(label));
	for (node = maq_hid_first(node, NULL); node; node = maq_hid_next(node, NULL))
		collect(node, labels);
}

static MaqHidDocument *state_of(Remote *remote, GError **error)
{
	int channel = remote_session(remote, &maq_wm_interface, error);

	return channel < 0 ? NULL : read_state(maq_wm_attach(remote->env, channel));
}

GPtrArray *tile_labels(Remote *remote)
{
	GPtrArray *labels = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(MaqHidDocument) state = state_of(remote, NULL);

	if (state)
		collect(maq_hid_root(state), labels);
	return labels;
}

static const MaqHidNode *find(const MaqHidNode *node, const char *label)
{
	const MaqHidNode *found = NULL;

	if (maq_hid_attr(node, "picture") && !g_strcmp0(maq_hid_name(node), label))
		return node;
	for (node = maq_hid_first(node, NULL); node && !found;
		node = maq_hid_next(node, NULL))
		found = find(node, label);
	return found;
}

bool tile_picture(Remote *remote, const char *label, guint32 place[4], GError **error)
{
	g_autoptr(MaqHidDocument) state = state_of(remote, error);
	const MaqHidNode *node = state ? find(maq_hid_root(state), label) : NULL;
	g_auto(GStrv) numbers = g_strsplit(maq_hid_string(node, "picture", ""), " ", -1);

	if (node && g_strv_length(numbers) == 4) {
		for (int i = 0; i < 4; i++)
			place[i] = (guint32)g_ascii_strtoull(numbers[i], NULL, 10);
		return true;
	}
	if (!error || !*error)
		g_set_error(error, MAQ_ERROR, MAQ_INVALID,
			"no tile of the label \"%s\" can be seen now; maquette wm \"go "
			"%s\" "
			"brings one to the front, maquette wm state names them",
			label, label);
	return false;
}
