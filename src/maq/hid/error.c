// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * error - where something stands in a text, and messages that show it
 */
#include "private.h"
#include <stdarg.h>

#define SHOWN_MAX 160 /* bytes of an offending line that are shown */

static const char *line_start(const char *text, const char *at)
{
	while (at > text && at[-1] != '\n')
		at--;
	return at;
}

static const char *line_end(const char *at, const char *end)
{
	const char *newline = at < end ? memchr(at, '\n', (size_t)(end - at)) : NULL;

	return newline ? newline : end;
}

static bool starts_character(char c)
{
	return ((unsigned char)c & 0xc0) != 0x80;
}

unsigned maq_hid_column(const char *text, const char *at)
{
	unsigned column = 1;

	for (const char *c = line_start(text, at); c < at; c++)
		column += starts_character(*c);
	return column;
}

static unsigned line_number(const char *text, const char *at)
{
	unsigned line = 1;

	for (const char *c = text; c < at; c++)
		line += *c == '\n';
	return line;
}

/* The line, made harmless for a terminal, and below it a caret under `at`. */
static void show_line(GString *message, const char *line, const char *end, const char *at)
{
	gsize caret = 0;

	if (at - line > SHOWN_MAX / 2) {
		line = at - SHOWN_MAX / 2;
		while (line < at && !starts_character(*line))
			line++;
	}
	if (end - line > SHOWN_MAX)
		end = line + SHOWN_MAX;
	g_autofree char *valid = g_utf8_make_valid(line, end - line);

	g_string_append(message, "\n  ");
	for (const char *c = valid; *c; c = g_utf8_next_char(c)) {
		gunichar character = g_utf8_get_char(c);

		g_string_append_unichar(message,
			g_unichar_isprint(character) ? character : ' ');
	}
	while (message->len && message->str[message->len - 1] == ' ')
		g_string_truncate(message, message->len - 1);
	for (const char *c = line; c < at && c < end; c++)
		caret += starts_character(*c);
	g_string_append_printf(message, "\n  %*s^", (int)caret, "");
}

GError *maq_hid_error_in(const char *name, const char *text, size_t size, const char *at,
	MaqHidError code, const char *format, va_list arguments)
{
	GString *message = g_string_new(NULL);
	GError *error;

	g_string_printf(message, "%s:%u:%u: ", name, line_number(text, at),
		maq_hid_column(text, at));
	g_string_append_vprintf(message, format, arguments);
	show_line(message, line_start(text, at), line_end(at, text + size), at);
	error = g_error_new_literal(MAQ_HID_ERROR, (int)code, message->str);
	g_string_free(message, TRUE);
	return error;
}

static MaqHidPosition position(
	const MaqHidNode *node, uint32_t line, uint32_t offset)
{
	if (!node || !node->document->text)
		return (MaqHidPosition){0, 0};
	return (MaqHidPosition){
		.line = line,
		.column = maq_hid_column(
			node->document->text, node->document->text + offset),
	};
}

MaqHidPosition maq_hid_node_position(const MaqHidNode *node)
{
	return position(node, node ? node->item.line : 0, node ? node->item.offset : 0);
}

MaqHidPosition maq_hid_attr_position(const MaqHidAttr *attr)
{
	return position(attr ? attr->node : NULL, attr ? attr->line : 0,
		attr ? attr->offset : 0);
}

MaqHidPosition maq_hid_value_position(const MaqHidAttr *attr)
{
	return position(attr ? attr->node : NULL, attr ? attr->line : 0,
		attr ? attr->value_offset : 0);
}

GError *maq_hid_error_at(
	const MaqHidNode *node, const MaqHidAttr *attr, const char *format, ...)
{
	const MaqHidDocument *document;
	GError *error;
	va_list arguments;

	node = attr ? attr->node : node;
	document = node ? node->document : NULL;
	va_start(arguments, format);
	if (document && document->text) {
		const char *at = document->text +
			(attr ? attr->value_offset : node->item.offset);

		error = maq_hid_error_in(document->name, document->text, document->size, at,
			MAQ_HID_ERROR_VALUE, format, arguments);
	} else {
		error = g_error_new_valist(
			MAQ_HID_ERROR, MAQ_HID_ERROR_VALUE, format, arguments);
	}
	va_end(arguments);
	return error;
}
