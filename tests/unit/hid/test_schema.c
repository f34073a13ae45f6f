// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_schema - each rule of a schema met and broken, and broken schemas
 */
#include <maq/hid_schema.h>

#include <string.h>

static const char schema_text[] = "schema config\n"
				  "+ type any  | : .*\n"
				  "+ type size | : \\d+[KMG]?\n"
				  "+ type bool | : yes|no\n"
				  "+ attr verbose | type: bool | default: no\n"
				  "+ category target\n"
				  "  + node parent\n"
				  "  + node child | + attr name | type: any\n"
				  "+ category all\n"
				  "  + node | category: target\n"
				  "  + node any-child\n"
				  "+ node start | optional: no\n"
				  "  + attr name | type: any\n"
				  "  + attr ram  | type: size\n"
				  "  + node route | multiple: no\n"
				  "    + node | category: all\n"
				  "  + node config | + anything\n"
				  "  + node text | + quote\n"
				  "-\n";

static GPtrArray *check(const char *text)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(MaqHidSchema) schema = maq_hid_schema_new(
		maq_hid_parse(schema_text, -1, "schema", MAQ_HID_STRICT, NULL), &error);
	g_autoptr(MaqHidDocument) document =
		maq_hid_parse(text, -1, "test", MAQ_HID_STRICT, NULL);

	g_assert_no_error(error);
	g_assert_nonnull(document);
	return maq_hid_schema_check(schema, document);
}

static void valid(void)
{
	g_autoptr(GPtrArray) problems = check("config | verbose: yes\n"
					      "+ start a | ram: 1M\n"
					      "  + route | + parent\n"
					      "          | + child b\n"
					      "          | + any-child\n"
					      "  + config | x: 1\n"
					      "    + anything | : at all\n"
					      "  + text | : words\n"
					      "-\n");

	for (guint i = 0; i < problems->len; i++)
		g_test_message("%s", (char *)problems->pdata[i]);
	g_assert_cmpuint(problems->len, ==, 0);
}

typedef struct {
	const char *text, *problem;
} Broken;

static void violations(void)
{
	static const Broken broken[] = {
		{"other\n-\n", "test:1:1: the top-level node is 'other'"},
		{"config\n-\n", "test:1:1: 'config' lacks a sub node 'start'"},
		{"config | verbose: yesno\n+ start a | ram: 1\n-\n",
			"test:1:10: 'verbose' of 'config' is 'yesno'"},
		{"config x\n+ start a | ram: 1\n-\n",
			"test:1:8: 'config' can't have a name"},
		{"config | a: 1\n+ start a | ram: 1\n-\n",
			"test:1:10: 'config' has no attribute 'a'; expected verbose"},
		{"config\n+ start | ram: 1\n-\n", "test:2:1: 'start' lacks a name"},
		{"config\n+ start a\n-\n", "test:2:1: 'start' lacks 'ram'"},
		{"config\n+ start a | ram: 1T\n-\n",
			"test:2:13: 'ram' of 'start' is '1T'"},
		{"config\n+ start a | ram: 1 | + route\n  + route\n-\n",
			"test:3:3: a second 'route' in 'start'"},
		{"config\n+ start a | ram: 1 | + route | + other\n-\n",
			"test:2:32: 'route' can't have a sub node 'other'; expected "
			"any-child, "
			"child, parent"},
		{"config\n+ start a | ram: 1 | + route | + child\n-\n",
			"test:2:32: 'child' lacks a name"},
		{"config\n+ start a | ram: 1 | : quoted\n-\n",
			"test:2:22: 'start' can't have quoted text"},
		{"config\n+ start a | ram: 1\nx start b\n-\n", "test:3:1: 'start' lacks"},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(broken); i++) {
		g_autoptr(GPtrArray) problems = check(broken[i].text);

		g_assert_cmpuint(problems->len, ==, 1);
		if (!g_str_has_prefix(problems->pdata[0], broken[i].problem))
			g_error("%s, expected %s", (char *)problems->pdata[0],
				broken[i].problem);
	}
}

static void broken_schemas(void)
{
	static const Broken broken[] = {
		{"schema\n-\n", "'schema' lacks a name"},
		{"schema a\n+ type t\n-\n", "expected a pattern"},
		{"schema a\n+ type t | : (\n-\n", "missing"},
		{"schema a\n+ node\n-\n", "expected a name or a category"},
		{"schema a\n+ node | category: c\n-\n", "there is no category 'c'"},
		{"schema a\n+ category c | + node | category: c\n-\n", "contains itself"},
		{"schema a\n+ category c | + node | category: d\n"
		 "+ category d | + node | category: c\n-\n",
			"contains itself"},
		{"schema a\n+ category c | + node x\n             | + node x\n-\n",
			"'x' is defined twice"},
		{"schema a\n+ other\n-\n", "can't have a sub node 'other'"},
		{"schema a\n+ node b | optional: maybe\n-\n", "'maybe'"},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(broken); i++) {
		g_autoptr(GError) error = NULL;
		MaqHidSchema *schema = maq_hid_schema_new(
			maq_hid_parse(broken[i].text, -1, "s", MAQ_HID_STRICT, NULL),
			&error);

		g_assert_null(schema);
		g_assert_error(error, MAQ_HID_ERROR, MAQ_HID_ERROR_SCHEMA);
		if (!strstr(error->message, broken[i].problem))
			g_error("%s, expected %s", error->message, broken[i].problem);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/hid/schema/valid", valid);
	g_test_add_func("/hid/schema/violations", violations);
	g_test_add_func("/hid/schema/broken-schemas", broken_schemas);
	return g_test_run();
}
