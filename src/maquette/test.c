// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test - run scenarios against their expectations
 *
 * The expectation is the file `expect` of the scenario's folder:
 *
 *     expect
 *     + requires quota
 *     + fail | after_seconds: 20
 *     + line | : [init -> hello] hello, world
 *     + line | anywhere: yes | : [init -> hello] and this at any time
 *     + exit | code: 0
 *     -
 *
 * The lines are to come in this order but for those that may come anywhere; others may
 * stand between. Without an exit node
 * the scenario is ended after the last line. A machine without what is required (quota,
 * confinement) skips the test. Output is TAP.
 */
#include "command.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
	GPtrArray *lines;    /* owned, of char *: expected in this order */
	guint found;         /* of them */
	GPtrArray *anywhere; /* owned, likewise: expected at any time, not seen yet */
	bool requires_quota, requires_confinement;
	int exit_code; /* -1: not expected to exit */
	guint64 seconds;
	GString *output; /* owned: all of it */
	gsize scanned;   /* of output */
} Test;

static bool load_expectation(const char *scenario, Test *test, GError **error)
{
	g_autofree char *path = g_build_filename(scenario, "expect", NULL);
	g_autoptr(MaqHidDocument) document = maq_hid_load(path, MAQ_HID_STRICT, error);
	const MaqHidNode *root, *line;

	if (!document)
		return false;
	root = maq_hid_root(document);
	for (line = maq_hid_first(root, "line"); line;
		line = maq_hid_next(line, "line")) {
		char *text = maq_hid_quoted(line);

		g_ptr_array_add(maq_hid_bool(line, "anywhere", false) ? test->anywhere
								      : test->lines,
			g_strstrip(text ? text : g_strdup("")));
	}
	for (line = maq_hid_first(root, "requires"); line;
		line = maq_hid_next(line, "requires")) {
		test->requires_quota |= !g_strcmp0(maq_hid_name(line), "quota");
		test->requires_confinement |=
			!g_strcmp0(maq_hid_name(line), "confinement");
	}
	const MaqHidNode *end = maq_hid_first(root, "exit");
	test->exit_code = end ? (int)maq_hid_u64(end, "code", 0) : -1;
	test->seconds = maq_hid_u64(maq_hid_first(root, "fail"), "after_seconds", 30);
	return test->lines->len || test->anywhere->len || end;
}

static bool is_complete(const Test *test)
{
	return test->found == test->lines->len && !test->anywhere->len;
}

static void scan(Test *test)
{
	const char *newline;

	while ((newline = strchr(test->output->str + test->scanned, '\n'))) {
		g_autofree char *line = g_strndup(test->output->str + test->scanned,
			(gsize)(newline - test->output->str) - test->scanned);

		test->scanned = (gsize)(newline - test->output->str) + 1;
		if (test->found < test->lines->len &&
			strstr(line, test->lines->pdata[test->found]))
			test->found++;
		for (guint i = 0; i < test->anywhere->len; i++)
			if (strstr(line, test->anywhere->pdata[i]))
				g_ptr_array_remove_index(test->anywhere, i--);
	}
}

/* How all scenarios are run. */
typedef struct {
	gboolean virtual_time, require_confinement, require_quota;
	char *seed; /* owned; NULL: all components run at once */
} Options;

static pid_t start(const char *scenario, const Options *options, int *output)
{
	const char *arguments[9] = {"maquette", "run"};
	unsigned count = 2;
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	int ends[2];

	if (options->require_quota)
		arguments[count++] = "--require-quota";
	if (options->require_confinement)
		arguments[count++] = "--require-confinement";
	if (options->virtual_time)
		arguments[count++] = "--virtual-time";
	if (options->seed) {
		arguments[count++] = "--serialize";
		arguments[count++] = options->seed;
	}
	arguments[count] = scenario;
	if (!self || pipe(ends))
		return -1;
	pid_t self_pid = getpid(), pid = fork();
	if (pid == 0) {
		/* core ends with us, however we end */
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		if (getppid() != self_pid)
			_exit(EXIT_MACHINE);
		dup2(ends[1], 1);
		dup2(ends[1], 2);
		close(ends[0]);
		close(ends[1]);
		execv(self, (char *const *)arguments);
		_exit(EXIT_MACHINE);
	}
	close(ends[1]);
	*output = ends[0];
	return pid;
}

/* Reads until the expectation is met, the output ends or the time is over. */
static bool follow(Test *test, int output)
{
	gint64 until = g_get_monotonic_time() + (gint64)test->seconds * G_USEC_PER_SEC;
	char buffer[4096];

	for (;;) {
		struct pollfd waited = {.fd = output, .events = POLLIN};
		gint64 left = (until - g_get_monotonic_time()) / 1000;

		if (test->exit_code < 0 && is_complete(test))
			return true;
		if (left <= 0 || poll(&waited, 1, (int)left) == 0)
			return false;
		ssize_t n = read(output, buffer, sizeof buffer);
		if (n <= 0)
			return true;
		g_string_append_len(test->output, buffer, n);
		scan(test);
	}
}

/* What core says at its end. */
static void read_rest(Test *test, int output)
{
	struct pollfd waited = {.fd = output, .events = POLLIN};
	char buffer[4096];
	ssize_t n = 1;

	while (n > 0 && poll(&waited, 1, 5000) > 0) {
		n = read(output, buffer, sizeof buffer);
		g_string_append_len(test->output, buffer, MAX(n, 0));
	}
}

