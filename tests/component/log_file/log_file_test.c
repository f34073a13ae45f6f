// SPDX-License-Identifier: GPL-2.0-or-later
#include <maq/test.h>

#include <glib/gstdio.h>

MAQ_TEST_MAIN(log_file);
MAQ_TEST_MAIN(dummy);

#define SEEDS 20

static MaqTest *start(guint64 seed, const char *config, const char *path)
{
	g_autofree char *text = g_strdup_printf(config, path);
	MaqTest *test = maq_test_new(seed, text);

	maq_test_main(test, "log_file", maq_main_log_file);
	maq_test_main(test, "dummy", maq_main_dummy);
	maq_test_begin(test);
	return test;
}

static void remove_files(const char *path)
{
	g_autofree char *folder = g_path_get_dirname(path);
	g_autofree char *old = g_strconcat(path, ".1", NULL);

	g_unlink(path);
	g_unlink(old);
	g_rmdir(folder);
}

static char *new_path(void)
{
	g_autofree char *folder = g_dir_make_tmp(NULL, NULL);

	return g_build_filename(folder, "log", NULL);
}

static void writes_lines(guint64 seed)
{
	g_autofree char *path = new_path();
	g_autofree char *text = NULL;

	{
		g_autoptr(MaqTest) test = start(seed,
			"config\n"
			"+ start log_file\n"
			"  + provides | + service LOG\n"
			"  + config | path: %s | time: no | echo: yes\n"
			"+ start dummy\n"
			"  + route | + service LOG | + child log_file\n"
			"  + config\n"
			"    + log | string: one\n"
			"    + log | string: two\n"
			"-\n",
			path);

		maq_test_wait_line(test, "[init -> log_file] [dummy] two");
	}
	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	g_assert_cmpstr(text, ==, "[dummy] one\n[dummy] two\n");
	remove_files(path);
}

static void never_fills_a_disk(guint64 seed)
{
	g_autofree char *path = new_path();
	g_autofree char *old = g_strconcat(path, ".1", NULL);
	g_autoptr(GString) config =
		g_string_new("config\n"
			     "+ start log_file\n"
			     "  + provides | + service LOG\n"
			     "  + config | path: %s | max_size: 4K | echo: yes\n"
			     "+ start dummy\n"
			     "  + route | + service LOG | + child log_file\n"
			     "  + config\n");
	g_autofree char *now = NULL, *before = NULL;
	gsize now_size, before_size;

	for (int i = 0; i < 150; i++)
		g_string_append_printf(config,
			"    + log | string: line %d of many that fill the file\n", i);
	g_string_append(config, "-\n");
	{
		g_autoptr(MaqTest) test = start(seed, config->str, path);

		maq_test_wait_line(test, "[init -> log_file] [dummy] line 149 of many "
					 "that fill the file");
	}
	g_assert_true(g_file_get_contents(path, &now, &now_size, NULL));
	g_assert_true(g_file_get_contents(old, &before, &before_size, NULL));
	g_assert_cmpuint(now_size, <=, 4096);
	g_assert_cmpuint(before_size, <=, 4096);
	g_assert_nonnull(strstr(now, "line 149 "));
	remove_files(path);
}

static void goes_on_without_a_file(guint64 seed)
{
	g_autoptr(MaqTest) test = start(seed,
		"config\n"
		"+ start log_file\n"
		"  + provides | + service LOG\n"
		"  + config | path: %s | echo: yes\n"
		"+ start dummy\n"
		"  + route | + service LOG | + child log_file\n"
		"  + config | + log | string: one\n"
		"-\n",
		"/nonexistent/folder/log");

	maq_test_wait_line(test, "[init -> log_file] [dummy] one");
	g_assert_true(maq_test_has_line(test,
		"[init -> log_file] Error: /nonexistent/folder/log cannot be opened: No "
		"such file or directory"));
}

static void test_writes(void)
{
	maq_test_seeds(SEEDS, writes_lines);
}

static void test_rotates(void)
{
	maq_test_seeds(3, never_fills_a_disk);
}

static void test_no_file(void)
{
	maq_test_seeds(SEEDS, goes_on_without_a_file);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/log_file/writes lines", test_writes);
	g_test_add_func("/log_file/never fills a disk", test_rotates);
	g_test_add_func("/log_file/goes on without a file", test_no_file);
	return g_test_run();
}
