// SPDX-License-Identifier: LGPL-2.1-or-later
#include "internal.h"

#include "../env/parent.h"

#include <maq/scenario.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define LONGEST_WAIT 3600000000000u /* ns on the double's clock */

/* The one test of this process, for GLib's messages. */
static MaqTest *current;

/* ---- messages ---- */

void maq_test_fail(MaqTest *test, const char *format, ...)
{
	g_autofree char *report = maq_test_report(test);
	va_list arguments;

	va_start(arguments, format);
	g_autofree char *text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	fprintf(stderr, "seed %" G_GUINT64_FORMAT ": %s\nlog:\n%s%s", test->seed, text,
		test->log->str, report);
	abort();
}

void maq_test_line(MaqTest *test, const char *label, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (char **line = lines; *line; line++)
		if (**line)
			g_string_append_printf(test->log, "[%s] %s\n", label, *line);
}

/* What a component prints goes to the log, as core does it. */
static bool take_output(const char *text)
{
	const char *task = maq_double_task();

	if (!current || !task || !strcmp(task, "test"))
		return false;
	g_autofree char *label = g_strdup_printf("init -> %s", task);
	maq_test_line(current, strcmp(task, "init") ? label : "init", text);
	return true;
}

static GLogWriterOutput write_message(
	GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
	const char *text = "";

	(void)data;
	for (gsize i = 0; i < n_fields; i++)
		if (!strcmp(fields[i].key, "MESSAGE"))
			text = fields[i].value;
	g_autofree char *line = g_strdup_printf(
		"%s%s", level & G_LOG_LEVEL_WARNING ? "Warning: " : "", text);
	if (level & (G_LOG_FLAG_FATAL | G_LOG_LEVEL_ERROR) || !take_output(line))
		return g_log_writer_default(level, fields, n_fields, NULL);
	return G_LOG_WRITER_HANDLED;
}

/* A failed assertion begins with two stars: it is no line of a log. */
static void print_error(const char *text)
{
	bool failed = g_str_has_prefix(text, "**");

	if (!failed && take_output(text))
		return;
	if (failed && current)
		fprintf(stderr, "seed %" G_GUINT64_FORMAT ":\n", current->seed);
	fputs(text, stderr);
}

static void take_messages(void)
{
	static gsize once;

	if (!g_once_init_enter(&once))
		return;
	g_log_set_writer_func(write_message, NULL, NULL);
	g_set_printerr_handler(print_error);
	g_once_init_leave(&once, 1);
}

/* ---- the beginning ---- */

static void module_free(gpointer data)
{
	Module *module = data;

	g_free(module->text);
	g_ptr_array_unref(module->peers);
	g_free(module);
}

Module *maq_test_module(MaqTest *test, const char *name)
{
	Module *module = g_hash_table_lookup(test->modules, name);

	if (!module) {
		module = g_new0(Module, 1);
		module->peers = g_ptr_array_new();
		g_hash_table_insert(test->modules, g_strdup(name), module);
	}
	return module;
}

MaqHidDocument *maq_test_parse(MaqTest *test, const char *text)
{
	g_autoptr(GError) error = NULL;
	MaqHidDocument *document =
		maq_hid_parse(text, -1, "config", MAQ_HID_LENIENT, &error);

	if (!document)
		maq_test_fail(test, "configuration: %s", error->message);
	return document;
}

MaqTest *maq_test_new(guint64 seed, const char *config)
{
	MaqTest *test = g_new0(MaqTest, 1);

	g_assert(!current);
	take_messages();
	current = test;
	test->seed = seed;
	test->baton = maq_double_new(seed);
	test->log = g_string_new(NULL);
	test->document = maq_test_parse(test, config);
	test->config = maq_hid_root(test->document);
	test->programs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	test->modules =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, module_free);
	test->locals = g_array_new(FALSE, FALSE, sizeof(Local));
	test->places = g_ptr_array_new();
	maq_test_serve(test, &maq_log_skeleton, &maq_test_log_service, test);
	maq_test_serve(test, &maq_rom_skeleton, &maq_test_rom_service, test);
	return test;
}

void maq_test_main(MaqTest *test, const char *binary, int (*main)(int argc, char **argv))
{
	Program program = {.main = main};

	g_hash_table_insert(
		test->programs, g_strdup(binary), g_memdup2(&program, sizeof program));
}

void maq_test_start(MaqTest *test, const char *binary, MaqStart start)
{
	Program program = {.start = start};

	g_hash_table_insert(
		test->programs, g_strdup(binary), g_memdup2(&program, sizeof program));
}

