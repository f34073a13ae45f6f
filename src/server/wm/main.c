// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wm - a tiling window manager
 *
 * Provides  Framebuffer  a tile of the screen for each client
 *           Input        keys for the focused client, the pointer for the one below it
 *           Wm           actions, state and events for scripts
 * Requires  Framebuffer, Input, ROM, LOG; Report layout and ROM layout if configured
 * Config    README.md, config.hsd; changes are followed
 */
#include "wm.h"

#include <string.h>

/* ---- drawing ---- */

static void draw_now(void *data)
{
	Wm *wm = data;

	wm->scheduled = false;
	wm_draw(wm);
}

void wm_schedule(Wm *wm)
{
	if (!wm->scheduled)
		maq_loop_defer(maq_env_loop(wm->env), draw_now, wm);
	wm->scheduled = true;
}

static MaqRect rect_of(Area area)
{
	return (MaqRect){area.x, area.y, area.width, area.height};
}

void wm_damage(Wm *wm, Area area)
{
	for (guint i = 0; i < wm->n_heads; i++)
		maq_damage_add(&wm->heads[i]->damage,
			maq_rect_intersect(rect_of(area), rect_of(wm->heads[i]->area)));
}

void wm_damage_move(Wm *wm, Area area, int dx, int dy)
{
	for (guint i = 0; i < wm->n_heads; i++) {
		MaqRect all = rect_of(wm->heads[i]->area), whole = rect_of(area);
		MaqRect part = maq_rect_intersect(whole, all);

		if (part.width == whole.width && part.height == whole.height)
			maq_damage_move(&wm->heads[i]->damage, part, dx, dy);
		else
			maq_damage_add(&wm->heads[i]->damage, part);
	}
}

void wm_redraw(Wm *wm)
{
	for (guint i = 0; i < wm->n_heads; i++)
		wm->heads[i]->redraw = true;
	wm_schedule(wm);
}

bool wm_is_damaged(const Wm *wm)
{
	for (guint i = 0; i < wm->n_heads; i++)
		if (wm->heads[i]->redraw || !maq_damage_empty(&wm->heads[i]->damage))
			return true;
	return false;
}

void wm_panel(Wm *wm)
{
	control_tell(wm, "panel");
	wm_redraw(wm);
}

/* ---- layout ---- */

void wm_arrange(Wm *wm)
{
	heads_place(wm);
	g_array_unref(wm->places);
	wm->places = layout_places(wm->layout);
	tiles_fit(wm);
	wm_update_focus(wm);
	if (g_strcmp0(wm->workspace, layout_workspace_name(wm->layout))) {
		g_free(wm->workspace);
		wm->workspace = g_strdup(layout_workspace_name(wm->layout));
		control_tell(wm, "workspace %s", wm->workspace);
	}
	control_tell_once(wm, &wm->layout_told, "layout", "");
	saving_changed(wm);
	wm_redraw(wm);
}

void wm_set_mode(Wm *wm, const char *mode)
{
	if (!strcmp(wm->mode, mode))
		return;
	g_free(wm->mode);
	wm->mode = g_strdup(mode);
	control_tell(wm, "mode %s", wm->mode);
}

void wm_say(Wm *wm, const char *text)
{
	g_free(wm->notice);
	wm->notice = g_strdup(text);
	wm_redraw(wm);
}

/* ---- configuration ---- */

static void complain(void *data, const char *text)
{
	maq_log(((Wm *)data)->env, "Warning: %s", text);
}

static int px_of(const MaqHidNode *node, const char *tag, int fallback, int most)
{
	return (int)MIN(maq_hid_u64(node, tag, (guint64)fallback), (guint64)most);
}

static int signed_px(const MaqHidNode *node, const char *tag)
{
	const char *text = maq_hid_attr(node, tag);

	return text ? (int)CLAMP(g_ascii_strtoll(text, NULL, 10), -16383, 16383) : 0;
}

static Wish *read_wish(Wm *wm, const MaqHidNode *node)
{
	Wish *wish = g_new0(Wish, 1);
	const char *dock = maq_hid_attr(node, "dock");

	wish->label = g_strdup(maq_hid_name(node) ? maq_hid_name(node) : "");
	wish->workspace = g_strdup(maq_hid_attr(node, "workspace"));
	wish->floats = maq_hid_bool(node, "float", false);
	wish->scratchpad = maq_hid_bool(node, "scratchpad", false);
	wish->follow = maq_hid_bool(node, "focus", false);
	wish->area = (Area){signed_px(node, "x"), signed_px(node, "y"),
		px_of(node, "width", 0, 16383), px_of(node, "height", 0, 16383)};
	wish->docked = dock && read_side(dock, &wish->side);
	wish->size = px_of(node, "size", 28, 16383);
	if (dock && !wish->docked)
		maq_log(wm->env, "Warning: \"%s\" is no side to dock at", dock);
	return wish;
}

