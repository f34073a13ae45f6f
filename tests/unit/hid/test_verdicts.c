// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_verdicts - 200 mutated texts, with the verdicts that were found right
 */
#include <maq/hid.h>

#include <string.h>

static char *path; /* of verdicts.txt */

static void check(const char *line)
{
	g_auto(GStrv) fields = g_strsplit(line, " ", 3);
	g_autofree char *text = g_strcompress(fields[2]);
	g_autoptr(GError) error = NULL;
	g_autoptr(MaqHidDocument) document =
		maq_hid_parse(text, -1, "mutation", MAQ_HID_STRICT, &error);
	bool expected = strcmp(fields[0], "accept") == 0;

	if (!!document != expected)
		g_error("expected '%s' for:\n%s%s", fields[0], text,
			error ? error->message : "");
}

static void verdicts(void)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *content = NULL;
	g_auto(GStrv) lines = NULL;
	guint accepted = 0, refused = 0;

	g_file_get_contents(path, &content, NULL, &error);
	g_assert_no_error(error);
	lines = g_strsplit(g_strchomp(content), "\n", -1);
	for (char **line = lines; *line; line++) {
		check(*line);
		g_str_has_prefix(*line, "accept") ? accepted++ : refused++;
	}
	g_assert_cmpuint(accepted + refused, ==, 200);
	g_assert_cmpuint(accepted, >, 20);
	g_assert_cmpuint(refused, >, 20);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	path = argc > 1 ? argv[1]
			: g_test_build_filename(G_TEST_DIST, "verdicts.txt", NULL);
	g_test_add_func("/hid/verdicts", verdicts);
	return g_test_run();
}
