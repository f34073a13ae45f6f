// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test - run scenarios against their expectations
 *
 * The expectation is the file `expect` of the scenario's folder, or else `runtime`, as
 * Genode's packaged tests have it (docs/testing.md):
 *
 *     expect
 *     + requires quota
 *     + fail | after_seconds: 20
 *     + line | : [init -> hello] hello, world
 *     + line | anywhere: yes | : [init -> hello] and this at any time
 *     + exit | code: 0
 *     -
 *
 * Each test runs in a process and a run-time folder of its own, several at a time.
 */
#include "command.h"
#include "test/pages.h"
#include "test/report.h"
#include "test/run.h"

#include <errno.h>
#include <ftw.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
	pid_t pid;
	Case *one;     /* borrowed */
	int answer;    /* owned: a memory file, the result */
	gint64 began;  /* us */
	char *runtime; /* owned */
} Worker;

typedef struct {
	Options options;
	GPtrArray *cases;   /* owned, of Case */
	GPtrArray *workers; /* owned, of Worker */
	guint next;         /* case to be started */
	char *folder;       /* owned: of run-time folders */
	sigset_t signals, before;
	Report report;
} Tests;

/* ---- folders ---- */

static int remove_entry(
	const char *path, const struct stat *info, int kind, struct FTW *at)
{
	(void)info;
	(void)kind;
	(void)at;
	return remove(path), 0;
}

