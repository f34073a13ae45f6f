// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * overlay - what lies above all tiles: prompt, keys, mode, what is dragged; and the X-ray
 */
#include "wm.h"

#include <string.h>

#define PAD     14
#define ROW_GAP 6 /* px between rows */
#define RADIUS  9 /* px: of corners */

static MaqRect screen_of(const Wm *wm)
{
	Area area = layout_output_area(wm->layout, layout_output(wm->layout));

	return (MaqRect){area.x, area.y, area.width, area.height};
}

static int row_height(const Wm *wm)
{
	return maq_font_height(wm->font) + ROW_GAP;
}

bool overlay_shown(const Wm *wm)
{
	return prompt_shown(&wm->prompt) || wm->help;
}

static void draw_panel(const Wm *wm, MaqCanvas *canvas, MaqRect panel)
{
	Look look = {wm->theme.panel, wm->theme.focus, RADIUS, 2};

	panel_shadow(canvas, panel);
	panel_draw(canvas, panel, &look);
}

/* Text that ends where its column does. */
static void draw_clipped(const Wm *wm, MaqCanvas *canvas, MaqFont *font, MaqRect column,
	guint32 color, const char *text, MaqRect clip)
{
	MaqRect part = maq_rect_intersect(column, clip);

	(void)wm;
	if (maq_rect_empty(part))
		return;
	maq_canvas_clip(canvas, &part);
	maq_font_draw(font, canvas, column.x, column.y, color, text);
	maq_canvas_clip(canvas, &clip);
}

/* ---- prompt ---- */

static void draw_candidate(const Wm *wm, MaqCanvas *canvas, MaqRect row, const char *text,
	bool selected, MaqRect clip)
{
	const Tile *tile =
		strcmp(wm->prompt.command, "go") ? NULL : tile_by_label(wm, text);
	int y = row.y + ROW_GAP / 2, left = row.x + PAD / 2;
	int inner = row.width - PAD;

	if (selected)
		panel_draw(canvas, row,
			&(Look){wm->theme.selected, wm->theme.selected, RADIUS / 2, 0});
	if (tile) {
		MaqRect chip = {left, row.y + (row.height - 9) / 2, 9, 9};

		maq_canvas_fill(canvas, chip, wm->theme.labels[tile->color]);
		left += 18;
	}
	MaqRect column = {left, y, inner - (left - row.x - PAD / 2), row.height};
	draw_clipped(wm, canvas, wm->font, column, wm->theme.text, text, clip);
	if (tile && tile->title) {
		int used = maq_font_measure(wm->font, text) + PAD;

		column.x += used;
		column.width -= used;
		draw_clipped(
			wm, canvas, wm->font, column, wm->theme.dim, tile->title, clip);
	}
}

static void draw_prompt(const Wm *wm, MaqCanvas *canvas, MaqRect clip)
{
	const Prompt *prompt = &wm->prompt;
	MaqRect all = screen_of(wm);
	guint n = prompt->candidates ? prompt->candidates->len : 0;
	guint rows = MIN(n, PROMPT_ROWS);
	guint first = prompt->selected >= rows ? prompt->selected - rows + 1 : 0;
	int row = row_height(wm), width = MIN(560, all.width - 2 * PAD);
	MaqRect panel = {all.x + (all.width - width) / 2, all.y + all.height / 6, width,
		row * (int)(rows + 2) + PAD * 2};
	int x = panel.x + PAD, y = panel.y + PAD;

	draw_panel(wm, canvas, panel);
	maq_font_draw(wm->font, canvas, x, y, wm->theme.dim, prompt->title);
	y += row;
	MaqRect line = {x, y, width - 2 * PAD - 4, row};
	draw_clipped(wm, canvas, wm->bold, line, wm->theme.text, prompt->text->str, clip);
	int caret = x + maq_font_measure(wm->bold, prompt->text->str) + 1;
	maq_canvas_fill(canvas,
		(MaqRect){MIN(caret, x + line.width), y, 2, maq_font_height(wm->bold)},
		wm->theme.focus);
	y += row;
	maq_canvas_fill(canvas, (MaqRect){x, y, width - 2 * PAD, 1}, wm->theme.line);
	y += PAD / 2;
	for (guint i = first; i < first + rows; i++, y += row)
		draw_candidate(wm, canvas, (MaqRect){x - PAD / 2, y, width - PAD, row},
			prompt->candidates->pdata[i], i == prompt->selected, clip);
}

