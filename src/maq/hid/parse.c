// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * parse - a whole text: its bounds and its end, then line by line into a tree
 */
#include "scan.h"

#include <string.h>

static void syntax_error(GError **error, const MaqHidDocument *document, const char *at,
	const char *message)
{
	guint line = 1;
	const char *start = document->text;

	for (const char *c = document->text; c < at; c++) {
		if (*c != '\n')
			continue;
		line++;
		start = c + 1;
	}
	error_at(error, MAQ_HID_ERROR_SYNTAX, document, line,
		(guint)characters(start, at - start) + 1, "%s", message);
}

static bool ends_document(Span line, MaqHidFlags flags)
{
	if (!line.length || line.at[0] != '-')
		return false;
	if (!(flags & MAQ_HID_STRICT))
		return true;
	for (gsize i = 1; i < line.length; i++)
		if (!strchr(" \t\r", line.at[i]))
			return false;
	return true;
}

/* Whether one of the bytes is below a blank: eight at once, as most lines have none. */
static bool has_control(Span line)
{
	const guint64 ones = G_MAXUINT64 / 255;
	guint64 found = 0, bytes;
	gsize i;

	for (i = 0; i + sizeof bytes <= line.length; i += sizeof bytes) {
		memcpy(&bytes, line.at + i, sizeof bytes);
		found |= (bytes - ones * 0x20) & ~bytes;
	}
	for (; i < line.length; i++)
		found |= (guchar)line.at[i] < 0x20 ? 0x80 : 0;
	return found & (ones * 0x80);
}

/* Control characters, apart from tabs (the scanner's) and a carriage return at the end */
static const char *control_character(Span line)
{
	if (!has_control(line))
		return NULL;
	for (gsize i = 0; i < line.length; i++)
		if ((guchar)line.at[i] < 0x20 && line.at[i] != '\t' &&
			!(line.at[i] == '\r' && i + 1 == line.length))
			return line.at + i;
	return NULL;
}

static Span next_line(const MaqHidDocument *document, const char *at)
{
	const char *end = document->text + document->size;
	const char *newline = memchr(at, '\n', end - at);

	return (Span){at, (gsize)((newline ? newline : end) - at)};
}

/* Find the line that ends the document and set its body; refuse control characters. */
static bool find_end(MaqHidDocument *document, MaqHidFlags flags, GError **error)
{
	const char *end = document->text + document->size;
	const char *at = document->text;
	const char *bad;

	while (at < end) {
		Span line = next_line(document, at);

		if (ends_document(line, flags)) {
			document->body = at - document->text;
			if (!(flags & MAQ_HID_STRICT) ||
				g_utf8_validate(document->text, document->body, &bad))
				return true;
			syntax_error(error, document, bad, "no valid UTF-8");
			return false;
		}
		bad = control_character(line);
		if (bad) {
			syntax_error(error, document, bad,
				"a control character; expected printable text");
			return false;
		}
		at = line.at + line.length + 1;
	}
	syntax_error(error, document, end, "expected a line '-' to end the document");
	return false;
}

static bool scan_lines(MaqHidDocument *document, MaqHidFlags flags, GError **error)
{
	Scan scan = {.document = document, .flags = flags, .error = error};
	const char *end = document->text + document->body;
	const char *at = document->text;

	while (at < end) {
		Span line = next_line(document, at);

		at = line.at + line.length + 1;
		if (line.length && line.at[line.length - 1] == '\r')
			line.length--;
		scan.line = scan.at = line.at;
		scan.end = line.at + line.length;
		scan.number++;
		if (!scan_line(&scan))
			return false;
	}
	if (document->root)
		return true;
	syntax_error(error, document, end, "expected the type of the top-level node");
	return false;
}

MaqHidDocument *maq_hid_parse(const char *text, gssize size, const char *name,
	MaqHidFlags flags, GError **error)
{
	g_autoptr(MaqHidDocument) document = document_new(name);

	document->size = size < 0 ? strlen(text) : (gsize)size;
	if (document->size > MAQ_HID_MAX_SIZE) {
		error_at(error, MAQ_HID_ERROR_LIMIT, document, 1, 1,
			"%" G_GSIZE_FORMAT " bytes; expected at most %u", document->size,
			MAQ_HID_MAX_SIZE);
		return NULL;
	}
	document->text = g_malloc(document->size + 1);
	if (document->size)
		memcpy(document->text, text, document->size);
	document->text[document->size] = '\0';
	document->cut = g_memdup2(document->text, document->size + 1);
	if (!find_end(document, flags, error) || !scan_lines(document, flags, error))
		return NULL;
	return g_steal_pointer(&document);
}

MaqHidDocument *maq_hid_load(const char *path, MaqHidFlags flags, GError **error)
{
	g_autofree char *text = NULL;
	gsize size;

	if (!g_file_get_contents(path, &text, &size, error))
		return NULL;
	return maq_hid_parse(text, (gssize)size, path, flags, error);
}
