// SPDX-License-Identifier: GPL-2.0-or-later
#include "run.h"

#include "../command.h"
#include "failure.h"
#include "judge.h"
#include "packaged.h"
#include "step.h"

#include <errno.h>
#include <maq/memory.h>
#include <glib-unix.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define TICK_MS 100 /* how late the end of a time may be noticed */
#define END_S   20  /* patience with the end of a scenario, and of a step after it */

typedef struct {
	const Run *run;           /* borrowed */
	const Options *options;   /* borrowed */
	Expectation *expectation; /* owned */
	Judge judge;
	char *config;  /* owned: its folder or file */
	char *name;    /* owned: of the scenario */
	char *trace;   /* owned: where core saves it at its end */
	int interrupt; /* owned: readable when we are to end */
	pid_t core;
	int output;        /* owned */
	gint64 began;      /* us */
	StepRun *step;     /* owned: being done; NULL */
	GString *timeline; /* owned: a line for each step that is done */
	guint noted;       /* steps in it */
	ChildRun film;     /* that is being taken; pid 0: none */
	bool ended;        /* core was waited for */
	int status;
} Test;

static gint64 seconds_gone(const Test *test)
{
	return (g_get_monotonic_time() - test->began) / G_USEC_PER_SEC;
}

/* ---- start ---- */

/* Whatever sockets the scenario grants get free ports: others may run beside it. */
static void add_free_ports(GStrvBuilder *arguments, const char *scenario)
{
	g_autofree char *path = scenario_config(scenario, NULL);
	g_autoptr(MaqHidDocument) document =
		path ? maq_hid_load(path, MAQ_HID_LENIENT, NULL) : NULL;
	const MaqHidNode *root = document ? maq_hid_root(document) : NULL;

	for (const MaqHidNode *start = maq_hid_first(root, "start"); start;
		start = maq_hid_next(start, "start"))
		for (const MaqHidNode *listen =
				maq_hid_first(maq_hid_first(start, "host"), "listen");
			listen; listen = maq_hid_next(listen, "listen")) {
			if (!maq_hid_name(listen) || !maq_hid_u64(listen, "port", 0))
				continue;
			g_autofree char *free_port =
				g_strconcat(maq_hid_name(listen), "=127.0.0.1:0", NULL);
			g_strv_builder_add_many(arguments, "--listen", free_port, NULL);
		}
}

static char **make_arguments(const Test *test)
{
	g_autoptr(GStrvBuilder) arguments = g_strv_builder_new();
	const Options *options = test->options;

	g_strv_builder_add_many(arguments, "maquette", "run", NULL);
	if (options->require_quota || test->expectation->requires_quota)
		g_strv_builder_add(arguments, "--require-quota");
	if (options->require_confinement || test->expectation->requires_confinement)
		g_strv_builder_add(arguments, "--require-confinement");
	if (options->virtual_time)
		g_strv_builder_add(arguments, "--virtual-time");
	if (options->seed)
		g_strv_builder_add_many(arguments, "--serialize", options->seed, NULL);
	add_free_ports(arguments, test->config);
	g_strv_builder_add_many(arguments, "--trace-to", test->trace, test->config, NULL);
	return g_strv_builder_end(arguments);
}

/* In the new process. */
static _Noreturn void become_scenario(char **arguments, const char *self, int output)
{
	sigset_t none;

	/* core ends with us, however we end */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	dup2(output, 1);
	dup2(output, 2);
	execv(self, arguments);
	_exit(EXIT_MACHINE);
}

static bool start(Test *test)
{
	g_auto(GStrv) arguments = make_arguments(test);
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	int ends[2];
	pid_t own = getpid();

	if (!self || !g_unix_open_pipe(ends, FD_CLOEXEC, NULL))
		return false;
	test->core = fork();
	if (test->core == 0) {
		if (getppid() != own)
			_exit(EXIT_MACHINE);
		become_scenario(arguments, self, ends[1]);
	}
	close(ends[1]);
	test->output = ends[0];
	test->began = g_get_monotonic_time();
	return test->core > 0;
}

/* The scenario is run with another configuration than the one in its folder; what else is
 * there is found. */
static bool prepare_config(Test *test, const char *text, GError **error)
{
	g_autofree char *folder = g_build_filename(test->run->runtime, test->name, NULL);
	g_autofree char *path = g_build_filename(folder, "init.config", NULL);
	g_autofree char *here = g_canonicalize_filename(test->run->scenario, NULL);
	const char *more = g_getenv("MAQUETTE_PATH");
	g_autofree char *folders = g_strjoin(":", here, more, NULL);

	g_mkdir_with_parents(folder, 0700);
	if (!g_file_set_contents(path, text, -1, error))
		return false;
	g_setenv("MAQUETTE_PATH", folders, TRUE);
	g_free(test->config);
	test->config = g_steal_pointer(&folder);
	return true;
}

