/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * error - messages that show the place: file:line:column, the line, a caret
 */
#include "tree.h"

#include <string.h>

#define SHOWN 100 /* bytes of a line that are shown */

GQuark maq_hid_error_quark(void)
{
	return g_quark_from_static_string("maq-hid-error-quark");
}

static Span line_of(const MaqHidDocument *document, guint line)
{
	const char *at = document->text;
	const char *end = at + document->size;

	for (; line > 1 && at; line--) {
		const char *newline = memchr(at, '\n', end - at);

		at = newline ? newline + 1 : NULL;
	}
	if (!at)
		return (Span){NULL, 0};
	const char *newline = memchr(at, '\n', end - at);

	return (Span){at, (gsize)((newline ? newline : end) - at)};
}

/* The part of the line around the column, as valid UTF-8 without control characters. */
static void append_line(GString *out, Span line, guint column)
{
	g_autofree char *valid = g_utf8_make_valid(line.at, line.length);
	glong length = g_utf8_strlen(valid, -1);
	glong first = (glong)column > SHOWN * 3 / 4 ? (glong)column - SHOWN / 2 : 0;
	glong shown = CLAMP(length - first, 0, SHOWN);
	g_autofree char *part =
		g_utf8_substring(valid, MIN(first, length), MIN(first, length) + shown);

	for (char *c = part; *c; c++)
		if ((guchar)*c < 0x20 || *c == 0x7f)
			*c = ' ';
	g_string_append_printf(
		out, "\n    %s\n    %*s^", part, (int)((glong)column - 1 - first), "");
}

static void error_va(GError **error, int code, const MaqHidDocument *document, guint line,
	guint column, const char *format, va_list arguments)
{
	g_autoptr(GString) out = g_string_new(NULL);
	Span span = {NULL, 0};

	if (!error)
		return;
	if (document->text && line)
		span = line_of(document, line);
	g_string_append_printf(out, "%s:%u:%u: ", document->name, line, column);
	g_string_append_vprintf(out, format, arguments);
	if (span.at && column)
		append_line(out, span, column);
	g_set_error_literal(error, MAQ_HID_ERROR, code, out->str);
}

void error_at(GError **error, int code, const MaqHidDocument *document, guint line,
	guint column, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	error_va(error, code, document, line, column, format, arguments);
	va_end(arguments);
}

void maq_hid_set_error(
	GError **error, const MaqHidNode *node, const char *tag, const char *format, ...)
{
	guint line, column;
	va_list arguments;

	va_start(arguments, format);
	if (node) {
		maq_hid_position(node, tag, &line, &column);
		error_va(error, MAQ_HID_ERROR_VALUE, node->document, line, column, format,
			arguments);
	} else if (error) {
		*error = g_error_new_valist(
			MAQ_HID_ERROR, MAQ_HID_ERROR_VALUE, format, arguments);
	}
	va_end(arguments);
}
