// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * schema - load a schema: its types become expressions, its categories flat tables
 */
#include "schema.h"

#include <string.h>

#define MAX_PATTERN 1024
/* ends a match that backtracks without end; such a value counts as malformed */
#define MATCH_LIMIT "(*LIMIT_MATCH=200000)"

/* What a schema may look like, as a schema; the grammar is that of doc/hid.txt. */
static const char schema_of_schemas[] =
	"schema schema\n"
	"+ type id   | : [a-z][a-z0-9_-]*\n"
	"+ type flag | : yes|no\n"
	"+ type text | : .*\n"
	"+ category attribute\n"
	"  + node attr\n"
	"    + attr name    | type: id\n"
	"    + attr type    | type: id\n"
	"    + attr default | type: text | default:\n"
	"+ category content\n"
	"  + node node\n"
	"    + attr name     | type: id   | default:\n"
	"    + attr category | type: id   | default:\n"
	"    + attr multiple | type: flag | default: yes\n"
	"    + attr optional | type: flag | default: yes\n"
	"    + node | category: attribute\n"
	"    + node | category: content\n"
	"    + node anything\n"
	"    + node quote\n"
	"+ attr name | type: id\n"
	"+ node type\n"
	"  + attr name | type: id\n"
	"  + anything\n"
	"+ node category\n"
	"  + attr name | type: id\n"
	"  + node | category: content\n"
	"+ node | category: attribute\n"
	"+ node | category: content\n"
	"+ node anything\n"
	"+ node quote\n"
	"-\n";

static const MaqHidNode *typed(const MaqHidNode *node, const char *type)
{
	while (node && !(is_node(node) && strcmp(node->type, type) == 0))
		node = node->next;
	return node;
}

const MaqHidNode *schema_child(
	const MaqHidNode *scope, const char *type, const char *name)
{
	const MaqHidNode *node = typed(scope->first, type);

	while (node && name && g_strcmp0(maq_hid_name(node), name) != 0)
		node = typed(node->next, type);
	return node;
}

const char *schema_pattern(const MaqHidSchema *schema, const char *type)
{
	GRegex *regex = type ? g_hash_table_lookup(schema->types, type) : NULL;

	return regex ? g_regex_get_pattern(regex) : NULL;
}

static bool add_type(MaqHidSchema *schema, const MaqHidNode *node, GError **error)
{
	g_autofree char *quoted = maq_hid_quoted(node);
	g_autofree char *pattern = NULL;
	g_autoptr(GError) cause = NULL;
	GRegex *regex = NULL;

	if (!quoted || strlen(quoted) > MAX_PATTERN) {
		error_at(error, MAQ_HID_ERROR_SCHEMA, schema->document, node->line,
			node->column, "expected a pattern for the type, as quoted text");
		return false;
	}
	pattern = g_strdup_printf(MATCH_LIMIT "\\A(?:%s)\\z", g_strstrip(quoted));
	regex = g_regex_new(pattern, G_REGEX_NO_AUTO_CAPTURE, 0, &cause);
	if (!regex) {
		error_at(error, MAQ_HID_ERROR_SCHEMA, schema->document, node->line,
			node->column, "%s", cause->message);
		return false;
	}
	g_hash_table_insert(schema->types, (gpointer)maq_hid_name(node), regex);
	return true;
}

static const MaqHidNode *find_category(const MaqHidSchema *schema, const char *name)
{
	return schema_child(schema->document->root, "category", name);
}

static bool category_error(
	GError **error, const MaqHidNode *node, const char *message, const char *name)
{
	error_at(error, MAQ_HID_ERROR_SCHEMA, node->document, node->line, node->column,
		message, name);
	return false;
}

/* Take one 'node' of a category over into its table, or queue the category it names. */
static bool flatten_option(const MaqHidSchema *schema, const MaqHidNode *start,
	const MaqHidNode *option, GHashTable *table, GPtrArray *queue, GError **error)
{
	const char *name = maq_hid_name(option);
	const char *category = maq_hid_attr(option, "category");
	const MaqHidNode *other, *node;

	if (name) {
		other = g_hash_table_lookup(table, name);
		if (other && other != option)
			return category_error(error, option,
				"'%s' is defined twice in the category", name);
		g_hash_table_insert(table, (gpointer)name, (gpointer)option);
		return true;
	}
	if (!category)
		return category_error(
			error, option, "expected a name or a category%s", "");
	node = find_category(schema, category);
	if (!node)
		return category_error(
			error, option, "there is no category '%s'", category);
	if (node == start)
		return category_error(
			error, option, "category '%s' contains itself", category);
	if (!g_ptr_array_find(queue, node, NULL))
		g_ptr_array_add(queue, (gpointer)node);
	return true;
}

