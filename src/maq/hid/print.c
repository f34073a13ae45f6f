// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * print - the tree as canonical HID text
 *
 * The layout is the one that Genode's tool gives: attributes join the line of their
 * node while it stays below 80 columns, else one a line with values in a column; if one
 * of several leaf nodes needs the latter, its siblings follow. A bar marks the scope of
 * a node that has further siblings. The walk keeps the text in front of the current
 * level in one string, so that depth costs no stack.
 */
#include "tree.h"

#include <string.h>

#define LINE_LIMIT 80

typedef struct {
	GString *out;    /* borrowed */
	GString *indent; /* owned: in front of the lines of the current node */
	GArray *lengths; /* owned: of indent, for each level left */
	PrintFlags flags;
} Printer;

static gsize value_length(const Printer *printer, const Attr *attr)
{
	if (printer->flags & PRINT_PADDING && attr->padded.at)
		return attr->padded.length;
	return strlen(attr->value);
}

static const char *value_text(const Printer *printer, const Attr *attr)
{
	return printer->flags & PRINT_PADDING && attr->padded.at ? attr->padded.at
								 : attr->value;
}

static gsize value_width(const Printer *printer, const Attr *attr)
{
	return characters(value_text(printer, attr), value_length(printer, attr));
}

/* The attribute that stands behind the type without its tag. */
static const Attr *bare_name(const MaqHidNode *node)
{
	const Attr *attr = tree_attr(node, "name");

	if (!attr || !*attr->value || looks_like_attr(attr->value, strlen(attr->value)))
		return NULL;
	return attr;
}

/* Only the last on a line can have a comment: it takes the rest of the line. */
static bool is_joined(const MaqHidNode *node, const Printer *printer, gsize column)
{
	const Attr *name = bare_name(node);
	bool annotated = node->annotation.at || (name && name->annotation.at);
	gsize width = 0;
	guint count = 0;

	for (const Attr *attr = node->attrs; attr; attr = attr->next) {
		if (attr == name)
			continue;
		if (annotated)
			return false;
		annotated = attr->annotation.at;
		width += strlen(" | : ") + strlen(attr->tag) + value_width(printer, attr);
		count++;
	}
	return count == 1 || column + width < LINE_LIMIT;
}

/* Leaf nodes among which one needs a line for each attribute all get it. */
static bool children_in_columns(
	const MaqHidNode *node, const Printer *printer, gsize column)
{
	bool columns = false;

	for (const MaqHidNode *child = tree_first(node); child;
		child = tree_next(child)) {
		if (tree_first(child))
			return false;
		columns |= !is_joined(child, printer, column);
	}
	return columns;
}

static void append_annotation(GString *out, Span annotation)
{
	if (!annotation.at)
		return;
	g_string_append(out, " | .");
	if (annotation.length)
		g_string_append_c(out, ' ');
	g_string_append_len(out, annotation.at, (gssize)annotation.length);
}

static void append_attr(const Printer *printer, const Attr *attr, int tag_width)
{
	g_string_append(printer->out, attr->tag);
	g_string_append_c(printer->out, ':');
	for (int i = (int)strlen(attr->tag); i < tag_width; i++)
		g_string_append_c(printer->out, ' ');
	if (value_length(printer, attr)) {
		g_string_append_c(printer->out, ' ');
		g_string_append_len(printer->out, value_text(printer, attr),
			(gssize)value_length(printer, attr));
	}
	append_annotation(printer->out, attr->annotation);
}

static void append_joined(const Printer *printer, const MaqHidNode *node)
{
	const Attr *name = bare_name(node);

	for (const Attr *attr = node->attrs; attr; attr = attr->next) {
		if (attr == name)
			continue;
		g_string_append(printer->out, " | ");
		append_attr(printer, attr, 0);
	}
}

static void append_column(const Printer *printer, const MaqHidNode *node, gsize type)
{
	const Attr *name = bare_name(node);
	gsize width = 0;

	for (const Attr *attr = node->attrs; attr; attr = attr->next)
		if (attr != name)
			width = MAX(width, strlen(attr->tag));
	for (const Attr *attr = node->attrs; attr; attr = attr->next) {
		if (attr == name)
			continue;
		g_string_append(printer->out, printer->indent->str);
		for (gsize i = 0; i < type; i++)
			g_string_append_c(printer->out,
				i == 0 && tree_first(node) && printer->indent->len ? '|'
										   : ' ');
		g_string_append_c(printer->out, ' ');
		append_attr(printer, attr, (int)width);
		g_string_append_c(printer->out, '\n');
	}
}

