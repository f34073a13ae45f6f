// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sequences - what the program asks of the screen itself and not of libvterm
 */
#include "screen_internal.h"

#include <string.h>

#define TITLE_MAX 1000 /* bytes */

enum {
	MODE_INSERT = 4, /* not a private one */
	MODE_ORIGIN = 6,
	MODE_ALTERNATE = 47,
	MODE_MARGINS = 69,
	MODE_CLEAR_ALTERNATE = 1047,
	MODE_SAVE = 1048,
	MODE_SAVE_ALTERNATE = 1049,
	MODE_HOLD = 2026
};

static void save(Screen *screen)
{
	screen->saved[screen->alternate] =
		(Saved){screen->pen, screen->drawing, screen->shifted};
}

static void restore(Screen *screen)
{
	const Saved *saved = &screen->saved[screen->alternate];

	screen->pen = saved->pen;
	screen->drawing = saved->drawing;
	screen->shifted = saved->shifted;
}

/* ---- modes ---- */

static void pass_mode(Screen *screen, guint mode, bool on)
{
	g_autofree char *text = g_strdup_printf("\033[?%u%c", mode, on ? 'h' : 'l');

	screen_write(screen, text);
}

static void set_mode(Screen *screen, guint mode, bool on)
{
	bool saves = mode == MODE_SAVE || mode == MODE_SAVE_ALTERNATE;

	if (mode == MODE_HOLD) {
		screen->held = on;
		return;
	}
	if (mode == MODE_MARGINS)
		screen->margins = on;
	if (mode == MODE_ORIGIN)
		screen->origin = on;
	if (mode == MODE_ALTERNATE)
		mode = MODE_CLEAR_ALTERNATE; /* libvterm knows this one */
	if (saves && on)
		save(screen);
	pass_mode(screen, mode, on);
	if (saves && !on)
		restore(screen);
	if (mode == MODE_SAVE_ALTERNATE && !on && screen->resized) {
		/* where libvterm remembers it, it no longer is */
		screen_put_cursor(screen, screen->main_cursor);
		screen->resized = false;
	}
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

static void set_region(Screen *screen, const GuardSequence *sequence)
{
	int rows = screen->grid->n_rows;
	int top = (int)guard_count(sequence, 0, 1) - 1;
	int bottom = MIN((int)guard_count(sequence, 1, (guint)rows), rows);

	screen->region = true;
	if (top >= bottom)
		return;
	screen->top = top;
	screen->bottom = bottom == rows ? 0 : bottom;
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

static bool plain_sequence(Screen *screen, const GuardSequence *sequence)
{
	switch (sequence->final) {
	case 'm':
		pen_apply(&screen->pen, sequence);
		return true;
	case 'J':
		return erase_display(screen, sequence);
	case 't':
	case 'n':
	case 'x':
		return reports_answer(screen, sequence);
	case 's':
		screen->region = true;
		if (screen->margins)
			return false;
		save(screen);
		screen_write(screen, "\0337");
		return true;
	case 'u':
		restore(screen);
		screen_write(screen, "\0338");
		return true;
	case 'r':
		set_region(screen, sequence);
		return false;
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
	screen->held = screen->margins = screen->origin = false;
	screen->top = screen->bottom = 0;
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
	if (sequence->intermediate == '"' && sequence->final == 'q')
		screen->protecting = sequence->numbers[0].value == 1;
	/* of other kinds of SGR, libvterm would make its own */
	return sequence->final == 'm';
}

bool sequences_escape(void *self, char intermediate, char final)
{
	Screen *screen = self;

	if (intermediate) {
		if (intermediate == '(')
			screen->drawing = final != 'B';
		else if (intermediate == '#')
			screen->odd = screen->odd || final != '8'; /* double width */
		return false;
	}
	if (final == '7')
		save(screen);
	if (final == '8')
		restore(screen);
	/* single and locking shifts */
	screen->odd = screen->odd || strchr("NOno|}~", final);
	if (final != 'c')
		return false;
	reset_modes(screen);
	screen->palette = screen->original;
	g_string_truncate(screen->title, 0);
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

/* 4 ; index ; colour or ? */
static void palette_color(Screen *screen, const char *text)
{
	char *end;
	guint64 index = g_ascii_strtoull(text, &end, 10);
	guint32 rgb;

	if (end == text || *end != ';' || index > 255)
		return;
	if (!strcmp(end + 1, "?")) {
		g_autofree char *what = g_strdup_printf("4;%u", (guint)index);

		reports_color(screen, what,
			screen_rgb(screen, COLOR_INDEXED | (guint32)index, 0));
	} else if (index < SCREEN_COLORS && read_color(end + 1, &rgb)) {
		screen->palette.colors[index] = rgb;
		screen_damage(screen);
	}
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
		palette_color(screen, rest);
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
	case 110:
	case 111:
		screen->palette = screen->original;
		screen_damage(screen);
		break;
	default:
		break;
	}
}
