// SPDX-License-Identifier: GPL-2.0-or-later
#include <maq/memory.h>
#include <maq/report.h>
#include <maq/rom.h>
#include <maq/test.h>

MAQ_TEST_MAIN(report_rom);

static const char config[] =
	"config\n"
	"+ start report_rom\n"
	"  + config\n"
	"    + policy | label: test -> state | report: test -> work\n"
	"    + policy | label_suffix: -> other | report: nobody\n"
	"-\n";

/* ROM is routed by hand here: the parent, too, provides that service. */
static const char routed[] = "+ start test\n"
			     "  + route | + any-service | + child report_rom\n";

typedef struct {
	MaqRom *rom;
	unsigned changes;
} Reader;

static void changed(void *data)
{
	((Reader *)data)->changes++;
}

static MaqTest *report_rom_new(guint64 seed, MaqEnv **env)
{
	g_autofree char *text = g_strndup(config, strlen(config) - strlen("-\n"));
	g_autofree char *whole = g_strconcat(text,
		"  + provides\n    + service ROM\n    + service Report\n", routed, "-\n",
		NULL);
	MaqTest *test = maq_test_new(seed, whole);

	maq_test_main(test, "report_rom", maq_main_report_rom);
	*env = maq_test_begin(test);
	return test;
}

static char *read_rom(MaqRom *rom)
{
	g_autoptr(GBytes) text = maq_rom_text(rom);

	return text ? g_strdup(g_bytes_get_data(text, NULL)) : NULL;
}

static void expect(Reader *reader, const char *expected)
{
	g_autofree char *text = read_rom(reader->rom);

	g_assert_cmpstr(text, ==, expected);
}

static void open_reader(Reader *reader, MaqEnv *env, const char *label)
{
	*reader = (Reader){.rom = maq_rom_open(env, label, NULL)};
	g_assert_nonnull(reader->rom);
	maq_rom_on_changed(reader->rom, changed, reader);
}

static void readers_get_the_last_report(guint64 seed)
{
	MaqEnv *env;
	g_autoptr(MaqTest) test = report_rom_new(seed, &env);
	Reader early, late;

	open_reader(&early, env, "state");
	expect(&early, NULL);
	MaqReport *report = maq_report_open(env, "work", NULL);
	g_assert_nonnull(report);
	g_assert_cmpint(maq_report_submit(report, "one", 3), ==, MAQ_REPORT_OK);
	maq_test_settle(test);
	g_assert_cmpuint(early.changes, ==, 1);
	expect(&early, "one");
	maq_report_submit(report, "two", 3);
	maq_report_submit(report, "three", 5);
	maq_report_close(report);
	maq_test_settle(test);
	g_assert_cmpuint(early.changes, >=, 2);
	expect(&early, "three");
	open_reader(&late, env, "state"); /* its author has gone, it stays */
	expect(&late, "three");
}

static void only_a_policy_lets_one_read(guint64 seed)
{
	MaqEnv *env;
	g_autoptr(MaqTest) test G_GNUC_UNUSED = report_rom_new(seed, &env);
	g_autoptr(GError) error = NULL;
	Reader other;

	g_assert_null(maq_rom_open(env, "secret", &error));
	g_assert_error(error, MAQ_ERROR, MAQ_DENIED);
	open_reader(&other, env, "other");
	expect(&other, NULL);
}

static void a_large_report_comes_as_dataspace(guint64 seed)
{
	MaqEnv *env;
	g_autoptr(MaqTest) test G_GNUC_UNUSED = report_rom_new(seed, &env);
	g_autofree char *large = g_strnfill(100000, 'x');
	maq_autofd int content =
		maq_dataspace_new_constant("report", large, 100000, NULL);
	MaqReport *report = maq_report_open(env, "work", NULL);
	Reader reader;

	open_reader(&reader, env, "state");
	g_assert_cmpint(
		maq_report_submit_large(report, 100000, content), ==, MAQ_REPORT_OK);
	expect(&reader, large);
	g_assert_cmpint(maq_report_submit_large(report, 1u << 30, content), <, 0);
	expect(&reader, large);
}

static void an_author_pays_for_its_report(guint64 seed)
{
	MaqEnv *env;
	g_autoptr(MaqTest) test G_GNUC_UNUSED = report_rom_new(seed, &env);
	g_autofree char *large = g_strnfill(100000, 'x');
	maq_autofd int content =
		maq_dataspace_new_constant("report", large, 100000, NULL);
	MaqReport *report = maq_report_open(env, "work", NULL);
	MaqQuota before, after;

	g_assert_nonnull(report);
	g_assert_true(maq_quota(env, &before));
	g_assert_true(maq_charge(env, before.ram - before.ram_used - (40u << 10), 0));
	g_assert_true(maq_quota(env, &before));
	g_assert_cmpint(maq_report_submit_large(report, 100000, content), ==,
		MAQ_REPORT_OUT_OF_RAM);
	g_assert_true(maq_quota(env, &after));
	g_assert_cmpuint(after.ram_used, >=, before.ram_used);
	g_assert_cmpuint(after.ram_used, <=, after.ram);
	g_assert_cmpint(maq_report_submit(report, "short", 5), ==, MAQ_REPORT_OK);
}

static void test_readers(void)
{
	maq_test_seeds(100, readers_get_the_last_report);
}

static void test_policy(void)
{
	maq_test_seeds(100, only_a_policy_lets_one_read);
}

static void test_large(void)
{
	maq_test_seeds(100, a_large_report_comes_as_dataspace);
}

static void test_paid(void)
{
	maq_test_seeds(20, an_author_pays_for_its_report);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/report_rom/readers", test_readers);
	g_test_add_func("/report_rom/policy", test_policy);
	g_test_add_func("/report_rom/large", test_large);
	g_test_add_func("/report_rom/paid", test_paid);
	return g_test_run();
}
