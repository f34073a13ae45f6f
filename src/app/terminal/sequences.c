// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sequences - what the program asks of the screen itself and not of libvterm
 */
#include "screen_internal.h"

#include <string.h>

#define TITLE_MAX 1000 /* bytes */

#define TITLES_MAX    10 /* put away */
#define PALETTE_PAIRS 256

enum {
	MODE_ANSI = 2, /* else it is a VT52 */
	MODE_COLUMNS = 3,
	MODE_INSERT = 4, /* not a private one */
	MODE_ORIGIN = 6,
	MODE_VISIBLE = 25,
	MODE_ALLOW_COLUMNS = 40,
	MODE_ALTERNATE = 47,
	MODE_MARGINS = 69,
	MODE_CLEAR_ALTERNATE = 1047,
	MODE_SAVE = 1048,
	MODE_SAVE_ALTERNATE = 1049,
	MODE_HOLD = 2026
};

static void pass_mode(Screen *screen, guint mode, bool on)
{
	g_autofree char *text = g_strdup_printf("\033[?%u%c", mode, on ? 'h' : 'l');

	screen_write(screen, text);
}

/* Each screen has its own; the place of one that was resized is where its line went. */
static void save(Screen *screen)
{
	screen->saved[screen->alternate] = (Saved){screen->pen, screen->drawing,
		screen->shifted, screen->origin, screen->cursor};
}

static void put_back(Screen *screen, Place place, bool origin)
{
	pass_mode(screen, MODE_ORIGIN, origin);
	screen->origin = origin;
	place.row = MIN(place.row, screen->grid->n_rows - 1);
	if (origin) {
		place.row = MAX(place.row - screen->top, 0);
		if (screen->margins)
			place.column = MAX(place.column - screen->left, 0);
	}
	screen_put_cursor(screen, place);
}

/* libvterm, which restores more than it should, is told to before. */
static void restore(Screen *screen, bool visible, CursorShape shape)
{
	const Saved *saved = &screen->saved[screen->alternate];

	screen->pen = saved->pen;
	screen->drawing = saved->drawing;
	screen->shifted = saved->shifted;
	screen->shape = shape;
	pass_mode(screen, MODE_VISIBLE, visible);
	put_back(screen, saved->place, saved->origin);
}

static void restore_by(Screen *screen, const char *text)
{
	bool visible = screen->cursor_visible;
	CursorShape shape = screen->shape;

	screen_write(screen, text);
	restore(screen, visible, shape);
}

/* ---- modes ---- */

/* The width stays what it is; but the screen is cleared, as programs expect. */
static void clear_all(Screen *screen)
{
	screen_forget_region(screen);
	screen_write(screen, "\033[?69h\033[s\033[?69l\033[r\033[2J");
	put_back(screen, (Place){0, 0}, false);
}

static void leave_alternate(Screen *screen, guint mode)
{
	g_autofree char *text = g_strdup_printf("\033[?%ul", mode);
	bool moved = screen->resized;

	restore_by(screen, text);
	/* where it was saved, it no longer is */
	if (mode == MODE_SAVE_ALTERNATE && moved)
		put_back(screen, screen->main_cursor, false);
	screen->resized = false;
}

/* False: libvterm's. */
static bool own_mode(Screen *screen, guint mode, bool on)
{
	switch (mode) {
	case MODE_HOLD:
		screen->held = on;
		return true;
	case MODE_ANSI:
		vt52_set(screen, !on);
		return true;
	case MODE_COLUMNS:
		if (screen->columns_allowed)
			clear_all(screen);
		return true;
	case MODE_ALLOW_COLUMNS:
		screen->columns_allowed = on;
		return true;
	default:
		return false;
	}
}

static void set_mode(Screen *screen, guint mode, bool on)
{
	bool saves = mode == MODE_SAVE || mode == MODE_SAVE_ALTERNATE;

	if (own_mode(screen, mode, on))
		return;
	if (mode == MODE_MARGINS)
		screen->margins = on;
	if (mode == MODE_ORIGIN)
		screen->origin = on;
	if (mode == MODE_ALTERNATE)
		mode = MODE_CLEAR_ALTERNATE; /* libvterm knows this one */
	if (saves && on)
		save(screen);
	if (saves && !on)
		leave_alternate(screen, mode);
	else
		pass_mode(screen, mode, on);
}

