// SPDX-License-Identifier: GPL-2.0-or-later
#include "screen_internal.h"

#include <stdarg.h>
#include <string.h>

#define HISTORY_BYTES (16u << 20) /* until limits are set */

/* Until another one is set; only its grounds matter. */
static const Palette default_palette = {0xd3d7cf, 0x101418,
	{0x2e3436, 0xe0604c, 0x6fb38a, 0xe6c15c, 0x6f9fd8, 0xc08fc0, 0x5fb8c4, 0xd3d7cf,
		0x6c7378, 0xff8f73, 0x9fdcb4, 0xffe08f, 0x9cc4f8, 0xe2b8e2, 0x93dce4,
		0xffffff}};

void screen_damage_rows(Screen *screen, int first, int last)
{
	for (int row = MAX(first, 0); row <= MIN(last, screen->grid->n_rows - 1); row++)
		screen->damaged[row] = true;
}

void screen_damage(Screen *screen)
{
	screen_damage_rows(screen, 0, screen->grid->n_rows - 1);
}

/* What has moved is drawn instead. */
static void forget_move(Screen *screen)
{
	if (screen->moved_up)
		screen_damage_rows(screen, screen->moved_top, screen->moved_bottom - 1);
	screen->moved_up = 0;
}

/* Rows that have moved on before they were drawn have moved once, as far as both. */
static bool joins_move(const Screen *screen, int top, int bottom, int up)
{
	if (!screen->moved_up)
		return true;
	return top == screen->moved_top && bottom == screen->moved_bottom &&
	       ABS(screen->moved_up + up) < bottom - top;
}

/* Damage moves with the rows, and so does the picture of the cursor. */
static void move_rows(Screen *screen, int top, int bottom, int up)
{
	bool *damaged = screen->damaged;
	int kept = bottom - top - ABS(up);

	if (ABS(up) >= bottom - top || !joins_move(screen, top, bottom, up)) {
		forget_move(screen);
		screen_damage_rows(screen, top, bottom - 1);
		return;
	}
	if (!screen->moved_up)
		screen_damage_rows(screen, screen->drawn_row, screen->drawn_row);
	screen->moved_top = top;
	screen->moved_bottom = bottom;
	screen->moved_up += up;
	memmove(&damaged[top + MAX(-up, 0)], &damaged[top + MAX(up, 0)],
		(gsize)kept * sizeof *damaged);
	if (up > 0)
		screen_damage_rows(screen, bottom - up, bottom - 1);
	else
		screen_damage_rows(screen, top, top - up - 1);
}

void screen_forget_found(Screen *screen)
{
	screen->found_row = G_MAXUINT;
}

/* ---- libvterm's calls ---- */

static guint32 plain(guint32 c)
{
	return c < ' ' || (c >= 0x7f && c < 0xa0) || !g_unichar_validate(c) ? 0xfffd : c;
}

/* Whether a character at the beginning of a row is there because the row above is full.
 */
static bool goes_on(const Screen *screen, VTermPos at, int width)
{
	return screen->written_end >= 0 && at.row == screen->written.row + 1 &&
	       (screen->written_end >= screen->grid->columns ||
		       (width == 2 && screen->written_end == screen->grid->columns - 1));
}

static int on_put(VTermGlyphInfo *info, VTermPos at, void *self)
{
	Screen *screen = self;
	Grid *grid = screen->grid;
	Glyph glyph = {.c = plain(info->chars[0]),
		.style = screen->pen,
		.width = (guint8)info->width};

	if (info->width < 1 || info->width > 2 || at.row < 0 || at.col < 0 ||
		at.row >= grid->n_rows || at.col + info->width > grid->columns)
		return 1;
	if (info->chars[1])
		glyph.more = marks_number(screen->marks, info->chars + 1);
	if (info->protected_cell)
		glyph.style.flags |= GLYPH_PROTECTED;
	if (!at.col && (screen->written.row != at.row || screen->written.column))
		grid->rows[at.row].continued = goes_on(screen, at, info->width);
	grid_put(grid, at.col, at.row, &glyph);
	screen->written = (Place){at.col, at.row};
	screen->written_end = at.col + info->width;
	screen_damage_rows(screen, at.row, at.row);
	return 1;
}

