// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * contents - the text on the screen, and searches, for others
 */
#include "terminal.h"

#include <maq/text.h>

#include <string.h>

#define TEXT_MAX  16000
#define LOOK_MAX  5000 /* lines that are looked through at a time */
#define SHOWN_MAX 1000 /* bytes of a line that has been found */

struct Contents {
	Terminal *terminal; /* borrowed */
	GPtrArray *readers; /* owned, of Reader, borrowed */
	GString *text;      /* owned: the answer */
};

typedef struct {
	Contents *contents; /* borrowed */
	MaqPeer *peer;      /* borrowed */
	bool told;          /* that there is something new */
} Reader;

/* ---- rows ---- */

static void append_cell(GString *text, const Cell *cell)
{
	if (!cell->width)
		return;
	g_string_append_unichar(text, cell->chars[0] ? cell->chars[0] : ' ');
	for (gsize i = 1; i < G_N_ELEMENTS(cell->chars) && cell->chars[i]; i++)
		g_string_append_unichar(text, cell->chars[i]);
}

static void append_row(Screen *screen, int row, GString *text)
{
	int columns, rows;
	gsize start = text->len;

	screen_size(screen, &columns, &rows);
	for (int column = 0; column < columns; column++) {
		Cell cell = screen_cell(screen, column, row);

		append_cell(text, &cell);
	}
	while (text->len > start && text->str[text->len - 1] == ' ')
		g_string_truncate(text, text->len - 1);
}

/* As many bytes of it as there is room for, whole characters. */
static gsize cut(const char *text, gsize size, gsize room)
{
	if (size <= room)
		return size;
	while (room && ((guchar)text[room] & 0xc0) == 0x80)
		room--;
	return room;
}

static MaqTextError rows(void *self, guint32 from, guint32 *next, guint32 *end,
	const void **bytes, gsize *size)
{
	Reader *reader = self;
	Screen *screen = reader->contents->terminal->screen;
	GString *text = reader->contents->text;
	int columns, n_rows;

	screen_size(screen, &columns, &n_rows);
	g_string_truncate(text, 0);
	reader->told = false;
	*end = (guint32)n_rows;
	for (*next = from; *next < *end; ++*next) {
		gsize before = text->len;

		append_row(screen, (int)*next, text);
		if (text->len >= TEXT_MAX && before) {
			g_string_truncate(text, before);
			break;
		}
		g_string_truncate(text, cut(text->str, text->len, TEXT_MAX - 1));
		g_string_append_c(text, '\n');
	}
	*bytes = text->str;
	*size = text->len;
	return MAQ_TEXT_OK;
}

/* ---- searches ---- */

static void append_line(Screen *screen, guint64 line, GString *text)
{
	g_autoptr(GArray) cells = g_array_new(false, false, sizeof(Glyph));
	gsize start = text->len;

	g_string_append_printf(text, "%" G_GUINT64_FORMAT "\t", line);
	gsize shown = text->len;
	screen_line(screen, line, cells);
	for (guint i = 0; i < cells->len && text->len < start + SHOWN_MAX; i++)
		screen_glyph_text(screen, &g_array_index(cells, Glyph, i), text);
	while (text->len > shown && text->str[text->len - 1] == ' ')
		g_string_truncate(text, text->len - 1);
	g_string_append_c(text, '\n');
}

static MaqTextError search(void *self, const char *pattern, guint64 from, guint64 *next,
	guint64 *end, const void **bytes, gsize *size)
{
	Contents *contents = ((Reader *)self)->contents;
	Screen *screen = contents->terminal->screen;
	GString *text = contents->text;
	Find find;

	g_string_truncate(text, 0);
	*end = screen_end_line(screen);
	*next = MAX(from, screen_first_line(screen));
	guint64 last = MIN(*next + LOOK_MAX, *end);
	find_init(&find);
	find_pattern(&find, pattern);
	while (*next < last && text->len < TEXT_MAX - 2 * SHOWN_MAX) {
		if (find_in_line(&find, screen, *next))
			append_line(screen, *next, text);
		++*next;
	}
	find_fini(&find);
	*bytes = text->str;
	*size = text->len;
	return MAQ_TEXT_OK;
}

/* ---- */

void contents_changed(Contents *contents)
{
	for (guint i = 0; contents && i < contents->readers->len; i++) {
		Reader *reader = contents->readers->pdata[i];

		if (!reader->told)
			maq_text_signal_changed(reader->peer);
		reader->told = true;
	}
}

static MaqStatus reader_open(void *self, MaqPeer *peer, void **client)
{
	Contents *contents = self;
	Reader *reader = g_new(Reader, 1);

	*reader = (Reader){contents, peer, true};
	g_ptr_array_add(contents->readers, reader);
	*client = reader;
	return MAQ_OK;
}

static void reader_close(void *self)
{
	Reader *reader = self;

	g_ptr_array_remove(reader->contents->readers, reader);
	g_free(reader);
}

static const MaqTextService text_service = {
	.ops = {.rows = rows, .search = search},
	.open = reader_open,
	.close = reader_close,
};

static void contents_free(gpointer data)
{
	Contents *contents = data;

	g_ptr_array_unref(contents->readers);
	g_string_free(contents->text, TRUE);
	g_free(contents);
}

Contents *contents_provide(Terminal *terminal, GError **error)
{
	Contents *contents = g_new(Contents, 1);

	*contents = (Contents){terminal, g_ptr_array_new(), g_string_new(NULL)};
	maq_env_own_by(terminal->env, contents, contents_free);
	return maq_text_provide(terminal->env, &text_service, contents, error) ? contents
									       : NULL;
}
