// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * actions - the table of all that can be done: by keys, by the run prompt, by scripts
 * (run.c)
 *
 * Alternatives of an argument are separated by '/'; what is in capitals is to be filled
 * in.
 */
#include "wm.h"

#include <stdlib.h>
#include <string.h>

#define STEP     32 /* px of a resize */
#define PAN      64 /* px of a larger picture in its tile */
#define PX_MAX   16383
#define FONT_MAX 12 /* steps */

static const char *const sides[] = {"left", "right", "up", "down"};

bool read_side(const char *text, Side *side)
{
	for (guint i = 0; i < G_N_ELEMENTS(sides); i++)
		if (!strcmp(text, sides[i])) {
			*side = (Side)i;
			return true;
		}
	return false;
}

static bool read_px(const char *text, int *px)
{
	char *end;
	gint64 value = g_ascii_strtoll(text, &end, 10);

	*px = (int)CLAMP(value, -PX_MAX, PX_MAX);
	return end != text && !*end;
}

static char *complaint(const char *text)
{
	return g_strdup(text);
}

static char *unless(bool done, const char *text)
{
	return done ? NULL : g_strdup(text);
}

static char *bad(const char *argument)
{
	return g_strdup_printf("\"%s\" is not understood", argument);
}

/* An action for each side, with what is wrong if it cannot be done. */
static char *by_side(
	Wm *wm, const char *argument, bool (*act)(Layout *, Side), const char *otherwise)
{
	Side side;

	if (!read_side(argument, &side))
		return bad(argument);
	return unless(act(wm->layout, side), otherwise);
}

static char *need_tile(const Wm *wm, Tile **tile)
{
	*tile = focused_tile(wm);
	return unless(*tile != NULL, "nothing has the focus");
}

/* ---- focus ---- */

static bool focus_urgent(Wm *wm)
{
	GHashTableIter iter;
	gpointer value;
	const Tile *found = NULL;

	g_hash_table_iter_init(&iter, wm->tiles);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const Tile *tile = value;

		if (tile->urgent && (!found || tile->id < found->id))
			found = tile;
	}
	return found && layout_focus_client(wm->layout, found->id);
}

static char *focus(Wm *wm, int argc, char **argv)
{
	Layout *layout = wm->layout;
	const char *what = argv[1];
	Side side;

	(void)argc;
	if (read_side(what, &side))
		return unless(layout_focus_side(layout, side), "nothing is there");
	if (!strcmp(what, "next"))
		return unless(layout_focus_next(layout, 1), "there is one frame only");
	if (!strcmp(what, "previous"))
		return unless(layout_focus_next(layout, -1), "there is one frame only");
	if (!strcmp(what, "back"))
		return unless(layout_focus_previous(layout), "nothing had it before");
	if (!strcmp(what, "urgent"))
		return unless(focus_urgent(wm), "nothing is urgent");
	if (!strcmp(what, "layer"))
		return unless(layout_focus_layer(layout), "nothing floats");
	return bad(what);
}

static char *go(Wm *wm, int argc, char **argv)
{
	g_autofree char *label = g_strjoinv(" ", argv + 1);
	const Tile *tile = tile_by_label(wm, label);

	(void)argc;
	if (!tile)
		return g_strdup_printf("no tile, or several, have \"%s\"", label);
	return unless(layout_focus_client(wm->layout, tile->id), "it is docked");
}

/* ---- frames and tabs ---- */

static char *move(Wm *wm, int argc, char **argv)
{
	(void)argc;
	if (layout_float_focused(wm->layout)) {
		Side side;

		if (!read_side(argv[1], &side))
			return bad(argv[1]);
		layout_move_float(wm->layout, side, STEP);
		return NULL;
	}
	return by_side(wm, argv[1], layout_swap, "nothing is there");
}

static char *into(Wm *wm, int argc, char **argv)
{
	(void)argc;
	return by_side(wm, argv[1], layout_into, "nothing is there");
}

static char *out(Wm *wm, int argc, char **argv)
{
	(void)argc;
	return by_side(wm, argv[1], layout_out, "it is alone, or there is no room");
}

