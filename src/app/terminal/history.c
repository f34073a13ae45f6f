// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A line is a sequence of characters in UTF-8 and of marks. No cell holds a control
 * character, so these serve as marks.
 */
#include "history.h"

#include <string.h>

enum {
	BLANK = 1, /* a cell without a character */
	STYLE = 2, /* Style of what follows */
	WIDE = 3,  /* the next character takes two cells */
	JOIN = 4,  /* the next character belongs to the cell before */
};

enum { GONE = 0xfffd }; /* stands for what is no character */

typedef struct {
	VTermColor front, back;
	VTermScreenCellAttrs attributes;
} Style;

typedef struct {
	guint8 *bytes; /* owned */
	guint size;
} Line;

struct History {
	Line *ring; /* owned */
	guint capacity, first, count, max;
	gsize bytes;        /* of the lines */
	GByteArray *buffer; /* owned: the line being written */
};

/* ---- one line ---- */

/* Without the bytes that mean nothing, which libvterm leaves as they are. */
static VTermColor plain_color(const VTermColor *color)
{
	VTermColor plain;

	memset(&plain, 0, sizeof plain);
	if (VTERM_COLOR_IS_INDEXED(color))
		plain.indexed.idx = color->indexed.idx;
	else
		plain = *color;
	plain.type = color->type;
	return plain;
}

static VTermScreenCellAttrs plain_attributes(VTermScreenCellAttrs a)
{
	VTermScreenCellAttrs plain;

	memset(&plain, 0, sizeof plain);
	plain.bold = a.bold;
	plain.underline = a.underline;
	plain.italic = a.italic;
	plain.blink = a.blink;
	plain.reverse = a.reverse;
	plain.strike = a.strike;
	plain.font = a.font;
	return plain;
}

static Style style_of(const VTermScreenCell *cell)
{
	Style style;

	memset(&style, 0, sizeof style); /* styles are compared byte by byte */
	style.front = plain_color(&cell->fg);
	style.back = plain_color(&cell->bg);
	style.attributes = plain_attributes(cell->attrs);
	return style;
}

static void write_char(GByteArray *out, guint32 c)
{
	char utf8[6];
	bool fine = c >= ' ' && g_unichar_validate(c);
	int size = g_unichar_to_utf8(fine ? c : GONE, utf8);

	g_byte_array_append(out, (guint8 *)utf8, (guint)size);
}

static void write_mark(GByteArray *out, guint8 mark)
{
	g_byte_array_append(out, &mark, 1);
}

static void write_cell(GByteArray *out, const VTermScreenCell *cell)
{
	if (!cell->chars[0]) {
		write_mark(out, BLANK);
		return;
	}
	if (cell->width > 1)
		write_mark(out, WIDE);
	write_char(out, cell->chars[0]);
	for (int i = 1; i < VTERM_MAX_CHARS_PER_CELL && cell->chars[i]; i++) {
		write_mark(out, JOIN);
		write_char(out, cell->chars[i]);
	}
}

static bool is_right_half(const VTermScreenCell *cell)
{
	return cell->chars[0] == (uint32_t)-1;
}

/* A line ends where only blanks of the default look follow. */
static int used_columns(const VTermScreenCell *cells, int columns)
{
	while (columns > 0) {
		const VTermScreenCell *cell = &cells[columns - 1];

		if (cell->chars[0] || !VTERM_COLOR_IS_DEFAULT_BG(&cell->bg) ||
			cell->attrs.reverse || cell->attrs.underline)
			break;
		columns--;
	}
	return columns;
}

static void write_line(GByteArray *out, const VTermScreenCell *cells, int columns)
{
	Style last;

	memset(&last, 0xff, sizeof last);
	for (int i = 0; i < columns; i++) {
		Style style = style_of(&cells[i]);

		if (is_right_half(&cells[i]))
			continue;
		if (memcmp(&style, &last, sizeof style)) {
			write_mark(out, STYLE);
			g_byte_array_append(out, (guint8 *)&style, sizeof style);
			last = style;
		}
		write_cell(out, &cells[i]);
	}
}

typedef struct {
	VTermScreenCell *cells;
	int column, columns, last; /* last: where a joined character goes; -1: nowhere */
	Style style;
	bool wide;
} Reading;

