// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * schema_check - hold a document against a schema
 *
 * Each node is checked against the scope that defines it: its attributes, then which
 * sub nodes there are. Sub nodes with a definition are queued with it, so that depth
 * costs no stack.
 */
#include "schema.h"

#include <string.h>

typedef struct {
	const MaqHidNode *node;  /* of the document */
	const MaqHidNode *scope; /* of the schema */
} Task;

typedef struct {
	guint line, column;
	char *text; /* owned, until handed out */
} Problem;

typedef struct {
	const MaqHidSchema *schema; /* borrowed */
	GArray *tasks, *problems;   /* owned */
} Check;

G_GNUC_PRINTF(4, 5)
static void problem(
	Check *check, const MaqHidNode *node, const Attr *attr, const char *format, ...)
{
	guint line = attr ? attr->line : node->line;
	guint column = attr ? attr->column : node->column;
	g_autofree char *message = NULL;
	g_autoptr(GError) error = NULL;
	va_list arguments;
	Problem entry;

	va_start(arguments, format);
	message = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	error_at(&error, MAQ_HID_ERROR_SCHEMA, node->document, line, column, "%s",
		message);
	entry = (Problem){line, column, g_strdup(error->message)};
	g_array_append_val(check->problems, entry);
}

static gint by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names of the scope's sub nodes of a kind, for 'expected ...' */
static char *expected(const Check *check, const MaqHidNode *scope, const char *kind)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();

	for (const MaqHidNode *node = schema_child(scope, kind, NULL); node;
		node = node->next) {
		const char *category = maq_hid_attr(node, "category");
		GHashTable *table =
			category
				? g_hash_table_lookup(check->schema->categories, category)
				: NULL;
		GHashTableIter iter;
		gpointer name;

		if (!is_node(node) || strcmp(node->type, kind) != 0)
			continue;
		if (maq_hid_name(node))
			g_ptr_array_add(names, (gpointer)maq_hid_name(node));
		else if (table)
			for (g_hash_table_iter_init(&iter, table);
				g_hash_table_iter_next(&iter, &name, NULL);)
				g_ptr_array_add(names, name);
	}
	g_ptr_array_sort(names, by_name);
	g_ptr_array_add(names, NULL);
	return names->len > 1 ? g_strjoinv(", ", (char **)names->pdata)
			      : g_strdup("nothing");
}

/* A type that the schema doesn't define takes any value. */
static bool fits(const Check *check, const char *type, const char *value)
{
	GRegex *regex = type ? g_hash_table_lookup(check->schema->types, type) : NULL;

	return !regex || g_regex_match(regex, value, 0, NULL);
}

static void check_attr(Check *check, const Task *task, const Attr *attr)
{
	const MaqHidNode *rule = schema_child(task->scope, "attr", attr->tag);
	const char *type = maq_hid_attr(rule, "type");
	g_autofree char *names = NULL;

	if (rule) {
		if (!fits(check, type, attr->value))
			problem(check, task->node, attr,
				"'%s' of '%s' is '%s'; expected a value of type '%s'",
				attr->tag, task->node->type, attr->value, type);
		return;
	}
	if (schema_child(task->scope, "anything", NULL))
		return;
	if (strcmp(attr->tag, "name") == 0) {
		problem(check, task->node, attr, "'%s' can't have a name",
			task->node->type);
		return;
	}
	names = expected(check, task->scope, "attr");
	problem(check, task->node, attr, "'%s' has no attribute '%s'; expected %s",
		task->node->type, attr->tag, names);
}

static void check_missing_attrs(Check *check, const Task *task)
{
	for (const MaqHidNode *rule = task->scope->first; rule; rule = rule->next) {
		const char *tag = maq_hid_name(rule);

		if (!is_node(rule) || strcmp(rule->type, "attr") != 0 || !tag ||
			maq_hid_attr(rule, "default"))
			continue;
		if (!tree_attr(task->node, tag))
			problem(check, task->node, NULL, "'%s' lacks %s%s%s",
				task->node->type, strcmp(tag, "name") ? "'" : "a ", tag,
				strcmp(tag, "name") ? "'" : "");
		else if (!schema_pattern(check->schema, maq_hid_attr(rule, "type")))
			problem(check, task->node, NULL,
				"the schema has no type '%s', which '%s' is of",
				maq_hid_string(rule, "type", ""), tag);
	}
}

