// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * text - the form of a clipboard's node
 */
#include <maq/clipboard.h>

#include <string.h>

static const char head[] = "clipboard\n";

enum { HEAD = sizeof head - 1, DELETE = 0x7f };

/* A line of a node without its newline. */
typedef struct {
	const char *at;
	gsize size;
} Span;

static bool is_control(char c)
{
	return ((guchar)c < ' ' && c != '\t') || c == DELETE;
}

/* Takes the next line; false: there is none that is ended. */
static bool next_line(const char **at, const char *end, Span *line)
{
	const char *newline = *at < end ? memchr(*at, '\n', (gsize)(end - *at)) : NULL;

	if (!newline)
		return false;
	*line = (Span){*at, (gsize)(newline - *at)};
	*at = newline + 1;
	return true;
}

/* Strips ":" or ": "; false: it is no line of text. */
static bool quoted(Span *line)
{
	if (line->size && line->at[0] == ':' && (line->size == 1 || line->at[1] == ' ')) {
		gsize mark = MIN(line->size, 2);

		line->at += mark;
		line->size -= mark;
		return true;
	}
	return false;
}

/* Calls add for each line of text; false: it is no such node. */
static bool walk(
	const char *node, gsize size, void (*add)(void *data, Span line), void *data)
{
	const char *at = node + HEAD, *end = node + size;
	Span line;

	if (size < HEAD || size > MAQ_CLIPBOARD_MAX || memcmp(node, head, HEAD) ||
		!g_utf8_validate_len(node, size, NULL))
		return false;
	while (next_line(&at, end, &line)) {
		if (line.size == 1 && line.at[0] == '-')
			return at == end;
		if (!quoted(&line))
			return false;
		for (gsize i = 0; i < line.size; i++)
			if (is_control(line.at[i]))
				return false;
		if (add)
			add(data, line);
	}
	return false;
}

bool maq_clipboard_is_valid(const char *node, gsize size)
{
	return walk(node, size, NULL, NULL);
}

typedef struct {
	GString *text;
	bool begun;
} Decoding;

static void add_line(void *data, Span line)
{
	Decoding *decoding = data;

	if (decoding->begun)
		g_string_append_c(decoding->text, '\n');
	decoding->begun = true;
	g_string_append_len(decoding->text, line.at, (gssize)line.size);
}

char *maq_clipboard_decode(const char *node, gsize size)
{
	Decoding decoding = {.text = g_string_new(NULL)};
	bool fine = walk(node, size, add_line, &decoding);

	return g_string_free(decoding.text, !fine);
}

static void encode_line(GString *node, const char *text, gsize size)
{
	g_string_append_c(node, ':');
	if (size)
		g_string_append_c(node, ' ');
	for (gsize i = 0; i < size; i++)
		if (text[i] != '\r')
			g_string_append_c(node, is_control(text[i]) ? ' ' : text[i]);
	g_string_append_c(node, '\n');
}

char *maq_clipboard_encode(const char *text, gsize *size)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	g_autoptr(GString) node = g_string_new(head);
	const char *at = valid;

	while (*valid && at) {
		const char *newline = strchr(at, '\n');

		encode_line(node, at, newline ? (gsize)(newline - at) : strlen(at));
		at = newline ? newline + 1 : NULL;
	}
	g_string_append(node, "-\n");
	if (node->len > MAQ_CLIPBOARD_MAX)
		return NULL;
	if (size)
		*size = node->len;
	return g_string_free(g_steal_pointer(&node), FALSE);
}