static void read_joined(Reading *reading, guint32 c)
{
	if (reading->last < 0)
		return;
	uint32_t *chars = reading->cells[reading->last].chars;
	for (int i = 1; i < VTERM_MAX_CHARS_PER_CELL; i++) {
		if (chars[i])
			continue;
		chars[i] = c;
		return;
	}
}

static void read_cell(Reading *reading, guint32 c)
{
	int width = reading->wide ? 2 : 1;

	reading->last = -1;
	reading->wide = false;
	for (int i = 0; i < width && reading->column + i < reading->columns; i++)
		reading->cells[reading->column + i] = (VTermScreenCell){
			.chars = {i ? (uint32_t)-1 : c},
			.width = (char)width,
			.attrs = reading->style.attributes,
			.fg = reading->style.front,
			.bg = reading->style.back,
		};
	/* half a wide character is none */
	if (reading->column + width <= reading->columns) {
		reading->last = reading->column;
	} else if (reading->column < reading->columns) {
		reading->cells[reading->column].chars[0] = 0;
		reading->cells[reading->column].width = 1;
	}
	reading->column += width;
}

static void read_line(const Line *line, int columns, VTermScreenCell *cells)
{
	const guint8 *at = line->bytes;
	const guint8 *end = at ? at + line->size : NULL; /* an empty line has no bytes */
	Reading reading = {.cells = cells, .columns = columns, .last = -1};

	while (at < end) {
		guint8 mark = *at;

		at += mark < ' ';
		if (mark == STYLE) {
			memcpy(&reading.style, at, sizeof reading.style);
			at += sizeof reading.style;
		} else if (mark == WIDE) {
			reading.wide = true;
		} else if (mark == BLANK) {
			read_cell(&reading, 0);
		} else {
			guint32 c = g_utf8_get_char((const char *)at);

			at = (const guint8 *)g_utf8_next_char((const char *)at);
			if (mark == JOIN)
				read_joined(&reading, c);
			else
				read_cell(&reading, c);
		}
	}
}

/* ---- the ring ---- */

static Line *line_at(const History *history, guint index)
{
	return &history->ring[(history->first + index) % history->capacity];
}

static void forget(History *history, Line *line)
{
	history->bytes -= line->size;
	g_clear_pointer(&line->bytes, g_free);
	history->count--;
}

static void drop_oldest(History *history)
{
	forget(history, line_at(history, 0));
	history->first = (history->first + 1) % history->capacity;
}

static void grow(History *history)
{
	guint capacity = MIN(MAX(history->capacity * 2, 64), history->max);
	Line *ring = g_new0(Line, capacity);

	for (guint i = 0; i < history->count; i++)
		ring[i] = *line_at(history, i);
	g_free(history->ring);
	history->ring = ring;
	history->capacity = capacity;
	history->first = 0;
}

History *history_new(guint max)
{
	History *history = g_new0(History, 1);

	history->max = max;
	history->buffer = g_byte_array_new();
	return history;
}

void history_free(History *history)
{
	while (history->count)
		history_pop(history);
	g_byte_array_unref(history->buffer);
	g_free(history->ring);
	g_free(history);
}

guint history_count(const History *history)
{
	return history->count;
}

gsize history_bytes(const History *history)
{
	return history->bytes + history->capacity * sizeof(Line);
}

void history_push(History *history, int columns, const VTermScreenCell *cells)
{
	GByteArray *buffer = history->buffer;

	if (!history->max)
		return;
	g_byte_array_set_size(buffer, 0);
	write_line(buffer, cells, used_columns(cells, columns));
	if (history->count == history->max)
		drop_oldest(history);
	while (history->count && history->bytes + buffer->len > HISTORY_BYTES)
		drop_oldest(history);
	if (history->count == history->capacity)
		grow(history);
	*line_at(history, history->count++) =
		(Line){g_memdup2(buffer->data, buffer->len), buffer->len};
	history->bytes += buffer->len;
}

void history_line(
	const History *history, guint index, int columns, VTermScreenCell *cells)
{
	for (int i = 0; i < columns; i++)
		cells[i] = (VTermScreenCell){
			.width = 1,
			.fg = {.type = VTERM_COLOR_DEFAULT_FG | VTERM_COLOR_RGB},
			.bg = {.type = VTERM_COLOR_DEFAULT_BG | VTERM_COLOR_RGB},
		};
	read_line(line_at(history, index), columns, cells);
}

void history_pop(History *history)
{
	forget(history, line_at(history, history->count - 1));
}