void maq_test_serve(
	MaqTest *test, const MaqSkeleton *skeleton, const void *table, void *service)
{
	Local local = {skeleton, table, service};

	g_array_append_val(test->locals, local);
}

static void add_place(MaqTest *test, const MaqHidNode *node)
{
	const char *name = maq_hid_name(node);
	const Program *program =
		g_hash_table_lookup(test->programs, maq_scenario_binary(node));
	Place *place = g_new0(Place, 1);

	if (!name || !program)
		maq_test_fail(test, "no program \"%s\"", maq_scenario_binary(node));
	*place = (Place){.test = test, .main = program->main, .start = program->start};
	place->name = g_strdup(name);
	place->channel = place->alive = place->watched = -1;
	place->config_peers = g_ptr_array_new();
	g_ptr_array_add(test->places, place);
}

static bool has_started(void *data)
{
	return ((MaqTest *)data)->started;
}

MaqEnv *maq_test_begin(MaqTest *test)
{
	const MaqHidNode *node;

	g_assert(!test->env);
	for (node = maq_hid_first(test->config, "start"); node;
		node = maq_hid_next(node, "start"))
		if (g_strcmp0(maq_hid_name(node), "test")) /* says where we go */
			add_place(test, node);
	if (maq_binding_double.pair(test->orders))
		maq_test_fail(test, "no way to the parent");
	maq_double_start(test->baton, "init", maq_test_parent, test);
	maq_double_wait(test->baton, has_started, test, -1, 0);
	test->env = maq_env_new(&maq_binding_double);
	maq_env_connect(test->env, test->self_channel);
	return test->env;
}

/* ---- the end ---- */

static bool all_ended(void *data)
{
	return maq_double_tasks(((MaqTest *)data)->baton) == 1;
}

static void end_tasks(MaqTest *test)
{
	MaqEnvParent *parent = test->env->parent;

	test->env->parent_ops = NULL;
	maq_env_free(test->env);
	g_free(parent);
	maq_binding_double.end(test->orders[0]);
	if (maq_double_wait(test->baton, all_ended, test, -1, 0) != MAQ_DOUBLE_TRUE)
		maq_test_fail(test, "components that do not end");
	maq_binding_double.close(test->orders[0]);
}

void maq_test_free(MaqTest *test)
{
	if (!test)
		return;
	if (test->env)
		end_tasks(test);
	maq_double_free(test->baton);
	for (guint i = 0; i < test->places->len; i++) {
		Place *place = test->places->pdata[i];

		g_ptr_array_unref(place->config_peers);
		g_free(place->name);
		g_free(place);
	}
	g_ptr_array_unref(test->places);
	g_array_unref(test->locals);
	g_hash_table_unref(test->modules);
	g_hash_table_unref(test->programs);
	maq_hid_free(test->document);
	g_string_free(test->log, TRUE);
	g_free(test);
	current = NULL;
}

/* ---- waiting ---- */

/* Lets others run and serves what is ready of our own, until the condition holds. */
static MaqDoubleWait wait_until(
	MaqTest *test, bool (*condition)(void *data), void *data, guint64 deadline)
{
	MaqLoop *loop = maq_env_loop(test->env);

	for (;;) {
		gint64 next = maq_loop_timeout(loop);
		guint64 now = maq_test_now(test);
		guint64 until = next >= 0 ? MIN(deadline, now + (guint64)next) : deadline;
		MaqDoubleWait why = maq_double_wait(
			test->baton, condition, data, maq_loop_fd(loop), until);

		if (why == MAQ_DOUBLE_TRUE || why == MAQ_DOUBLE_STUCK)
			return why;
		maq_loop_step(loop, 0);
		if (deadline <= maq_test_now(test))
			return condition && condition(data) ? MAQ_DOUBLE_TRUE
							    : MAQ_DOUBLE_LATE;
	}
}

void maq_test_wait(MaqTest *test, bool (*condition)(void *data), void *data)
{
	MaqDoubleWait why =
		wait_until(test, condition, data, maq_test_now(test) + LONGEST_WAIT);

	if (why != MAQ_DOUBLE_TRUE)
		maq_test_fail(test, "what the test waits for does not happen");
}

void maq_test_settle(MaqTest *test)
{
	wait_until(test, NULL, NULL, maq_test_now(test) + 1);
}

void maq_test_sleep(MaqTest *test, guint64 time)
{
	wait_until(test, NULL, NULL, maq_test_now(test) + time);
}

guint64 maq_test_now(MaqTest *test)
{
	(void)test;
	return maq_binding_double.now();
}

