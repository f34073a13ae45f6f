// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * confine - what confinement costs: at the start of a component, and in its calls
 *
 * The limit is what the kernel itself needs to clone and execute the same static program
 * in the same namespaces, but for that of the network, which is shown apart.
 *
 * --starts, as the last argument: only those, so that it can be run at real-time priority
 * (control groups keep that from whole systems).
 */
#include "bench.h"
#include "confine.h"
#include "peers.h"
#include "system.h"

#include <fcntl.h>
#include <maq/env.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS  60
#define MANY    100
#define REPEATS 5
#define SPACES                                                                           \
	(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS |      \
		CLONE_NEWCGROUP)

typedef struct {
	Confine *confine;
	int program;     /* bench_ready */
	char *container; /* owned: of crun; NULL: there is none */
} Bench;

typedef pid_t (*Start)(const Bench *bench, const void *data, int output);

/* ---- ways to start ---- */

static pid_t start_confined(const Bench *bench, const void *data, int output)
{
	ConfineFd fds[] = {{bench->program, ZYGOTE_FD_PROGRAM}, {output, 1}, {output, 2}};
	char *const arguments[] = {(char *)"ready", NULL};
	char *const nothing[] = {NULL};
	ConfineStart start = {view_of(bench->program, BENCH_READY, data), fds,
		G_N_ELEMENTS(fds), arguments, nothing, 64};

	return confine_start(bench->confine, &start);
}

static pid_t start_bare(const Bench *bench, const void *data, int output)
{
	return peer_bare(*(const unsigned long *)data, bench->program, output);
}

static pid_t start_bubblewrap(const Bench *bench, const void *data, int output)
{
	(void)bench;
	return peer_bubblewrap(data, output);
}

static pid_t start_crun(const Bench *bench, const void *data, int output)
{
	(void)data;
	return peer_crun(bench->container, output);
}

/* ---- one ---- */

/* ms until it says that it runs; negative: it never did. */
static double time_one(const Bench *bench, Start start, const void *data)
{
	int ends[2];
	char byte;

	if (pipe2(ends, O_CLOEXEC))
		return -1;
	guint64 begin = bench_now();
	pid_t pid = start(bench, data, ends[1]);
	close(ends[1]);
	bool well = pid > 0 && read(ends[0], &byte, 1) == 1 && byte == 'r';
	double took = (double)(bench_now() - begin) / 1e6;
	close(ends[0]);
	if (pid > 0)
		waitpid(pid, NULL, 0);
	return well ? took : -1;
}

typedef struct {
	const char *name;
	Start start;
	const void *data;
	double values[ROUNDS], median;
} Way;

/* In turn, so that what else runs is in all of them. */
static void time_all(const Bench *bench, Way *ways, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		time_one(bench, ways[i].start, ways[i].data);
	for (unsigned round = 0; round < ROUNDS; round++)
		for (unsigned i = 0; i < n; i++)
			ways[i].values[round] =
				time_one(bench, ways[i].start, ways[i].data);
	for (unsigned i = 0; i < n; i++)
		ways[i].median = bench_median(ways[i].values, ROUNDS);
}

static void measure_one(const Bench *bench)
{
	static const unsigned long none = 0, spaces = SPACES, all = SPACES | CLONE_NEWNET;
	Way ways[] = {
		{.name = "confined", .start = start_confined},
		{.name = "the kernel alone", .start = start_bare, .data = &spaces},
		{.name = "without namespaces", .start = start_bare, .data = &none},
		{.name = "with the network's", .start = start_bare, .data = &all},
		{.name = "program",
			.start = start_confined,
			.data = "host\n+ program | path: /bin/sh\n-\n"},
		{.name = "bwrap", .start = start_bubblewrap, .data = BENCH_READY},
		{.name = "crun", .start = start_crun},
	};
	bool has_bubblewrap = peer_has("bwrap");

	time_all(bench, ways, 5);
	if (has_bubblewrap)
		time_all(bench, &ways[5], 1);
	if (bench->container)
		time_all(bench, &ways[6], 1);
	bench_print(&(BenchFigure){"start of a confined static program", "ms",
		ways[0].median, "clone and exec in the same namespaces", ways[1].median,
		BENCH_RATIO_MOST, 1.5,
		{{"without namespaces", ways[2].median},
			{"with one for the network", ways[3].median},
			{"bubblewrap", has_bubblewrap ? ways[5].median : BENCH_ABSENT},
			{"crun", bench->container ? ways[6].median : BENCH_ABSENT}},
		NULL});
	bench_print(&(BenchFigure){"the same, that may run programs of the host", "ms",
		ways[4].median, NULL, 0, BENCH_NONE, 0, {{0}},
		"with proc, tmpfs, devpts of its own"});
}

/* ---- many ---- */