static char *tab(Wm *wm, int argc, char **argv)
{
	Frame *frame = layout_focused(wm->layout);
	const char *what = argv[1];
	int i;

	(void)argc;
	if (!strcmp(what, "next"))
		frame_next_tab(frame, 1);
	else if (!strcmp(what, "previous"))
		frame_next_tab(frame, -1);
	else if (!strcmp(what, "left") || !strcmp(what, "right"))
		return unless(layout_move_tab(wm->layout, *what == 'l' ? -1 : 1),
			"it is alone");
	else if (read_px(what, &i) && i >= 1)
		frame_show(frame, (guint)i - 1);
	else
		return bad(what);
	return NULL;
}

static char *split(Wm *wm, int argc, char **argv)
{
	bool right = !strcmp(argv[1], "right");

	(void)argc;
	if (!right && strcmp(argv[1], "down"))
		return bad(argv[1]);
	return unless(layout_split(wm->layout, right), "there is no room");
}

static char *unsplit(Wm *wm, int argc, char **argv)
{
	(void)argc, (void)argv;
	return unless(layout_unsplit(wm->layout), "it is the only frame");
}

static char *resize(Wm *wm, int argc, char **argv)
{
	int px = STEP;
	Side side;

	if (!read_side(argv[1], &side))
		return bad(argv[1]);
	if (argc > 2 && !read_px(argv[2], &px))
		return bad(argv[2]);
	return unless(layout_resize(wm->layout, side, px), "no border is there");
}

static char *equalize(Wm *wm, int argc, char **argv)
{
	(void)argc, (void)argv;
	layout_equalize(wm->layout);
	return NULL;
}

static char *zoom(Wm *wm, int argc, char **argv)
{
	(void)argc, (void)argv;
	return unless(layout_zoom(wm->layout, ZOOM_FRAME), "it floats");
}

static char *fullscreen(Wm *wm, int argc, char **argv)
{
	(void)argc, (void)argv;
	return unless(layout_zoom(wm->layout, ZOOM_FULL), "nothing has the focus");
}

/* ---- layers ---- */

static char *toggle_float(Wm *wm, int argc, char **argv)
{
	(void)argc, (void)argv;
	return unless(layout_toggle_float(wm->layout), "nothing has the focus");
}

static char *nudge(Wm *wm, int argc, char **argv)
{
	int px = STEP;
	Side side;

	if (!read_side(argv[1], &side))
		return bad(argv[1]);
	if (argc > 2 && !read_px(argv[2], &px))
		return bad(argv[2]);
	return unless(layout_move_float(wm->layout, side, px), "it does not float");
}

static char *pan(Wm *wm, int argc, char **argv)
{
	int px = PAN;
	Side side;
	Tile *tile;
	char *problem = need_tile(wm, &tile);

	if (problem)
		return problem;
	if (!read_side(argv[1], &side))
		return bad(argv[1]);
	if (argc > 2 && !read_px(argv[2], &px))
		return bad(argv[2]);
	int sign = side == SIDE_LEFT || side == SIDE_UP ? -px : px;
	bool across = side == SIDE_LEFT || side == SIDE_RIGHT;
	return unless(tile_pan(tile, across ? sign : 0, across ? 0 : sign),
		"all of it is seen on that side");
}

static char *place(Wm *wm, int argc, char **argv)
{
	Tile *tile;
	int at[4] = {0};

	(void)argc;
	for (int i = 0; i < 4; i++)
		if (!read_px(argv[i + 1], &at[i]))
			return bad(argv[i + 1]);
	char *problem = need_tile(wm, &tile);
	Area area = {at[0], at[1], at[2], at[3]};
	if (problem)
		return problem;
	return unless(layout_floats(wm->layout, tile->id)
			      ? layout_set_float(wm->layout, tile->id, area)
			      : layout_float(wm->layout, tile->id, area),
		"it cannot float");
}

static char *scratchpad(Wm *wm, int argc, char **argv)
{
	Tile *tile;

	(void)argc;
	if (!strcmp(argv[1], "show"))
		return unless(layout_show_scratchpad(wm->layout), "it is empty");
	if (strcmp(argv[1], "put"))
		return bad(argv[1]);
	char *problem = need_tile(wm, &tile);
	if (!problem)
		layout_to_scratchpad(wm->layout, tile->id);
	return problem;
}

