// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * edit - changes to a text that leave the rest of it alone
 *
 * An edit is a list of splices into the source text. Before the result is handed out, it
 * is parsed again: an edit never turns HID into something else.
 */
#include "query.h"

#include <maq/hid_edit.h>
#include <string.h>

typedef struct {
	gsize start, end; /* of what goes */
	char *text;       /* owned: what comes */
} Splice;

static void splice_clear(gpointer data)
{
	g_free(((Splice *)data)->text);
}

static GArray *splices_new(void)
{
	GArray *splices = g_array_new(FALSE, FALSE, sizeof(Splice));

	g_array_set_clear_func(splices, splice_clear);
	return splices;
}

static void add_splice(GArray *splices, const MaqHidDocument *document, const char *start,
	const char *end, char *text)
{
	Splice splice = {start - document->text, end - document->text, text};

	g_array_append_val(splices, splice);
}

static gint by_start(gconstpointer a, gconstpointer b)
{
	gsize left = ((const Splice *)a)->start, right = ((const Splice *)b)->start;

	return left < right ? -1 : left > right;
}

static char *apply(const MaqHidDocument *document, GArray *splices, GError **error)
{
	g_autoptr(GString) out = g_string_new(NULL);
	g_autoptr(MaqHidDocument) again = NULL;
	gsize at = 0;

	g_array_sort(splices, by_start);
	for (guint i = 0; i < splices->len; i++) {
		const Splice *splice = &g_array_index(splices, Splice, i);

		g_string_append_len(
			out, document->text + at, (gssize)(splice->start - at));
		g_string_append(out, splice->text);
		at = splice->end;
	}
	g_string_append_len(out, document->text + at, (gssize)(document->size - at));
	again = maq_hid_parse(out->str, (gssize)out->len, "(edited)",
		MAQ_HID_STRICT | MAQ_HID_DUPLICATES, error);
	return again ? g_string_free(g_steal_pointer(&out), FALSE) : NULL;
}

static const char *span_end(Span span)
{
	return span.at + span.length;
}

/* The end of a node's type and of the space behind it that isn't a delimiter's. */
static const char *head_end(const MaqHidNode *node)
{
	const char *at = node->head;

	while (*at == ' ')
		at++;
	return *at == '|' && at > node->head ? at - 1 : at;
}

/*
 * Removal: what a text consists of besides space is a sequence of items; with an item
 * goes the space in front of it.
 */
typedef struct {
	const char *start, *end;
	bool removed;
} Item;

static void add_item(GArray *items, const char *start, const char *end, bool removed)
{
	Item item = {start, end, removed};

	g_array_append_val(items, item);
}

static void add_items(GArray *items, const MaqHidNode *node, bool removed)
{
	if (!is_node(node)) {
		add_item(items, node->start, span_end(node->content), removed);
		return;
	}
	add_item(items, node->start, head_end(node), removed);
	if (node->annotation.at)
		add_item(items, node->annotation.at, span_end(node->annotation), removed);
	for (const Attr *attr = node->attrs; attr; attr = attr->next) {
		add_item(items, attr->start, span_end(attr->padded), removed);
		if (attr->annotation.at)
			add_item(items, attr->annotation.at, span_end(attr->annotation),
				removed);
	}
}

static gint item_order(gconstpointer a, gconstpointer b)
{
	const Item *left = a, *right = b;

	return left->start < right->start ? -1 : left->start > right->start;
}

static bool is_inside(const MaqHidNode *node, GHashTable *doomed)
{
	for (; node; node = node->parent)
		if (g_hash_table_contains(doomed, node))
			return true;
	return false;
}

static GArray *collect_items(const MaqHidDocument *document, GPtrArray *nodes)
{
	g_autoptr(GHashTable) doomed = g_hash_table_new(NULL, NULL);
	GArray *items = g_array_new(FALSE, FALSE, sizeof(Item));

	for (guint i = 0; i < nodes->len; i++)
		g_hash_table_add(doomed, nodes->pdata[i]);
	for (const MaqHidNode *node = document->root; node;
		node = tree_walk(document->root, node))
		add_items(items, node, is_inside(node, doomed));
	g_array_sort(items, item_order);
	return items;
}