static int on_cursor(VTermPos to, VTermPos from, int visible, void *self)
{
	Screen *screen = self;

	(void)visible;
	/* behind a full row it stays at the last character */
	int expected = screen->written_end >= screen->grid->columns
			       ? screen->written.column
			       : screen->written_end;
	if (to.row != screen->written.row || to.col != expected)
		screen->written_end = -1;
	/* on few columns libvterm may leave the screen with it */
	screen->cursor = (Place){CLAMP(to.col, 0, screen->grid->columns - 1),
		CLAMP(to.row, 0, screen->grid->n_rows - 1)};
	screen_damage_rows(screen, from.row, from.row);
	screen_damage_rows(screen, to.row, to.row);
	return 1;
}

static bool is_inside(const Screen *screen, VTermRect rect)
{
	return rect.start_row >= 0 && rect.start_col >= 0 &&
	       rect.end_row <= screen->grid->n_rows &&
	       rect.end_col <= screen->grid->columns && rect.start_row < rect.end_row &&
	       rect.start_col < rect.end_col;
}

static void keep_rows(Screen *screen, int count)
{
	Grid *grid = screen->grid;

	for (int i = 0; i < count; i++)
		history_push(screen->history, grid->rows[i].cells, grid_used(grid, i),
			grid->rows[i].continued);
	screen_forget_found(screen);
	/* the view stays where it is */
	if (screen->offset)
		screen->offset =
			MIN(screen->offset + (guint)count, history_rows(screen->history));
}

static int on_scroll(VTermRect rect, int up, int leftward, void *self)
{
	Screen *screen = self;

	if (!is_inside(screen, rect))
		return 1;
	bool whole = !rect.start_col && rect.end_col == screen->grid->columns;
	up = CLAMP(up, rect.start_row - rect.end_row, rect.end_row - rect.start_row);
	bool kept = up > 0 && whole && !rect.start_row && !screen->alternate;
	if (kept)
		keep_rows(screen, up);
	bool goes_on_above =
		kept && up < screen->grid->n_rows && screen->grid->rows[up].continued;
	grid_scroll(screen->grid, rect.start_col, rect.start_row, rect.end_col,
		rect.end_row, up, leftward, &screen->pen);
	if (up && whole && !rect.start_row)
		screen->grid->rows[0].continued = goes_on_above && up < rect.end_row;
	if (screen->written.row >= rect.start_row && screen->written.row < rect.end_row)
		screen->written.row -= up;
	if (whole && up && !leftward)
		move_rows(screen, rect.start_row, rect.end_row, up);
	else
		screen_damage_rows(screen, rect.start_row, rect.end_row - 1);
	return 1;
}

static int on_erase(VTermRect rect, int selective, void *self)
{
	Screen *screen = self;

	if (!is_inside(screen, rect))
		return 1;
	grid_erase(screen->grid, rect.start_col, rect.start_row, rect.end_col,
		rect.end_row, &screen->pen, selective != 0);
	screen_damage_rows(screen, rect.start_row, rect.end_row - 1);
	return 1;
}

static int on_pen_reset(void *self)
{
	((Screen *)self)->pen = (Style){0};
	return 1;
}

static int on_pen(VTermAttr attribute, VTermValue *value, void *self)
{
	(void)attribute, (void)value, (void)self;
	return 1; /* it is not asked to change it */
}

static void switch_grid(Screen *screen, bool alternate)
{
	if (alternate == screen->alternate)
		return;
	if (alternate) {
		screen->main_cursor = screen->cursor;
		screen->resized = false;
	}
	screen->alternate = alternate;
	screen->grid = &screen->grids[alternate];
	screen->written_end = -1;
	screen->offset = 0;
	screen_damage(screen);
}

static int on_property(VTermProp property, VTermValue *value, void *self)
{
	Screen *screen = self;

	switch (property) {
	case VTERM_PROP_CURSORVISIBLE:
		screen->cursor_visible = value->boolean;
		break;
	case VTERM_PROP_ALTSCREEN:
		switch_grid(screen, value->boolean);
		break;
	case VTERM_PROP_REVERSE:
		screen->reversed = value->boolean;
		screen_damage(screen);
		break;
	case VTERM_PROP_CURSORSHAPE:
		screen->shape = value->number == VTERM_PROP_CURSORSHAPE_UNDERLINE
					? CURSOR_UNDERLINE
				: value->number == VTERM_PROP_CURSORSHAPE_BAR_LEFT
					? CURSOR_BAR
					: CURSOR_BLOCK;
		break;
	case VTERM_PROP_MOUSE:
		screen->mouse = (MouseMode)value->number;
		break;
	default:
		break;
	}
	screen_damage_rows(screen, screen->cursor.row, screen->cursor.row);
	return 1;
}

