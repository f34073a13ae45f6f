// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_read - parsing in both modes, the accessors, and the errors
 */
#include <maq/hid.h>

#include <string.h>

static MaqHidDocument *parse(const char *text, MaqHidFlags flags)
{
	g_autoptr(GError) error = NULL;
	MaqHidDocument *document = maq_hid_parse(text, -1, "test", flags, &error);

	g_assert_no_error(error);
	g_assert_nonnull(document);
	return document;
}

static void structure(void)
{
	g_autoptr(MaqHidDocument) document = parse("config | verbose: yes\n"
						   "+ start a b | ram: 16M\n"
						   "| + route\n"
						   "|   + any-service | + parent\n"
						   "|                 | + any-child\n"
						   "x start off\n"
						   "  + inside\n"
						   "+ start c\n"
						   "  caps: 100\n"
						   "-\n",
		MAQ_HID_STRICT);
	const MaqHidNode *root = maq_hid_root(document);
	const MaqHidNode *start = maq_hid_first(root, "start");
	const MaqHidNode *any = maq_hid_first(maq_hid_first(start, "route"), NULL);

	g_assert_cmpstr(maq_hid_type(root), ==, "config");
	g_assert_true(maq_hid_bool(root, "verbose", false));
	g_assert_cmpstr(maq_hid_name(start), ==, "a b");
	g_assert_cmpuint(maq_hid_bytes(start, "ram", 0), ==, 16 << 20);
	g_assert_cmpstr(maq_hid_type(any), ==, "any-service");
	g_assert_cmpstr(maq_hid_type(maq_hid_first(any, NULL)), ==, "parent");
	g_assert_nonnull(maq_hid_next(maq_hid_first(any, NULL), "any-child"));
	g_assert_true(maq_hid_parent(any) == maq_hid_first(start, "route"));
	start = maq_hid_next(start, NULL);
	g_assert_cmpstr(maq_hid_name(start), ==, "c");
	g_assert_cmpuint(maq_hid_u64(start, "caps", 0), ==, 100);
	g_assert_null(maq_hid_next(start, NULL));
}

static void null_nodes(void)
{
	guint line = 7;

	g_assert_null(maq_hid_type(NULL));
	g_assert_null(maq_hid_attr(NULL, "a"));
	g_assert_null(maq_hid_first(NULL, NULL));
	g_assert_null(maq_hid_quoted(NULL));
	g_assert_cmpuint(maq_hid_n_attrs(NULL), ==, 0);
	g_assert_cmpuint(maq_hid_u64(NULL, "a", 3), ==, 3);
	g_assert_true(maq_hid_bool(NULL, "a", true));
	g_assert_cmpstr(maq_hid_string(NULL, "a", "d"), ==, "d");
	maq_hid_position(NULL, NULL, &line, NULL);
	g_assert_cmpuint(line, ==, 0);
}

static void numbers(void)
{
	g_autoptr(MaqHidDocument) document = parse(
		"config | a: 0x10 | b: 12x | c: 4K | d: 99999999999999999999 | e: -0.5\n"
		"       | f: 17179869184G | g: 3T | h: off | i: maybe | j: 8\n-\n",
		MAQ_HID_STRICT);
	const MaqHidNode *root = maq_hid_root(document);

	g_assert_cmpuint(maq_hid_u64(root, "a", 1), ==, 16);
	g_assert_cmpuint(maq_hid_u64(root, "b", 1), ==, 1);
	g_assert_cmpuint(maq_hid_u64(root, "c", 1), ==, 1);
	g_assert_cmpuint(maq_hid_bytes(root, "c", 1), ==, 4096);
	g_assert_cmpuint(maq_hid_u64(root, "d", 1), ==, 1);
	g_assert_cmpfloat(maq_hid_double(root, "e", 1), ==, -0.5);
	g_assert_cmpfloat(maq_hid_double(root, "b", 1), ==, 1);
	g_assert_cmpuint(maq_hid_bytes(root, "f", 1), ==, 1);
	g_assert_cmpuint(maq_hid_bytes(root, "g", 1), ==, 1);
	g_assert_false(maq_hid_bool(root, "h", true));
	g_assert_true(maq_hid_bool(root, "i", true));
	g_assert_cmpuint(maq_hid_n_attrs(root), ==, 10);
}