/* The anchor turns into the space, or the bar, in front of what is inside the node. */
static void indent_inside(const Printer *printer, bool last)
{
	GString *indent = printer->indent;

	if (indent->len >= 2)
		indent->str[indent->len - 2] = last ? ' ' : '|';
	if (indent->len && indent->str[0] == '|')
		indent->str[0] = ' ';
}

/* The lines of the node itself; true if its children get columns. */
static bool append_head(Printer *printer, const MaqHidNode *node, const char *type,
	bool columns, bool last)
{
	GString *out = printer->out;
	gsize start = out->len;
	const Attr *name = bare_name(node);
	bool joined;

	g_string_append(out, printer->indent->str);
	g_string_append(out, type);
	if (name) {
		g_string_append_c(out, ' ');
		g_string_append_len(out, value_text(printer, name),
			(gssize)value_length(printer, name));
		append_annotation(out, name->annotation);
	}
	append_annotation(out, node->annotation);
	joined = !columns &&
		 is_joined(node, printer, characters(out->str + start, out->len - start));
	if (joined)
		append_joined(printer, node);
	/* Genode's tool counts the newline of a node without attributes */
	columns = children_in_columns(node, printer,
		characters(out->str + start, out->len - start) + !node->attrs);
	g_string_append_c(out, '\n');
	indent_inside(printer, last);
	if (!joined)
		append_column(printer, node, strlen(type));
	return columns;
}

static void append_line(const Printer *printer, char mark, Span content)
{
	g_string_append(printer->out, printer->indent->str);
	g_string_append_c(printer->out, mark);
	if (content.length) {
		g_string_append_c(printer->out, ' ');
		g_string_append_len(printer->out, content.at, (gssize)content.length);
	}
	g_string_append_c(printer->out, '\n');
}

typedef struct {
	gsize indent;
	bool columns; /* of the children */
} Level;

static void enter(Printer *printer, const MaqHidNode *node)
{
	bool columns =
		g_array_index(printer->lengths, Level, printer->lengths->len - 1).columns;
	Level level = {.indent = printer->indent->len};

	g_string_append(printer->indent, node->kind == KIND_DISABLED ? "x " : "+ ");
	level.columns = append_head(printer, node, node->type, columns, !tree_next(node));
	g_array_append_val(printer->lengths, level);
}

static void leave(Printer *printer)
{
	Level *level = &g_array_index(printer->lengths, Level, printer->lengths->len - 1);

	g_string_truncate(printer->indent, level->indent);
	g_array_set_size(printer->lengths, printer->lengths->len - 1);
}

/* What is inside the top-level node */
static void append_inside(Printer *printer, const MaqHidNode *top)
{
	const MaqHidNode *node = top->first;

	while (node) {
		if (node->kind == KIND_QUOTE)
			append_line(printer, ':', node->content);
		else if (node->kind == KIND_COMMENT)
			append_line(printer, '.', node->content);
		else
			enter(printer, node);
		if (is_node(node) && node->first) {
			node = node->first;
			continue;
		}
		if (is_node(node))
			leave(printer);
		while (!node->next && node->parent != top) {
			node = node->parent;
			leave(printer);
		}
		node = node->next;
	}
}

void print_tree(
	GString *out, const MaqHidNode *node, const char *new_type, PrintFlags flags)
{
	g_autoptr(GString) indent = g_string_new(NULL);
	g_autoptr(GArray) lengths = g_array_new(FALSE, FALSE, sizeof(Level));
	Printer printer = {out, indent, lengths, flags};
	Level level = {0};

	level.columns = append_head(
		&printer, node, new_type ? new_type : node->type, false, true);
	g_array_append_val(lengths, level);
	append_inside(&printer, node);
	g_string_append(out, "-\n");
}

char *maq_hid_to_text(const MaqHidNode *node, const char *new_type)
{
	GString *out;

	if (!node)
		return NULL;
	out = g_string_new(NULL);
	print_tree(out, node, new_type, PRINT_PLAIN);
	return g_string_free(out, FALSE);
}