static int on_bell(void *self)
{
	Screen *screen = self;

	if (screen->ops->bell)
		screen->ops->bell(screen->data);
	return 1;
}

static int on_resize(int rows, int columns, VTermPos *delta, void *self);

static const VTermStateCallbacks callbacks = {
	.putglyph = on_put,
	.movecursor = on_cursor,
	.scrollrect = on_scroll,
	.erase = on_erase,
	.initpen = on_pen_reset,
	.setpenattr = on_pen,
	.settermprop = on_property,
	.bell = on_bell,
	.resize = on_resize,
};

static void on_output(const char *bytes, size_t size, void *self)
{
	Screen *screen = self;

	screen->ops->output(screen->data, bytes, size);
}

/* ---- life ---- */

enum { SHIFT_OUT = 0x0e, SHIFT_IN = 0x0f };

static void pass(void *self, const char *bytes, gsize size)
{
	Screen *screen = self;

	if (*bytes == SHIFT_OUT || *bytes == SHIFT_IN)
		screen->shifted = *bytes == SHIFT_OUT;
	screen->unfinished = false;
	vterm_input_write(screen->term, bytes, size);
}

static void pass_text(Screen *screen, const char *bytes, gsize size)
{
	screen->unfinished = (guchar)bytes[size - 1] >= 0x80;
	vterm_input_write(screen->term, bytes, size);
}

/* How many plain characters may be written without libvterm, which takes ten times as
 * long: not the last one, which marks may follow, and not into the last column. */
static int direct_count(const Screen *screen, gsize plain)
{
	bool full = screen->written_end >= screen->grid->columns &&
		    screen->written.row == screen->cursor.row;

	if (plain < 2 || screen->drawing || screen->shifted || screen->inserting ||
		screen->protecting || screen->margins || screen->odd ||
		screen->unfinished || full)
		return 0;
	return MIN((int)MIN(plain, G_MAXINT) - 1,
		screen->grid->columns - 1 - screen->cursor.column);
}

static void put_directly(Screen *screen, const char *text, int count)
{
	Place at = screen->cursor;
	char move[16];

	if (!at.column && (screen->written.row != at.row || screen->written.column))
		screen->grid->rows[at.row].continued =
			goes_on(screen, (VTermPos){at.row, 0}, 1);
	grid_put_text(screen->grid, at.column, at.row, text, count, &screen->pen);
	screen->written = (Place){at.column + count - 1, at.row};
	screen->written_end = at.column + count;
	screen_damage_rows(screen, at.row, at.row);
	int size = g_snprintf(move, sizeof move, "\033[%dC", count);
	vterm_input_write(screen->term, move, (gsize)size);
}

static gsize plain_size(const char *bytes, gsize size)
{
	gsize i = 0;

	while (i < size && (guchar)bytes[i] < 0x80)
		i++;
	return i;
}

/* The same with all that is not plain behind it: libvterm joins a mark to a character in
 * the last column only if it gets both at once. */
static gsize with_marks(const char *bytes, gsize plain, gsize size)
{
	while (plain < size && (guchar)bytes[plain] >= 0x80)
		plain++;
	return plain;
}

#define TEXT_NEAR    1100 /* bytes that are looked at: more than a row has columns */
#define DIRECT_LEAST 6    /* fewer are not worth the movement */

static void text(void *self, const char *bytes, gsize size)
{
	Screen *screen = self;

	while (size) {
		gsize near = MIN(size, TEXT_NEAR);
		gsize plain = plain_size(bytes, near), passed = 1;
		int direct = direct_count(screen, plain);

		if (direct >= DIRECT_LEAST) {
			put_directly(screen, bytes, direct);
			bytes += direct;
			size -= (gsize)direct;
			plain -= (gsize)direct;
			passed = plain > 1 ? 1 : with_marks(bytes, 1, size);
		} else if (plain < near) {
			passed = with_marks(bytes, plain, size);
		} else if (plain <= DIRECT_LEAST || screen->drawing || screen->shifted ||
			   screen->inserting || screen->margins) {
			passed = plain;
		}
		pass_text(screen, bytes, passed);
		bytes += passed;
		size -= passed;
	}
}

static const GuardOps guard_ops = {
	.text = text,
	.pass = pass,
	.sequence = sequences_control,
	.escape = sequences_escape,
	.command = sequences_command,
	.question = sequences_question,
};

