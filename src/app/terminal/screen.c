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
	screen->first = MIN(screen->first, MAX(first, 0));
	screen->last = MAX(screen->last, MIN(last, screen->grid->n_rows - 1));
}

void screen_damage(Screen *screen)
{
	screen_damage_rows(screen, 0, screen->grid->n_rows - 1);
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
	const Grid *grid = screen->grid;

	if (screen->written_end < 0 || at.row != screen->written.row + 1)
		return false;
	LineSize size = grid->rows[at.row].size;
	int end = line_width(size, grid->columns);
	return size <= LINE_WIDE && size == screen->written_size &&
	       (screen->written_end >= end ||
		       (width == 2 && screen->written_end == end - 1));
}

/* The row that was written last is full. */
static bool is_full(const Screen *screen)
{
	return screen->written_end >= 0 &&
	       screen->written_end >=
		       line_width(screen->written_size, screen->grid->columns);
}

static int on_put(VTermGlyphInfo *info, VTermPos at, void *self)
{
	Screen *screen = self;
	Grid *grid = screen->grid;
	Glyph glyph = {.c = plain(info->chars[0]),
		.style = screen->pen,
		.width = (guint8)info->width};

	if (info->width < 1 || info->width > 2 || at.row < 0 || at.col < 0 ||
		at.row >= grid->n_rows || at.col + info->width > grid_width(grid, at.row))
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
	screen->written_size = grid->rows[at.row].size;
	screen_damage_rows(screen, at.row, at.row);
	return 1;
}

static int on_cursor(VTermPos to, VTermPos from, int visible, void *self)
{
	Screen *screen = self;

	(void)visible;
	/* behind a full row it stays at the last character */
	int expected = is_full(screen) ? screen->written.column : screen->written_end;
	if (to.row != screen->written.row || to.col != expected)
		screen->written_end = -1;
	/* on few columns libvterm may leave the screen with it */
	int row = CLAMP(to.row, 0, screen->grid->n_rows - 1);
	screen->cursor =
		(Place){CLAMP(to.col, 0, grid_width(screen->grid, row) - 1), row};
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
		history_push(screen->history, &grid->rows[i], grid_used(grid, i));
	screen_forget_found(screen);
	/* the view stays where it is */
	if (screen->offset)
		screen->offset =
			MIN(screen->offset + (guint)count, history_rows(screen->history));
}

/* libvterm has one list of sizes for both screens, and keeps that of a row which is new
 * after scrolling. */
static void tell_line_sizes(Screen *screen, int first, int end)
{
	for (int row = first; screen->resized_lines && row < end; row++) {
		LineSize size = screen->grid->rows[row].size;
		/* ours to change: it is within the state that belongs to us */
		VTermLineInfo *known =
			(VTermLineInfo *)vterm_state_get_lineinfo(screen->state, row);

		known->doublewidth = size != LINE_PLAIN;
		known->doubleheight = size == LINE_TOP ? 1 : size == LINE_BOTTOM ? 2 : 0;
	}
}

/* A row that has gone goes on nowhere, unless it is in the scroll-back. */
static void move_written(Screen *screen, VTermRect rect, int up)
{
	if (screen->written.row < rect.start_row || screen->written.row >= rect.end_row)
		return;
	screen->written.row -= up;
	if (screen->written.row >= rect.end_row ||
		(rect.start_row && screen->written.row < rect.start_row))
		screen->written_end = -1;
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
	move_written(screen, rect, up);
	tell_line_sizes(screen, rect.start_row, rect.end_row);
	screen_damage_rows(screen, rect.start_row, rect.end_row - 1);
	return 1;
}

