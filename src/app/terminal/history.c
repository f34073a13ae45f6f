// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A line is a sequence of characters in UTF-8 and of marks. No cell holds a control
 * character, so these serve as marks.
 */
#include "history.h"

#include <string.h>

enum {
	BLANK = 1, /* a cell without a character */
	STYLE = 2, /* of what follows: a byte that says which parts are not 0, and these
		    */
	WIDE = 3,  /* the next character takes two cells */
	JOIN = 4,  /* the next character belongs to the cell before */
};

enum { GONE = 0xfffd }; /* stands for what is no character */

#define BLOCK_SIZE (256u << 10)
#define CELL_BYTES 64 /* more than a cell with its style and all marks takes */

typedef struct {
	guint8 *bytes; /* owned, BLOCK_SIZE */
	guint used, lines;
} Block;

typedef struct {
	Block *block; /* borrowed */
	guint32 offset, size;
	guint32 cells;
	guint32 rows; /* at the width of now */
	bool wide;    /* some characters take two cells */
	LineSize drawn;
} Line;

struct History {
	Line *ring; /* owned */
	guint capacity, first, count, max;
	gsize max_bytes;
	GQueue blocks; /* owned, of Block, oldest first */
	Marks *marks;  /* borrowed */
	guint64 dropped;
	int columns;
	guint rows;
	GByteArray *buffer;     /* owned: the row being written */
	Style last;             /* style that the newest line ends with */
	guint found, found_row; /* a line, and its first row: looked for last */
};

/* ---- writing ---- */

static void write_bytes(GByteArray *out, const void *bytes, gsize size)
{
	memcpy(out->data + out->len, bytes, size);
	out->len += (guint)size;
}

static void write_mark(GByteArray *out, guint8 mark)
{
	out->data[out->len++] = mark;
}

static void write_char(GByteArray *out, guint32 c)
{
	char utf8[6];

	if (c >= ' ' && c < 0x7f) {
		write_mark(out, (guint8)c);
		return;
	}
	bool fine = c >= ' ' && g_unichar_validate(c);
	int size = g_unichar_to_utf8(fine ? c : GONE, utf8);
	write_bytes(out, utf8, (gsize)size);
}

static void write_style(GByteArray *out, const Style *style)
{
	guint32 parts[] = {
		style->front, style->back, style->line, style->flags, style->link};
	guint8 present = 0;

	for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
		present |= (guint8)((parts[i] != 0) << i);
	write_mark(out, STYLE);
	write_mark(out, present);
	for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
		if (parts[i])
			write_bytes(out, &parts[i], sizeof parts[i]);
}

static void write_cell(History *history, const Glyph *cell)
{
	GByteArray *out = history->buffer;

	if (!cell->c) {
		write_mark(out, BLANK);
		return;
	}
	if (cell->width > 1)
		write_mark(out, WIDE);
	write_char(out, cell->c);
	if (!cell->more)
		return;
	const guint32 *more = marks_sequence(history->marks, cell->more);
	for (int i = 0; i < MARKS_PER_CELL && more[i]; i++) {
		write_mark(out, JOIN);
		write_char(out, more[i]);
	}
}

static bool same_style(const Style *a, const Style *b)
{
	return a->front == b->front && a->back == b->back && a->line == b->line &&
	       a->flags == b->flags && a->link == b->link;
}

/* Into the buffer; true: some are wide. */
static bool write_row(History *history, const Glyph *cells, int count)
{
	bool wide = false;

	/* room for all at once: rows are written by the hundred thousand */
	g_byte_array_set_size(history->buffer, (guint)count * CELL_BYTES);
	history->buffer->len = 0;
	for (int i = 0; i < count; i++) {
		if (!cells[i].width)
			continue;
		wide = wide || cells[i].width > 1;
		if (!same_style(&cells[i].style, &history->last)) {
			write_style(history->buffer, &cells[i].style);
			history->last = cells[i].style;
		}
		write_cell(history, &cells[i]);
	}
	return wide;
}

/* ---- reading ---- */

typedef struct {
	const History *history;
	GArray *cells;
	Style style;
	bool wide;
} Reading;

static const guint8 *read_style(Style *style, const guint8 *at)
{
	guint32 parts[5] = {0};
	guint8 present = *at++;

	for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
		if (!(present >> i & 1))
			continue;
		memcpy(&parts[i], at, sizeof parts[i]);
		at += sizeof parts[i];
	}
	*style = (Style){
		parts[0], parts[1], parts[2], (guint16)parts[3], (guint16)parts[4]};
	return at;
}