static char *dock(Wm *wm, int argc, char **argv)
{
	const Tile *tile = tile_by_label(wm, argv[1]);
	int px = 28;
	Side side;

	if (!tile)
		return g_strdup_printf("no tile, or several, have \"%s\"", argv[1]);
	if (!strcmp(argv[2], "off"))
		return unless(layout_undock(wm->layout, tile->id), "it is not docked");
	if (!read_side(argv[2], &side))
		return bad(argv[2]);
	if (argc > 3 && (!read_px(argv[3], &px) || px < 1))
		return bad(argv[3]);
	layout_dock(wm->layout, tile->id, layout_output(wm->layout), side, px);
	return NULL;
}

/* ---- tags ---- */

static char *tag(Wm *wm, int argc, char **argv)
{
	Tile *tile;
	char *problem = need_tile(wm, &tile);

	(void)argc, (void)argv;
	if (!problem)
		layout_tag(wm->layout, tile->id);
	return problem;
}

static char *untag(Wm *wm, int argc, char **argv)
{
	(void)argc, (void)argv;
	layout_untag(wm->layout);
	return NULL;
}

/* Nobody but a component's parent can end it: who does not close is put out of sight. */
static char *close_tile(Wm *wm, int argc, char **argv)
{
	Tile *tile;
	char *problem = need_tile(wm, &tile);

	(void)argc, (void)argv;
	if (problem)
		return problem;
	if (tile->source) {
		tile_mirror(tile);
	} else if (tile->asked) {
		layout_to_scratchpad(wm->layout, tile->id);
	} else {
		tile->asked = true;
		maq_view_ask_to_close(tile->view);
	}
	return NULL;
}

static char *release(Wm *wm, int argc, char **argv)
{
	bool caught = wm->exclusive != NULL;

	(void)argc, (void)argv;
	upstream_end_exclusive(wm, true);
	return unless(caught, "nobody has caught the pointer");
}

static char *attach(Wm *wm, int argc, char **argv)
{
	(void)argc, (void)argv;
	return unless(layout_attach_tagged(wm->layout), "nothing is tagged");
}

/* ---- workspaces and outputs ---- */

static char *workspace(Wm *wm, int argc, char **argv)
{
	g_autofree char *name = g_strjoinv(" ", argv + 1);

	(void)argc;
	if (!strcmp(name, "next"))
		layout_workspace_step(wm->layout, 1);
	else if (!strcmp(name, "previous"))
		layout_workspace_step(wm->layout, -1);
	else if (!strcmp(name, "back"))
		return unless(layout_workspace_back(wm->layout), "there was no other");
	else
		return unless(layout_workspace(wm->layout, name),
			"too many workspaces, or too long a name");
	return NULL;
}

static char *send_there(Wm *wm, int argc, char **argv)
{
	g_autofree char *name = g_strjoinv(" ", argv + 1);
	Tile *tile;
	char *problem = need_tile(wm, &tile);

	(void)argc;
	if (problem)
		return problem;
	return unless(layout_send(wm->layout, tile->id, name),
		"too many workspaces, or too long a name");
}

static char *rename_workspace(Wm *wm, int argc, char **argv)
{
	g_autofree char *name = g_strjoinv(" ", argv + 1);

	(void)argc;
	return unless(layout_rename_workspace(wm->layout, name),
		"there is one of that name, or it is too long");
}

static char *output(Wm *wm, int argc, char **argv)
{
	guint n = layout_outputs(wm->layout), now = layout_output(wm->layout);
	int i;

	(void)argc;
	if (!strcmp(argv[1], "next"))
		i = (int)((now + 1) % n) + 1;
	else if (!read_px(argv[1], &i) || i < 1)
		return bad(argv[1]);
	return unless(
		layout_focus_output(wm->layout, (guint)i - 1), "there is no such output");
}

/* ---- undo, modes ---- */

static char *undo(Wm *wm, int argc, char **argv)
{
	(void)argc, (void)argv;
	return unless(layout_undo(wm->layout), "nothing to undo");
}