static bool private_modes(Screen *screen, const GuardSequence *sequence)
{
	for (guint i = 0; i < sequence->n; i++)
		set_mode(screen, sequence->numbers[i].value, sequence->final == 'h');
	return true;
}

/* ---- others ---- */

static bool erase_display(Screen *screen, const GuardSequence *sequence)
{
	if (sequence->numbers[0].value != 3)
		return false;
	history_clear(screen->history);
	screen->offset = 0;
	screen_forget_found(screen);
	screen_damage(screen);
	return true;
}

/* Two numbers, of lines or columns; one that ends before it begins is none. */
static bool set_limits(const GuardSequence *sequence, int most, int *first, int *end)
{
	int from = (int)guard_count(sequence, 0, 1) - 1;
	int to = MIN((int)guard_count(sequence, 1, (guint)most), most);

	if (from >= to)
		return false;
	*first = from;
	*end = to == most ? 0 : to;
	return true;
}

/* CSI r and, with margins, CSI s. libvterm would lift them if they are nonsense. */
static bool set_region(Screen *screen, const GuardSequence *sequence)
{
	screen->region = true;
	return !set_limits(sequence, screen->grid->n_rows, &screen->top, &screen->bottom);
}

static bool set_margins(Screen *screen, const GuardSequence *sequence)
{
	screen->region = true;
	return !set_limits(
		sequence, screen->grid->columns, &screen->left, &screen->right);
}

/* SL (CSI Ps SP @) and SR (CSI Ps SP A), which libvterm does not know. */
static bool shift_columns(Screen *screen, const GuardSequence *sequence)
{
	Grid *grid = screen->grid;
	int by = (int)guard_count(sequence, 0, 1);
	int left = screen->margins ? screen->left : 0;
	int right = screen->margins && screen->right ? screen->right : grid->columns;
	int bottom = screen->bottom ? screen->bottom : grid->n_rows;

	grid_scroll(grid, left, screen->top, right, bottom, 0,
		sequence->final == '@' ? by : -by, &screen->pen);
	screen_damage_rows(screen, screen->top, bottom - 1);
	return true;
}

/* They also move the cursor to the first column, which libvterm does not. */
static bool insert_lines(Screen *screen, const GuardSequence *sequence)
{
	int row = screen->cursor.row, rows = screen->grid->n_rows;
	g_autofree char *text = g_strdup_printf(
		"\033[%u%c\r", guard_count(sequence, 0, 1), sequence->final);

	if (row >= screen->top && row < (screen->bottom ? screen->bottom : rows))
		screen_write(screen, text);
	return true;
}

/* Puts the title away, and takes the last one back. */
static bool keep_title(Screen *screen, const GuardSequence *sequence)
{
	guint what = sequence->numbers[0].value;
	GPtrArray *titles = screen->titles;

	if (what == 22 && titles->len < TITLES_MAX) {
		g_ptr_array_add(titles, g_strdup(screen->title->str));
	} else if (what == 23 && titles->len) {
		g_string_assign(screen->title, titles->pdata[titles->len - 1]);
		g_ptr_array_remove_index(titles, titles->len - 1);
	}
	return what == 22 || what == 23;
}

static bool plain_sequence(Screen *screen, const GuardSequence *sequence)
{
	switch (sequence->final) {
	case 'm':
		pen_apply(&screen->pen, sequence);
		return true;
	case 'J':
		return erase_display(screen, sequence);
	case 't':
		return keep_title(screen, sequence) || reports_answer(screen, sequence);
	case 'n':
	case 'x':
		return reports_answer(screen, sequence);
	case 's':
		if (screen->margins)
			return set_margins(screen, sequence);
		save(screen);
		screen_write(screen, "\0337");
		return true;
	case 'u':
		restore_by(screen, "\0338");
		return true;
	case 'r':
		return set_region(screen, sequence);
	case 'h':
	case 'l':
		for (guint i = 0; i < sequence->n; i++)
			if (sequence->numbers[i].value == MODE_INSERT)
				screen->inserting = sequence->final == 'h';
		return false;
	case 'L':
	case 'M':
		return insert_lines(screen, sequence);
	default:
		return false;
	}
}

