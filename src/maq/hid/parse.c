// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * parse - from text to document
 *
 * A line is cut at `|` into segments, each of which counts as a line of its own with its
 * column kept. A segment is a node, an attribute, quoted text or a comment. A sub node
 * belongs to the innermost node that starts left of it, an attribute and quoted text
 * to the node started last. The nodes that are still open form a stack of bounded depth;
 * nothing recurses.
 *
 * Segment functions return false to give up, with the error set. wrong() decides for
 * them: strict parsing gives up, lenient parsing goes on without the segment.
 */
#include "private.h"
#include <stdarg.h>

typedef struct {
	MaqHidDocument *document; /* owned */
	const char *text, *end;
	bool strict;

	MaqHidNode *open[MAQ_HID_MAX_DEPTH]; /* borrowed, the top-level node first */
	unsigned depth;
	bool takes_attributes; /* no content since the innermost open node began */
	unsigned items;

	const char *line, *line_end;
	uint32_t line_number;
	const char *tab;      /* first tab of the line, or NULL */
	bool blank;           /* nothing but space and `|` so far in the line */
	const char *measured; /* column counts the characters up to here */
	int column;

	GError **error;
} Parser;

G_GNUC_PRINTF(4, 5)
static bool give_up(
	const Parser *parser, const char *at, MaqHidError code, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	g_propagate_error(parser->error,
		maq_hid_error_in(parser->document->name, parser->text,
			(size_t)(parser->end - parser->text), at, code, format, arguments));
	va_end(arguments);
	return false;
}

#define wrong(parser, ...) ((parser)->strict ? give_up((parser), __VA_ARGS__) : true)