static char *redo(Wm *wm, int argc, char **argv)
{
	(void)argc, (void)argv;
	return unless(layout_redo(wm->layout), "nothing to redo");
}

static char *mode(Wm *wm, int argc, char **argv)
{
	(void)argc;
	if (!keymap_has_mode(wm->keymap, argv[1]))
		return g_strdup_printf("no key has the mode \"%s\"", argv[1]);
	wm_set_mode(wm, argv[1]);
	return NULL;
}

static char *ask(Wm *wm, int argc, char **argv)
{
	static const struct {
		const char *command, *title;
		bool free;
	} kinds[] = {{"go", "Go to tile", false}, {"run", "Run", true},
		{"workspace", "Workspace", false}, {"send", "Send to workspace", false},
		{"rename", "Name this workspace", true}};

	(void)argc;
	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
		if (strcmp(kinds[i].command, argv[1]))
			continue;
		wm->help = false;
		prompt_open(&wm->prompt, kinds[i].command, kinds[i].title, kinds[i].free);
		prompt_offer(&wm->prompt, actions_complete(wm, ""));
		wm_panel(wm);
		return NULL;
	}
	return bad(argv[1]);
}

static char *help(Wm *wm, int argc, char **argv)
{
	(void)argc, (void)argv;
	wm->help = !wm->help;
	wm_panel(wm);
	return NULL;
}

static char *xray(Wm *wm, int argc, char **argv)
{
	(void)argc, (void)argv;
	wm->xray = !wm->xray;
	wm_panel(wm);
	return NULL;
}

/* ---- looks ---- */

static char *theme(Wm *wm, int argc, char **argv)
{
	const char *name = argv[1];

	(void)argc;
	if (!strcmp(name, "toggle"))
		name = strcmp(wm->theme.name, "dark") ? "dark" : "light";
	if (strcmp(theme_find(name)->name, name))
		return bad(name);
	wm->theme_now = theme_find(name)->name;
	wm->theme = *theme_find(name);
	return NULL;
}

static char *font(Wm *wm, int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	int before = wm->font_step;

	(void)argc;
	if (!strcmp(argv[1], "larger"))
		wm->font_step = MIN(before + 1, FONT_MAX);
	else if (!strcmp(argv[1], "smaller"))
		wm->font_step = MAX(before - 1, -FONT_MAX);
	else if (!strcmp(argv[1], "reset"))
		wm->font_step = 0;
	else
		return bad(argv[1]);
	return wm_configure(wm, &error) ? NULL : g_strdup(error->message);
}

static char *tabs(Wm *wm, int argc, char **argv)
{
	bool always = wm->bars ? wm->bars > 0 : wm->settings.bar_always;

	(void)argc;
	if (!strcmp(argv[1], "toggle"))
		wm->bars = always ? -1 : 1;
	else if (!strcmp(argv[1], "always"))
		wm->bars = 1;
	else if (!strcmp(argv[1], "several"))
		wm->bars = -1;
	else
		return bad(argv[1]);
	return NULL;
}

/* ---- tiles ---- */

static void broadcast_to(Wm *wm, bool (*wanted)(const Wm *, const Tile *))
{
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, wm->tiles);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		Tile *tile = value;

		tile->broadcast = tile->seat && wanted(wm, tile);
	}
}

static bool in_frame(const Wm *wm, const Tile *tile)
{
	return layout_frame_of(wm->layout, tile->id) == layout_focused(wm->layout);
}

static bool in_workspace(const Wm *wm, const Tile *tile)
{
	return !g_strcmp0(layout_workspace_of(wm->layout, tile->id),
		layout_workspace_name(wm->layout));
}

static bool in_any(const Wm *wm, const Tile *tile)
{
	return !layout_docked(wm->layout, tile->id);
}

static bool in_none(const Wm *wm, const Tile *tile)
{
	(void)wm, (void)tile;
	return false;
}

