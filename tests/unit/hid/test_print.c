// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_print - canonical text, XML, and the builder
 */
#include <maq/hid.h>

static void check_text(const char *text, const char *expected)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(MaqHidDocument) document =
		maq_hid_parse(text, -1, "test", MAQ_HID_STRICT, &error);
	g_autofree char *printed = NULL, *again = NULL;

	g_assert_no_error(error);
	printed = maq_hid_to_text(maq_hid_root(document), NULL);
	g_assert_cmpstr(printed, ==, expected);
	g_autoptr(MaqHidDocument) second =
		maq_hid_parse(printed, -1, "printed", MAQ_HID_STRICT, &error);
	g_assert_no_error(error);
	again = maq_hid_to_text(maq_hid_root(second), NULL);
	g_assert_cmpstr(again, ==, expected);
	g_assert_true(maq_hid_equal(maq_hid_root(document), maq_hid_root(second)));
}

static void layout(void)
{
	check_text("config\n-\n", "config\n-\n");
	check_text("config\n\n  + a\n    b: 1\n    + c d | e: 2\n  + f\n-\n",
		"config\n+ a | b: 1\n  + c d | e: 2\n+ f\n-\n");
	check_text(
		"config\n+ a\n  . about a\n  b: 1 | . about b\n. of the root\nx c\n-\n",
		"config\n+ a | b: 1 | . about b\n  . about a\n. of the root\nx c\n-\n");
	check_text("config\n+ a n | . c\n  b: 1\n  : t\n-\n",
		"config\n+ a n | . c\n  | b: 1\n  : t\n-\n");
	check_text("config\n+ a\n  name:\n  b:\n-\n", "config\n+ a | name: | b:\n-\n");
}

static void columns(void)
{
	check_text(
		"config\n"
		"+ node | first_attribute: a value of some length | second: another one\n"
		"       | third: and one more\n"
		"+ node | short: 1 | long-tag: 2\n"
		"-\n",
		"config\n"
		"+ node\n"
		"       first_attribute: a value of some length\n"
		"       second:          another one\n"
		"       third:           and one more\n"
		"+ node\n"
		"       short:    1\n"
		"       long-tag: 2\n"
		"-\n");
}

static void xml(void)
{
	g_autoptr(MaqHidDocument) document = maq_hid_parse(
		"config | a: <&\n. about\n+ b\n  : x > y\n+ c\n  : 1\n  : 2\n"
		"x d\n+ e | + f\n-\n",
		-1, "test", MAQ_HID_STRICT, NULL);
	g_autofree char *text = maq_hid_to_xml(maq_hid_root(document));

	g_assert_cmpstr(text, ==,
		"<!-- about -->\n<config a=\"&lt;&amp;\">\n\t<b>x &gt; y</b>\n"
		"\t<c>\n\t\t1\n\t\t2\n\t</c>\n\t<e>\n\t\t<f/>\n\t</e>\n</config>\n");
}

static void builder(void)
{
	g_autoptr(MaqHidDocument) document =
		maq_hid_parse("config\n+ part | a: 1\n  : q\n  + in | + deep\n-\n", -1,
			"test", MAQ_HID_STRICT, NULL);
	MaqHidBuilder *b = maq_hid_builder_new("report");
	g_autofree char *text = NULL;

	maq_hid_put_bool(b, "ok", true);
	maq_hid_begin(b, "child", "timer");
	maq_hid_put_u64(b, "ram", 4096);
	maq_hid_put_format(b, "load", "%d %%", 12);
	maq_hid_put(b, "text", " a|b\n");
	maq_hid_quote(b, "one\ntwo");
	maq_hid_end(b);
	maq_hid_append(b, maq_hid_first(maq_hid_root(document), NULL));
	maq_hid_begin(b, "child", "x: y");
	maq_hid_end(b);
	text = maq_hid_builder_finish(b);
	g_assert_cmpstr(text, ==,
		"report | ok: yes\n"
		"+ child timer | ram: 4096 | load: 12 % | text: a/b\n"
		"  : one\n  : two\n"
		"+ part | a: 1\n  : q\n  + in\n    + deep\n"
		"+ child | name: x: y\n-\n");
}

static void sub_document(void)
{
	g_autoptr(MaqHidDocument) document =
		maq_hid_parse("config\n+ start a\n  + config | x: 1\n    + y\n-\n", -1,
			"test", MAQ_HID_STRICT, NULL);
	const MaqHidNode *start = maq_hid_first(maq_hid_root(document), "start");
	g_autofree char *text = maq_hid_to_text(maq_hid_first(start, NULL), NULL);
	g_autofree char *renamed = maq_hid_to_text(start, "runtime");

	g_assert_cmpstr(text, ==, "config | x: 1\n+ y\n-\n");
	g_assert_cmpstr(renamed, ==, "runtime a\n+ config | x: 1\n  + y\n-\n");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/hid/print/layout", layout);
	g_test_add_func("/hid/print/columns", columns);
	g_test_add_func("/hid/print/xml", xml);
	g_test_add_func("/hid/print/builder", builder);
	g_test_add_func("/hid/print/sub-document", sub_document);
	return g_test_run();
}
