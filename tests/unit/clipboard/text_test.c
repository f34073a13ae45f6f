// SPDX-License-Identifier: GPL-2.0-or-later
#include <maq/clipboard.h>
#include <maq/hid.h>

#include <string.h>

static void check(const char *text, const char *expected)
{
	gsize size = 0;
	g_autofree char *node = maq_clipboard_encode(text, &size);
	g_autoptr(MaqHidDocument) document =
		maq_hid_parse(node, (gssize)size, "node", MAQ_HID_STRICT, NULL);

	g_assert_cmpuint(size, ==, strlen(node));
	g_assert_true(maq_clipboard_is_valid(node, size));
	g_autofree char *decoded = maq_clipboard_decode(node, size);
	g_assert_cmpstr(decoded, ==, expected);
	/* it is HID, which says the same */
	g_assert_nonnull(document);
	g_autofree char *quoted = maq_hid_quoted(maq_hid_root(document));
	g_assert_cmpstr(quoted ? quoted : "", ==, expected);
}

static void goes_and_comes(void)
{
	static const char *const same[] = {"", "a", " a ", "\n", "a\n", "\n\na",
		"a\n-\nb", ": a\n+ b | c: d", "| x", "\ttab\t",
		"\u4e2d e\u0301 \U0001f600", "."};

	for (gsize i = 0; i < G_N_ELEMENTS(same); i++)
		check(same[i], same[i]);
}

static void becomes_plain(void)
{
	check("a\r\nb\r\n", "a\nb\n");
	check("\033[31mred\177\001", " [31mred  ");
	check("a\xff"
	      "b\xe4",
		"a\ufffdb\ufffd");
}

static bool valid(const char *node)
{
	g_autofree char *text = maq_clipboard_decode(node, strlen(node));

	g_assert_true(maq_clipboard_is_valid(node, strlen(node)) == (text != NULL));
	return text != NULL;
}

static void only_one_form(void)
{
	g_assert_true(valid("clipboard\n-\n"));
	g_assert_true(valid("clipboard\n: a\n:\n-\n"));
	static const char *const wrong[] = {"", "clipboard", "clipboard\n",
		"clipboard\n-", "clipboard\n: a\n", "clipboards\n-\n", "clipboard\n-\n\n",
		"clipboard\n-\n-\n", "clipboard\n+ a\n-\n", "clipboard\n:a\n-\n",
		"clipboard\na\n-\n", "clipboard | a: b\n-\n", "clipboard\n: a\r\n-\n",
		"clipboard\n: \033\n-\n", "clipboard\n: \177\n-\n",
		"clipboard\n: \xff\n-\n", "clipboard\n: \xe4\n-\n",
		"clipboard\n : a\n-\n"};

	for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++)
		g_assert_false(valid(wrong[i]));
	g_assert_false(maq_clipboard_is_valid("clipboard\n: a\0b\n-\n", 18));
}

static void has_a_limit(void)
{
	gsize room = MAQ_CLIPBOARD_MAX - strlen("clipboard\n: \n-\n");
	g_autofree char *most = g_strnfill(room, 'x');
	g_autofree char *more = g_strnfill(room + 1, 'x');
	g_autofree char *node = maq_clipboard_encode(most, NULL);

	g_assert_true(maq_clipboard_is_valid(node, strlen(node)));
	g_assert_null(maq_clipboard_encode(more, NULL));
	g_autofree char *longer = g_strconcat("clipboard\n: ", more, "\n-\n", NULL);
	g_assert_false(maq_clipboard_is_valid(longer, strlen(longer)));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/clipboard/text/goes-and-comes", goes_and_comes);
	g_test_add_func("/clipboard/text/becomes-plain", becomes_plain);
	g_test_add_func("/clipboard/text/only-one-form", only_one_form);
	g_test_add_func("/clipboard/text/has-a-limit", has_a_limit);
	return g_test_run();
}
