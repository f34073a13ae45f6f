// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * trace - the last events of a running scenario's components, or of one that has ended
 */
#include "trace.h"

#include "command.h"
#include "remote.h"

#include <maq/memory.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void part_free(gpointer data)
{
	TracePart *part = data;

	g_free(part->copy);
	g_free(part->label);
	g_free(part->events);
	g_free(part);
}

/* ---- reading ---- */

int trace_compare_time(gconstpointer a, gconstpointer b, gpointer data)
{
	const MaqTraceEvent *one = a, *other = b;

	(void)data;
	return one->time < other->time ? -1 : one->time > other->time;
}

static bool add_part(GPtrArray *parts, const void *content, gsize size, GError **error)
{
	if (!maq_trace_copy_is(content, size)) {
		g_set_error(error, MAQ_ERROR, MAQ_INVALID,
			"it is no trace, or of another version of Maquette");
		return false;
	}
	TracePart *part = g_new0(TracePart, 1);
	part->copy = g_memdup2(content, sizeof *part->copy);
	part->label = trace_plain(part->copy->label);
	part->events = g_new(MaqTraceEvent, MAQ_TRACE_SLOTS);
	part->n = maq_trace_copy_events(part->copy, part->events, &part->lost);
	/* threads may write in another order than they looked at the clock; stable */
	g_qsort_with_data(part->events, (gint)part->n, sizeof *part->events,
		trace_compare_time, NULL);
	g_ptr_array_add(parts, part);
	return true;
}

static bool add_content(GPtrArray *parts, int content, GError **error)
{
	gsize size = 0;
	const void *mapped = maq_map(content, false, &size, error);
	bool well = mapped && add_part(parts, mapped, size, error);

	maq_unmap(mapped, size);
	return well;
}

GPtrArray *trace_load(Remote *remote, GError **error)
{
	g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(part_free);
	guint32 from = 0;

	do {
		maq_autofd int content = -1;
		guint32 next = 0;
		MaqControlError status =
			maq_control_read_trace(remote->control, from, &next, &content);

		if (status == MAQ_CONTROL_NO_TRACE && parts->len)
			break; /* that one has been forgotten meanwhile */
		if (status != MAQ_CONTROL_OK) {
			g_set_error(error, MAQ_ERROR, (int)status, "%s",
				status == MAQ_CONTROL_NO_TRACE
					? "nothing is recorded; start the scenario by "
					  "maquette run --trace"
					: maq_status_text((int)status));
			return NULL;
		}
		if (!add_content(parts, content, error))
			return NULL;
		if (next <= from)
			break;
		from = next;
	} while (from);
	return g_steal_pointer(&parts);
}

static int by_number(gconstpointer a, gconstpointer b)
{
	const TracePart *one = *(TracePart *const *)a, *other = *(TracePart *const *)b;

	return one->copy->component < other->copy->component ? -1 : 1;
}

GPtrArray *trace_load_saved(const char *folder, GError **error)
{
	g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(part_free);
	g_autoptr(GDir) dir = g_dir_open(folder, 0, error);
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(folder, name, NULL);
		g_autofree char *content = NULL;
		gsize size = 0;

		if (!g_str_has_suffix(name, ".ring"))
			continue;
		if (!g_file_get_contents(path, &content, &size, error))
			return NULL;
		if (!add_part(parts, content, size, error)) {
			g_prefix_error(error, "%s: ", path);
			return NULL;
		}
	}
	if (dir && !parts->len)
		g_set_error(error, MAQ_ERROR, MAQ_INVALID, "%s has no trace", folder);
	g_ptr_array_sort(parts, by_number);
	return parts->len ? g_steal_pointer(&parts) : NULL;
}

/* ---- the command ---- */

static GPtrArray *load(const char *name, const char *saved)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Remote) remote = saved ? NULL : remote_find("trace", name);
	GPtrArray *parts = saved    ? trace_load_saved(saved, &error)
			   : remote ? trace_load(remote, &error)
				    : NULL;

	if (error)
		fprintf(stderr, "maquette trace: %s\n", error->message);
	return parts;
}

int maquette_trace(int argc, char **argv)
{
	g_autofree char *output = NULL, *saved = NULL;
	int lines = G_MAXINT;
	GOptionEntry entries[] = {
		{"lines", 'n', 0, G_OPTION_ARG_INT, &lines,
			"only the last events of each component", "N"},
		{"output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
			"write them in the Common Trace Format instead, for babeltrace2 "
			"or Trace Compass",
			"DIR"},
		{"saved", 0, 0, G_OPTION_ARG_FILENAME, &saved,
			"of a scenario that has ended, which maquette run --trace-to DIR "
			"has left",
			"DIR"},
		{0},
	};
	g_autoptr(GOptionContext) context = g_option_context_new(
		"[NAME] - what the components of a scenario have done last");
	g_autoptr(GError) error = NULL;

	if (!options_of_one(context, entries, &argc, &argv, "NAME"))
		return EXIT_USAGE;
	if (lines < 0 || (saved && argc == 2)) {
		fprintf(stderr, "maquette trace: %s; see maquette trace --help\n",
			saved ? "expected NAME or --saved, not both"
			      : "expected a number of lines");
		return EXIT_USAGE;
	}
	g_autoptr(GPtrArray) parts = load(argc == 2 ? argv[1] : NULL, saved);
	if (!parts)
		return EXIT_SCENARIO;
	if (!output)
		trace_print(parts, (guint)lines, stdout);
	else if (!trace_write_ctf(parts, output, &error))
		fprintf(stderr, "maquette trace: %s\n", error->message);
	return error ? EXIT_SCENARIO : EXIT_WELL;
}