/* A scenario of its own is made of a package's runtime file. */
static bool prepare_package(Test *test, GError **error)
{
	g_autofree char *text = packaged_config(test->expectation, test->name);

	return prepare_config(test, text, error);
}

/* What a step changes is a copy. */
static bool prepare_whole(Test *test, GError **error)
{
	const GPtrArray *steps = test->expectation->steps;
	bool changes = false;
	g_autofree char *text = NULL;

	for (guint i = 0; i < steps->len; i++)
		changes |= ((const Step *)steps->pdata[i])->kind == STEP_RECONFIGURE;
	if (!changes)
		return true;
	g_autofree char *path = scenario_config(test->config, error);
	return path && g_file_get_contents(path, &text, NULL, error) &&
	       prepare_config(test, text, error);
}

/* ---- what was when ---- */

static void note(Test *test, const char *what)
{
	double seconds = (double)(g_get_monotonic_time() - test->began) / G_USEC_PER_SEC;

	g_string_append_printf(test->timeline, "%.3f\t%s\n", seconds, what);
}

static void note_done(Test *test)
{
	for (; test->noted < test->judge.done; test->noted++) {
		const Step *step = test->expectation->steps->pdata[test->noted];
		g_autofree char *text = step_describe(step);
		g_autofree char *line =
			g_strconcat(step->kind == STEP_LINE ? "line: " : "", text, NULL);

		note(test, line);
	}
}

/* ---- following ---- */

static bool read_output(Test *test)
{
	char buffer[16384];
	ssize_t n = read(test->output, buffer, sizeof buffer);

	if (n < 0 && errno == EINTR)
		return true;
	if (n > 0)
		judge_output(&test->judge, buffer, (gsize)n);
	return n > 0;
}

static void finish_step(Test *test)
{
	g_autofree char *message = NULL;
	const Step *step = judge_step(&test->judge);

	if (step_finish(g_steal_pointer(&test->step), &message)) {
		if (step)
			judge_step_done(&test->judge);
		return;
	}
	g_autofree char *text = step ? step_describe(step) : NULL;
	judge_fail(&test->judge, "step %u of the expectation failed: %s%s%s",
		test->judge.done + 1, text ? text : "", *message ? ": " : "", message);
}

static void begin_step(Test *test)
{
	struct pollfd waited = {.fd = test->output, .events = POLLIN};
	const Step *step = judge_step(&test->judge);

	if (!step || test->step)
		return;
	g_autofree char *config = scenario_config(test->config, NULL);
	StepPlace place = {test->core, test->run->scenario, test->run->failure, config,
		test->options->update_needles,
		test->expectation->seconds - seconds_gone(test)};
	/* what has been written is no consequence of the step */
	while (poll(&waited, 1, 0) > 0 && read_output(test))
		;
	if (test->judge.verdict != OPEN)
		return;
	judge_step_begin(&test->judge);
	test->step = step_begin(step, &place);
	if (!test->step)
		judge_fail(&test->judge, "no process for a step: %s", g_strerror(errno));
}

/* Reads until there is a verdict, or the output ends. */
static void follow(Test *test)
{
	struct pollfd waited[] = {{.fd = test->output, .events = POLLIN},
		{.fd = test->interrupt, .events = POLLIN}, {.events = POLLIN}};

	while (test->judge.verdict == OPEN) {
		begin_step(test);
		waited[2].fd = test->step ? step_handle(test->step) : -1;
		if (poll(waited, 3, TICK_MS) < 0 && errno != EINTR)
			break;
		if (waited[1].revents)
			judge_fail(&test->judge, "interrupted");
		if (waited[0].revents && !read_output(test))
			break;
		if (test->step && waited[2].revents)
			finish_step(test);
		note_done(test);
		/* a step that takes all the time says itself what is wrong */
		if (!test->step)
			judge_time(&test->judge, seconds_gone(test));
		else if (seconds_gone(test) >= test->expectation->seconds + END_S)
			judge_time(&test->judge, seconds_gone(test));
	}
}

/* The scenario has ended by itself, or closed its output: how? */
static void await_end(Test *test)
{
	while (!test->ended && waitpid(test->core, &test->status, 0) < 0)
		if (errno != EINTR)
			break;
	test->ended = true;
}

