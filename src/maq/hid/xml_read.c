// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * xml_read - XML as HID, by way of GMarkup
 *
 * The tree that the elements make is printed and parsed as HID, so that a document from
 * XML has a text, positions and all, like any other. A comment goes to the node that
 * follows it, or behind the one in front of it if it stands on the same line; a comment
 * that holds elements becomes disabled nodes.
 */
#include "tree.h"

#include <string.h>

typedef struct {
	MaqHidDocument *document; /* owned: what is built */
	MaqHidNode *node;         /* owned by document: the open one */
	MaqHidNode *last;         /* owned by document: closed last at this level */
	GPtrArray *comments;      /* owned: lines waiting for the next node */
	GString *space;           /* owned: white space in front of what comes */
	guint commented; /* 0, or levels inside a comment with elements, from 1 */
} Reader;

G_GNUC_PRINTF(3, 4)
static void reader_error(GError **error, int code, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	g_propagate_error(
		error, g_error_new_valist(MAQ_HID_ERROR, code, format, arguments));
	va_end(arguments);
}

static MaqHidNode *add(Reader *reader, Kind kind, const char *text, GError **error)
{
	MaqHidNode *node = NULL;

	if (!reader->node || reader->node->depth + 1 < MAQ_HID_MAX_DEPTH)
		node = tree_add(reader->document, reader->node, kind);
	if (!node) {
		reader_error(error, MAQ_HID_ERROR_LIMIT, "too many nodes, or too deep");
		return NULL;
	}
	if (kind == KIND_NODE || kind == KIND_DISABLED) {
		node->type = document_strndup(reader->document, text, strlen(text));
		return node;
	}
	node->content.length = strlen(text);
	node->content.at = document_strndup(reader->document, text, node->content.length);
	return node;
}

static bool add_comments(Reader *reader, bool leading, GError **error)
{
	for (guint i = 0; i < reader->comments->len; i++) {
		MaqHidNode *comment =
			add(reader, KIND_COMMENT, reader->comments->pdata[i], error);

		if (!comment)
			return false;
		comment->leading = leading;
	}
	g_ptr_array_set_size(reader->comments, 0);
	return true;
}

static bool add_attr(Reader *reader, const char *tag, const char *value, GError **error)
{
	g_autofree char *trimmed = g_strstrip(g_strdup(value));
	Attr *attr;

	for (char *c = trimmed; *c; c++)
		if ((guchar)*c < 0x20)
			*c = ' ';
	if (!is_ident(tag) || strchr(trimmed, '|')) {
		reader_error(error, MAQ_HID_ERROR_XML, "HID can't express %s=\"%s\"", tag,
			value);
		return false;
	}
	attr = tree_add_attr(reader->node);
	if (!attr) {
		reader_error(error, MAQ_HID_ERROR_LIMIT, "too many attributes");
		return false;
	}
	attr->tag = document_strndup(reader->document, tag, strlen(tag));
	attr->value = document_strndup(reader->document, trimmed, strlen(trimmed));
	return true;
}

/* The element around what a comment holds is ours, and no node. */
static bool is_wrapper(Reader *reader)
{
	return reader->commented == 1;
}

static void start_element(GMarkupParseContext *context G_GNUC_UNUSED, const char *type,
	const char **tags, const char **values, gpointer data, GError **error)
{
	Reader *reader = data;
	bool disabled = reader->commented == 2;
	MaqHidNode *node;

	g_string_truncate(reader->space, 0);
	if (reader->commented && reader->commented++ == 1)
		return;
	if (!is_ident(type)) {
		reader_error(error, MAQ_HID_ERROR_XML, "HID has no node type '%s'", type);
		return;
	}
	node = add(reader, disabled ? KIND_DISABLED : KIND_NODE, type, error);
	if (!node)
		return;
	reader->node = node;
	reader->last = NULL;
	if (!add_comments(reader, true, error))
		return;
	for (; *tags; tags++, values++)
		if (!add_attr(reader, *tags, *values, error))
			return;
}

static void end_element(GMarkupParseContext *context G_GNUC_UNUSED,
	const char *type G_GNUC_UNUSED, gpointer data, GError **error)
{
	Reader *reader = data;

	g_string_truncate(reader->space, 0);
	if (reader->commented)
		reader->commented--;
	if (is_wrapper(reader) || !add_comments(reader, false, error))
		return;
	reader->last = reader->node;
	if (reader->node->parent)
		reader->node = reader->node->parent;
}

static void keep_space(Reader *reader, const char *text, gsize length)
{
	gsize start = length;

	while (start && g_ascii_isspace(text[start - 1]))
		start--;
	g_string_truncate(reader->space, 0);
	g_string_append_len(reader->space, text + start, (gssize)(length - start));
}

static void read_text(GMarkupParseContext *context G_GNUC_UNUSED, const char *text,
	gsize length, gpointer data, GError **error)
{
	Reader *reader = data;
	g_autofree char *copy = g_strndup(text, length);
	g_auto(GStrv) lines = NULL;

	keep_space(reader, text, length);
	if (!*g_strstrip(copy) || !reader->node || is_wrapper(reader))
		return;
	memcpy(copy, text, length);
	lines = g_strsplit(copy, "\n", -1);
	for (char **line = lines; *line; line++) {
		for (char *c = *line; *c; c++)
			if ((guchar)*c < 0x20 && *c != '\t')
				*c = ' ';
		if (!add(reader, KIND_QUOTE, g_strstrip(*line), error))
			return;
	}
}