/* s until all have said that they run. */
static double time_many(const Bench *bench, Start start, const void *data)
{
	int outputs[MANY];
	pid_t pids[MANY];
	bool well = true;
	char byte;
	guint64 begin = bench_now();

	for (unsigned i = 0; i < MANY; i++) {
		int ends[2];

		if (pipe2(ends, O_CLOEXEC))
			return -1;
		pids[i] = start(bench, data, ends[1]);
		outputs[i] = ends[0];
		close(ends[1]);
	}
	for (unsigned i = 0; i < MANY; i++)
		well = read(outputs[i], &byte, 1) == 1 && well;
	double took = (double)(bench_now() - begin) / 1e9;
	for (unsigned i = 0; i < MANY; i++) {
		close(outputs[i]);
		waitpid(pids[i], NULL, 0);
	}
	return well ? took : -1;
}

static void measure_many(const Bench *bench)
{
	static const unsigned long spaces = SPACES;
	double ours[REPEATS], bare[REPEATS], wrapped[REPEATS];

	for (unsigned i = 0; i < REPEATS; i++) {
		ours[i] = time_many(bench, start_confined, NULL);
		bare[i] = time_many(bench, start_bare, &spaces);
		wrapped[i] = peer_has("bwrap")
				     ? time_many(bench, start_bubblewrap, BENCH_READY)
				     : BENCH_ABSENT;
	}
	bench_print(&(BenchFigure){"100 confined static programs", "s",
		bench_median(ours, REPEATS), NULL, 0, BENCH_MOST, 0.3,
		{{"clone and exec", bench_median(bare, REPEATS)},
			{"bubblewrap", bench_median(wrapped, REPEATS)}},
		NULL});
}

/* ---- in a system ---- */

static const char scenario[] = "config\n"
			       "+ parent-provides\n"
			       "  + service LOG\n"
			       "  + service ROM\n"
			       "  + service Process\n"
			       "+ default-route\n"
			       "  + any-service\n"
			       "    + parent\n"
			       "    + any-child\n"
			       "+ default | caps: 200 | ram: 4M\n"
			       "+ start timer\n"
			       "  + provides | + service Timer\n"
			       "+ start bench_caller\n"
			       "-\n";

static double time_calls(const char *config, const char *const *options)
{
	BenchSystem system;
	char line[500];
	double value = -1;

	if (bench_system_run_with(&system, BENCH_MAQUETTE, options, config, 0) &&
		bench_system_line(&system, "] result ", line, sizeof line))
		value = g_ascii_strtod(strstr(line, "result ") + 7, NULL);
	bench_system_stop(&system);
	return value;
}

static void measure_calls(void)
{
	static const char *const confined[] = {NULL};
	static const char *const free_ones[] = {
		"--wrap", "timer=env", "--wrap", "bench_caller=env", NULL};
	g_autofree char *folder = g_dir_make_tmp("maq-bench-XXXXXX", NULL);
	g_autofree char *config = g_build_filename(folder, "init.config", NULL);
	double ours[REPEATS * 2], bare[REPEATS * 2];

	if (!g_file_set_contents(config, scenario, -1, NULL))
		return;
	for (unsigned i = 0; i < REPEATS * 2; i++) {
		ours[i] = time_calls(folder, confined);
		bare[i] = time_calls(folder, free_ones);
	}
	bench_print(&(BenchFigure){"RPC round trip of confined components, one CPU", "us",
		bench_median(ours, REPEATS * 2), "not confined",
		bench_median(bare, REPEATS * 2), BENCH_RATIO_MOST, 1.05, {{0}}, NULL});
	unlink(config);
	rmdir(folder);
}

int main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	Bench bench = {.confine = confine_new(BENCH_ZYGOTE, false, &error)};

	bench_init(argc, argv);
	bench.program = open(BENCH_READY, O_RDONLY | O_CLOEXEC);
	if (!bench.confine || bench.program < 0) {
		bench_skip("confinement", error ? error->message : "no program");
		return 1;
	}
	if (strcmp(confine_level(bench.confine), "full"))
		bench_skip("full confinement", confine_text(bench.confine));
	bench.container = peer_crun_prepare(BENCH_READY);
	/* it may be there and not want these control groups */
	if (bench.container && time_one(&bench, start_crun, NULL) < 0) {
		bench_skip("crun", "it does not run on this machine");
		peer_crun_remove(bench.container);
		g_clear_pointer(&bench.container, g_free);
	}
	measure_one(&bench);
	measure_many(&bench);
	if (argc < 2 || strcmp(argv[argc - 1], "--starts"))
		measure_calls();
	if (bench.container)
		peer_crun_remove(bench.container);
	g_free(bench.container);
	confine_free(bench.confine);
	view_end();
	return 0;
}