static void read_settings(Wm *wm, const MaqHidNode *config)
{
	Settings *settings = &wm->settings;
	const MaqHidNode *assign = maq_hid_first(config, "assign");

	settings->font = maq_hid_string(config, "font", "sans-serif");
	settings->size = CLAMP(px_of(config, "size", 13, 64), 8, 64);
	settings->theme = maq_hid_string(config, "theme", "dark");
	settings->usage = maq_hid_string(config, "usage", "");
	settings->divide = strcmp(maq_hid_string(config, "new", "split"), "tab") != 0;
	settings->focus_always =
		!strcmp(maq_hid_string(config, "focus_new", "first"), "always");
	settings->bar_always =
		strcmp(maq_hid_string(config, "tabs", "always"), "several") != 0;
	settings->gap = px_of(config, "gap", 6, 64);
	settings->border = px_of(config, "border", 2, 16);
	settings->scan_out = maq_hid_bool(config, "scan_out", true);
	settings->drag = maq_hid_bool(config, "drag", true);
	settings->threshold = px_of(config, "threshold", 5, 200);
	wm->keep_places = maq_hid_bool(config, "keep", true);
	g_ptr_array_set_size(settings->wishes, 0);
	for (; assign; assign = maq_hid_next(assign, "assign"))
		g_ptr_array_add(settings->wishes, read_wish(wm, assign));
}

static bool load_fonts(Wm *wm, GError **error)
{
	int size = CLAMP(wm->settings.size + 2 * wm->font_step, 8, 64);
	g_autofree char *name = g_strconcat(wm->settings.font, ":bold", NULL);
	MaqFont *font = maq_font_new(wm->settings.font, size, error);
	MaqFont *bold = font ? maq_font_new(name, size, error) : NULL;

	if (!bold) {
		maq_font_free(font);
		return false;
	}
	maq_font_free(wm->font);
	maq_font_free(wm->bold);
	wm->font = font;
	wm->bold = bold;
	return true;
}

bool wm_configure(Wm *wm, GError **error)
{
	const MaqHidNode *config = maq_config(wm->env);

	read_settings(wm, config);
	if (!load_fonts(wm, error))
		return false;
	wm->theme = *theme_find(wm->theme_now ? wm->theme_now : wm->settings.theme);
	keymap_free(wm->keymap);
	wm->keymap = keymap_new(config, complain, wm);
	if (!keymap_has_mode(wm->keymap, wm->mode))
		wm_set_mode(wm, KEYMAP_NORMAL);
	return true;
}

/* Docks follow at once; where else clients are put counts for those that come. */
static void dock_again(Wm *wm)
{
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, wm->tiles);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const Tile *tile = value;
		const Wish *wish = wishes_find(wm->settings.wishes, tile->label);

		if (wish && wish->docked)
			layout_dock(wm->layout, tile->id, 0, wish->side, wish->size);
		else if (layout_docked(wm->layout, tile->id))
			layout_undock(wm->layout, tile->id);
	}
}

static void config_changed(void *data)
{
	Wm *wm = data;
	g_autoptr(GError) error = NULL;

	wm->theme_now = NULL;
	wm->bars = 0;
	if (!wm_configure(wm, &error))
		maq_log(wm->env, "Warning: %s", error->message);
	dock_again(wm);
	usage_configure(wm);
	control_tell(wm, "config");
	wm_arrange(wm);
}

/* ---- start ---- */

static void init(Wm *wm, MaqEnv *env)
{
	wm->env = env;
	wm->keymap_fd = -1;
	wm->seats = g_ptr_array_new();
	wm->tiles = g_hash_table_new(NULL, NULL);
	wm->places = g_array_new(false, false, sizeof(Place));
	wm->layout = layout_new(1, 1);
	wm->mode = g_strdup(KEYMAP_NORMAL);
	wm->settings.wishes = g_ptr_array_new_with_free_func(wish_free);
	wm->saved_wishes = g_ptr_array_new_with_free_func(wish_free);
}

static bool wm_start(MaqEnv *env, GError **error)
{
	Wm *wm = maq_env_state(env, sizeof *wm);

	init(wm, env);
	if (!wm_configure(wm, error))
		return false;
	if (!heads_open(wm, error))
		return false;
	saving_restore(wm);
	wm->control = control_provide(wm);
	wm->saving = saving_new(wm);
	maq_config_on_changed(env, config_changed, wm);
	usage_configure(wm);
	wm_arrange(wm);
	return tiles_provide(wm, error);
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, wm_start);
}
