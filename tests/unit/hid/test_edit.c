// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_edit - queries by path, and edits that keep comments and layout
 */
#include <maq/hid_edit.h>

static const char scenario[] = "config\n"
			       "\n"
			       "+ start vfs    | caps: 90   | ram: 8M | . plenty\n"
			       "  . about vfs\n"
			       "  + route | + any-service | + parent\n"
			       "          | + service ROM | + child x\n"
			       ". between\n"
			       "+ start log\n"
			       "| + route\n"
			       "\n"
			       "x start vfs | . off\n"
			       "-\n"
			       "what follows\n";

static MaqHidDocument *parse(const char *text)
{
	g_autoptr(GError) error = NULL;
	MaqHidDocument *document =
		maq_hid_parse(text, -1, "test", MAQ_HID_STRICT, &error);

	g_assert_no_error(error);
	return document;
}

static void find(void)
{
	g_autoptr(MaqHidDocument) document = parse(scenario);
	g_autoptr(GPtrArray) starts =
		maq_hid_find(document, "config | + start vfs", NULL);
	g_autoptr(GPtrArray) caps =
		maq_hid_get(document, "config | + start vfs | caps: 90 | : ram", NULL);
	g_autoptr(GPtrArray) names =
		maq_hid_get(document, "config | + start | : name", NULL);
	g_autoptr(GPtrArray) none =
		maq_hid_find(document, "config | + start | x: 1", NULL);

	g_assert_cmpuint(starts->len, ==, 2);
	g_assert_true(maq_hid_disabled(starts->pdata[1]));
	g_assert_cmpuint(caps->len, ==, 1);
	g_assert_cmpstr(caps->pdata[0], ==, "8M");
	g_assert_cmpuint(names->len, ==, 3);
	g_assert_cmpuint(none->len, ==, 0);
}

static void wrong_paths(void)
{
	static const char *const wrong[] = {"", "+ config", "config | start",
		"config\n+ a\n+ b", "config | : q | : tag"};
	g_autoptr(MaqHidDocument) document = parse(scenario);
	g_autoptr(GError) error = NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
		g_assert_null(maq_hid_get(document, wrong[i], &error));
		g_assert_nonnull(error);
		g_clear_error(&error);
	}
	g_assert_null(maq_hid_edit_remove(document, "config", &error));
	g_assert_error(error, MAQ_HID_ERROR, MAQ_HID_ERROR_PATH);
}

static void check_edit(char *(*edit)(const MaqHidDocument *, const char *, GError **),
	const char *text, const char *path, const char *expected)
{
	g_autoptr(MaqHidDocument) document = parse(text);
	g_autoptr(GError) error = NULL;
	g_autofree char *edited = edit(document, path, &error);

	g_assert_no_error(error);
	g_assert_cmpstr(edited, ==, expected);
}

static void set(void)
{
	check_edit(maq_hid_edit_set, "config\n+ a n | b:  1   | c: 2 | . x\n-\n",
		"config | + a n | : b: 77 | d: 3",
		"config\n+ a n | b: 77 | c: 2 | d: 3 | . x\n-\n");
	check_edit(maq_hid_edit_set, "config\n+ a | . x\n+ a   | + c\n+ b\n-\n",
		"config | + a | : b: 1",
		"config\n+ a | b: 1 | . x\n+ a   | b: 1 | + c\n+ b\n-\n");
	check_edit(maq_hid_edit_set, "config\n+ a old\n-\n", "config | + a | : name: new",
		"config\n+ a new\n-\n");
	check_edit(maq_hid_edit_set, "config\n+ a old | b: 1\n-\n",
		"config | + a | : name: x:y | b:", "config\n+ a | name: x:y | b:\n-\n");
	check_edit(maq_hid_edit_set, "config | a: | b:  | . c\n-\n",
		"config | : a: 1 | b: 2 | d: 3",
		"config | a: 1 | b: 2 | d: 3  | . c\n-\n");
}

static void remove_nodes(void)
{
	check_edit(maq_hid_edit_remove, scenario, "config | + start vfs",
		"config\n. between\n+ start log\n| + route\n-\nwhat follows\n");
	check_edit(maq_hid_edit_remove, scenario,
		"config | + start | caps: 90 | + route | + any-service",
		"config\n\n"
		"+ start vfs    | caps: 90   | ram: 8M | . plenty\n"
		"  . about vfs\n"
		"  + route\n"
		"          | + service ROM | + child x\n"
		". between\n+ start log\n| + route\n\nx start vfs | . off\n-\n"
		"what follows\n");
}

static char *disable(const MaqHidDocument *document, const char *path, GError **error)
{
	return maq_hid_edit_disable(document, path, true, error);
}

static char *enable(const MaqHidDocument *document, const char *path, GError **error)
{
	return maq_hid_edit_disable(document, path, false, error);
}

static void switch_nodes(void)
{
	check_edit(disable, "config\n+ a | + b\nx a\n-\n", "config | + a",
		"config\nx a | + b\nx a\n-\n");
	check_edit(enable, "config\n+ a | x b\nx a\n-\n", "config | + a | + b",
		"config\n+ a | + b\nx a\n-\n");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/hid/edit/find", find);
	g_test_add_func("/hid/edit/wrong-paths", wrong_paths);
	g_test_add_func("/hid/edit/set", set);
	g_test_add_func("/hid/edit/remove", remove_nodes);
	g_test_add_func("/hid/edit/switch", switch_nodes);
	return g_test_run();
}
