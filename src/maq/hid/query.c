// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * query - nodes by path, level by level
 */
#include "query.h"

#include <maq/hid_edit.h>
#include <string.h>

static bool holds(const MaqHidNode *node, const Attr *condition, Match match)
{
	bool present = false;

	for (const Attr *attr = node->attrs; attr; attr = attr->next) {
		if (strcmp(attr->tag, condition->tag) != 0)
			continue;
		if (strcmp(attr->value, condition->value) != 0)
			return false;
		present = true;
	}
	return present || match == MATCH_ABSENT;
}

static bool matches(const MaqHidNode *node, const MaqHidNode *step, Match match)
{
	if (!is_node(node) || strcmp(node->type, step->type) != 0)
		return false;
	for (const Attr *attr = step->attrs; attr; attr = attr->next)
		if (!holds(node, attr, match))
			return false;
	return true;
}

static GPtrArray *next_level(GPtrArray *nodes, const MaqHidNode *step, Match match)
{
	GPtrArray *found = g_ptr_array_new();

	for (guint i = 0; i < nodes->len; i++) {
		const MaqHidNode *node = nodes->pdata[i];

		for (MaqHidNode *child = node->first; child; child = child->next)
			if (matches(child, step, match))
				g_ptr_array_add(found, child);
	}
	g_ptr_array_unref(nodes);
	return found;
}

/* A path is one chain of nodes. */
static MaqHidDocument *parse_path(const char *path, GError **error)
{
	g_autofree char *text = g_strdup_printf("%s\n-\n", path);
	g_autoptr(MaqHidDocument) document =
		maq_hid_parse(text, -1, "path", MAQ_HID_STRICT, error);

	if (!document)
		return NULL;
	for (const MaqHidNode *node = document->root; node; node = node->first) {
		if (is_node(node) && !node->next)
			continue;
		error_at(error, MAQ_HID_ERROR_PATH, document, node->line, node->column,
			"expected one chain of nodes: 'type | + type | + type'");
		return NULL;
	}
	return g_steal_pointer(&document);
}

GPtrArray *query(
	const MaqHidDocument *document, const char *path, Match match, GError **error)
{
	g_autoptr(MaqHidDocument) steps = parse_path(path, error);
	GPtrArray *nodes;

	if (!steps)
		return NULL;
	nodes = g_ptr_array_new();
	if (matches(document->root, steps->root, match))
		g_ptr_array_add(nodes, document->root);
	for (const MaqHidNode *step = steps->root->first; step; step = step->first)
		nodes = next_level(nodes, step, match);
	return nodes;
}

bool query_split(const char *text, char **path, char **rest, GError **error)
{
	const char *cut = g_strrstr(text, " | : ");
	gsize length = strlen(text);

	if (!cut && length > 4 && strcmp(text + length - 4, " | :") == 0)
		cut = text + length - 4;
	if (!cut) {
		g_set_error(error, MAQ_HID_ERROR, MAQ_HID_ERROR_PATH,
			"'%s' names no attribute; expected '<node-path> | : <tag>'",
			text);
		return false;
	}
	*path = g_strndup(text, cut - text);
	*rest = g_strdup(cut + MIN(strlen(cut), 5));
	return true;
}

GPtrArray *maq_hid_find(const MaqHidDocument *document, const char *path, GError **error)
{
	return query(document, path, MATCH_PRESENT, error);
}

GPtrArray *maq_hid_get(
	const MaqHidDocument *document, const char *attr_path, GError **error)
{
	g_autofree char *path = NULL;
	g_autofree char *tag = NULL;
	g_autoptr(GPtrArray) nodes = NULL;
	GPtrArray *values;

	if (!query_split(attr_path, &path, &tag, error))
		return NULL;
	nodes = maq_hid_find(document, path, error);
	if (!nodes)
		return NULL;
	values = g_ptr_array_new();
	for (guint i = 0; i < nodes->len; i++) {
		const MaqHidNode *node = nodes->pdata[i];

		for (const Attr *attr = node->attrs; attr; attr = attr->next)
			if (strcmp(attr->tag, tag) == 0)
				g_ptr_array_add(values, (gpointer)attr->value);
	}
	return values;
}