/* ---- keys ---- */

static GPtrArray *keys_of_mode(const Wm *wm)
{
	GPtrArray *keys = g_ptr_array_new();

	for (guint i = 0; i < keymap_size(wm->keymap); i++) {
		const Binding *binding = keymap_at(wm->keymap, i);
		const Binding *first = keymap_find(
			wm->keymap, wm->mode, binding->code, binding->modifiers);

		if (binding == first) /* not hidden by another */
			g_ptr_array_add(keys, (gpointer)binding);
	}
	return keys;
}

static void draw_help(const Wm *wm, MaqCanvas *canvas, MaqRect clip)
{
	MaqRect all = screen_of(wm);
	g_autoptr(GPtrArray) keys = keys_of_mode(wm);
	int row = maq_font_height(wm->font) + 4;
	MaqRect panel = {all.x + all.width / 24, all.y + all.height / 24,
		all.width - all.width / 12, all.height - all.height / 12};
	int rows = MAX((panel.height - 3 * PAD - 2 * row) / row, 1);
	int columns = MAX(((int)keys->len + rows - 1) / rows, 1);
	int width = (panel.width - 2 * PAD) / MAX(columns, 2);
	int key_width = MIN(
		maq_font_measure(wm->font, "Super+Alt+Shift+Right") + PAD, width * 3 / 5);
	g_autofree char *title = g_strdup_printf("Keys of mode \"%s\"", wm->mode);

	draw_panel(wm, canvas, panel);
	maq_font_draw(
		wm->bold, canvas, panel.x + PAD, panel.y + PAD, wm->theme.text, title);
	for (guint i = 0; i < keys->len; i++) {
		const Binding *binding = keys->pdata[i];
		MaqRect column = {panel.x + PAD + (int)i / rows * width,
			panel.y + 2 * PAD + row + (int)i % rows * row, key_width - 6,
			row};

		draw_clipped(
			wm, canvas, wm->font, column, wm->theme.key, binding->keys, clip);
		column.x += key_width;
		column.width = width - key_width - PAD;
		draw_clipped(wm, canvas, wm->font, column, wm->theme.text,
			binding->command, clip);
	}
}

/* ---- mode, notices ---- */

static void draw_pill(const Wm *wm, MaqCanvas *canvas, guint32 color, const char *word,
	const char *text)
{
	MaqRect all = screen_of(wm);
	int height = bar_height(wm);
	int left = maq_font_measure(wm->bold, word) + 2 * PAD;
	int right = maq_font_measure(wm->font, text) + 2 * PAD;
	MaqRect pill = {all.x + MAX((all.width - left - right) / 2, 0),
		all.y + all.height - 2 * height, left, height};
	int y = pill.y + (height - maq_font_height(wm->font)) / 2;

	MaqRect all_of_it = {pill.x, pill.y, left + right, height};

	panel_shadow(canvas, all_of_it);
	panel_draw(canvas, all_of_it, &(Look){wm->theme.panel, color, height / 2, 1});
	panel_draw(canvas, pill, &(Look){color, color, height / 2, 0});
	maq_font_draw(wm->bold, canvas, pill.x + PAD, y, wm->theme.desk, word);
	maq_font_draw(wm->font, canvas, pill.x + left + PAD / 2, y, wm->theme.text, text);
}