static void remove_folder(const char *path)
{
	nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* Not by g_get_user_runtime_dir(): what that answers once, it answers for ever. */
static char *make_runtime_folder(void)
{
	const char *runtime = g_getenv("XDG_RUNTIME_DIR");
	g_autofree char *folder = g_build_filename(
		runtime ? runtime : g_get_tmp_dir(), "maquette-test.XXXXXX", NULL);

	return g_mkdtemp(folder) ? g_steal_pointer(&folder) : NULL;
}

static bool choose_output(Options *options)
{
	g_autoptr(GError) error = NULL;

	if (options->output)
		return true;
	if (access(".", W_OK) == 0) {
		options->output = g_strdup("maquette-test");
		return true;
	}
	options->output = g_dir_make_tmp("maquette-test.XXXXXX", &error);
	if (!options->output)
		fprintf(stderr, "maquette test: %s\n", error->message);
	return options->output;
}

/* ---- workers ---- */

static void worker_free(gpointer data)
{
	Worker *worker = data;

	close(worker->answer);
	g_free(worker->runtime);
	g_free(worker);
}

/* The answer is its kind, reason and comments, each ended by a zero byte. */
static void send_answer(int answer, const Result *result)
{
	dprintf(answer, "%d%c%s%c%s", (int)result->kind, 0,
		result->reason ? result->reason : "", 0,
		result->comments ? result->comments : "");
}

static void read_answer(Worker *worker, int status)
{
	Result *result = &worker->one->result;
	off_t size = lseek(worker->answer, 0, SEEK_END);
	g_autofree char *text = g_malloc0((gsize)size + 3);

	if (size <= 0 || pread(worker->answer, text, (gsize)size, 0) != size) {
		result->reason = g_strdup_printf(
			"the test's process ended with status %d", status);
		return;
	}
	const char *reason = text + strlen(text) + 1;
	const char *comments = reason + strlen(reason) + 1;
	result->kind = (ResultKind)CLAMP(*text - '0', 0, RESULT_SKIPPED);
	result->reason = *reason ? g_strdup(reason) : NULL;
	result->comments = *comments ? g_strdup(comments) : NULL;
}

/* In the new process. */
static _Noreturn void work(const Tests *tests, const Worker *worker)
{
	Run run = {worker->one->scenario, worker->runtime, worker->one->failure};
	Result result;

	g_setenv("XDG_RUNTIME_DIR", worker->runtime, TRUE);
	run_test(&run, &tests->options, &result);
	send_answer(worker->answer, &result);
	_exit(0);
}

static bool start_worker(Tests *tests)
{
	Case *one = tests->cases->pdata[tests->next];
	Worker *worker = g_new0(Worker, 1);
	pid_t own = getpid();

	worker->one = one;
	worker->began = g_get_monotonic_time();
	worker->answer = memfd_create("result", MFD_CLOEXEC);
	worker->runtime = g_strdup_printf("%s/%u", tests->folder, tests->next + 1);
	remove_folder(one->failure); /* of a run before */
	worker->pid = g_mkdir(worker->runtime, 0700) ? -1 : fork();
	if (worker->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		if (getppid() == own)
			work(tests, worker);
		_exit(1);
	}
	g_ptr_array_add(tests->workers, worker);
	tests->next++;
	return worker->pid > 0;
}

static void finish_worker(Tests *tests, pid_t pid, int status)
{
	for (guint i = 0; i < tests->workers->len; i++) {
		Worker *worker = tests->workers->pdata[i];

		if (worker->pid != pid)
			continue;
		read_answer(worker, status);
		worker->one->finished = true;
		worker->one->seconds =
			(double)(g_get_monotonic_time() - worker->began) / G_USEC_PER_SEC;
		remove_folder(worker->runtime);
		g_ptr_array_remove_index(tests->workers, i);
		return;
	}
}

static void reap(Tests *tests, int options)
{
	int status;
	pid_t pid;

	while (tests->workers->len && (pid = waitpid(-1, &status, options)) != 0)
		if (pid > 0)
			finish_worker(tests, pid, status);
		else if (errno != EINTR)
			return;
}

/* False: a signal asked for the end. */
static bool run_all(Tests *tests)
{
	while (tests->next < tests->cases->len || tests->workers->len) {
		while (tests->next < tests->cases->len &&
			tests->workers->len < (guint)tests->options.jobs)
			if (!start_worker(tests))
				return false;
		report_progress(&tests->report, tests->workers->len);
		int number = sigwaitinfo(&tests->signals, NULL);
		if (number == SIGINT || number == SIGTERM)
			return false;
		reap(tests, WNOHANG);
	}
	report_progress(&tests->report, 0);
	return true;
}

static void end_workers(Tests *tests)
{
	for (guint i = 0; i < tests->workers->len; i++) {
		Worker *worker = tests->workers->pdata[i];

		if (worker->pid > 0)
			kill(worker->pid, SIGTERM);
	}
	reap(tests, 0);
}

/* ---- the command ---- */

static bool read_options(int *argc, char ***argv, Options *options)
{
	GOptionEntry entries[] = {
		{"jobs", 'j', 0, G_OPTION_ARG_INT, &options->jobs,
			"how many run at a time (default 1)", "N"},
		{"repeat", 0, 0, G_OPTION_ARG_INT, &options->repeat,
			"how often each is run (default 1)", "N"},
		{"junit", 0, 0, G_OPTION_ARG_FILENAME, &options->junit,
			"write the results as JUnit XML as well", "FILE"},
		{"output", 'o', 0, G_OPTION_ARG_FILENAME, &options->output,
			"where each failure gets a folder (default maquette-test)",
			"DIR"},
		{"report", 0, 0, G_OPTION_ARG_NONE, &options->report,
			"keep a folder of what went well, too, with pictures, a film and "
			"pages for a browser: index.html",
			NULL},
		{"update-needles", 0, 0, G_OPTION_ARG_NONE, &options->update_needles,
			"make the pictures that are awaited of what is shown", NULL},
		{"record", 0, 0, G_OPTION_ARG_NONE, &options->record,
			"write the expectation of one scenario by using it", NULL},
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
		"Runs each scenario against the file `expect` in its folder, or else "
		"`runtime`,\nand prints the results as TAP, or for people on a "
		"terminal.");
	g_option_context_add_main_entries(context, entries, NULL);
	if (g_option_context_parse(context, argc, argv, &error) && *argc > 1 &&
		(*argc == 2 || !options->record) && options->jobs > 0 &&
		options->jobs <= 256 && options->repeat > 0 && options->repeat <= 100000)
		return true;
	fprintf(stderr, "maquette test: %s; see maquette test --help\n",
		error             ? error->message
		: options->record ? "expected one SCENARIO"
				  : "expected a SCENARIO, and numbers above 0");
	return false;
}

static void add_cases(Tests *tests, int count, char **scenarios)
{
	const Options *options = &tests->options;

	for (int i = 0; i < count * options->repeat; i++) {
		const char *scenario = scenarios[i / options->repeat];
		g_autofree char *whole = g_canonicalize_filename(scenario, NULL);
		g_autofree char *base = g_path_get_basename(whole);
		g_autofree char *folder = g_strdup_printf("%d-%s", i + 1, base);
		Case *one = g_new0(Case, 1);

		one->scenario = g_strdup(scenario);
		one->name = options->repeat > 1 ? g_strdup_printf("%s, run %d", scenario,
							  i % options->repeat + 1)
						: g_strdup(scenario);
		one->failure = g_build_filename(options->output, folder, NULL);
		g_ptr_array_add(tests->cases, one);
	}
}

static int exit_code_of(const Tests *tests)
{
	guint failed = 0, skipped = 0;

	for (guint i = 0; i < tests->cases->len; i++) {
		const Case *one = tests->cases->pdata[i];

		failed += one->result.kind == RESULT_FAILED;
		skipped += one->result.kind == RESULT_SKIPPED;
	}
	if (failed)
		return EXIT_SCENARIO;
	return skipped == tests->cases->len ? EXIT_SKIPPED : EXIT_WELL;
}

static int run_tests(Tests *tests)
{
	g_autoptr(GError) error = NULL;

	report_begin(&tests->report, tests->cases);
	if (!run_all(tests)) {
		end_workers(tests);
		printf("Bail out! ended by a signal, or no process could be started\n");
		return EXIT_SCENARIO;
	}
	report_end(&tests->report);
	const Options *options = &tests->options;
	if ((!options->junit ||
		    report_write_junit(tests->cases, options->junit, &error)) &&
		(!options->report || pages_write(tests->cases, options->output, &error)))
		return exit_code_of(tests);
	fprintf(stderr, "maquette test: %s\n", error->message);
	return EXIT_SCENARIO;
}

static void clear(Tests *tests)
{
	g_ptr_array_unref(tests->cases);
	g_ptr_array_unref(tests->workers);
	g_free(tests->folder);
	g_free(tests->options.seed);
	g_free(tests->options.output);
	g_free(tests->options.junit);
}

int maquette_test(int argc, char **argv)
{
	Tests tests = {.options = {.jobs = 1, .repeat = 1},
		.cases = g_ptr_array_new_with_free_func(case_free),
		.workers = g_ptr_array_new_with_free_func(worker_free)};
	int code = EXIT_USAGE;

	sigemptyset(&tests.signals);
	sigaddset(&tests.signals, SIGCHLD);
	sigaddset(&tests.signals, SIGINT);
	sigaddset(&tests.signals, SIGTERM);
	bool well = read_options(&argc, &argv, &tests.options);
	if (well && tests.options.record) {
		code = record_scenario(argv[1]);
	} else if (well && choose_output(&tests.options)) {
		add_cases(&tests, argc - 1, argv + 1);
		tests.folder = make_runtime_folder();
		code = EXIT_MACHINE;
		if (!tests.folder)
			fprintf(stderr, "maquette test: no run-time folder: %s\n",
				g_strerror(errno));
	}
	if (tests.folder) {
		sigprocmask(SIG_BLOCK, &tests.signals, &tests.before);
		code = run_tests(&tests);
		remove_folder(tests.folder);
		/* a second signal that asked for the end may be waiting */
		sigprocmask(SIG_SETMASK, &tests.before, NULL);
	}
	clear(&tests);
	return code;
}
