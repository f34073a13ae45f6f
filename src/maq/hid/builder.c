// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * builder - a tree made by calls instead of text, printed in the end
 */
#include "tree.h"

#include <string.h>

struct MaqHidBuilder {
	MaqHidDocument *document; /* owned */
	MaqHidNode *node;         /* owned by document: the open one */
};

MaqHidBuilder *maq_hid_builder_new(const char *root_type)
{
	MaqHidBuilder *builder = g_new0(MaqHidBuilder, 1);

	g_assert(is_ident(root_type));
	builder->document = document_new("(built)");
	builder->node = tree_add(builder->document, NULL, KIND_NODE);
	builder->node->type =
		document_strndup(builder->document, root_type, strlen(root_type));
	return builder;
}

void maq_hid_builder_free(MaqHidBuilder *builder)
{
	if (!builder)
		return;
	maq_hid_free(builder->document);
	g_free(builder);
}

/* Beyond the bounds of a document, a report of ours has gone wild: a bug. */
static MaqHidNode *add(MaqHidBuilder *builder, Kind kind)
{
	MaqHidNode *node = tree_add(builder->document, builder->node, kind);

	g_assert(node && node->depth < MAQ_HID_MAX_DEPTH);
	return node;
}

void maq_hid_begin(MaqHidBuilder *builder, const char *type, const char *name)
{
	g_assert(is_ident(type));
	builder->node = add(builder, KIND_NODE);
	builder->node->type = document_strndup(builder->document, type, strlen(type));
	if (name)
		maq_hid_put(builder, "name", name);
}

void maq_hid_end(MaqHidBuilder *builder)
{
	g_assert(builder->node->parent);
	builder->node = builder->node->parent;
}

/* What can't stand in a value is replaced; space around it is no part of it. */
static const char *copy_value(MaqHidDocument *document, const char *value)
{
	g_autofree char *copy = g_utf8_make_valid(value, -1);

	for (char *c = copy; *c; c++)
		if (*c == '|')
			*c = '/';
		else if ((guchar)*c < 0x20)
			*c = ' ';
	g_strstrip(copy);
	return document_strndup(document, copy, strlen(copy));
}

void maq_hid_put(MaqHidBuilder *builder, const char *tag, const char *value)
{
	Attr *attr;

	g_assert(is_ident(tag) && value);
	attr = tree_attr(builder->node, tag);
	if (!attr)
		attr = tree_add_attr(builder->node);
	g_assert(attr);
	attr->tag = document_strndup(builder->document, tag, strlen(tag));
	attr->value = copy_value(builder->document, value);
}

void maq_hid_put_bool(MaqHidBuilder *builder, const char *tag, bool value)
{
	maq_hid_put(builder, tag, value ? "yes" : "no");
}

void maq_hid_put_u64(MaqHidBuilder *builder, const char *tag, guint64 value)
{
	maq_hid_put_format(builder, tag, "%" G_GUINT64_FORMAT, value);
}

void maq_hid_put_format(MaqHidBuilder *builder, const char *tag, const char *format, ...)
{
	g_autofree char *value = NULL;
	va_list arguments;

	va_start(arguments, format);
	value = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	maq_hid_put(builder, tag, value);
}

static void quote_line(MaqHidBuilder *builder, const char *line)
{
	MaqHidNode *quote = add(builder, KIND_QUOTE);
	g_autofree char *copy = g_utf8_make_valid(line, -1);

	for (char *c = copy; *c; c++)
		if ((guchar)*c < 0x20 && *c != '\t')
			*c = ' ';
	quote->content.length = strlen(copy);
	quote->content.at =
		document_strndup(builder->document, copy, quote->content.length);
}

void maq_hid_quote(MaqHidBuilder *builder, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	if (!*text)
		quote_line(builder, "");
	for (char **line = lines; *line; line++)
		quote_line(builder, *line);
}

static void copy_span(MaqHidDocument *document, Span *span)
{
	if (span->at)
		span->at = document_strndup(document, span->at, span->length);
}

static void copy_attrs(MaqHidBuilder *builder, const MaqHidNode *from)
{
	for (const Attr *attr = from->attrs; attr; attr = attr->next) {
		maq_hid_put(builder, attr->tag,
			tree_attr(from, attr->tag)->value); /* the first wins */
		Attr *copy = tree_attr(builder->node, attr->tag);

		copy->annotation = attr->annotation;
		copy_span(builder->document, &copy->annotation);
	}
}

/* One node without what is inside; it becomes the open one. */
static void copy_node(MaqHidBuilder *builder, const MaqHidNode *from)
{
	MaqHidNode *node = add(builder, from->kind);

	node->type = document_strndup(builder->document, from->type, strlen(from->type));
	node->leading = from->leading;
	node->annotation = from->annotation;
	node->content = from->content;
	copy_span(builder->document, &node->annotation);
	copy_span(builder->document, &node->content);
	builder->node = node;
	copy_attrs(builder, from);
}

void maq_hid_append(MaqHidBuilder *builder, const MaqHidNode *top)
{
	const MaqHidNode *node = top;

	while (node) {
		copy_node(builder, node);
		if (node->first) {
			node = node->first;
			continue;
		}
		builder->node = builder->node->parent;
		while (node != top && !node->next) {
			node = node->parent;
			builder->node = builder->node->parent;
		}
		node = node == top ? NULL : node->next;
	}
}

char *maq_hid_builder_finish(MaqHidBuilder *builder)
{
	char *text;

	g_assert(!builder->node->parent);
	text = maq_hid_to_text(builder->document->root, NULL);
	maq_hid_builder_free(builder);
	return text;
}