static void check_unknown_child(Check *check, const Task *task, const MaqHidNode *child)
{
	g_autofree char *names = NULL;

	if (schema_child(task->scope, "anything", NULL))
		return;
	if (child->kind == KIND_QUOTE) {
		if (!schema_child(task->scope, "quote", NULL))
			problem(check, child, NULL, "'%s' can't have quoted text",
				task->node->type);
		return;
	}
	names = expected(check, task->scope, "node");
	problem(check, child, NULL, "'%s' can't have a sub node '%s'; expected %s",
		task->node->type, child->type, names);
}

static bool says(const MaqHidNode *rule, const char *tag, const char *value)
{
	return g_strcmp0(maq_hid_attr(rule, tag), value) == 0;
}

/* Answers how often each rule of the scope was met. (transfer full) */
static GHashTable *check_children(Check *check, const Task *task)
{
	GHashTable *seen = g_hash_table_new(NULL, NULL);
	bool anything = schema_child(task->scope, "anything", NULL);

	for (const MaqHidNode *child = tree_first(task->node); child;
		child = tree_next(child)) {
		Definition found = {NULL, NULL};

		if (is_node(child))
			found = schema_find(check->schema, task->scope, child->type);
		if (!found.rule) {
			check_unknown_child(check, task, child);
			continue;
		}
		if (!g_hash_table_add(seen, (gpointer)found.rule) && !anything &&
			says(found.rule, "multiple", "no"))
			problem(check, child, NULL, "a second '%s' in '%s'; expected one",
				child->type, task->node->type);
		Task inside = {child, found.inside};

		g_array_append_val(check->tasks, inside);
	}
	return seen;
}

static void check_missing_children(Check *check, const Task *task, GHashTable *seen)
{
	for (const MaqHidNode *rule = task->scope->first; rule; rule = rule->next) {
		if (!is_node(rule) || strcmp(rule->type, "node") != 0 ||
			!says(rule, "optional", "no") ||
			g_hash_table_contains(seen, rule))
			continue;
		if (maq_hid_name(rule))
			problem(check, task->node, NULL, "'%s' lacks a sub node '%s'",
				task->node->type, maq_hid_name(rule));
		else
			problem(check, task->node, NULL,
				"'%s' lacks a sub node of category '%s'",
				task->node->type, maq_hid_attr(rule, "category"));
	}
}

static void check_node(Check *check, Task task)
{
	g_autoptr(GHashTable) seen = NULL;

	for (const Attr *attr = task.node->attrs; attr; attr = attr->next)
		check_attr(check, &task, attr);
	check_missing_attrs(check, &task);
	seen = check_children(check, &task);
	check_missing_children(check, &task, seen);
}

static gint by_place(gconstpointer a, gconstpointer b)
{
	const Problem *left = a, *right = b;

	if (left->line != right->line)
		return left->line < right->line ? -1 : 1;
	return left->column < right->column ? -1 : left->column > right->column;
}

static GPtrArray *hand_out(GArray *problems)
{
	GPtrArray *texts = g_ptr_array_new_with_free_func(g_free);

	g_array_sort(problems, by_place);
	for (guint i = 0; i < problems->len; i++)
		g_ptr_array_add(texts, g_array_index(problems, Problem, i).text);
	return texts;
}

GPtrArray *maq_hid_schema_check(
	const MaqHidSchema *schema, const MaqHidDocument *document)
{
	g_autoptr(GArray) tasks = g_array_new(FALSE, FALSE, sizeof(Task));
	g_autoptr(GArray) problems = g_array_new(FALSE, FALSE, sizeof(Problem));
	Check check = {schema, tasks, problems};
	Task first = {document->root, schema->document->root};
	const char *wanted = maq_hid_string(first.scope, "name", "");

	if (strcmp(wanted, first.node->type) != 0)
		problem(&check, first.node, NULL,
			"the top-level node is '%s'; expected '%s'", first.node->type,
			wanted);
	else
		g_array_append_val(tasks, first);
	for (guint i = 0; i < tasks->len; i++)
		check_node(&check, g_array_index(tasks, Task, i));
	return hand_out(problems);
}
