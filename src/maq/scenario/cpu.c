// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * cpu - processor time of a start node: our extension `cpu`, and Genode's priorities and
 * affinities
 */
#include <maq/scenario.h>

#include <stdlib.h>

#define USUAL      100u
#define WEIGHT_MAX 10000u
#define LEVEL_FACTOR                                                                     \
	4u /* between neighbouring priorities: where there is no strict order */
#define CPUS_MAX 64u

/* "priority: -1" of "prio_levels: 4": 0 is the highest. */
static guint32 weight_of_priority(const MaqHidNode *config, const MaqHidNode *start)
{
	guint64 levels = maq_hid_u64(config, "prio_levels", 0);
	long priority = strtol(maq_hid_string(start, "priority", "0"), NULL, 10);
	guint64 weight = USUAL * LEVEL_FACTOR;
	bool lower = priority < 0 && levels > 1;

	if (levels < 2)
		return USUAL;
	for (guint64 level = 1; lower && level <= MIN((guint64)-priority, levels - 1);
		level++)
		weight /= LEVEL_FACTOR;
	return (guint32)MAX(weight, 1);
}

static guint64 bits(guint64 from, guint64 to)
{
	guint64 mask = 0;

	for (guint64 i = from; i < MIN(to, CPUS_MAX); i++)
		mask |= (guint64)1 << i;
	return mask;
}

/* A grid of places is laid over the processors that there are, row by row. */
static guint64 cpus_of_affinity(
	const MaqHidNode *config, const MaqHidNode *start, guint n_cpus)
{
	const MaqHidNode *space = maq_hid_first(config, "affinity-space");
	const MaqHidNode *at = maq_hid_first(start, "affinity");
	guint64 width = CLAMP(maq_hid_u64(space, "width", 1), 1, 1024);
	guint64 height = CLAMP(maq_hid_u64(space, "height", 1), 1, 1024);
	guint64 x = MIN(maq_hid_u64(at, "xpos", 0), width - 1);
	guint64 y = MIN(maq_hid_u64(at, "ypos", 0), height - 1);
	guint64 x_end = MIN(x + MIN(maq_hid_u64(at, "width", 1), width), width);
	guint64 y_end = MIN(y + MIN(maq_hid_u64(at, "height", 1), height), height);
	guint64 places = width * height;
	guint64 mask = 0;

	if (!space || !at || !n_cpus)
		return 0;
	for (guint64 row = y; row < MAX(y_end, y + 1); row++)
		for (guint64 column = x; column < MAX(x_end, x + 1); column++) {
			guint64 place = row * width + column;
			guint64 from = place * n_cpus / places;

			mask |= bits(from, MAX((place + 1) * n_cpus / places, from + 1));
		}
	return mask;
}

void maq_scenario_cpu(const MaqHidNode *config, const MaqHidNode *start, guint n_cpus,
	MaqScenarioCpu *cpu)
{
	const MaqHidNode *node = maq_hid_first(start, "cpu");
	double percent = g_ascii_strtod(maq_hid_string(node, "percent", "0"), NULL);

	*cpu = (MaqScenarioCpu){
		.weight = (guint32)CLAMP(
			maq_hid_u64(node, "weight", weight_of_priority(config, start)), 1,
			WEIGHT_MAX),
		.limit = percent > 0 ? (guint32)MIN(percent * 100 + 0.5, 1e7) : 0,
		.rt_runtime = (guint32)MIN(maq_hid_u64(node, "realtime_us", 0), 1000000),
		.rt_period = (guint32)CLAMP(
			maq_hid_u64(node, "period_us", 1000000), 1, 1000000),
		.cpus = cpus_of_affinity(config, start, n_cpus),
	};
}
