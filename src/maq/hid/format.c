// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * format - a node as canonical text, laid out as Genode's own tool does it
 *
 * Each node stands on a line of its own, two columns right of its parent. Attributes
 * follow on that line, if they fit into 80 columns and none is annotated, or stand below
 * each other, values aligned. Leaves that stand together all take one of the two forms.
 * Spaces that align a value with what follows it in the line are kept, as they make tables.
 */
#include "private.h"

#define LINE_WIDTH 80u

/* A node whose content is being written. */
typedef struct {
	const MaqHidNode *node;
	size_t indent;   /* length of the indentation of its content */
	bool attr_lines; /* its sub nodes take one line an attribute */
} Level;

typedef struct {
	GString *out;
	GString *indent;
	Level levels[MAQ_HID_MAX_DEPTH + 1];
	unsigned depth;
} Format;

static size_t width(const char *text)
{
	return (size_t)g_utf8_strlen(text, -1);
}

static bool same(const char *a, const char *b)
{
	return !strcmp(a, b);
}

/* The attribute that stands behind the type without its tag. */
static const MaqHidAttr *bare_name(const MaqHidNode *node)
{
	const MaqHidAttr *name = maq_hid_attr(node, "name");

	if (!name || !*name->value ||
		maq_hid_tag_like(name->value, name->value + strlen(name->value)))
		return NULL;
	return name;
}

static const Item *next_content(const Item *item)
{
	while (item && item->kind == ITEM_COMMENT)
		item = item->next;
	return item;
}

static bool is_leaf(const MaqHidNode *node)
{
	return !next_content(node->first);
}

static bool fits_on_line(const MaqHidNode *node, size_t used)
{
	const MaqHidAttr *name = bare_name(node);
	size_t attrs = 0;

	for (const MaqHidAttr *attr = node->first_attr; attr; attr = attr->next) {
		if (attr == name)
			continue;
		if (attr->note)
			return false;
		used += strlen(" | ") + strlen(attr->tag) + strlen(": ") +
			width(attr->value) + attr->padding;
		attrs++;
	}
	return attrs == 1 || used < LINE_WIDTH;
}

/* Do sub nodes without content of their own stand with one line an attribute? */
static bool wants_attr_lines(const MaqHidNode *node, size_t used)
{
	bool all_fit = true;

	for (const Item *item = node->first; item; item = item->next) {
		if (item->kind == ITEM_COMMENT)
			continue;
		if (item->kind == ITEM_QUOTE) {
			all_fit = all_fit && used < LINE_WIDTH;
			continue;
		}
		if (!is_leaf(item_node(item)))
			return false;
		all_fit = all_fit && fits_on_line(item_node(item), used);
	}
	return !all_fit;
}

static void put_spaces(GString *out, size_t count)
{
	g_string_append_printf(out, "%*s", (int)count, "");
}

static void put_note(GString *out, const char *note)
{
	if (note)
		g_string_append_printf(out, *note ? " | . %s" : " | .", note);
}

static void end_line(GString *out, const char *note)
{
	while (!note && out->len && out->str[out->len - 1] == ' ')
		g_string_truncate(out, out->len - 1);
	g_string_append_c(out, '\n');
}

static void put_value(GString *out, const MaqHidAttr *attr)
{
	if (!*attr->value && !attr->padding)
		return;
	g_string_append_c(out, ' ');
	g_string_append(out, attr->value);
	put_spaces(out, attr->padding);
}

static void put_joined_attrs(GString *out, const MaqHidNode *node)
{
	const MaqHidAttr *name = bare_name(node);

	for (const MaqHidAttr *attr = node->first_attr; attr; attr = attr->next) {
		if (attr == name)
			continue;
		g_string_append_printf(out, " | %s:", attr->tag);
		put_value(out, attr);
	}
}