static void draw_mode(const Wm *wm, MaqCanvas *canvas)
{
	g_autofree char *word = g_utf8_strup(wm->mode, -1);
	g_autofree char *end = NULL;

	for (guint i = 0; i < keymap_size(wm->keymap) && !end; i++) {
		const Binding *binding = keymap_at(wm->keymap, i);

		if (!strcmp(binding->mode, wm->mode) &&
			!strcmp(binding->command, "mode " KEYMAP_NORMAL))
			end = g_strdup_printf("%s ends it", binding->keys);
	}
	draw_pill(wm, canvas, wm->theme.key, word, end ? end : "no key ends it");
}

/* ---- drags ---- */

static void draw_drag(const Wm *wm, MaqCanvas *canvas)
{
	const Place *place = place_at(wm, wm->x, wm->y);
	const Tile *tile = tile_by_id(wm, wm->drag.client);

	if (!tile)
		return;
	if (place && place->kind == PLACE_FRAME) {
		Area area = decor_of(wm, place).outer;

		maq_canvas_outline(canvas,
			(MaqRect){area.x, area.y, area.width, area.height}, 4,
			wm->theme.key);
	}
	MaqRect ghost = {wm->x + 12, wm->y + 12,
		maq_font_measure(wm->font, tile->label) + 2 * PAD, bar_height(wm)};
	Look look = {wm->theme.tab, wm->theme.labels[tile->color], RADIUS, 2};
	panel_shadow(canvas, ghost);
	panel_draw(canvas, ghost, &look);
	maq_font_draw(wm->font, canvas, ghost.x + PAD, ghost.y + 6, wm->theme.text,
		tile->label);
}

void overlay_draw(const Wm *wm, MaqCanvas *canvas, MaqRect clip)
{
	if (wm->drag.begun && wm->drag.kind == DRAG_TAB)
		draw_drag(wm, canvas);
	if (wm->notice)
		draw_pill(wm, canvas, wm->theme.urgent, "!", wm->notice);
	else if (strcmp(wm->mode, KEYMAP_NORMAL))
		draw_mode(wm, canvas);
	if (prompt_shown(&wm->prompt))
		draw_prompt(wm, canvas, clip);
	else if (wm->help)
		draw_help(wm, canvas, clip);
}

/* ---- X-ray ---- */

static void draw_centred(const Wm *wm, MaqCanvas *canvas, MaqFont *font, Area area, int y,
	guint32 color, const char *text)
{
	int width = maq_font_measure(font, text);

	(void)wm;
	maq_font_draw(font, canvas, area.x + MAX((area.width - width) / 2, PAD), y, color,
		text);
}

/* Only what is known without the client's word: its label, its sessions, its size. */
void xray_draw(const Wm *wm, MaqCanvas *canvas, const Tile *tile, Area area)
{
	guint32 own = wm->theme.labels[tile->color];
	guint32 back = theme_mix(wm->theme.empty, own, 60);
	MaqRect rect = {area.x, area.y, area.width, area.height};
	int row = row_height(wm), y = area.y + area.height / 2 - row;
	const char *end = g_strrstr(tile->label, " -> ");
	g_autofree char *owner =
		end ? g_strndup(tile->label, (gsize)(end - tile->label)) : NULL;
	g_autofree char *below = g_strdup_printf("%s%s%d \u00d7 %d px%s",
		owner ? "of " : "", owner ? owner : "", area.width, area.height,
		tile->seat ? ", takes input" : "");

	if (owner) {
		g_free(below);
		below = g_strdup_printf("of %s, %d \u00d7 %d px%s", owner, area.width,
			area.height, tile->seat ? ", takes input" : "");
	}
	maq_canvas_fill(canvas, rect, back);
	maq_canvas_outline(canvas, rect, 6, own);
	draw_centred(wm, canvas, wm->bold, area, y, wm->theme.text, tile->label);
	draw_centred(wm, canvas, wm->font, area, y + row,
		theme_mix(wm->theme.text, back, 80), below);
}
