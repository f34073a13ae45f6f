// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * system - whole systems: opening sessions, starting components, boot, memory
 *
 * --cold, as the last argument: the first boot reads all files from the disk (root only).
 */
#include "bench.h"
#include "system.h"
#include "viewer.h"

#include "../rpc/peers.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define REPEATS     5
#define ROUND_TRIPS 20000
#define EXECUTIONS  50

/* Goals as multiples of what the machine gives: docs/decisions/figures.md. */
#define SESSION_GOAL 17 /* round trips of bare sockets */
#define START_GOAL   4  /* executions of the same program, to its end */

static const char head[] = "config\n"
			   "+ parent-provides\n"
			   "  + service LOG\n"
			   "  + service ROM\n"
			   "  + service Process\n"
			   "+ default-route\n"
			   "  + any-service\n"
			   "    + parent\n"
			   "    + any-child\n"
			   "+ default | caps: 200 | ram: 2M\n";

/* ---- what a component in the system measures and logs ---- */

static double logged(const char *config, int cpu)
{
	g_autofree char *text = g_strconcat(head, config, "-\n", NULL);
	BenchSystem system;
	char line[500];
	double value = -1;

	if (bench_system_run_text(&system, BENCH_MAQUETTE, text, cpu) &&
		bench_system_line(&system, "] result ", line, sizeof line))
		value = g_ascii_strtod(strstr(line, "result ") + 7, NULL);
	bench_system_stop(&system);
	return value;
}

/* A program of ours that finds no parent, and says so and ends: ms from spawn to there.
 */
static double execution(void)
{
	g_autofree char *folder = g_path_get_dirname(BENCH_MAQUETTE);
	g_autofree char *path = g_build_filename(folder, "hello", NULL);
	char *arguments[] = {path, NULL};
	posix_spawn_file_actions_t quiet;
	double values[EXECUTIONS];

	posix_spawn_file_actions_init(&quiet);
	posix_spawn_file_actions_addopen(&quiet, 2, "/dev/null", O_WRONLY, 0);
	for (int i = 0; i < EXECUTIONS; i++) {
		guint64 start = bench_now();
		pid_t pid;

		if (posix_spawn(&pid, path, &quiet, NULL, arguments, environ))
			return BENCH_ABSENT;
		waitpid(pid, NULL, 0);
		values[i] = (double)(bench_now() - start) / 1e6;
	}
	posix_spawn_file_actions_destroy(&quiet);
	return bench_median(values, EXECUTIONS);
}

typedef struct {
	const char *name;
	double value;
} Limit;

/* With a limit, the goal is a multiple of it. */
static void measure_logged(const char *name, const char *unit, const char *config,
	int cpu, double scale, double goal, Limit limit)
{
	double values[REPEATS];

	for (int i = 0; i < REPEATS; i++)
		values[i] = logged(config, cpu) * scale;
	double value = bench_median(values, REPEATS);
	if (value < 0)
		bench_skip(name, "the scenario did not work");
	else
		bench_print(&(BenchFigure){name, unit, value, limit.name, limit.value,
			limit.name ? BENCH_RATIO_MOST : BENCH_MOST, goal, {{0}}, NULL});
}

static void measure_sessions(void)
{
	static const char config[] = "+ start timer\n"
				     "  + provides | + service Timer\n"
				     "+ start bench_opener\n";

	Limit one = {"bare round trip", bare_socket(ROUND_TRIPS, 0, 0)};
	measure_logged("open and close a session, one CPU", "us", config, 0, 1,
		SESSION_GOAL, one);
	if (bench_cpus() < 2)
		return;
	bench_pin(-1);
	measure_logged("open and close a session, two CPUs", "us", config, -1, 1, 250,
		(Limit){0});
}

static void measure_moves(void)
{
	static const char config[] = "+ start bench_mover | ram: 64M | caps: 400\n"
				     "  + config\n";

	measure_logged("move memory between two components, one CPU", "us", config, 0, 1,
		100, (Limit){0});
	if (bench_cpus() > 1)
		measure_logged("move memory between two components, two CPUs", "us",
			config, -1, 1, 100, (Limit){0});
}

static void measure_starts(void)
{
	Limit limit = {"execution to the end", execution()};
	measure_logged("start to first log line", "ms",
		"+ start bench_starter | ram: 64M | caps: 2000\n"
		"  + config | children: 1 | rounds: 50\n",
		-1, 1, START_GOAL, limit);
	measure_logged("start of 100 components", "s",
		"+ start bench_starter | ram: 256M | caps: 8000\n"
		"  + config | children: 100 | rounds: 3\n",
		-1, 1e-3, 0.3, (Limit){0});
}

/* ---- memory ---- */

static void print_pss(const char *name, guint64 kib, const char *note, double goal)
{
	bench_print(&(BenchFigure){name, "MB", (double)kib / 1024, NULL, 0,
		goal ? BENCH_MOST : BENCH_NONE, goal, {{0}}, note});
}