static void report_request(void *data, const MaqSessionInfo *info)
{
	if (info->client && info->server && !strcmp(info->state, "CREATING"))
		g_string_append_printf(data, "%s asks %s for %s\n",
			maq_child_name(info->client), maq_child_name(info->server),
			info->service);
}

char *maq_test_report(MaqTest *test)
{
	g_autofree char *tasks = maq_double_report(test->baton);
	GString *text = g_string_new(tasks);

	if (test->sandbox)
		maq_sandbox_sessions(test->sandbox, report_request, text);
	return g_string_free(text, FALSE);
}

/* ---- the log ---- */

const char *maq_test_log(MaqTest *test)
{
	return test->log->str;
}

/* The offset behind the first such line from an offset on; 0: none. */
static gsize find_line(const MaqTest *test, gsize from, const char *line)
{
	gsize size = strlen(line);

	while (from < test->log->len) {
		const char *text = test->log->str + from;
		gsize length = strcspn(text, "\n");

		from += length + 1;
		if (length == size && !memcmp(text, line, size))
			return from;
	}
	return 0;
}

typedef struct {
	MaqTest *test;
	const char *line;
} Expected;

static bool line_came(void *data)
{
	const Expected *expected = data;

	return find_line(expected->test, expected->test->waited, expected->line);
}

void maq_test_wait_line(MaqTest *test, const char *line)
{
	Expected expected = {test, line};

	if (wait_until(test, line_came, &expected, maq_test_now(test) + LONGEST_WAIT) !=
		MAQ_DOUBLE_TRUE)
		maq_test_fail(test, "the log lacks the line: %s", line);
	test->waited = find_line(test, test->waited, line);
}

bool maq_test_has_line(MaqTest *test, const char *line)
{
	return find_line(test, 0, line);
}

static Place *get_place(MaqTest *test, const char *name)
{
	for (guint i = 0; i < test->places->len; i++) {
		Place *place = test->places->pdata[i];

		if (!strcmp(place->name, name))
			return place;
	}
	maq_test_fail(test, "no component \"%s\"", name);
}

static bool has_ended(void *data)
{
	return ((Place *)data)->ended;
}

int maq_test_wait_exit(MaqTest *test, const char *name)
{
	Place *place = get_place(test, name);

	maq_test_wait(test, has_ended, place);
	return place->code;
}

/* ---- orders to the parent ---- */

static bool order_done(void *data)
{
	return !((MaqTest *)data)->order;
}

void maq_test_in_parent(MaqTest *test, void (*f)(void *data), void *data)
{
	MaqMessage *message = g_new0(MaqMessage, 1);

	message->header.size = sizeof message->header;
	message->header.kind = MAQ_KIND_SIGNAL;
	test->order = f;
	test->order_data = data;
	maq_binding_double.send(test->orders[0], message);
	g_free(message);
	maq_test_wait(test, order_done, test);
}

static void tell_readers(GPtrArray *peers)
{
	for (guint i = 0; i < peers->len; i++)
		maq_rom_signal_changed(peers->pdata[i]);
}

static void tell_module(void *data)
{
	tell_readers(((Module *)data)->peers);
}

void maq_test_rom(MaqTest *test, const char *name, const char *text)
{
	Module *module = maq_test_module(test, name);

	g_free(module->text);
	module->text = g_strdup(text);
	if (module->peers->len)
		maq_test_in_parent(test, tell_module, module);
}

static void configure(void *data)
{
	MaqTest *test = ((void **)data)[0];
	MaqHidDocument *old = test->document;

	test->document = ((void **)data)[1];
	test->config = maq_hid_root(test->document);
	for (guint i = 0; i < test->places->len; i++)
		tell_readers(((Place *)test->places->pdata[i])->config_peers);
	maq_hid_free(old);
}

void maq_test_configure(MaqTest *test, const char *config)
{
	void *data[] = {test, maq_test_parse(test, config)};

	maq_test_in_parent(test, configure, data);
}

static void kill_place(void *data)
{
	Place *place = data;

	maq_child_free(g_steal_pointer(&place->child));
	place->exited = true;
	place->code = 128 + 9;
}

void maq_test_kill(MaqTest *test, const char *name)
{
	Place *place = get_place(test, name);

	maq_test_in_parent(test, kill_place, place);
	maq_test_wait(test, has_ended, place);
}

/* ---- seeds ---- */

void maq_test_seeds(guint64 count, void (*f)(guint64 seed))
{
	const char *chosen = g_getenv("MAQ_SEED");

	if (chosen) {
		f(g_ascii_strtoull(chosen, NULL, 0));
		return;
	}
	for (guint64 seed = 1; seed <= count; seed++)
		f(seed);
}