static void quotes(void)
{
	g_autoptr(MaqHidDocument) document = parse("config\n"
						   "+ env PATH | : /bin | x\n"
						   "+ arg\n"
						   "  : one\n"
						   "  :\n"
						   "  :  three\n"
						   "-\n",
		MAQ_HID_STRICT);
	const MaqHidNode *env = maq_hid_first(maq_hid_root(document), "env");
	g_autofree char *path = maq_hid_quoted(env);
	g_autofree char *argument = maq_hid_quoted(maq_hid_next(env, NULL));

	g_assert_cmpstr(path, ==, "/bin | x");
	g_assert_cmpstr(argument, ==, "one\n\n three");
	g_assert_null(maq_hid_quoted(maq_hid_root(document)));
}

static void lenient(void)
{
	g_autoptr(MaqHidDocument) document = parse("config a:1|b: 2\r\n"
						   "| what is this\n"
						   "config again\n"
						   "+ UPPER | c: 1\n"
						   "+ sub | d: 1 | d: 2\n"
						   "e: 3\n"
						   "-whatever\n",
		MAQ_HID_LENIENT);
	const MaqHidNode *root = maq_hid_root(document);
	const MaqHidNode *sub = maq_hid_first(root, "sub");

	g_assert_cmpstr(maq_hid_name(root), ==, "a:1");
	g_assert_cmpuint(maq_hid_u64(root, "b", 0), ==, 2);
	g_assert_cmpstr(maq_hid_type(maq_hid_first(root, NULL)), ==, "invalid");
	g_assert_cmpuint(maq_hid_u64(sub, "d", 0), ==, 1);
	g_assert_cmpuint(maq_hid_u64(sub, "e", 0), ==, 3);
	g_assert_null(maq_hid_next(sub, NULL));
}

typedef struct {
	const char *text, *message;
} Refused;

static void strict(void)
{
	static const Refused refused[] = {
		{"", "test:1:1: expected a line '-'"},
		{"config\n", "test:2:1: expected a line '-'"},
		{"-\n", "test:1:1: expected the type"},
		{"+ a\n-\n", "test:1:1: expected the type"},
		{"config a: 1\n-\n", "test:1:8: expected '|'"},
		{"config |a: 1\n-\n", "test:1:8: expected a space behind '|'"},
		{"config| a: 1\n-\n", "test:1:7: expected a space"},
		{"config | a:1\n-\n", "test:1:12: expected a space between"},
		{"config\nother\n-\n", "test:2:1: expected '+ '"},
		{"config\n+foo\n-\n", "test:2:1: expected '+ '"},
		{"config\n+ FOO\n-\n", "test:2:3: expected a node type"},
		{"config\n\t+ foo\n-\n", "test:2:1: a tab"},
		{"config | a: 1 |\n-\n", "test:1:15: expected a space behind"},
		{"config | \303\244: 1\n-\n", "test:1:10: expected '+ '"},
		{"config | a: \303\244 | B\n-\n", "test:1:17: expected '+ '"},
		{"config | a: \377\n-\n", "test:1:13: no valid UTF-8"},
		{"config | a: \001\n-\n", "test:1:13: a control character"},
		{"config\n+ n | a: 1\n    | a: 2\n-\n", "test:3:7: 'a' is given twice"},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(refused); i++) {
		g_autoptr(GError) error = NULL;
		MaqHidDocument *document = maq_hid_parse(
			refused[i].text, -1, "test", MAQ_HID_STRICT, &error);

		g_assert_null(document);
		g_assert_error(error, MAQ_HID_ERROR, MAQ_HID_ERROR_SYNTAX);
		if (!g_str_has_prefix(error->message, refused[i].message))
			g_error("%s, expected %s", error->message, refused[i].message);
	}
}