static void start_libvterm(Screen *screen, int columns, int rows)
{
	screen->term = vterm_new(rows, columns);
	vterm_set_utf8(screen->term, 1);
	vterm_output_set_callback(screen->term, on_output, screen);
	screen->state = vterm_obtain_state(screen->term);
	vterm_state_set_callbacks(screen->state, &callbacks, screen);
	vterm_state_reset(screen->state, 1);
	/* what was never saved would be restored as a hidden cursor */
	screen_write(screen, "\0337");
}

Screen *screen_new(
	int columns, int rows, guint scrollback, const ScreenOps *ops, void *data)
{
	Screen *screen = g_new0(Screen, 1);

	columns = MAX(columns, SCREEN_COLUMNS_MIN);
	screen->ops = ops;
	screen->data = data;
	screen->marks = marks_new();
	screen->history = history_new(scrollback, HISTORY_BYTES, screen->marks);
	history_set_width(screen->history, columns);
	grid_init(&screen->grids[0], columns, rows);
	grid_init(&screen->grids[1], columns, rows);
	screen->grid = &screen->grids[0];
	screen->found = g_array_new(false, false, sizeof(Glyph));
	screen->links = g_ptr_array_new_with_free_func(g_free);
	screen->link_numbers = g_hash_table_new(g_str_hash, g_str_equal);
	screen->cursor_visible = true;
	screen->written_end = -1;
	screen->title = g_string_new(NULL);
	screen->titles = g_ptr_array_new_with_free_func(g_free);
	screen->palette = screen->original = default_palette;
	screen->damaged = g_new0(bool, (gsize)rows);
	screen->taken = g_new0(bool, (gsize)rows);
	screen_forget_found(screen);
	guard_init(&screen->guard, &guard_ops, screen);
	start_libvterm(screen, columns, rows);
	screen_damage(screen);
	return screen;
}

void screen_free(Screen *screen)
{
	vterm_free(screen->term);
	guard_fini(&screen->guard);
	history_free(screen->history);
	marks_free(screen->marks);
	grid_fini(&screen->grids[0]);
	grid_fini(&screen->grids[1]);
	g_free(screen->damaged);
	g_free(screen->taken);
	g_array_unref(screen->found);
	g_hash_table_unref(screen->link_numbers);
	g_ptr_array_unref(screen->links);
	g_string_free(screen->title, TRUE);
	g_ptr_array_unref(screen->titles);
	g_free(screen);
}

void screen_set_limits(Screen *screen, guint lines, gsize bytes)
{
	history_set_limits(screen->history, lines, bytes);
	screen->offset = MIN(screen->offset, history_rows(screen->history));
	screen_forget_found(screen);
	screen_damage(screen);
}

void screen_set_palette(Screen *screen, const Palette *palette)
{
	screen->palette = screen->original = *palette;
	screen_damage(screen);
}

void screen_feed(Screen *screen, const char *bytes, gsize size)
{
	guard_feed(&screen->guard, bytes, size);
	if (screen->offset)
		screen_damage(screen);
}

void screen_write(Screen *screen, const char *text)
{
	vterm_input_write(screen->term, text, strlen(text));
}

void screen_answer(Screen *screen, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	g_autofree char *text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	screen->ops->output(screen->data, text, strlen(text));
}

/* ---- size ---- */

void screen_put_cursor(Screen *screen, Place place)
{
	g_autofree char *text =
		g_strdup_printf("\033[%d;%dH", place.row + 1, place.column + 1);

	screen_write(screen, text);
}

/* libvterm 0.1.4 does not see that a region lies outside of a smaller screen, and writes
 * there. xterm, too, forgets the region at each resize. */
static void reset_region(Screen *screen)
{
	Place place = screen->cursor;

	if (!screen->region)
		return;
	screen->region = screen->margins = false;
	screen->top = screen->bottom = 0;
	screen_write(screen, "\033[?69h\033[s\033[?69l\033[r");
	screen_put_cursor(screen, place);
}

static void resize_alternate(Screen *screen, int columns, int rows, Place *cursor)
{
	int gone = MAX(cursor->row - rows + 1, 0);

	grid_crop(&screen->grids[1], columns, rows, gone);
	cursor->row -= gone;
	cursor->column = MIN(cursor->column, columns - 1);
}