static const GMarkupParser no_callbacks;

static bool is_xml(const char *text)
{
	g_autoptr(GMarkupParseContext) context =
		g_markup_parse_context_new(&no_callbacks, 0, NULL, NULL);

	return g_markup_parse_context_parse(context, text, -1, NULL) &&
	       g_markup_parse_context_end_parse(context, NULL);
}

static void annotate(Reader *reader, const char *comment)
{
	g_autofree char *line = g_strstrip(g_strdup(comment));
	MaqHidNode *node = reader->last;
	Span *span = node->last_attr ? &node->last_attr->annotation : &node->annotation;

	for (char *c = line; *c; c++)
		if ((guchar)*c < 0x20)
			*c = ' ';
	span->length = strlen(line);
	span->at = document_strndup(reader->document, line, span->length);
}

/* Lines for the next node; blank lines in front of the comment count, all but one. */
static void describe(Reader *reader, const char *comment)
{
	char *newline = strchr(reader->space->str, '\n');
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;

	if (newline)
		memmove(newline, newline + 1, strlen(newline));
	text = g_strconcat(reader->space->str, comment, NULL);
	lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line; line++) {
		for (char *c = *line; *c; c++)
			if ((guchar)*c < 0x20)
				*c = ' ';
		g_ptr_array_add(reader->comments, g_strdup(g_strstrip(*line)));
	}
}

static const GMarkupParser callbacks;

static void read_elements(Reader *reader, const char *wrapped, GError **error)
{
	g_autoptr(GMarkupParseContext) context =
		g_markup_parse_context_new(&callbacks, 0, reader, NULL);

	reader->commented = 1;
	if (g_markup_parse_context_parse(context, wrapped, -1, error))
		g_markup_parse_context_end_parse(context, error);
	reader->commented = 0;
}

static void read_comment(GMarkupParseContext *context G_GNUC_UNUSED, const char *text,
	gsize length, gpointer data, GError **error)
{
	Reader *reader = data;
	g_autofree char *comment = NULL;
	g_autofree char *wrapped = NULL;

	if (length < strlen("<!---->") || memcmp(text, "<!--", 4) != 0 ||
		reader->commented)
		return; /* a declaration or an instruction */
	comment = g_strndup(text + 4, length - strlen("<!---->"));
	wrapped = g_strdup_printf("<comment>%s</comment>", comment);
	if (strchr(comment, '<') && reader->node && is_xml(wrapped))
		read_elements(reader, wrapped, error);
	else if (strchr(reader->space->str, '\n') || !reader->last)
		describe(reader, comment);
	else
		annotate(reader, comment);
	g_string_truncate(reader->space, 0);
}

static const GMarkupParser callbacks = {
	.start_element = start_element,
	.end_element = end_element,
	.text = read_text,
	.passthrough = read_comment,
};

static bool read_xml(Reader *reader, const char *text, gsize size, GError **error)
{
	g_autoptr(GMarkupParseContext) context = g_markup_parse_context_new(&callbacks,
		G_MARKUP_TREAT_CDATA_AS_TEXT | G_MARKUP_PREFIX_ERROR_POSITION, reader,
		NULL);

	/* GMarkup lets anything pass in comments */
	if (!g_utf8_validate(text, (gssize)size, NULL)) {
		reader_error(error, MAQ_HID_ERROR_XML, "no valid UTF-8");
		return false;
	}
	if (!g_markup_parse_context_parse(context, text, (gssize)size, error) ||
		!g_markup_parse_context_end_parse(context, error))
		return false;
	if (!reader->document->root)
		reader_error(error, MAQ_HID_ERROR_XML, "no element");
	return reader->document->root;
}

MaqHidDocument *maq_hid_from_xml(
	const char *text, gssize size, const char *name, GError **error)
{
	g_autoptr(MaqHidDocument) document = document_new(name);
	g_autoptr(GPtrArray) comments = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GString) space = g_string_new(NULL);
	Reader reader = {.document = document, .comments = comments, .space = space};
	gsize length = size < 0 ? strlen(text) : (gsize)size;
	g_autofree char *hid = NULL;
	g_autoptr(GError) cause = NULL;

	if (length > MAQ_HID_MAX_SIZE) {
		g_set_error(error, MAQ_HID_ERROR, MAQ_HID_ERROR_LIMIT, "%s: too large",
			document->name);
		return NULL;
	}
	if (!read_xml(&reader, text, length, &cause)) {
		g_set_error(error, MAQ_HID_ERROR,
			cause->domain == MAQ_HID_ERROR ? cause->code : MAQ_HID_ERROR_XML,
			"%s: %s", document->name, cause->message);
		return NULL;
	}
	hid = maq_hid_to_text(document->root, NULL);
	return maq_hid_parse(
		hid, -1, document->name, MAQ_HID_STRICT | MAQ_HID_DUPLICATES, error);
}
