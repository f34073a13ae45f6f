// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Copying and pasting through server/clipboard. The test is several components to it:
 * the label "a -> clipboard" of a session of the test becomes "test -> a -> clipboard".
 */
#include <maq/clipboard.h>
#include <maq/memory.h>
#include <maq/report.h>
#include <maq/rom.h>
#include <maq/test.h>

MAQ_TEST_MAIN(clipboard);

#define SOME_RULES                                                                       \
	"    + match | from: test -> a | to: test -> b\n"                                \
	"    + match | from: test -> b | to: test -> c\n"

typedef struct {
	MaqTest *test;
	MaqEnv *env;
} World;

typedef struct {
	MaqRom *rom;
	unsigned changes;
} Reader;

static char *configuration(const char *rules)
{
	return g_strconcat("config\n+ start clipboard\n  + config | limit: 64K\n", rules,
		"  + provides\n    + service ROM\n    + service Report\n"
		"+ start test\n  + route | + any-service | + child clipboard\n-\n",
		NULL);
}

static World world_new(guint64 seed, const char *rules)
{
	g_autofree char *text = configuration(rules);
	World world = {.test = maq_test_new(seed, text)};

	maq_test_main(world.test, "clipboard", maq_main_clipboard);
	world.env = maq_test_begin(world.test);
	return world;
}

static void changed(void *data)
{
	((Reader *)data)->changes++;
}

static Reader *reader_new(World *world, const char *component)
{
	g_autofree char *label = g_strconcat(component, " -> clipboard", NULL);
	Reader *reader = g_new0(Reader, 1);

	maq_env_own(world->env, reader);
	reader->rom = maq_rom_open(world->env, label, NULL);
	g_assert_nonnull(reader->rom);
	maq_rom_on_changed(reader->rom, changed, reader);
	return reader;
}

static MaqReport *writer_new(World *world, const char *component)
{
	g_autofree char *label = g_strconcat(component, " -> clipboard", NULL);
	MaqReport *report = maq_report_open(world->env, label, NULL);

	g_assert_nonnull(report);
	return report;
}

static MaqReportError copy(MaqReport *report, const char *text)
{
	gsize size;
	g_autofree char *node = maq_clipboard_encode(text, &size);

	if (size <= 16000)
		return maq_report_submit(report, node, size);
	maq_autofd int content = maq_dataspace_new_constant("text", node, size, NULL);
	return maq_report_submit_large(report, size, content);
}

static void expect(Reader *reader, const char *expected)
{
	g_autoptr(GBytes) node = maq_rom_text(reader->rom);

	g_assert_nonnull(node);
	g_autofree char *text = maq_clipboard_decode(
		g_bytes_get_data(node, NULL), g_bytes_get_size(node));
	g_assert_cmpstr(text, ==, expected);
}

static void flows(guint64 seed)
{
	World world = world_new(seed, SOME_RULES);
	g_autoptr(MaqTest) test = world.test;
	MaqReport *a = writer_new(&world, "a"), *b = writer_new(&world, "b");
	Reader *at_b = reader_new(&world, "b"), *at_c = reader_new(&world, "c");

	expect(at_b, "");
	g_assert_cmpint(copy(a, "of a\n"), ==, MAQ_REPORT_OK);
	maq_test_settle(test);
	expect(at_b, "of a\n");
	expect(at_c, "");
	g_assert_cmpuint(at_b->changes, ==, 1);
	g_assert_cmpuint(at_c->changes, ==, 0); /* not even told */
	g_assert_cmpint(copy(b, "of b"), ==, MAQ_REPORT_OK);
	maq_test_settle(test);
	expect(at_b, "of b"); /* its own */
	expect(at_c, "of b");
	g_assert_cmpint(copy(a, "of a"), ==, MAQ_REPORT_OK);
	maq_test_settle(test);
	expect(at_c, "");
	g_assert_cmpuint(at_c->changes, ==, 2);
	g_assert_cmpint(maq_report_submit(a, "", 0), ==, MAQ_REPORT_OK);
	expect(at_b, "");
}

static void denies(guint64 seed)
{
	World world = world_new(seed, SOME_RULES);
	g_autoptr(MaqTest) test G_GNUC_UNUSED = world.test;
	g_autoptr(GError) error = NULL;

	g_assert_null(maq_report_open(world.env, "c -> clipboard", &error));
	g_assert_error(error, MAQ_ERROR, MAQ_DENIED);
	g_clear_error(&error);
	g_assert_null(maq_report_open(world.env, "a_2 -> clipboard", &error));
	g_assert_error(error, MAQ_ERROR, MAQ_DENIED);
	g_clear_error(&error);
	g_assert_null(maq_rom_open(world.env, "a -> clipboard", &error));
	g_assert_error(error, MAQ_ERROR, MAQ_DENIED);
}

/* What is wrong leaves the text of before. */
static void refuses(guint64 seed)
{
	World world = world_new(seed, SOME_RULES);
	g_autoptr(MaqTest) test G_GNUC_UNUSED = world.test;
	MaqReport *a = writer_new(&world, "a");
	Reader *at_b = reader_new(&world, "b");
	g_autofree char *large = g_strnfill(65536, 'x');
	g_autofree char *fits = g_strnfill(40000, 'y');
	static const char *const wrong[] = {"clipboard\n: \xff\n-\n", "text",
		"clipboard\n: \033]0;x\007\n-\n", "clipboard\n+ a\n-\n",
		"clipboard\n: a"};

	g_assert_cmpint(copy(a, "fine"), ==, MAQ_REPORT_OK);
	for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++)
		g_assert_cmpint(maq_report_submit(a, wrong[i], strlen(wrong[i])), ==,
			MAQ_REPORT_INVALID);
	g_assert_cmpint(copy(a, large), ==, MAQ_REPORT_TOO_LARGE);
	expect(at_b, "fine");
	g_assert_cmpint(copy(a, fits), ==, MAQ_REPORT_OK);
	expect(at_b, fits);
}

