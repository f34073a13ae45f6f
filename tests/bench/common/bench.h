// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bench - one figure: ours, its peers, its limit, its goal
 *
 * Printed as a line of a table, or with --json as one object a line. A figure and all
 * that it is compared with come from one run, taken in turn.
 */
#ifndef BENCH_H
#define BENCH_H

#include <glib.h>
#include <stdbool.h>

#define BENCH_PEERS  8
#define BENCH_ABSENT (-1.0)

typedef struct {
	const char *name;
	double value; /* BENCH_ABSENT: left out, not installed */
} BenchPeer;

typedef enum {
	BENCH_RATIO_MOST,  /* ours / limit <= goal */
	BENCH_RATIO_LEAST, /* ours / limit >= goal */
	BENCH_MOST,        /* ours <= goal */
	BENCH_LEAST,
	BENCH_NONE, /* for comparison only */
} BenchRule;

typedef struct {
	const char *name, *unit;
	double ours;
	const char *limit_name; /* NULL: none */
	double limit;
	BenchRule rule;
	double goal;
	BenchPeer peers[BENCH_PEERS];
	const char *note; /* NULL: none */
} BenchFigure;

/* Reads --json; everything else is left to the program. */
void bench_init(int argc, char **argv);
void bench_print(const BenchFigure *figure);
/* One that could not be taken, and why. */
void bench_skip(const char *name, const char *why);

guint64 bench_now(void);                      /* ns */
double bench_median(double *values, gsize n); /* sorts them */
double bench_quantile(double *values, gsize n, double q);

void bench_pin(int cpu); /* the calling thread; -1: all that the process had */
int bench_cpus(void);    /* that this process may use */

#endif