static char *broadcast(Wm *wm, int argc, char **argv)
{
	const char *what = argv[1];
	Tile *tile = focused_tile(wm);

	(void)argc;
	if (!strcmp(what, "toggle") && (!tile || !tile->seat))
		return complaint("the tile with the focus takes no input");
	if (!strcmp(what, "toggle"))
		tile->broadcast = !tile->broadcast;
	else if (!strcmp(what, "frame"))
		broadcast_to(wm, in_frame);
	else if (!strcmp(what, "workspace"))
		broadcast_to(wm, in_workspace);
	else if (!strcmp(what, "all"))
		broadcast_to(wm, in_any);
	else if (!strcmp(what, "off"))
		broadcast_to(wm, in_none);
	else
		return bad(what);
	return NULL;
}

static char *freeze(Wm *wm, int argc, char **argv)
{
	Tile *tile;
	char *problem = need_tile(wm, &tile);

	(void)argc, (void)argv;
	if (problem)
		return problem;
	bool wanted = !tile->frozen;
	tile_set_frozen(tile, wanted);
	return unless((tile->frozen != NULL) == wanted, "it shows no picture of its own");
}

static char *mirror(Wm *wm, int argc, char **argv)
{
	Tile *tile;
	char *problem = need_tile(wm, &tile);

	(void)argc, (void)argv;
	return problem ? problem : unless(tile_mirror(tile), "too many tiles");
}

#define SIDES "left/right/up/down"

const Action actions[] = {
	{"focus", SIDES "/next/previous/back/urgent/layer",
		"the frame on that side; the next one; who had it before; who asks for "
		"attention; floating tiles or frames",
		focus},
	{"go", "LABEL", "to the tile with that in its label", go},
	{"move", SIDES, "the tile, with all its tabs, to that side", move},
	{"into", SIDES, "the tab into the tabs of the frame on that side", into},
	{"out", SIDES, "the tab into a frame of its own on that side", out},
	{"tab", "next/previous/left/right/NUMBER", "show another tab, or move this one",
		tab},
	{"split", "right/down", "divide the frame", split},
	{"unsplit", "", "remove the frame; its tabs go to the neighbour", unsplit},
	{"resize", SIDES " [PX]", "move the border to that side", resize},
	{"equalize", "", "make all frames of a row or column equally large", equalize},
	{"zoom", "", "the frame covers the workspace, and back", zoom},
	{"fullscreen", "", "the tile covers everything, and back", fullscreen},
	{"float", "", "let the tile float where it did before, or tile it", toggle_float},
	{"nudge", SIDES " [PX]", "move a floating tile", nudge},
	{"pan", SIDES " [PX]", "see more of a picture that is larger than its tile", pan},
	{"place", "X Y WIDTH HEIGHT", "let the tile float there", place},
	{"scratchpad", "show/put", "show what is hidden there, or hide the tile there",
		scratchpad},
	{"dock", "LABEL left/right/up/down/off [PX]", "keep a tile at an edge", dock},
	{"tag", "", "tag the tile, or no longer", tag},
	{"untag", "", "no tile is tagged any more", untag},
	{"close", "", "ask the tile to close; once more: hide it", close_tile},
	{"release", "", "take the pointer back from who has caught it", release},
	{"attach", "", "bring all tagged tiles into this frame", attach},
	{"workspace", "NAME/next/previous/back", "go to a workspace", workspace},
	{"send", "NAME", "move the tile to a workspace", send_there},
	{"rename", "NAME", "give the workspace another name", rename_workspace},
	{"output", "NUMBER/next", "focus another screen", output},
	{"undo", "", "take back the last change of the layout", undo},
	{"redo", "", "make it again", redo},
	{"mode", "NAME", "other keys count, until \"mode normal\"", mode},
	{"prompt", "go/run/workspace/send/rename", "ask, and complete what is typed",
		ask},
	{"help", "", "show or hide the keys", help},
	{"xray", "", "show labels instead of pictures, and back", xray},
	{"theme", "dark/light/toggle", "other colours", theme},
	{"font", "larger/smaller/reset", "size of the text of tabs and panels", font},
	{"tabs", "always/several/toggle", "when a frame has a tab bar", tabs},
	{"broadcast", "toggle/frame/workspace/all/off",
		"what is typed goes to all tiles of the group", broadcast},
	{"freeze", "", "keep the tile's picture and its input, and back", freeze},
	{"mirror", "", "show the tile once more, or end this mirror", mirror},
};
const guint n_actions = G_N_ELEMENTS(actions);