size_t maq_hid_ident(const char *text, const char *end)
{
	const char *c = text;

	if (c == end || *c < 'a' || *c > 'z')
		return 0;
	while (c < end && ((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') ||
				  *c == '_' || *c == '-'))
		c++;
	return (size_t)(c - text);
}

bool maq_hid_is_ident(const char *text)
{
	size_t size = strlen(text);

	return size && maq_hid_ident(text, text + size) == size;
}

bool maq_hid_tag_like(const char *text, const char *end)
{
	size_t ident = maq_hid_ident(text, end);

	return ident && text + ident < end && text[ident] == ':';
}

static const char *skip_space(const char *c, const char *end)
{
	while (c < end && *c == ' ')
		c++;
	return c;
}

static const char *trim_space(const char *start, const char *end)
{
	while (end > start && end[-1] == ' ')
		end--;
	return end;
}

/* Segments come from left to right, so that each character is counted once. */
static int column_of(Parser *parser, const char *at)
{
	for (; parser->measured < at; parser->measured++)
		parser->column += ((unsigned char)*parser->measured & 0xc0) != 0x80;
	return parser->column;
}

static uint32_t offset_of(const Parser *parser, const char *at)
{
	return (uint32_t)(at - parser->text);
}

static const char *token(const Parser *parser, const char *start, const char *end)
{
	parser->document->strings[end - parser->text] = '\0';
	return parser->document->strings + (start - parser->text);
}

static bool count_item(Parser *parser, const char *at)
{
	if (++parser->items > MAQ_HID_MAX_ITEMS)
		return give_up(parser, at, MAQ_HID_ERROR_BOUND,
			"more than %u nodes, attributes and lines of text",
			MAQ_HID_MAX_ITEMS);
	return true;
}

static MaqHidNode *innermost(const Parser *parser)
{
	return parser->open[parser->depth - 1];
}

/*
 * Attributes
 */

static bool add_attr(Parser *parser, const char *at, const char *tag, const char *value,
	const char *value_end, const char *segment_end)
{
	MaqHidNode *node = innermost(parser);
	const char *padded = segment_end < parser->line_end ? segment_end - 1 : segment_end;
	MaqHidAttr *attr;

	if (node->attrs == MAQ_HID_MAX_ATTRIBUTES)
		return give_up(parser, at, MAQ_HID_ERROR_BOUND,
			"more than %u attributes in one node", MAQ_HID_MAX_ATTRIBUTES);
	if (maq_hid_attr(node, tag))
		return wrong(parser, at, MAQ_HID_ERROR_DUPLICATE,
			"'%s' is given twice, expected each attribute once", tag);
	if (!count_item(parser, at))
		return false;
	attr = maq_hid_arena_alloc(&parser->document->arena, sizeof *attr);
	attr->tag = tag;
	attr->value = token(parser, value, value_end);
	attr->bare = at == value;
	attr->line = parser->line_number;
	attr->offset = offset_of(parser, at);
	attr->value_offset = offset_of(parser, value);
	attr->padding = padded > value_end ? (uint32_t)(padded - value_end) : 0;
	maq_hid_append_attr(node, attr);
	node->item.end = offset_of(parser, value_end);
	return true;
}

static bool tagged_attr(Parser *parser, const char *at, const char *segment_end)
{
	const char *colon = at + maq_hid_ident(at, segment_end);
	const char *value = skip_space(colon + 1, segment_end);

	if (value == colon + 1 && value < segment_end &&
		!wrong(parser, value, MAQ_HID_ERROR_SPACE,
			"expected a space between '%.*s:' and its value",
			(int)(colon - at), at))
		return false;
	return add_attr(parser, at, token(parser, at, colon), value,
		trim_space(value, segment_end), segment_end);
}

static bool attr_segment(Parser *parser, const char *at, const char *segment_end)
{
	if (!maq_hid_tag_like(at, segment_end)) {
		if (parser->blank && at == parser->line && maq_hid_ident(at, segment_end))
			return wrong(parser, at, MAQ_HID_ERROR_TOP,
				"a second top-level node, expected a sub node after '+ ', "
				"an attribute or the end marker '-'");
		return wrong(parser, at, MAQ_HID_ERROR_LINE,
			"expected '+ node', 'tag: value', ': quoted text' or '. comment'");
	}
	if (!parser->takes_attributes)
		return wrong(parser, at, MAQ_HID_ERROR_ORDER,
			"an attribute after quoted text, expected it above the text");
	if (column_of(parser, at) < innermost(parser)->column &&
		!wrong(parser, at, MAQ_HID_ERROR_INDENT,
			"expected the attribute no further left than its node '%s'",
			innermost(parser)->item.text))
		return false;
	return tagged_attr(parser, at, segment_end);
}

/*
 * Nodes
 */

/* What follows the type: a name, and in lenient mode possibly an attribute. */
static bool node_name(Parser *parser, const char *at, const char *segment_end)
{
	const char *name_end = trim_space(at, segment_end);
	const char *colon;

	if (at == name_end)
		return true;
	if (maq_hid_tag_like(at, name_end)) {
		colon = at + maq_hid_ident(at, name_end);
		if (!wrong(parser, at, MAQ_HID_ERROR_DELIMITER,
			    "expected ' | ' in front of the attribute '%.*s'",
			    (int)(colon - at), at))
			return false;
		if (colon + 1 == name_end || colon[1] == ' ')
			return tagged_attr(parser, at, segment_end);
	}
	return add_attr(parser, at, "name", at, name_end, segment_end);
}

static bool open_node(Parser *parser, MaqHidNode *node, const char *at)
{
	if (parser->depth == MAQ_HID_MAX_DEPTH)
		return give_up(parser, at, MAQ_HID_ERROR_BOUND,
			"nodes nested deeper than %u", MAQ_HID_MAX_DEPTH);
	parser->open[parser->depth++] = node;
	parser->takes_attributes = true;
	node->item.line = parser->line_number;
	node->item.offset = offset_of(parser, at);
	return true;
}

static void close_nodes(Parser *parser, int column)
{
	while (parser->depth > 1 && innermost(parser)->column >= column)
		parser->depth--;
}

/* The innermost open node takes shape: its type, and its name if there is one. */
static bool name_node(
	Parser *parser, const char *type, size_t type_size, const char *segment_end)
{
	MaqHidNode *node = innermost(parser);

	node->item.text = token(parser, type, type + type_size);
	node->item.end = offset_of(parser, type + type_size);
	return node_name(parser, skip_space(type + type_size, segment_end), segment_end);
}

static bool node_segment(Parser *parser, const char *anchor, const char *segment_end)
{
	const char *type = anchor + 2;
	size_t type_size = maq_hid_ident(type, segment_end);
	int column = column_of(parser, anchor);
	bool bad = !type_size ||
		(type + type_size < segment_end && type[type_size] != ' ');
	MaqHidNode *node, *parent;

	if (bad && !wrong(parser, type, MAQ_HID_ERROR_TYPE,
			   "expected a node type (a-z, then a-z, 0-9, '_' and '-') "
			   "after '%c '", *anchor))
		return false;
	close_nodes(parser, column);
	parent = innermost(parser);
	if (column == parent->column + 1 && parser->depth > 1 &&
		!wrong(parser, anchor, MAQ_HID_ERROR_INDENT,
			"expected the sub node of '%s' two columns to the right of it",
			parent->item.text))
		return false;
	if (!count_item(parser, anchor))
		return false;
	node = maq_hid_document_node(parser->document);
	node->column = column;
	node->disabled = *anchor == 'x';
	/* a node without a type swallows what belongs to it, and is forgotten */
	node->item.text = "";
	if (!bad)
		maq_hid_append_item(parent, &node->item);
	if (!open_node(parser, node, anchor))
		return false;
	return bad || name_node(parser, type, type_size, segment_end);
}

/*
 * Quoted text and comments, which take the rest of the line
 */

static Item *text_item(Parser *parser, ItemKind kind, const char *at)
{
	Item *item = maq_hid_arena_alloc(&parser->document->arena, sizeof *item);
	const char *text = MIN(at + 2, parser->line_end);

	item->kind = kind;
	item->line = parser->line_number;
	item->offset = offset_of(parser, at);
	item->end = offset_of(parser, parser->line_end);
	item->text = token(parser, text, parser->line_end);
	return item;
}

static bool quote_segment(Parser *parser, const char *at)
{
	MaqHidNode *node = innermost(parser);

	if (column_of(parser, at) <= node->column &&
		!wrong(parser, at, MAQ_HID_ERROR_INDENT,
			"expected the quoted text to the right of its node '%s'",
			node->item.text))
		return false;
	if (!count_item(parser, at))
		return false;
	maq_hid_append_item(node, text_item(parser, ITEM_QUOTE, at));
	parser->takes_attributes = false;
	return true;
}

/* A comment line belongs to the innermost node that starts left of it. */
static void comment_line(Parser *parser, const char *at)
{
	int column = column_of(parser, at);
	unsigned depth = parser->depth;

	while (depth > 1 && parser->open[depth - 1]->column >= column)
		depth--;
	maq_hid_append_item(
		parser->open[depth - 1], text_item(parser, ITEM_COMMENT, at));
}

static bool comment_segment(Parser *parser, const char *at)
{
	MaqHidNode *node = innermost(parser);
	const char *text = MIN(at + 2, parser->line_end);

	if (!count_item(parser, at))
		return false;
	if (parser->blank) {
		comment_line(parser, at);
		return true;
	}
	if (node->last_attr)
		node->last_attr->note = token(parser, text, parser->line_end);
	else
		node->note = token(parser, text, parser->line_end);
	node->item.end = offset_of(parser, parser->line_end);
	return true;
}

/*
 * Lines
 */

static bool check_delimiter(const Parser *parser, const char *at)
{
	bool before = at == parser->line || at[-1] == ' ';
	bool after = at + 1 == parser->line_end ? parser->blank : at[1] == ' ';

	if (before && after)
		return true;
	return wrong(parser, at, MAQ_HID_ERROR_DELIMITER,
		"expected a space on both sides of '|', which no value may contain");
}

/* Takes one segment that starts with something else than space, and finds its end. */
static bool parse_segment(Parser *parser, const char *at, const char **segment_end)
{
	const char *line_end = parser->line_end;
	bool spaced = at + 1 == line_end || at[1] == ' ';
	const char *end;

	if (spaced && (*at == '.' || *at == ':')) {
		*segment_end = line_end;
		/* tabs are well within the text only */
		parser->tab = parser->tab > at ? NULL : parser->tab;
		return *at == '.' ? comment_segment(parser, at) : quote_segment(parser, at);
	}
	end = memchr(at, '|', (size_t)(line_end - at));
	*segment_end = end ? end : line_end;
	if (at + 1 < line_end && spaced && (*at == '+' || *at == 'x'))
		return node_segment(parser, at, *segment_end);
	if (*at == '.' || *at == ':')
		return wrong(parser, at + 1, MAQ_HID_ERROR_SPACE,
			"expected a space after '%c'", *at);
	return attr_segment(parser, at, *segment_end);
}

static bool parse_segments(Parser *parser, const char *at)
{
	while ((at = skip_space(at, parser->line_end)) < parser->line_end) {
		if (*at == '|') {
			if (!check_delimiter(parser, at++))
				return false;
			continue;
		}
		if (!parse_segment(parser, at, &at))
			return false;
		parser->blank = false;
	}
	return true;
}

static bool parse_top(Parser *parser)
{
	size_t type_size = maq_hid_ident(parser->line, parser->line_end);
	const char *behind = parser->line + type_size;
	size_t line_size = (size_t)(parser->line_end - parser->line);
	const char *delimiter;

	if (skip_space(parser->line, parser->line_end) == parser->line_end)
		return true;
	if (!type_size || (behind < parser->line_end && *behind != ' ' && *behind != '|'))
		return wrong(parser, parser->line,
			*parser->line == '.' ? MAQ_HID_ERROR_ORDER : MAQ_HID_ERROR_TOP,
			"expected the type of the top-level node at the start of the line");
	delimiter = memchr(behind, '|', (size_t)(parser->line_end - behind));
	behind = delimiter ? delimiter : parser->line + line_size;
	parser->document->top = maq_hid_document_node(parser->document);
	parser->document->top->column = -1;
	parser->blank = false;
	return count_item(parser, parser->line) &&
		open_node(parser, parser->document->top, parser->line) &&
		name_node(parser, parser->line, type_size, behind) &&
		parse_segments(parser, behind);
}

/* Slow look at a line that is not plain ASCII: notes its first tab, refuses the rest. */
static bool check_characters(Parser *parser)
{
	const char *invalid;

	for (const char *c = parser->line; c < parser->line_end; c++) {
		unsigned char byte = (unsigned char)*c;

		if (byte == '\t')
			parser->tab = parser->tab ? parser->tab : c;
		else if (byte < 0x20 || byte == 0x7f)
			return give_up(parser, c, MAQ_HID_ERROR_CONTROL,
				"control character 0x%02x, expected printable text", byte);
		else if (byte == 0xc2 && c + 1 < parser->line_end &&
			(unsigned char)c[1] < 0xa0 && (unsigned char)c[1] >= 0x80)
			return give_up(parser, c, MAQ_HID_ERROR_CONTROL,
				"control character U+%04X, expected printable text",
				(unsigned char)c[1]);
	}
	if (!g_utf8_validate(parser->line, parser->line_end - parser->line, &invalid))
		return give_up(parser, invalid, MAQ_HID_ERROR_ENCODING,
			"byte 0x%02x, expected UTF-8", (unsigned char)*invalid);
	return true;
}

/* Nothing but printable ASCII? Written for the compiler to vectorise. */
static bool is_plain(const char *line, const char *end)
{
	unsigned char odd = 0;

	for (const char *c = line; c < end; c++)
		odd |= (unsigned char)((unsigned char)(*c - 0x20) >= 0x7f - 0x20);
	return !odd;
}

static bool parse_line(Parser *parser)
{
	parser->tab = NULL;
	parser->blank = true;
	parser->measured = parser->line;
	parser->column = 0;
	if (!is_plain(parser->line, parser->line_end) && !check_characters(parser))
		return false;
	if (!(parser->depth ? parse_segments(parser, parser->line) : parse_top(parser)))
		return false;
	if (parser->tab)
		return give_up(parser, parser->tab, MAQ_HID_ERROR_CONTROL,
			"tab, expected spaces outside of quoted text and comments");
	return true;
}

/* Sets the bounds of the line that starts at `line`, and gives the start of the next. */
static const char *take_line(Parser *parser, const char *line)
{
	const char *newline = memchr(line, '\n', (size_t)(parser->end - line));
	const char *end = newline ? newline : parser->end;

	parser->line = line;
	parser->line_end = end > line && end[-1] == '\r' ? end - 1 : end;
	parser->line_number++;
	return newline ? newline + 1 : parser->end;
}

static bool check_end(const Parser *parser)
{
	if (!parser->depth)
		return give_up(parser, parser->line, MAQ_HID_ERROR_TOP,
			"expected a top-level node in front of the end marker");
	if (trim_space(parser->line + 1, parser->line_end) != parser->line + 1)
		return wrong(parser, parser->line + 1, MAQ_HID_ERROR_LINE,
			"expected nothing behind the end marker '-'");
	return true;
}

static bool parse_lines(Parser *parser)
{
	const char *next = parser->text;

	while (next < parser->end) {
		next = take_line(parser, next);
		if (*parser->line == '-')
			return check_end(parser);
		if (!parse_line(parser))
			return false;
	}
	return give_up(parser, parser->end,
		parser->depth ? MAQ_HID_ERROR_END : MAQ_HID_ERROR_TOP,
		parser->depth ? "expected a line with the end marker '-'"
			      : "expected a top-level node");
}

MaqHidDocument *maq_hid_parse(
	const char *text, size_t size, const char *name, MaqHidFlags flags, GError **error)
{
	g_autoptr(MaqHidDocument) document = maq_hid_document_new(name);
	Parser parser = {
		.document = document,
		.strict = !(flags & MAQ_HID_LENIENT),
		.error = error,
	};

	if (size > MAQ_HID_MAX_SIZE) {
		g_set_error(error, MAQ_HID_ERROR, MAQ_HID_ERROR_BOUND,
			"%s: more than %u bytes", document->name, MAQ_HID_MAX_SIZE);
		return NULL;
	}
	if (!(flags & MAQ_HID_BORROW) || !text)
		document->owned = g_strndup(text ? text : "", text ? size : 0);
	/* g_strndup stops at a NUL and pads; a text with a NUL is refused all the same */
	document->text = document->owned ? document->owned : text;
	document->size = size;
	document->strings = g_malloc(size + 1);
	memcpy(document->strings, document->text, size);
	document->strings[size] = '\0';
	parser.text = document->text;
	parser.end = document->text + size;
	return parse_lines(&parser) ? g_steal_pointer(&document) : NULL;
}

MaqHidDocument *maq_hid_parse_file(const char *path, MaqHidFlags flags, GError **error)
{
	g_autofree char *text = NULL;
	gsize size;

	if (!g_file_get_contents(path, &text, &size, error))
		return NULL;
	return maq_hid_parse(text, size, path, flags & ~MAQ_HID_BORROW, error);
}