/* Ends it, with what core says at its end. */
static void stop(Test *test)
{
	struct pollfd waited = {.fd = test->output, .events = POLLIN};
	gint64 until = g_get_monotonic_time() + END_S * G_USEC_PER_SEC;
	char buffer[4096];
	ssize_t n = 1;

	if (test->ended)
		return;
	kill(test->core, SIGTERM);
	while (n > 0 && g_get_monotonic_time() < until)
		if (poll(&waited, 1, TICK_MS) > 0) {
			n = read(test->output, buffer, sizeof buffer);
			g_string_append_len(test->judge.output, buffer, MAX(n, 0));
		}
	if (n > 0)
		kill(test->core, SIGKILL);
	await_end(test);
}

/* ---- results ---- */

static int exit_of(int status)
{
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* What this machine lacks; NULL: that is not why it ended. Owned by the caller. */
static char *lack(const Test *test)
{
	const char *why = strstr(test->judge.output->str, "maquette-core: ");

	if (!test->ended || exit_of(test->status) != EXIT_MACHINE ||
		!(test->expectation->requires_quota ||
			test->expectation->requires_confinement))
		return NULL;
	why = why ? why + strlen("maquette-core: ") : "this machine lacks what it needs";
	return g_strndup(why, strcspn(why, "\n"));
}

/* Which parts another run with the same seed may have otherwise. */
static char *outside(const Test *test)
{
	const char *line =
		strstr(test->judge.output->str, "[core] outside of determinism: ");

	return line ? g_strndup(line, strcspn(line, "\n")) : NULL;
}

/* Of a scenario that still runs, or as far as it has left it. */
static void keep_what_is(const Test *test)
{
	const char *folder = test->run->failure;
	pid_t core = test->ended ? 0 : test->core;

	failure_trace(folder, core, test->trace);
	failure_picture(folder, core);
}

static void run_scenario(Test *test, Result *result)
{
	bool reports = test->options->report;

	if (reports)
		failure_film_begin(&test->film, test->run->failure, test->core);
	follow(test);
	if (test->judge.verdict == OPEN)
		await_end(test);
	if (test->step)
		finish_step(test);
	failure_film_end(&test->film);
	result->reason = lack(test);
	if (result->reason) {
		result->kind = RESULT_SKIPPED;
		return;
	}
	if (test->judge.verdict == OPEN)
		judge_exit(&test->judge, exit_of(test->status));
	note(test, test->judge.verdict == FAILED ? test->judge.reason : "all has come");
	if (test->judge.verdict == FAILED || reports)
		keep_what_is(test);
	stop(test);
	result->comments = outside(test);
	result->kind = test->judge.verdict == SUCCEEDED ? RESULT_WELL : RESULT_FAILED;
	if (result->kind == RESULT_FAILED || reports)
		failure_texts(test->run->failure, &test->judge, test->timeline->str);
	if (result->kind == RESULT_FAILED)
		result->reason = g_strdup(test->judge.reason);
}

static void run_loaded(Test *test, Result *result, GError **error)
{
	bool whole = !test->expectation->packaged;
	g_autofree char *inside =
		g_build_filename(test->run->scenario, "init.config", NULL);
	const char *missing = packaged_lack(test->expectation);

	if (!whole && missing) {
		result->kind = RESULT_SKIPPED;
		result->reason = g_strdup_printf(
			"it requires %s, which there is nothing for", missing);
		return;
	}
	whole |= g_file_test(inside, G_FILE_TEST_EXISTS);
	judge_init(&test->judge, test->expectation, whole ? NULL : PACKAGED_NAME);
	if ((whole ? prepare_whole(test, error) : prepare_package(test, error)) &&
		start(test))
		run_scenario(test, result);
	else
		result->reason =
			g_strdup(error && *error ? (*error)->message : g_strerror(errno));
	judge_fini(&test->judge);
}

void run_test(const Run *run, const Options *options, Result *result)
{
	g_autofree char *here = g_canonicalize_filename(run->scenario, NULL);
	g_autoptr(GError) error = NULL;
	sigset_t ends;
	Test test = {.run = run,
		.options = options,
		.config = g_strdup(run->scenario),
		.name = g_path_get_basename(here),
		.trace = g_build_filename(run->runtime, "trace", NULL),
		.output = -1,
		.timeline = g_string_new(NULL)};

	*result = (Result){0};
	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGINT);
	sigprocmask(SIG_BLOCK, &ends, NULL);
	test.interrupt = signalfd(-1, &ends, SFD_CLOEXEC);
	test.expectation = expectation_load(run->scenario, &error);
	if (test.expectation)
		run_loaded(&test, result, &error);
	else
		result->reason = g_strdup(error->message);
	expectation_free(test.expectation);
	if (test.output >= 0)
		close(test.output);
	close(test.interrupt);
	g_string_free(test.timeline, TRUE);
	g_free(test.config);
	g_free(test.name);
	g_free(test.trace);
}