static void read_joined(Reading *reading, guint32 c)
{
	Marks *marks = reading->history->marks;
	guint32 sequence[MARKS_PER_CELL];
	guint last = reading->cells->len;

	while (last && !g_array_index(reading->cells, Glyph, last - 1).width)
		last--;
	if (!last)
		return;
	Glyph *cell = &g_array_index(reading->cells, Glyph, last - 1);
	memcpy(sequence, marks_sequence(marks, cell->more), sizeof sequence);
	for (int i = 0; i < MARKS_PER_CELL; i++) {
		if (sequence[i])
			continue;
		sequence[i] = c;
		cell->more = marks_number(marks, sequence);
		return;
	}
}

static void read_cell(Reading *reading, guint32 c)
{
	Glyph glyph = {.c = c, .style = reading->style, .width = reading->wide ? 2 : 1};
	Glyph half = {.style = reading->style};

	g_array_append_val(reading->cells, glyph);
	if (reading->wide)
		g_array_append_val(reading->cells, half);
	reading->wide = false;
}

static void read_line(const History *history, const Line *line, GArray *cells)
{
	const guint8 *at = line->block->bytes + line->offset;
	const guint8 *end = at + line->size;
	Reading reading = {.history = history, .cells = cells};

	while (at < end) {
		guint8 mark = *at;

		at += mark < ' ';
		if (mark == STYLE) {
			at = read_style(&reading.style, at);
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

/* ---- rows ---- */

guint line_break(const GArray *cells, guint from, int room)
{
	guint to = MIN(from + (guint)room, cells->len);

	if (to < cells->len && to - 1 > from && !g_array_index(cells, Glyph, to).width)
		to--;
	return to;
}

static guint rows_of(const History *history, const Line *line)
{
	guint room = (guint)line_room(line->drawn, history->columns), rows = 0, at = 0;

	if (!line->wide)
		return MAX((line->cells + room - 1) / room, 1);
	g_autoptr(GArray) cells = g_array_new(false, false, sizeof(Glyph));
	read_line(history, line, cells);
	while (at < cells->len) {
		at = line_break(cells, at, (int)room);
		rows++;
	}
	return MAX(rows, 1);
}

static Line *line_at(const History *history, guint index)
{
	return &history->ring[(history->first + index) % history->capacity];
}

void history_set_width(History *history, int columns)
{
	if (columns == history->columns)
		return;
	history->columns = columns;
	history->rows = 0;
	for (guint i = 0; i < history->count; i++) {
		Line *line = line_at(history, i);

		line->rows = rows_of(history, line);
		history->rows += line->rows;
	}
	history->found = history->found_row = 0;
}

guint history_rows(const History *history)
{
	return history->rows;
}

/* Goes on from where one was last: rows are asked for one after the other. */
static void walk_to_row(History *history, guint row)
{
	while (history->found && history->found_row > row)
		history->found_row -= line_at(history, --history->found)->rows;
	while (history->found + 1 < history->count &&
		history->found_row + line_at(history, history->found)->rows <= row)
		history->found_row += line_at(history, history->found++)->rows;
}

guint history_find_row(History *history, guint row, guint *first_cell)
{
	walk_to_row(history, row);
	const Line *line = line_at(history, history->found);
	guint within = row - history->found_row, at = 0;
	int room = line_room(line->drawn, history->columns);

	if (!line->wide) {
		*first_cell = within * (guint)room;
		return history->found;
	}
	g_autoptr(GArray) cells = g_array_new(false, false, sizeof(Glyph));
	read_line(history, line, cells);
	while (within--)
		at = line_break(cells, at, room);
	*first_cell = at;
	return history->found;
}

guint history_row_of(History *history, guint index)
{
	while (history->found > index)
		history->found_row -= line_at(history, --history->found)->rows;
	while (history->found < index)
		history->found_row += line_at(history, history->found++)->rows;
	return history->found_row;
}

/* ---- memory ---- */

static void release(History *history, Line *line)
{
	Block *block = line->block;

	history->rows -= line->rows;
	history->count--;
	if (--block->lines)
		return;
	g_queue_remove(&history->blocks, block);
	g_free(block->bytes);
	g_free(block);
}

static void drop_oldest(History *history)
{
	guint rows = line_at(history, 0)->rows;

	release(history, line_at(history, 0));
	history->first = (history->first + 1) % history->capacity;
	history->dropped++;
	if (history->found) {
		history->found--;
		history->found_row -= rows;
	}
}

static void grow(History *history)
{
	guint capacity = MIN(MAX(history->capacity * 2, 64), MAX(history->max, 1));
	Line *ring = g_new0(Line, capacity);

	for (guint i = 0; i < history->count; i++)
		ring[i] = *line_at(history, i);
	g_free(history->ring);
	history->ring = ring;
	history->capacity = capacity;
	history->first = 0;
}

/* Room for size bytes behind the newest line. */
static Block *block_with_room(History *history, guint size)
{
	Block *block = g_queue_peek_tail(&history->blocks);

	if (block && block->used + size <= BLOCK_SIZE)
		return block;
	block = g_new0(Block, 1);
	block->bytes = g_malloc(BLOCK_SIZE);
	g_queue_push_tail(&history->blocks, block);
	return block;
}

static void keep_limits(History *history)
{
	while (history->count > history->max ||
		(history->count > 1 && history_bytes(history) > history->max_bytes))
		drop_oldest(history);
}

History *history_new(guint lines, gsize bytes, Marks *marks)
{
	History *history = g_new0(History, 1);

	history->max = lines;
	history->max_bytes = bytes;
	history->marks = marks;
	history->columns = 80;
	g_queue_init(&history->blocks);
	history->buffer = g_byte_array_new();
	return history;
}

void history_free(History *history)
{
	history_clear(history);
	g_byte_array_unref(history->buffer);
	g_free(history->ring);
	g_free(history);
}

void history_set_limits(History *history, guint lines, gsize bytes)
{
	history->max_bytes = bytes;
	history->max = lines;
	keep_limits(history);
}

void history_clear(History *history)
{
	while (history->count)
		drop_oldest(history);
}

guint history_count(const History *history)
{
	return history->count;
}

guint64 history_dropped(const History *history)
{
	return history->dropped;
}

gsize history_bytes(const History *history)
{
	return g_queue_get_length((GQueue *)&history->blocks) * (gsize)BLOCK_SIZE +
	       history->capacity * sizeof(Line);
}

/* ---- lines ---- */

/* Behind the newest line; false: that would be too long. */
static bool extend(History *history, const Glyph *cells, int count)
{
	Line *line = line_at(history, history->count - 1);
	bool wide = write_row(history, cells, count);
	guint size = history->buffer->len;

	if (line->size + size > HISTORY_LINE_MAX)
		return false;
	if (line->offset + line->size + size > BLOCK_SIZE) {
		Block *old = line->block, *block = g_new0(Block, 1);

		block->bytes = g_malloc(BLOCK_SIZE);
		g_queue_push_tail(&history->blocks, block);
		memcpy(block->bytes, old->bytes + line->offset, line->size);
		block->used = line->size;
		block->lines = 1;
		old->used = line->offset;
		line->block = block;
		line->offset = 0;
		if (!--old->lines) {
			g_queue_remove(&history->blocks, old);
			g_free(old->bytes);
			g_free(old);
		}
	}
	memcpy(line->block->bytes + line->offset + line->size, history->buffer->data,
		size);
	line->block->used += size;
	line->size += size;
	line->cells += (guint32)count;
	line->wide = line->wide || wide;
	history->rows -= line->rows;
	line->rows = rows_of(history, line);
	history->rows += line->rows;
	return true;
}

static void append(History *history, const Row *row, int count)
{
	history->last = (Style){0};
	bool wide = write_row(history, row->cells, count);
	guint size = history->buffer->len;

	if (history->count == history->max)
		drop_oldest(history);
	Block *block = block_with_room(history, size);
	if (history->count == history->capacity)
		grow(history);
	Line *line = line_at(history, history->count++);
	*line = (Line){block, block->used, size, (guint32)count, 0, wide, row->size};
	if (size)
		memcpy(block->bytes + block->used, history->buffer->data, size);
	block->used += size;
	block->lines++;
	line->rows = rows_of(history, line);
	history->rows += line->rows;
}

void history_push(History *history, const Row *row, int count)
{
	if (!history->max) {
		history->dropped += !row->continued;
		return;
	}
	if (!row->continued || !history->count || !extend(history, row->cells, count))
		append(history, row, count);
	keep_limits(history);
}

void history_line(const History *history, guint index, GArray *cells)
{
	read_line(history, line_at(history, index), cells);
}

guint history_line_cells(const History *history, guint index)
{
	return line_at(history, index)->cells;
}

LineSize history_line_size(const History *history, guint index)
{
	return line_at(history, index)->drawn;
}

LineSize history_pop(History *history, GArray *cells)
{
	Line *line = line_at(history, history->count - 1);
	LineSize drawn = line->drawn;

	read_line(history, line, cells);
	line->block->used = line->offset;
	release(history, line);
	history->found = history->found_row = 0;
	/* what the line before ends with is not known */
	history->last = (Style){.flags = 0xffff, .link = 0xffff};
	return drawn;
}