static void reset_modes(Screen *screen)
{
	screen->pen = (Style){0};
	screen->saved[0] = screen->saved[1] = (Saved){0};
	screen->drawing = screen->shifted = screen->inserting = false;
	screen->protecting = screen->odd = false;
	screen->held = screen->origin = false;
	screen_forget_region(screen);
}

bool sequences_control(void *self, const GuardSequence *sequence)
{
	Screen *screen = self;

	if (!sequence->leader && !sequence->intermediate)
		return plain_sequence(screen, sequence);
	if (sequence->leader == '?' && !sequence->intermediate &&
		(sequence->final == 'h' || sequence->final == 'l'))
		return private_modes(screen, sequence);
	if (reports_answer(screen, sequence))
		return true;
	if (sequence->intermediate == '!' && sequence->final == 'p') {
		reset_modes(screen);
		screen_write(screen, "\033[!p\033[?25h\0337");
		return true;
	}
	if (!sequence->leader && sequence->intermediate == ' ' &&
		(sequence->final == '@' || sequence->final == 'A'))
		return shift_columns(screen, sequence);
	if (sequence->intermediate == '"' && sequence->final == 'q')
		screen->protecting = sequence->numbers[0].value == 1;
	/* of other kinds of SGR, libvterm would make its own */
	return sequence->final == 'm';
}

/* Character sets, how bytes are read, and in how many bits we answer. */
static bool designate(Screen *screen, char intermediate, char final)
{
	switch (intermediate) {
	case '(':
		screen->drawing = final != 'B';
		return false;
	case '%':
		guard_set_latin(&screen->guard, final == '@');
		charset_tell(screen);
		return true;
	case ' ':
		if (final == 'F' || final == 'G')
			screen->eight_bit = final == 'G';
		charset_tell(screen);
		return true;
	default:
		return false;
	}
}

bool sequences_escape(void *self, char intermediate, char final)
{
	Screen *screen = self;

	if (intermediate)
		return designate(screen, intermediate, final);
	if (final == '7')
		save(screen);
	if (final == '8') {
		restore_by(screen, "\0338");
		return true;
	}
	/* single and locking shifts */
	screen->odd = screen->odd || strchr("NOno|}~", final);
	if (final != 'c')
		return false;
	reset_modes(screen);
	screen->palette = screen->original;
	g_string_truncate(screen->title, 0);
	g_ptr_array_set_size(screen->titles, 0);
	screen->columns_allowed = screen->eight_bit = false;
	guard_set_latin(&screen->guard, false);
	guard_set_vt52(&screen->guard, false);
	screen_write(screen, "\033c\0337");
	return true;
}

/* ---- commands ---- */

static void set_title(Screen *screen, const char *text)
{
	g_autofree char *valid = g_utf8_make_valid(text, MIN(strlen(text), TITLE_MAX));

	g_string_assign(screen->title, valid);
}

/* 8 ; parameters ; address */
static void set_link(Screen *screen, const char *text)
{
	const char *address = strchr(text, ';');

	screen->pen.link = 0;
	if (!address || !address[1] || strlen(address + 1) > LINK_MAX ||
		!g_utf8_validate(address + 1, -1, NULL))
		return;
	address++;
	guint number =
		GPOINTER_TO_UINT(g_hash_table_lookup(screen->link_numbers, address));
	if (!number && screen->links->len < LINKS_MAX) {
		g_ptr_array_add(screen->links, g_strdup(address));
		number = screen->links->len;
		g_hash_table_insert(screen->link_numbers,
			screen->links->pdata[number - 1], GUINT_TO_POINTER(number));
	}
	screen->pen.link = (guint16)number;
}

/* Base64, as long as the text is; what is none is nothing. */
static void copy(Screen *screen, const char *text)
{
	const char *coded = strchr(text, ';');
	gsize size = 0;

	if (!coded || !screen->ops->copy)
		return;
	if (!strcmp(coded + 1, "?")) {
		screen->ops->copy(screen->data, NULL);
		return;
	}
	g_autofree guchar *bytes = g_base64_decode(coded + 1, &size);
	g_autofree char *copied = g_utf8_make_valid((char *)bytes, (gssize)size);
	screen->ops->copy(screen->data, copied);
}