/* Which parts another run with the same seed may have otherwise. */
static void report_outside(const Test *test)
{
	const char *line = strstr(test->output->str, "[core] outside of determinism: ");

	if (line)
		printf("# %.*s\n", (int)strcspn(line, "\n"), line);
}

typedef enum { FAILED, WELL, SKIPPED } Outcome;

static bool judge(const Test *test, bool in_time, int status)
{
	if (test->anywhere->len) {
		printf("# a line of the expectation did not come: %s\n",
			(char *)test->anywhere->pdata[0]);
		return false;
	}
	if (test->found < test->lines->len) {
		printf("# line %u of the expectation did not come: %s\n", test->found + 1,
			(char *)test->lines->pdata[test->found]);
		return false;
	}
	if (!in_time) {
		printf("# not finished after %" G_GUINT64_FORMAT " s\n", test->seconds);
		return false;
	}
	if (test->exit_code < 0)
		return true;
	if (WIFEXITED(status) && WEXITSTATUS(status) == test->exit_code)
		return true;
	printf("# exit code %d instead of %d\n",
		WIFEXITED(status) ? WEXITSTATUS(status) : -1, test->exit_code);
	return false;
}

/* What this machine lacks; NULL: that is not why it ended. Owned by the caller. */
static char *lack(const Test *test, int status)
{
	const char *why = strstr(test->output->str, "maquette-core: ");

	if (!WIFEXITED(status) || WEXITSTATUS(status) != EXIT_MACHINE ||
		!(test->requires_quota || test->requires_confinement))
		return NULL;
	why = why ? why + strlen("maquette-core: ") : "this machine lacks what it needs";
	return g_strndup(why, strcspn(why, "\n"));
}

static Outcome run_test(int number, const char *scenario, const Options *options)
{
	g_autofree char *skipped = NULL;
	Test test = {.lines = g_ptr_array_new_with_free_func(g_free),
		.anywhere = g_ptr_array_new_with_free_func(g_free)};
	g_autoptr(GError) error = NULL;
	int output = -1, status = 0;
	bool well = false;

	test.output = g_string_new(NULL);
	if (!load_expectation(scenario, &test, &error)) {
		printf("# %s\n", error ? error->message : "the expectation is empty");
	} else {
		Options all = *options;

		all.require_quota |= test.requires_quota;
		all.require_confinement |= test.requires_confinement;
		pid_t pid = start(scenario, &all, &output);
		bool in_time = pid > 0 && follow(&test, output);

		if (pid > 0 && (!in_time || test.exit_code < 0))
			kill(pid, SIGTERM);
		if (pid > 0)
			read_rest(&test, output);
		if (pid > 0)
			waitpid(pid, &status, 0);
		skipped = lack(&test, status);
		well = !skipped && judge(&test, in_time, status);
		report_outside(&test);
	}
	if (!well && !skipped) {
		g_auto(GStrv) lines = g_strsplit(test.output->str, "\n", -1);
		for (char **line = lines; *line; line++)
			printf("#   %s\n", *line);
	}
	if (output >= 0)
		close(output);
	g_ptr_array_unref(test.lines);
	g_ptr_array_unref(test.anywhere);
	g_string_free(test.output, TRUE);
	printf("%sok %d - %s%s%s\n", well || skipped ? "" : "not ", number, scenario,
		skipped ? " # SKIP " : "", skipped ? skipped : "");
	return skipped ? SKIPPED : well ? WELL : FAILED;
}

static bool read_options(int *argc, char ***argv, Options *options)
{
	GOptionEntry entries[] = {
		{"require-quota", 0, 0, G_OPTION_ARG_NONE, &options->require_quota,
			"fail if quotas would only be counted", NULL},
		{"require-confinement", 0, 0, G_OPTION_ARG_NONE,
			&options->require_confinement,
			"a machine that lacks a part of the confinement is a failure",
			NULL},
		{"virtual-time", 0, 0, G_OPTION_ARG_NONE, &options->virtual_time,
			"time passes only while all components wait", NULL},
		{"serialize", 0, 0, G_OPTION_ARG_STRING, &options->seed,
			"one component runs at a time, the order drawn from a number",
			"SEED"},
		{0},
	};
	g_autoptr(GOptionContext) context =
		g_option_context_new("SCENARIO... - run scenarios as tests");
	g_autoptr(GError) error = NULL;

	g_option_context_set_summary(context,
		"Runs each scenario against the file `expect` in its folder and prints "
		"the results as TAP.");
	g_option_context_add_main_entries(context, entries, NULL);
	if (g_option_context_parse(context, argc, argv, &error) && *argc > 1)
		return true;
	fprintf(stderr, "maquette test: %s; see maquette test --help\n",
		error ? error->message : "expected a SCENARIO");
	return false;
}

int maquette_test(int argc, char **argv)
{
	Options options = {0};
	int failed = 0, skipped = 0;

	if (!read_options(&argc, &argv, &options))
		return EXIT_USAGE;
	printf("TAP version 13\n1..%d\n", argc - 1);
	for (int i = 1; i < argc; i++) {
		fflush(stdout);
		Outcome outcome = run_test(i, argv[i], &options);

		failed += outcome == FAILED;
		skipped += outcome == SKIPPED;
	}
	g_free(options.seed);
	if (failed)
		return EXIT_SCENARIO;
	return skipped == argc - 1 ? EXIT_SKIPPED : EXIT_WELL;
}