static void outlives_its_author(guint64 seed)
{
	World world = world_new(seed, SOME_RULES);
	g_autoptr(MaqTest) test = world.test;
	MaqReport *a = writer_new(&world, "a");
	Reader *at_b = reader_new(&world, "b");

	g_assert_cmpint(copy(a, "last words"), ==, MAQ_REPORT_OK);
	maq_report_close(a);
	maq_test_settle(test);
	expect(at_b, "last words");
	MaqReport *b = writer_new(&world, "b");
	g_assert_cmpint(copy(b, "news"), ==, MAQ_REPORT_OK);
	expect(at_b, "news");
}

/* Until another text replaces it. */
static void author_pays(guint64 seed)
{
	World world = world_new(seed, SOME_RULES);
	g_autoptr(MaqTest) test G_GNUC_UNUSED = world.test;
	MaqReport *a = writer_new(&world, "a"), *b = writer_new(&world, "b");
	Reader *at_b = reader_new(&world, "b");
	g_autofree char *text = g_strnfill(50000, 'x');
	MaqQuota quota;

	g_assert_true(maq_quota(world.env, &quota));
	g_assert_true(maq_charge(world.env, quota.ram - quota.ram_used, 0));
	g_assert_cmpint(copy(a, text), ==, MAQ_REPORT_OK); /* by its donation */
	g_assert_cmpint(copy(a, text), ==, MAQ_REPORT_OK);
	maq_refund(world.env, 8192, 0);
	g_assert_cmpint(copy(b, text), ==, MAQ_REPORT_OK);
	g_assert_cmpint(copy(a, text), ==, MAQ_REPORT_OK);
	expect(at_b, text);
}

static void follows_its_rules(guint64 seed)
{
	World world = world_new(seed, SOME_RULES);
	g_autoptr(MaqTest) test = world.test;
	MaqReport *a = writer_new(&world, "a");
	Reader *at_b = reader_new(&world, "b"), *at_c = reader_new(&world, "c");
	g_autofree char *other =
		configuration("    + match | from: test -> a | to: test -> c\n");

	copy(a, "text");
	maq_test_settle(test);
	maq_test_configure(test, other);
	maq_test_settle(test);
	expect(at_b, "");
	expect(at_c, "text");
	g_assert_cmpuint(at_b->changes, ==, 2);
	g_assert_cmpuint(at_c->changes, ==, 1);
}

/* ---- the client of the library ---- */

typedef struct {
	MaqClipboard *clipboard;
	const char *expected;
} Waiting;

static bool has_come(void *data)
{
	Waiting *waiting = data;

	return !strcmp(maq_clipboard_text(waiting->clipboard), waiting->expected);
}

static void client_copies_and_pastes(guint64 seed)
{
	World world = world_new(seed, "    + default-policy | allow: yes\n");
	g_autoptr(MaqTest) test = world.test;
	MaqReport *a = writer_new(&world, "a");
	Reader *at_a = reader_new(&world, "a");
	MaqClipboard *clipboard = maq_clipboard_new(world.env, NULL, NULL);
	Waiting waiting = {clipboard, "from afar"};

	g_assert_cmpstr(maq_clipboard_text(clipboard), ==, "");
	g_assert_cmpint(copy(a, "from afar"), ==, MAQ_REPORT_OK);
	maq_test_wait(test, has_come, &waiting);
	g_assert_true(maq_clipboard_set(clipboard, "one"));
	g_assert_true(maq_clipboard_set(clipboard, "two"));
	g_assert_cmpstr(maq_clipboard_text(clipboard), ==, "two");
	maq_test_settle(test);
	expect(at_a, "two");
	g_assert_cmpstr(maq_clipboard_text(clipboard), ==, "two");
}

static void client_does_without(guint64 seed)
{
	World world = world_new(seed, SOME_RULES);
	g_autoptr(MaqTest) test = world.test;
	MaqClipboard *clipboard = maq_clipboard_new(world.env, NULL, NULL);
	g_autofree char *large = g_strnfill(MAQ_CLIPBOARD_MAX, 'x');

	maq_test_settle(test); /* denied both */
	g_assert_true(maq_clipboard_set(clipboard, "mine"));
	g_assert_false(maq_clipboard_set(clipboard, large));
	maq_test_settle(test);
	g_assert_cmpstr(maq_clipboard_text(clipboard), ==, "mine");
}

typedef struct {
	const char *name;
	void (*test)(guint64 seed);
} Case;

static void run(gconstpointer data)
{
	maq_test_seeds(30, ((const Case *)data)->test);
}

int main(int argc, char **argv)
{
	static const Case cases[] = {
		{"/clipboard/flows", flows},
		{"/clipboard/denies", denies},
		{"/clipboard/refuses", refuses},
		{"/clipboard/outlives-its-author", outlives_its_author},
		{"/clipboard/author-pays", author_pays},
		{"/clipboard/follows-its-rules", follows_its_rules},
		{"/clipboard/client/copies-and-pastes", client_copies_and_pastes},
		{"/clipboard/client/does-without", client_does_without},
	};

	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
		g_test_add_data_func(cases[i].name, &cases[i], run);
	return g_test_run();
}