/* A category with the categories it refers to, nearest first, as one table */
static bool add_category(MaqHidSchema *schema, const MaqHidNode *category, GError **error)
{
	g_autoptr(GHashTable) table = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GPtrArray) queue = g_ptr_array_new();

	g_ptr_array_add(queue, (gpointer)category);
	for (guint i = 0; i < queue->len; i++) {
		const MaqHidNode *node = queue->pdata[i];

		for (const MaqHidNode *option = typed(node->first, "node"); option;
			option = typed(option->next, "node"))
			if (!flatten_option(
				    schema, category, option, table, queue, error))
				return false;
	}
	g_hash_table_insert(schema->categories, (gpointer)maq_hid_name(category),
		g_steal_pointer(&table));
	return true;
}

static bool load_definitions(MaqHidSchema *schema, GError **error)
{
	const MaqHidNode *root = schema->document->root;
	const MaqHidNode *node;

	for (node = typed(root->first, "type"); node; node = typed(node->next, "type"))
		if (!add_type(schema, node, error))
			return false;
	for (node = typed(root->first, "category"); node;
		node = typed(node->next, "category"))
		if (!add_category(schema, node, error))
			return false;
	return true;
}

/* Sub nodes given by category anywhere need that category. */
static bool check_references(const MaqHidSchema *schema, GError **error)
{
	const MaqHidNode *root = schema->document->root;

	for (const MaqHidNode *node = root; node; node = tree_walk(root, node)) {
		const char *category = maq_hid_attr(node, "category");

		if (!is_node(node) || strcmp(node->type, "node") || maq_hid_name(node))
			continue;
		if (!category)
			return category_error(
				error, node, "expected a name or a category%s", "");
		if (!g_hash_table_contains(schema->categories, category))
			return category_error(
				error, node, "there is no category '%s'", category);
	}
	return true;
}

static MaqHidSchema *compile(MaqHidDocument *document, GError **error)
{
	g_autoptr(MaqHidSchema) schema = g_new0(MaqHidSchema, 1);

	schema->document = document;
	schema->types = g_hash_table_new_full(
		g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_regex_unref);
	schema->categories = g_hash_table_new_full(
		g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_hash_table_unref);
	if (!load_definitions(schema, error) || !check_references(schema, error))
		return NULL;
	return g_steal_pointer(&schema);
}

static MaqHidSchema *compile_schema_of_schemas(void)
{
	MaqHidSchema *schema = compile(
		maq_hid_parse(schema_of_schemas, -1, "schema.hsd", MAQ_HID_STRICT, NULL),
		NULL);

	g_assert(schema);
	return schema;
}

MaqHidSchema *maq_hid_schema_new(MaqHidDocument *document, GError **error)
{
	MaqHidSchema *grammar = compile_schema_of_schemas();
	g_autoptr(GPtrArray) problems = maq_hid_schema_check(grammar, document);

	maq_hid_schema_free(grammar);
	if (!problems->len)
		return compile(document, error);
	g_set_error(error, MAQ_HID_ERROR, MAQ_HID_ERROR_SCHEMA, "%s",
		(const char *)problems->pdata[0]);
	maq_hid_free(document);
	return NULL;
}

MaqHidSchema *maq_hid_schema_load(const char *path, GError **error)
{
	MaqHidDocument *document = maq_hid_load(path, MAQ_HID_STRICT, error);

	return document ? maq_hid_schema_new(document, error) : NULL;
}

void maq_hid_schema_free(MaqHidSchema *schema)
{
	if (!schema)
		return;
	if (schema->types)
		g_hash_table_unref(schema->types);
	if (schema->categories)
		g_hash_table_unref(schema->categories);
	maq_hid_free(schema->document);
	g_free(schema);
}

static const MaqHidNode *in_category(
	const MaqHidSchema *schema, const MaqHidNode *node, const char *type)
{
	const char *category = maq_hid_attr(node, "category");
	GHashTable *table = category && !maq_hid_name(node)
				    ? g_hash_table_lookup(schema->categories, category)
				    : NULL;

	return table ? g_hash_table_lookup(table, type) : NULL;
}

Definition schema_find(
	const MaqHidSchema *schema, const MaqHidNode *scope, const char *type)
{
	const MaqHidNode *node = schema_child(scope, "node", type);
	const MaqHidNode *inside;

	if (node)
		return (Definition){node, node};
	for (node = typed(scope->first, "node"); node; node = typed(node->next, "node")) {
		inside = in_category(schema, node, type);
		if (inside)
			return (Definition){node, inside};
	}
	return (Definition){NULL, NULL};
}