/* Attributes below each other, right of the type of their node. */
static void put_attr_lines(Format *format, const MaqHidNode *node, const char *type)
{
	GString *out = format->out;
	const MaqHidAttr *name = bare_name(node);
	bool branch = !is_leaf(node) && format->indent->len;
	size_t tags = 0;

	for (const MaqHidAttr *attr = node->first_attr; attr; attr = attr->next)
		tags = attr == name ? tags : MAX(tags, strlen(attr->tag));
	for (const MaqHidAttr *attr = node->first_attr; attr; attr = attr->next) {
		if (attr == name)
			continue;
		g_string_append(out, format->indent->str);
		g_string_append_c(out, branch ? '|' : ' ');
		put_spaces(out, strlen(type));
		g_string_append_printf(out, "%s:", attr->tag);
		put_spaces(out, tags - strlen(attr->tag));
		put_value(out, attr);
		put_note(out, attr->note);
		end_line(out, attr->note);
	}
}

/*
 * From the indentation of a node to that of its content: a line down to its next
 * sibling, but none in the first column.
 */
static void indent_content(Format *format, bool last)
{
	GString *indent = format->indent;

	if (!indent->len)
		return;
	indent->str[indent->len - 2] = last ? ' ' : '|';
	if (indent->str[0] == '|')
		indent->str[0] = ' ';
}

static bool put_node_line(Format *format, const MaqHidNode *node, const char *type,
	bool attr_lines, bool last)
{
	GString *out = format->out;
	const MaqHidAttr *name = bare_name(node);
	const char *note = name && name->note ? name->note : node->note;
	bool others = node->attrs > (name ? 1 : 0);
	size_t start = out->len, used;

	g_string_append(out, format->indent->str);
	g_string_append(out, type);
	if (name)
		put_value(out, name);
	used = width(out->str + start);
	attr_lines = others && (attr_lines || note || !fits_on_line(node, used));
	if (others && !attr_lines)
		put_joined_attrs(out, node);
	put_note(out, note);
	used = width(out->str + start) + !node->attrs;
	end_line(out, note);
	indent_content(format, last);
	if (attr_lines)
		put_attr_lines(format, node, type);
	return wants_attr_lines(node, used);
}

static void enter(Format *format, const MaqHidNode *node, const char *type,
	bool attr_lines, bool last)
{
	Level *level = &format->levels[format->depth++];

	level->attr_lines = put_node_line(format, node, type, attr_lines, last);
	level->node = node;
	level->indent = format->indent->len;
}

static void put_text_line(Format *format, char mark, const char *text)
{
	g_string_append_printf(
		format->out, *text ? "%s%c %s\n" : "%s%c\n", format->indent->str, mark, text);
}

static void put_item(Format *format, const Item *item)
{
	const MaqHidNode *node = item_node(item);
	const Level *parent = &format->levels[format->depth - 1];

	if (!node) {
		put_text_line(format, item->kind == ITEM_QUOTE ? ':' : '.', item->text);
		return;
	}
	g_string_append(format->indent, node->disabled ? "x " : "+ ");
	enter(format, node, node->item.text, parent->attr_lines, !next_content(item->next));
}

/* Leaves the nodes that are done; the indentation is that of their parent again. */
static void leave_to(Format *format, unsigned depth)
{
	while (format->depth > depth)
		format->depth--;
	g_string_truncate(format->indent, format->levels[depth - 1].indent);
}

void maq_hid_format_node(GString *out, const MaqHidNode *node, const char *type)
{
	g_autoptr(GString) indent = g_string_new(NULL);
	Format format = {.out = out, .indent = indent};
	const Item *item = &node->item;
	unsigned depth = 0;

	enter(&format, node, type ? type : node->item.text, false, true);
	while ((item = maq_hid_walk(item, node, &depth))) {
		leave_to(&format, depth);
		put_item(&format, item);
	}
	g_string_append(out, "-\n");
}

char *maq_hid_node_text(const MaqHidNode *node, const char *type)
{
	GString *out = g_string_new(NULL);

	if (node)
		maq_hid_format_node(out, node, type);
	return g_string_free(out, FALSE);
}

char *maq_hid_format(const MaqHidDocument *document)
{
	return maq_hid_node_text(maq_hid_top(document), NULL);
}