/* What a tool checks must be what a component reads. */
static void attribute_owner(void)
{
	static const MaqHidFlags modes[] = {MAQ_HID_STRICT, MAQ_HID_LENIENT};
	static const char *const refused[] = {
		"config\n+ a\n  + b\n x: yes\n-\n",
		"config\n+ a\n  : text\n  x: yes\n-\n",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(modes); i++) {
		g_autoptr(MaqHidDocument) document =
			parse("config\n+ a\nx: 1\n  + b\n  y: 2\n-\n", modes[i]);
		const MaqHidNode *a = maq_hid_first(maq_hid_root(document), "a");

		g_assert_cmpuint(maq_hid_n_attrs(maq_hid_root(document)), ==, 0);
		g_assert_cmpstr(maq_hid_attr(a, "x"), ==, "1");
		g_assert_null(maq_hid_attr(a, "y"));
		g_assert_cmpstr(maq_hid_attr(maq_hid_first(a, "b"), "y"), ==, "2");
	}
	for (gsize i = 0; i < G_N_ELEMENTS(refused); i++) {
		g_autoptr(GError) error = NULL;

		g_assert_null(
			maq_hid_parse(refused[i], -1, "test", MAQ_HID_STRICT, &error));
		g_assert_error(error, MAQ_HID_ERROR, MAQ_HID_ERROR_SYNTAX);
	}
}

static void bounds(void)
{
	g_autoptr(GString) deep = g_string_new("config");
	g_autoptr(GString) wide = g_string_new("config");
	g_autoptr(GError) error = NULL;

	for (int i = 0; i < 1000; i++)
		g_string_append(deep, " | + a");
	g_string_append(deep, "\n-\n");
	g_assert_null(maq_hid_parse(deep->str, -1, "deep", MAQ_HID_LENIENT, &error));
	g_assert_error(error, MAQ_HID_ERROR, MAQ_HID_ERROR_LIMIT);
	g_clear_error(&error);
	for (int i = 0; i < 1000; i++)
		g_string_append(wide, " | a: 1");
	g_string_append(wide, "\n-\n");
	g_assert_null(maq_hid_parse(wide->str, -1, "wide", MAQ_HID_LENIENT, &error));
	g_assert_error(error, MAQ_HID_ERROR, MAQ_HID_ERROR_LIMIT);
}

static void own_errors(void)
{
	g_autoptr(MaqHidDocument) document = parse(
		"config\n+ n | \302\265: 1\n+ m | size: huge\n-\n", MAQ_HID_LENIENT);
	const MaqHidNode *node = maq_hid_first(maq_hid_root(document), "m");
	g_autoptr(GError) error = NULL;

	maq_hid_set_error(
		&error, node, "size", "'%s' is no number", maq_hid_attr(node, "size"));
	g_assert_cmpstr(error->message, ==,
		"test:3:7: 'huge' is no number\n"
		"    + m | size: huge\n"
		"          ^");
}

static void equality(void)
{
	g_autoptr(MaqHidDocument) a =
		parse("config\n+ n | a: 1 | + m\nx off\n. c\n+ q | : t\n-\n", 0);
	g_autoptr(MaqHidDocument) b =
		parse("config\n. other\n+ n\n  a:  1\n  + m\n+ q\n  : t\n-\n", 0);
	g_autoptr(MaqHidDocument) c = parse("config\n+ n | a: 1\n+ m\n+ q | : t\n-\n", 0);

	g_assert_true(maq_hid_equal(maq_hid_root(a), maq_hid_root(b)));
	g_assert_false(maq_hid_equal(maq_hid_root(a), maq_hid_root(c)));
	g_assert_false(maq_hid_equal(maq_hid_root(a), NULL));
	g_assert_true(maq_hid_equal(NULL, NULL));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/hid/structure", structure);
	g_test_add_func("/hid/null-nodes", null_nodes);
	g_test_add_func("/hid/numbers", numbers);
	g_test_add_func("/hid/quotes", quotes);
	g_test_add_func("/hid/lenient", lenient);
	g_test_add_func("/hid/strict", strict);
	g_test_add_func("/hid/attribute-owner", attribute_owner);
	g_test_add_func("/hid/bounds", bounds);
	g_test_add_func("/hid/own-errors", own_errors);
	g_test_add_func("/hid/equality", equality);
	return g_test_run();
}
