// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_xml - XML as HID: structure, text, comments, and what HID can't express
 */
#include <maq/hid.h>

static void convert(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(MaqHidDocument) document =
		maq_hid_from_xml("<?xml version=\"1.0\"?>\n"
				 "<config verbose=\"yes\" text=\"a &lt; b\">\n"
				 "\t<!-- above -->\n"
				 "\t<start name=\"a\"/> <!-- beside -->\n"
				 "\t<!-- <start name=\"off\"><in/></start> -->\n"
				 "\t<arg>one\n\ttwo &amp; three</arg>\n"
				 "\t<a/>\n"
				 "\t<!-- last -->\n"
				 "</config>\n",
			-1, "test.xml", &error);
	g_autofree char *text = NULL;

	g_assert_no_error(error);
	text = maq_hid_to_text(maq_hid_root(document), NULL);
	g_assert_cmpstr(text, ==,
		"config | verbose: yes | text: a < b\n"
		"+ start a | . beside\n"
		"  . above\n"
		"x start off\n"
		"  + in\n"
		"+ arg\n"
		"  : one\n"
		"  : two & three\n"
		"+ a\n"
		". last\n"
		"-\n");
}

static void refused(void)
{
	static const char *const texts[] = {
		"",
		"<config",
		"<config></other>",
		"<Config/>",
		"<config a=\"x|y\"/>",
		"<config A=\"1\"/>",
		"<config><!-- \377 --></config>",
		"<!-- no element -->",
		"<?xml version=\"1.0\"?>",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autoptr(GError) error = NULL;

		g_assert_null(maq_hid_from_xml(texts[i], -1, "test.xml", &error));
		g_assert_error(error, MAQ_HID_ERROR, MAQ_HID_ERROR_XML);
	}
}

static void depth(void)
{
	g_autoptr(GString) deep = g_string_new(NULL);
	g_autoptr(GError) error = NULL;

	for (int i = 0; i < 1000; i++)
		g_string_append(deep, "<a>");
	g_assert_null(maq_hid_from_xml(deep->str, -1, "deep.xml", &error));
	g_assert_error(error, MAQ_HID_ERROR, MAQ_HID_ERROR_LIMIT);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/hid/xml/convert", convert);
	g_test_add_func("/hid/xml/refused", refused);
	g_test_add_func("/hid/xml/depth", depth);
	return g_test_run();
}