/* What has no room on a line that is drawn larger is lost, as on DEC's terminals. */
static int on_line_size(
	int row, const VTermLineInfo *new, const VTermLineInfo *old, void *self)
{
	Screen *screen = self;
	Grid *grid = screen->grid;
	LineSize size = new->doubleheight == 1   ? LINE_TOP
			: new->doubleheight == 2 ? LINE_BOTTOM
			: new->doublewidth       ? LINE_WIDE
						 : LINE_PLAIN;

	(void)old;
	if (row < 0 || row >= grid->n_rows || grid->rows[row].size == size)
		return 1;
	if (grid->rows[row].size == LINE_PLAIN)
		grid_erase(grid, line_width(size, grid->columns), row, grid->columns,
			row + 1, &(Style){0}, false);
	grid_set_size(grid, row, size);
	if (row == screen->written.row)
		screen->written_end = -1;
	screen->resized_lines = true;
	screen_damage_rows(screen, row, row);
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
	tell_line_sizes(screen, 0, screen->grid->n_rows);
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
	.setlineinfo = on_line_size,
};

static void on_output(const char *bytes, size_t size, void *self)
{
	screen_output(self, bytes, size);
}

/* ---- life ---- */

enum { SHIFT_OUT = 0x0e, SHIFT_IN = 0x0f };

/* libvterm lets the cursor come to a line behind its end. */
static void keep_on_line(Screen *screen)
{
	VTermPos is;
	char move[16];

	vterm_state_get_cursorpos(screen->state, &is);
	if (is.col < grid_width(screen->grid, screen->cursor.row))
		return;
	int size = g_snprintf(move, sizeof move, "\033[%dG", screen->cursor.column + 1);
	vterm_input_write(screen->term, move, (gsize)size);
}

static void pass(void *self, const char *bytes, gsize size)
{
	Screen *screen = self;

	if (*bytes == SHIFT_OUT || *bytes == SHIFT_IN)
		screen->shifted = *bytes == SHIFT_OUT;
	screen->unfinished = false;
	vterm_input_write(screen->term, bytes, size);
	if (screen->resized_lines)
		keep_on_line(screen);
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
	bool full = is_full(screen) && screen->written.row == screen->cursor.row;

	if (plain < 2 || screen->drawing || screen->shifted || screen->inserting ||
		screen->protecting || screen->margins || screen->odd ||
		screen->unfinished || full)
		return 0;
	return MIN((int)MIN(plain, G_MAXINT) - 1,
		grid_width(screen->grid, screen->cursor.row) - 1 - screen->cursor.column);
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
	screen->written_size = screen->grid->rows[at.row].size;
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
	.vt52 = vt52_escape,
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
	screen->first = rows;
	screen->last = -1;
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

void screen_output(Screen *screen, const char *bytes, gsize size)
{
	if (!screen->guard.latin) {
		screen->ops->output(screen->data, bytes, size);
		return;
	}
	g_autoptr(GByteArray) coded = charset_encode(bytes, size);
	screen->ops->output(screen->data, (char *)coded->data, coded->len);
}

void screen_answer(Screen *screen, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	g_autofree char *text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	charset_shorten(screen, text);
	screen->ops->output(screen->data, text, strlen(text));
}

/* ---- size ---- */

void screen_put_cursor(Screen *screen, Place place)
{
	g_autofree char *text =
		g_strdup_printf("\033[%d;%dH", place.row + 1, place.column + 1);

	screen_write(screen, text);
}

void screen_forget_region(Screen *screen)
{
	screen->margins = false;
	screen->top = screen->bottom = screen->left = screen->right = 0;
}

/* libvterm 0.1.4 does not see that a region lies outside of a smaller screen, and writes
 * there. xterm, too, forgets the region at each resize. */
static void reset_region(Screen *screen)
{
	Place place = screen->cursor;

	if (!screen->region)
		return;
	screen->region = false;
	screen_forget_region(screen);
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

	if (screen->alternate) {
		resize_alternate(screen, columns, rows, &after);
		reflow(&screen->grids[0], screen->history, columns, rows,
			&screen->main_cursor);
		screen->resized = true;
	} else {
		if (is_full(screen) && screen->written.row == before.row)
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
	screen->written_size = screen->grid->rows[at.row].size;
	screen->written_end = grid_width(screen->grid, at.row - 1);
	screen->written = (Place){screen->written_end - 1, at.row - 1};
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
	tell_line_sizes(screen, 0, rows);
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
	screen->last = MIN(screen->last, rows - 1);
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
