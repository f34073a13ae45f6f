// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static bool json;
static cpu_set_t all_cpus;

void bench_init(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		json = json || !strcmp(argv[i], "--json");
	sched_getaffinity(0, sizeof all_cpus, &all_cpus);
	setvbuf(stdout, NULL, _IOLBF, 0);
}

static bool is_met(const BenchFigure *figure)
{
	switch (figure->rule) {
	case BENCH_RATIO_MOST:
		return figure->ours <= figure->goal * figure->limit;
	case BENCH_RATIO_LEAST:
		return figure->ours >= figure->goal * figure->limit;
	case BENCH_MOST:
		return figure->ours <= figure->goal;
	case BENCH_LEAST:
		return figure->ours >= figure->goal;
	default:
		return true;
	}
}

static void describe_goal(const BenchFigure *figure, char *text, gsize size)
{
	static const char *const forms[] = {
		"<= %g x limit", ">= %g x limit", "<= %g", ">= %g", "-"};

	snprintf(text, size, forms[figure->rule], figure->goal);
}

static void print_json(const BenchFigure *figure, const char *goal)
{
	const char *comma = "";

	printf("{\"name\":\"%s\",\"unit\":\"%s\",\"ours\":%.4g,\"peers\":{", figure->name,
		figure->unit, figure->ours);
	for (const BenchPeer *peer = figure->peers; peer->name; peer++) {
		if (peer->value == BENCH_ABSENT)
			printf("%s\"%s\":null", comma, peer->name);
		else
			printf("%s\"%s\":%.4g", comma, peer->name, peer->value);
		comma = ",";
	}
	if (figure->limit_name)
		printf("},\"limit\":%.4g,\"limit_name\":\"%s\"", figure->limit,
			figure->limit_name);
	else
		printf("},\"limit\":null");
	printf(",\"goal\":\"%s\",\"met\":%s", goal,
		figure->rule == BENCH_NONE ? "null"
		: is_met(figure)           ? "true"
					   : "false");
	if (figure->note)
		printf(",\"note\":\"%s\"", figure->note);
	puts("}");
}

void bench_print(const BenchFigure *figure)
{
	char goal[32];

	describe_goal(figure, goal, sizeof goal);
	if (json) {
		print_json(figure, goal);
		return;
	}
	printf("%-44s %9.4g %-8s", figure->name, figure->ours, figure->unit);
	if (figure->limit_name)
		printf(" %5.2f x %.4g (%s)", figure->ours / figure->limit, figure->limit,
			figure->limit_name);
	if (figure->rule != BENCH_NONE)
		printf("  goal %s: %s", goal, is_met(figure) ? "met" : "MISSED");
	for (const BenchPeer *peer = figure->peers; peer->name; peer++)
		if (peer->value == BENCH_ABSENT)
			printf("; %s: not installed", peer->name);
		else
			printf("; %s %.4g", peer->name, peer->value);
	printf("%s%s\n", figure->note ? "; " : "", figure->note ? figure->note : "");
}

void bench_skip(const char *name, const char *why)
{
	if (json)
		printf("{\"name\":\"%s\",\"skipped\":\"%s\"}\n", name, why);
	else
		printf("%-44s skipped: %s\n", name, why);
}

guint64 bench_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (guint64)now.tv_sec * 1000000000u + (guint64)now.tv_nsec;
}

static int compare(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return left < right ? -1 : left > right;
}

double bench_quantile(double *values, gsize n, double q)
{
	gsize at = (gsize)((double)n * q);

	qsort(values, n, sizeof *values, compare);
	return n ? values[MIN(at, n - 1)] : -1;
}

double bench_median(double *values, gsize n)
{
	return bench_quantile(values, n, 0.5);
}

void bench_pin(int cpu)
{
	cpu_set_t set;

	if (cpu < 0) {
		sched_setaffinity(0, sizeof all_cpus, &all_cpus);
		return;
	}
	CPU_ZERO(&set);
	for (int at = 0; at < CPU_SETSIZE; at++)
		if (CPU_ISSET(at, &all_cpus) && cpu-- == 0)
			CPU_SET(at, &set);
	sched_setaffinity(0, sizeof set, &set);
}

int bench_cpus(void)
{
	return CPU_COUNT(&all_cpus);
}
