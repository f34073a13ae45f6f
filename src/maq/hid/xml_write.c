// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * xml_write - the enabled part of a tree as XML, laid out as Genode's tool does
 */
#include "tree.h"

static void append_tabs(GString *out, guint level)
{
	for (; level; level--)
		g_string_append_c(out, '\t');
}

/* In attributes, Genode's tool leaves as they are what XML allows there. */
static void append_value(GString *out, const char *value)
{
	for (; *value; value++) {
		switch (*value) {
		case '&':
			g_string_append(out, "&amp;");
			break;
		case '<':
			g_string_append(out, "&lt;");
			break;
		case '"':
			g_string_append(out, "&quot;");
			break;
		default:
			g_string_append_c(out, *value);
		}
	}
}

static void append_escaped(GString *out, Span text)
{
	for (gsize i = 0; i < text.length; i++) {
		switch (text.at[i]) {
		case '&':
			g_string_append(out, "&amp;");
			break;
		case '<':
			g_string_append(out, "&lt;");
			break;
		case '>':
			g_string_append(out, "&gt;");
			break;
		case '"':
			g_string_append(out, "&quot;");
			break;
		case '\'':
			g_string_append(out, "&apos;");
			break;
		default:
			g_string_append_c(out, text.at[i]);
		}
	}
}

/* "--" must not appear inside an XML comment */
static void append_comment_text(GString *out, Span text)
{
	for (gsize i = 0; i < text.length; i++) {
		g_string_append_c(out, text.at[i]);
		if (text.at[i] == '-' && (i + 1 == text.length || text.at[i + 1] == '-'))
			g_string_append_c(out, ' ');
	}
}

/* The comments directly below the head; others have no place in XML. */
static void append_comments(GString *out, const MaqHidNode *node, guint level)
{
	guint count = 0, i = 0;

	for (const MaqHidNode *c = node->first; c; c = c->next)
		count += c->kind == KIND_COMMENT && c->leading;
	if (!count)
		return;
	append_tabs(out, level);
	g_string_append(out, count > 1 ? "<!--  " : "<!-- ");
	for (const MaqHidNode *c = node->first; c; c = c->next) {
		if (c->kind != KIND_COMMENT || !c->leading)
			continue;
		if (i++) {
			g_string_append_c(out, '\n');
			append_tabs(out, level);
		}
		if (count > 1)
			g_string_append(out, "  ");
		append_comment_text(out, c->content);
	}
	g_string_append(out, count > 1 ? "-->\n" : " -->\n");
}

static guint n_quotes(const MaqHidNode *node)
{
	guint count = 0;

	for (const MaqHidNode *child = tree_first(node); child;
		child = tree_next(child)) {
		if (child->kind != KIND_QUOTE)
			return 0;
		count++;
	}
	return count;
}

static void append_text(GString *out, const MaqHidNode *node, guint level)
{
	bool lines = n_quotes(node) > 1;

	g_string_append(out, lines ? ">\n" : ">");
	for (const MaqHidNode *line = tree_first(node); line; line = tree_next(line)) {
		if (lines)
			append_tabs(out, level + 1);
		append_escaped(out, line->content);
		if (lines)
			g_string_append_c(out, '\n');
	}
	if (lines)
		append_tabs(out, level);
}

/* The start tag, and all of a node without sub nodes. */
static void append_start(GString *out, const MaqHidNode *node, guint level)
{
	append_comments(out, node, level);
	append_tabs(out, level);
	g_string_append_printf(out, "<%s", node->type);
	for (const Attr *attr = node->attrs; attr; attr = attr->next) {
		g_string_append_printf(out, " %s=\"", attr->tag);
		append_value(out, attr->value);
		g_string_append_c(out, '"');
	}
	if (!tree_first(node)) {
		g_string_append(out, "/>\n");
	} else if (n_quotes(node)) {
		append_text(out, node, level);
		g_string_append_printf(out, "</%s>\n", node->type);
	} else {
		g_string_append(out, ">\n");
	}
}

static void append_end(GString *out, const MaqHidNode *node, guint level)
{
	append_tabs(out, level);
	g_string_append_printf(out, "</%s>\n", node->type);
}

static bool has_inside(const MaqHidNode *node)
{
	return node->kind == KIND_NODE && tree_first(node) && !n_quotes(node);
}

static void append_stray_quote(GString *out, const MaqHidNode *node, guint level)
{
	append_tabs(out, level);
	append_escaped(out, node->content);
	g_string_append_c(out, '\n');
}

/* The node and all inside it, in document order. */
static void append_tree(GString *out, const MaqHidNode *top)
{
	const MaqHidNode *node = top;

	for (;;) {
		guint level = node->depth - top->depth;

		if (node->kind == KIND_NODE || node == top)
			append_start(out, node, level);
		else if (node->kind == KIND_QUOTE)
			append_stray_quote(out, node, level);
		if (has_inside(node)) {
			node = tree_first(node);
			continue;
		}
		while (node != top && !tree_next(node)) {
			node = node->parent;
			append_end(out, node, node->depth - top->depth);
		}
		if (node == top)
			return;
		node = tree_next(node);
	}
}

char *maq_hid_to_xml(const MaqHidNode *node)
{
	GString *out;

	if (!node || node->kind != KIND_NODE)
		return NULL;
	out = g_string_new(NULL);
	append_tree(out, node);
	return g_string_free(out, FALSE);
}
