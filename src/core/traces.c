// SPDX-License-Identifier: GPL-2.0-or-later
#include "traces.h"

#include <maq/memory.h>
#include <maq/trace_ring.h>

#include <errno.h>
#include <time.h>
#include <unistd.h>

#define RINGS_MAX 256u /* 88 MiB: no init may fill the memory by starting many */
#define ENDED_MAX 64u  /* of components that have ended */

typedef struct {
	guint16 number;
	char *label;        /* owned */
	MaqTraceRing *ring; /* owned: mapped */
	bool ended, crashed;
	guint64 end; /* which of all ends */
} Entry;

struct Traces {
	Log *log;           /* borrowed */
	GPtrArray *entries; /* owned, of Entry, by number */
	guint64 began;      /* ns, monotonic */
	guint16 last;       /* number given */
	guint64 ends;
	bool said_full;
	MaqTraceSink sink; /* core's own */
};

static void entry_free(gpointer data)
{
	Entry *entry = data;

	maq_trace_ring_unmap(entry->ring);
	g_free(entry->label);
	g_free(entry);
}

static guint64 monotonic(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (guint64)now.tv_sec * 1000000000u + (guint64)now.tv_nsec;
}

/* ---- which are kept ---- */

/* Where the number is, or would be. */
static guint position_of(const Traces *traces, guint32 number)
{
	guint at = 0;

	while (at < traces->entries->len &&
		((Entry *)traces->entries->pdata[at])->number < number)
		at++;
	return at;
}

static Entry *find(const Traces *traces, guint32 number)
{
	guint at = position_of(traces, number);
	Entry *entry = at < traces->entries->len ? traces->entries->pdata[at] : NULL;

	return entry && entry->number == number ? entry : NULL;
}

/* The one whose loss is felt least: what ended well, and long ago. */
static Entry *find_spare(const Traces *traces, guint *ended)
{
	Entry *spare = NULL;

	*ended = 0;
	for (guint i = 0; i < traces->entries->len; i++) {
		Entry *entry = traces->entries->pdata[i];

		if (!entry->ended)
			continue;
		++*ended;
		if (!spare || entry->crashed < spare->crashed ||
			(entry->crashed == spare->crashed && entry->end < spare->end))
			spare = entry;
	}
	return spare;
}

/* A number is given again only when nothing of its last bearer is left. */
static guint16 next_number(Traces *traces)
{
	do
		traces->last++;
	while (!traces->last || find(traces, traces->last));
	return traces->last;
}

static bool make_room(Traces *traces)
{
	guint ended;
	Entry *spare = find_spare(traces, &ended);

	if (traces->entries->len < RINGS_MAX)
		return true;
	if (spare)
		g_ptr_array_remove(traces->entries, spare);
	else if (!traces->said_full)
		log_text(traces->log, "core",
			"Warning: so many components run that the trace has no room for "
			"more");
	traces->said_full |= !spare;
	return spare != NULL;
}

/* ---- the life of a component ---- */

int traces_begin(Traces *traces, const char *label, guint16 *number)
{
	MaqTraceRing *ring;

	*number = 0;
	if (!traces || !make_room(traces))
		return -1;
	guint16 given = next_number(traces);
	int memory = maq_trace_ring_new(given, traces->began, &ring);
	if (memory < 0) {
		g_autofree char *text = g_strdup_printf(
			"Warning: no trace of '%s': %s", label, g_strerror(errno));
		log_text(traces->log, "core", text);
		return -1;
	}
	Entry *entry = g_new0(Entry, 1);
	*entry = (Entry){.number = given, .label = g_strdup(label), .ring = ring};
	g_ptr_array_insert(traces->entries, (gint)position_of(traces, given), entry);
	*number = given;
	return memory;
}

void traces_end(Traces *traces, guint16 number, bool crashed)
{
	Entry *entry = traces && number ? find(traces, number) : NULL;
	guint ended;

	if (!entry)
		return;
	entry->ended = true;
	entry->crashed = crashed;
	entry->end = traces->ends++;
	Entry *spare = find_spare(traces, &ended);
	if (ended > ENDED_MAX)
		g_ptr_array_remove(traces->entries, spare);
}

/* ---- copies ---- */

static void copy_entry(const Traces *traces, const Entry *entry, MaqTraceRing *copy)
{
	maq_trace_ring_copy(
		entry->ring, entry->number, traces->began, entry->label, copy);
	copy->ended = entry->ended;
	copy->crashed = entry->crashed;
}

int traces_copy(const Traces *traces, guint32 from, guint32 *next, GError **error)
{
	guint at = position_of(traces, from);

	*next = 0;
	if (at >= traces->entries->len)
		return -1;
	g_autofree MaqTraceRing *copy = g_new(MaqTraceRing, 1);
	copy_entry(traces, traces->entries->pdata[at], copy);
	if (at + 1 < traces->entries->len)
		*next = ((Entry *)traces->entries->pdata[at + 1])->number;
	return maq_dataspace_new_constant("trace", copy, sizeof *copy, error);
}

/* Rings of a run before would be taken for ours. */
static void remove_rings(const char *folder)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(folder, name, NULL);

		if (g_str_has_suffix(name, ".ring"))
			unlink(path);
	}
}

bool traces_save(const Traces *traces, const char *folder, GError **error)
{
	g_autofree MaqTraceRing *copy = g_new(MaqTraceRing, 1);

	if (g_mkdir_with_parents(folder, 0700)) {
		g_set_error(error, MAQ_ERROR, MAQ_FAILED, "%s: %s", folder,
			g_strerror(errno));
		return false;
	}
	remove_rings(folder);
	for (guint i = 0; i < traces->entries->len; i++) {
		const Entry *entry = traces->entries->pdata[i];
		g_autofree char *path =
			g_strdup_printf("%s/%u.ring", folder, entry->number);

		copy_entry(traces, entry, copy);
		if (!g_file_set_contents_full(path, (const char *)copy, sizeof *copy,
			    G_FILE_SET_CONTENTS_NONE, 0600, error))
			return false;
	}
	return true;
}

/* ---- the beginning ---- */

Traces *traces_new(Log *log, GError **error)
{
	Traces *traces = g_new0(Traces, 1);
	guint16 number;

	traces->log = log;
	traces->entries = g_ptr_array_new_with_free_func(entry_free);
	traces->began = monotonic();
	int memory = traces_begin(traces, "core", &number);
	if (memory < 0) {
		g_set_error(error, MAQ_ERROR, MAQ_FAILED, "--trace: no memory for it");
		traces_free(traces);
		return NULL;
	}
	close(memory);
	traces->sink = (MaqTraceSink){maq_trace_ring_record, find(traces, number)->ring,
		number, maq_trace_ring_session};
	maq_trace_set_sink(&traces->sink);
	return traces;
}

void traces_free(Traces *traces)
{
	if (!traces)
		return;
	maq_trace_set_sink(NULL);
	g_ptr_array_unref(traces->entries);
	g_free(traces);
}