static void measure_memory(void)
{
	static const char five[] =
		"+ start timer\n"
		"  + provides | + service Timer\n"
		"+ start report_rom\n"
		"  + provides\n"
		"    + service Report\n"
		"    + service ROM\n"
		"  + config | + policy | label: logger -> ticks | report: "
		"ticker -> count\n"
		"+ start ticker\n"
		"  + config | period_ms: 50 | ticks: 100000\n"
		"+ start logger\n"
		"  + binary rom_logger\n"
		"  + route\n"
		"    + service ROM | label: ticks | + child report_rom\n"
		"    + any-service | + parent\n"
		"  + config | rom: ticks\n"
		"+ start hello\n"
		"  + config | stay: yes\n";
	g_autofree char *text = g_strconcat(head, five, "-\n", NULL);
	BenchSystem system;
	char line[500];
	g_autoptr(GString) parts = g_string_new(NULL);

	if (bench_system_run_text(&system, BENCH_MAQUETTE, text, -1) &&
		bench_system_line(&system, "[init -> logger]", line, sizeof line)) {
		g_usleep(G_USEC_PER_SEC / 5);
		guint64 kib = bench_system_pss(&system, parts);
		print_pss("summed PSS of five components", kib, parts->str, 8);
	} else {
		bench_skip("summed PSS of five components", "the scenario did not work");
	}
	bench_system_stop(&system);
}

/* ---- the desktop ---- */

static guint64 last_change, last_large;

static void updated(rfbClient *client, int x, int y, int width, int height)
{
	(void)x, (void)y;
	last_change = bench_now();
	if (width * height > client->width * client->height / 8)
		last_large = last_change;
}

/* From the start of the command to the last large change of the picture: every tile is
 * drawn; and to the last change at all: the shells have prompted. */
static double boot(BenchSystem *system, double *prompts)
{
	char line[500];
	int port = 0;

	while (!port && fgets(line, sizeof line, system->output))
		sscanf(line, "[init -> vnc] listening on 127.0.0.1:%d", &port);
	rfbClient *client = port ? bench_viewer_connect(port, updated) : NULL;
	if (!client)
		return -1;
	last_change = last_large = bench_now();
	while (bench_now() - last_change < 500000000)
		if (WaitForMessage(client, 100000) > 0 && !HandleRFBServerMessage(client))
			return -1;
	double took = (double)(last_large - system->started) / 1e9;
	*prompts = (double)(last_change - system->started) / 1e9;
	rfbClientCleanup(client);
	return took;
}

/* Has the kernel forget what it has read of files; needs root. */
static bool forget_files(void)
{
	FILE *file = fopen("/proc/sys/vm/drop_caches", "w");

	sync();
	return file && fputs("3", file) >= 0 && fclose(file) == 0;
}

static void measure_desktop(bool cold)
{
	g_autofree char *config = NULL;
	double times[REPEATS] = {0}, prompts[REPEATS] = {0};
	g_autoptr(GString) parts = g_string_new(NULL);
	guint64 kib = 0;

	if (!g_file_get_contents(BENCH_DESKTOP, &config, NULL, NULL))
		return;
	g_autoptr(GString) text = g_string_new(config);
	g_string_replace(text, "port: 5900", "port: 0", 0);
	for (int i = 0; i < REPEATS; i++) {
		BenchSystem system;

		times[i] = bench_system_run_text(&system, BENCH_MAQUETTE, text->str, -1)
				   ? boot(&system, &prompts[i])
				   : -1;
		g_string_truncate(parts, 0);
		kib = bench_system_pss(&system, parts);
		bench_system_stop(&system);
	}
	double first = times[0], warm = bench_median(times, REPEATS);
	if (warm < 0) {
		bench_skip("boot of the desktop", "it did not start");
		return;
	}
	g_autofree char *note =
		g_strdup_printf(cold ? "cold %.2f s" : "first of this run %.2f s", first);
	bench_print(&(BenchFigure){"boot of the desktop to its first full frame", "s",
		warm, NULL, 0, BENCH_MOST, 0.5, {{0}}, note});
	bench_print(&(BenchFigure){"boot of the desktop to the prompts of bash", "s",
		bench_median(prompts, REPEATS), NULL, 0, BENCH_NONE, 0, {{0}}, NULL});
	print_pss("summed PSS of scenarios/desktop", kib, parts->str, 0);
}

int main(int argc, char **argv)
{
	bench_init(argc, argv);
	measure_sessions();
	measure_moves();
	measure_starts();
	measure_memory();
	bool cold = argc > 1 && !strcmp(argv[argc - 1], "--cold");
	if (cold && !forget_files()) {
		bench_skip("cold boot", "not permitted");
		cold = false;
	}
	measure_desktop(cold);
	return 0;
}