/* #rrggbb or rgb:rr/gg/bb, with one to four digits a part. */
static bool read_color(const char *text, guint32 *rgb)
{
	guint parts[3], n = 0;

	if (text[0] == '#' && strlen(text) == 7) {
		*rgb = (guint32)g_ascii_strtoull(text + 1, NULL, 16) & 0xffffff;
		return true;
	}
	if (!g_str_has_prefix(text, "rgb:"))
		return false;
	for (const char *at = text + 4; n < 3; n++) {
		char *end;
		guint64 value = g_ascii_strtoull(at, &end, 16);
		gsize digits = (gsize)(end - at);

		if (!digits || digits > 4 || (*end != '/' && n < 2))
			return false;
		parts[n] =
			(guint)(digits == 1 ? value * 17 : value >> (4 * (digits - 2)));
		at = end + 1;
	}
	*rgb = (parts[0] & 255) << 16 | (parts[1] & 255) << 8 | (parts[2] & 255);
	return true;
}

static void palette_color(Screen *screen, guint index, const char *color)
{
	guint32 rgb;

	if (!strcmp(color, "?")) {
		g_autofree char *what = g_strdup_printf("4;%u", index);

		reports_color(screen, what, screen_rgb(screen, COLOR_INDEXED | index, 0));
	} else if (index < SCREEN_COLORS && read_color(color, &rgb)) {
		screen->palette.colors[index] = rgb;
		screen_damage(screen);
	}
}

static bool read_index(const char *text, guint *index)
{
	guint64 value;

	if (!g_ascii_string_to_unsigned(text, 10, 0, 255, &value, NULL))
		return false;
	*index = (guint)value;
	return true;
}

/* 4 ; index ; colour or ?, and more such pairs */
static void palette_colors(Screen *screen, const char *text)
{
	g_auto(GStrv) parts = g_strsplit(text, ";", 2 * PALETTE_PAIRS + 1);
	guint index;

	for (char **part = parts; part[0] && part[1]; part += 2)
		if (read_index(part[0], &index))
			palette_color(screen, index, part[1]);
}

/* 104 ; index ..., or all of them */
static void reset_palette(Screen *screen, const char *text)
{
	g_auto(GStrv) parts = g_strsplit(text, ";", SCREEN_COLORS);
	guint index;

	for (guint i = 0; !*text && i < SCREEN_COLORS; i++)
		screen->palette.colors[i] = screen->original.colors[i];
	for (char **part = parts; *part; part++)
		if (read_index(*part, &index) && index < SCREEN_COLORS)
			screen->palette.colors[index] = screen->original.colors[index];
	screen_damage(screen);
}

static void ground_color(
	Screen *screen, const char *what, guint32 *color, const char *text)
{
	guint32 rgb;

	if (!strcmp(text, "?")) {
		reports_color(screen, what, *color);
	} else if (read_color(text, &rgb)) {
		*color = rgb;
		screen_damage(screen);
	}
}

void sequences_command(void *self, const char *text, gsize size)
{
	Screen *screen = self;
	char *rest;
	guint64 number = g_ascii_strtoull(text, &rest, 10);

	(void)size;
	rest += *rest == ';';
	switch (number) {
	case 0:
	case 2:
		if (rest != text)
			set_title(screen, rest);
		break;
	case 4:
		palette_colors(screen, rest);
		break;
	case 8:
		set_link(screen, rest);
		break;
	case 10:
		ground_color(screen, "10", &screen->palette.front, rest);
		break;
	case 11:
		ground_color(screen, "11", &screen->palette.back, rest);
		break;
	case 12:
		if (!strcmp(rest, "?"))
			reports_color(screen, "12", screen->palette.front);
		break;
	case 52:
		copy(screen, rest);
		break;
	case 104:
		reset_palette(screen, rest);
		break;
	case 110:
		screen->palette.front = screen->original.front;
		screen_damage(screen);
		break;
	case 111:
		screen->palette.back = screen->original.back;
		screen_damage(screen);
		break;
	default:
		break;
	}
}