char *maq_hid_edit_remove(
	const MaqHidDocument *document, const char *path, GError **error)
{
	g_autoptr(GPtrArray) nodes = query(document, path, MATCH_ABSENT, error);
	g_autoptr(GArray) splices = splices_new();
	g_autoptr(GArray) items = NULL;
	const char *end = document->text;

	if (!nodes)
		return NULL;
	if (nodes->len && nodes->pdata[0] == document->root) {
		g_set_error(error, MAQ_HID_ERROR, MAQ_HID_ERROR_PATH,
			"the top-level node '%s' can't be removed", document->root->type);
		return NULL;
	}
	items = collect_items(document, nodes);
	for (guint i = 0; i < items->len; i++) {
		const Item *item = &g_array_index(items, Item, i);

		if (item->removed)
			add_splice(splices, document, end, item->end, g_strdup(""));
		end = item->end;
	}
	return apply(document, splices, error);
}

char *maq_hid_edit_disable(
	const MaqHidDocument *document, const char *path, bool disable, GError **error)
{
	g_autoptr(GPtrArray) nodes = query(document, path, MATCH_ABSENT, error);
	g_autoptr(GArray) splices = splices_new();

	if (!nodes)
		return NULL;
	for (guint i = 0; i < nodes->len; i++) {
		const MaqHidNode *node = nodes->pdata[i];

		if (node->parent)
			add_splice(splices, document, node->start, node->start + 1,
				g_strdup(disable ? "x" : "+"));
	}
	return apply(document, splices, error);
}

static const char *value_end(const Attr *attr)
{
	if (attr->padded.length)
		return span_end(attr->padded);
	return attr->start + strlen(attr->tag) + 1;
}

static void replace_value(
	GArray *splices, const MaqHidNode *node, const Attr *attr, const char *value)
{
	const char *start = attr->start + (attr->bare ? 0 : strlen(attr->tag) + 1);
	const char *space = attr->bare || !*value ? "" : " ";

	/* a bare name can't be empty, nor can it read as an attribute */
	if (attr->bare && (!*value || looks_like_attr(value, strlen(value)))) {
		add_splice(splices, node->document, start, span_end(attr->padded),
			g_strdup_printf("| name:%s%s", *value ? " " : "", value));
		return;
	}
	/* the space behind a tag without a value belongs to what follows */
	add_splice(splices, node->document, start, value_end(attr),
		g_strconcat(space, value, NULL));
}

/* Behind the last attribute in front of what is inside the node, before a comment. */
static const char *place_for_attr(const MaqHidNode *node)
{
	const char *inside = node->first ? node->first->start : NULL;
	const char *place = head_end(node);

	for (const Attr *attr = node->attrs; attr; attr = attr->next)
		if (!inside || attr->start < inside)
			place = value_end(attr);
	return place;
}

static void set_attrs(GArray *splices, const MaqHidNode *node, const MaqHidNode *wanted)
{
	g_autoptr(GString) added = g_string_new(NULL);
	const char *place = place_for_attr(node);

	for (const Attr *attr = node->attrs; attr; attr = attr->next) {
		const Attr *with = tree_attr(wanted, attr->tag);

		if (with)
			replace_value(splices, node, attr, with->value);
	}
	for (const Attr *attr = wanted->attrs; attr; attr = attr->next) {
		if (tree_attr(node, attr->tag))
			continue;
		g_string_append_printf(added, " | %s:%s%s", attr->tag,
			*attr->value ? " " : "", attr->value);
	}
	if (!added->len)
		return;
	add_splice(splices, node->document, place, place,
		g_string_free(g_steal_pointer(&added), FALSE));
}

char *maq_hid_edit_set(
	const MaqHidDocument *document, const char *attr_path, GError **error)
{
	g_autofree char *path = NULL;
	g_autofree char *attrs = NULL;
	g_autofree char *text = NULL;
	g_autoptr(MaqHidDocument) wanted = NULL;
	g_autoptr(GPtrArray) nodes = NULL;
	g_autoptr(GArray) splices = splices_new();

	if (!query_split(attr_path, &path, &attrs, error))
		return NULL;
	text = g_strdup_printf("set | %s\n-\n", attrs);
	wanted = maq_hid_parse(text, -1, "attributes", MAQ_HID_STRICT, error);
	nodes = wanted ? query(document, path, MATCH_ABSENT, error) : NULL;
	if (!nodes)
		return NULL;
	if (wanted->root->first || !wanted->root->attrs) {
		g_set_error(error, MAQ_HID_ERROR, MAQ_HID_ERROR_PATH,
			"'%s': expected attributes, '<tag>: <value> | ...'", attrs);
		return NULL;
	}
	for (guint i = 0; i < nodes->len; i++)
		set_attrs(splices, nodes->pdata[i], wanted->root);
	return apply(document, splices, error);
}

char *maq_hid_format(const MaqHidNode *node)
{
	GString *out = g_string_new(NULL);

	print_tree(out, node, NULL, PRINT_PADDING);
	return g_string_free(out, FALSE);
}