static int on_resize(int rows, int columns, VTermPos *delta, void *self)
{
	Screen *screen = self;
	Place before = screen->cursor, after = before;
	gsize most = (gsize)MAX(rows, screen->grid->n_rows);

	screen->moved_up = 0;
	screen->damaged = g_renew(bool, screen->damaged, most);
	screen->taken = g_renew(bool, screen->taken, most);
	if (screen->alternate) {
		resize_alternate(screen, columns, rows, &after);
		reflow(&screen->grids[0], screen->history, columns, rows,
			&screen->main_cursor);
		screen->resized = true;
	} else {
		if (screen->written_end >= screen->grid->columns &&
			screen->written.row == before.row)
			after.column = screen->written_end;
		reflow(&screen->grids[0], screen->history, columns, rows, &after);
		grid_crop(&screen->grids[1], columns, rows, 0);
	}
	*delta = (VTermPos){after.row - before.row, after.column - before.column};
	screen->cursor = after;
	screen->written_end = -1;
	return 1;
}

/* The cursor stands behind a full row, where its line goes on. */
static void expect_more(Screen *screen)
{
	Place at = screen->cursor;

	if (at.column || !at.row || !screen->grid->rows[at.row].continued ||
		grid_used(screen->grid, at.row))
		return;
	screen->written = (Place){screen->grid->columns - 1, at.row - 1};
	screen->written_end = screen->grid->columns;
}

/* A view that is scrolled up stays at its first line. */
void screen_resize(Screen *screen, int columns, int rows)
{
	columns = MAX(columns, SCREEN_COLUMNS_MIN);
	if (columns == screen->grid->columns && rows == screen->grid->n_rows)
		return;
	bool scrolled = screen->offset > 0;
	Mark top = screen_mark(screen, 0, 0);
	int end = screen->written_end;
	reset_region(screen);
	screen_put_cursor(screen, screen->cursor); /* it is not behind the last column */
	screen->written_end = end;
	vterm_set_size(screen->term, rows, columns);
	Place wanted = screen->cursor;
	VTermPos is;
	vterm_state_get_cursorpos(screen->state, &is);
	if (is.row != wanted.row || is.col != wanted.column)
		screen_put_cursor(screen, wanted);
	expect_more(screen);
	screen_forget_found(screen);
	screen->offset = 0;
	if (scrolled)
		screen_show_at_top(screen, top);
	screen_damage(screen);
}

void screen_size(const Screen *screen, int *columns, int *rows)
{
	*columns = screen->grid->columns;
	*rows = screen->grid->n_rows;
}

void screen_set_cell(Screen *screen, int width, int height)
{
	screen->cell_width = width;
	screen->cell_height = height;
}

/* ---- the view ---- */

void screen_scroll(Screen *screen, int lines)
{
	gint64 most = screen->alternate ? 0 : history_rows(screen->history);

	screen->offset = (guint)CLAMP((gint64)screen->offset + lines, 0, most);
	screen_damage(screen);
}

void screen_scroll_to_bottom(Screen *screen)
{
	if (!screen->offset)
		return;
	screen->offset = 0;
	screen_damage(screen);
}

guint screen_scrolled(const Screen *screen, guint *rows)
{
	*rows = screen->alternate ? 0 : history_rows(screen->history);
	return screen->offset;
}

const char *screen_title(const Screen *screen)
{
	return screen->title->str;
}

const char *screen_link(const Screen *screen, guint16 link)
{
	return link && link <= screen->links->len ? screen->links->pdata[link - 1] : NULL;
}

const Palette *screen_palette(const Screen *screen)
{
	return &screen->palette;
}

MouseMode screen_mouse(const Screen *screen)
{
	return screen->mouse;
}

bool screen_alternate(const Screen *screen)
{
	return screen->alternate;
}

bool screen_held(const Screen *screen)
{
	return screen->held;
}

void screen_release(Screen *screen)
{
	screen->held = false;
}

CursorShape screen_cursor_shape(const Screen *screen)
{
	return screen->shape;
}

static void take_move(Screen *screen, Damage *damage)
{
	int up = screen->moved_up;

	if (!up)
		return;
	screen_damage_rows(screen, screen->cursor.row, screen->cursor.row);
	damage->first = screen->moved_top;
	damage->last = screen->moved_bottom - 1;
	damage->up = up;
	screen->moved_up = 0;
	int to = screen->moved_top + MAX(-up, 0);
	int count = screen->moved_bottom - screen->moved_top - ABS(up);
	for (int row = to; row < to + count; row++)
		if (!screen->damaged[row]) { /* else there is nothing to be saved */
			damage->to = to;
			damage->count = count;
		}
}

bool screen_take_damage(Screen *screen, Damage *damage)
{
	int rows = screen->grid->n_rows;

	*damage = (Damage){.first = rows, .last = -1};
	take_move(screen, damage);
	for (int row = 0; row < rows; row++)
		if (screen->damaged[row]) {
			damage->first = MIN(damage->first, row);
			damage->last = MAX(damage->last, row);
		}
	memcpy(screen->taken, screen->damaged, (gsize)rows * sizeof(bool));
	memset(screen->damaged, 0, (gsize)rows * sizeof(bool));
	damage->drawn = screen->taken;
	screen->drawn_row = screen->cursor.row;
	return damage->first <= damage->last;
}

bool screen_cursor(const Screen *screen, int *column, int *row)
{
	*column = screen->cursor.column;
	*row = (int)MIN(screen->offset, 10000u) + screen->cursor.row;
	return screen->cursor_visible && *row < screen->grid->n_rows;
}

/* ---- cells ---- */

static guint32 cube(guint index)
{
	static const guint8 levels[] = {0, 95, 135, 175, 215, 255};
	guint grey = 8 + (index - 232) * 10;

	if (index >= 232)
		return grey << 16 | grey << 8 | grey;
	index -= 16;
	return (guint32)levels[index / 36] << 16 | (guint32)levels[index / 6 % 6] << 8 |
	       levels[index % 6];
}

guint32 screen_rgb(const Screen *screen, guint32 color, guint32 fallback)
{
	guint index = color & 255;

	if (!(color & COLOR_KIND))
		return fallback;
	if (color & COLOR_RGB)
		return color & 0xffffff;
	return index < SCREEN_COLORS ? screen->palette.colors[index] : cube(index);
}

static guint32 mix(guint32 a, guint32 b)
{
	return ((a & 0xfefefe) >> 1) + ((b & 0xfefefe) >> 1);
}

static void set_colors(const Screen *screen, const Style *style, Cell *cell)
{
	const Palette *palette = &screen->palette;
	bool reverse = ((style->flags & GLYPH_REVERSE) != 0) != screen->reversed;
	guint32 front = screen_rgb(screen, style->front, palette->front);
	guint32 back = screen_rgb(screen, style->back, palette->back);

	if (style->flags & GLYPH_DIM)
		front = mix(front, back);
	cell->front = reverse ? back : front;
	cell->back = reverse ? front : back;
	if (style->flags & GLYPH_HIDDEN)
		cell->front = cell->back;
	cell->line = screen_rgb(screen, style->line, cell->front);
}

/* Cells are asked for row by row, and a line of history is one text. */
static const Glyph *find_in_history(Screen *screen, guint row, int column)
{
	if (row != screen->found_row) {
		guint index =
			history_find_row(screen->history, row, &screen->found_first);

		g_array_set_size(screen->found, 0);
		history_line(screen->history, index, screen->found);
		screen->found_end = line_break(
			screen->found, screen->found_first, screen->grid->columns);
		screen->found_row = row;
	}
	guint cell = screen->found_first + (guint)column;
	return cell < screen->found_end ? &g_array_index(screen->found, Glyph, cell)
					: NULL;
}

static const Glyph *find(Screen *screen, int column, int row)
{
	guint offset = screen->offset;

	if (column < 0 || column >= screen->grid->columns || row < 0 ||
		row >= screen->grid->n_rows)
		return NULL;
	if ((guint)row < offset)
		return find_in_history(screen,
			history_rows(screen->history) - offset + (guint)row, column);
	return &screen->grid->rows[row - (int)offset].cells[column];
}

Cell screen_cell(Screen *screen, int column, int row)
{
	static const Glyph blank = {.width = 1};
	const Glyph *glyph = find(screen, column, row);
	Cell cell = {0};

	if (!glyph)
		glyph = &blank;
	set_colors(screen, &glyph->style, &cell);
	cell.width = glyph->width;
	cell.chars[0] = glyph->c;
	if (glyph->more)
		memcpy(cell.chars + 1, marks_sequence(screen->marks, glyph->more),
			MARKS_PER_CELL * sizeof *cell.chars);
	cell.flags = glyph->style.flags & (guint16) ~(GLYPH_REVERSE | GLYPH_PROTECTED);
	cell.link = glyph->style.link;
	return cell;
}
