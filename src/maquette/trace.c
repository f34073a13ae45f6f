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

/* What others have written is not to drive the terminal that shows it. */
static char *plain(const char *text)
{
	char *valid = g_utf8_make_valid(text, -1);

	for (char *c = valid; *c; c++)
		if ((guchar)*c < ' ' || *c == '\177')
			*c = '?';
	return valid;
}

/* ---- reading ---- */

static int compare_time(gconstpointer a, gconstpointer b, gpointer data)
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
	part->label = plain(part->copy->label);
	part->events = g_new(MaqTraceEvent, MAQ_TRACE_SLOTS);
	part->n = maq_trace_copy_events(part->copy, part->events, &part->lost);
	/* threads may write in another order than they looked at the clock; stable */
	g_qsort_with_data(
		part->events, (gint)part->n, sizeof *part->events, compare_time, NULL);
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

/* ---- lines ---- */

const char *trace_event_name(guint id)
{
	static const char *const names[] = {
		[MAQ_TRACE_SESSION_OPEN] = "session_open",
		[MAQ_TRACE_SESSION_CLOSE] = "session_close",
		[MAQ_TRACE_RPC_CALL] = "rpc_call",
		[MAQ_TRACE_RPC_RETURN] = "rpc_return",
		[MAQ_TRACE_RPC_DISPATCH] = "rpc_dispatch",
		[MAQ_TRACE_RPC_REPLY] = "rpc_reply",
		[MAQ_TRACE_SIGNAL_SUBMIT] = "signal_submit",
		[MAQ_TRACE_SIGNAL_DELIVER] = "signal_deliver",
		[MAQ_TRACE_PACKET_SUBMIT] = "packet_submit",
		[MAQ_TRACE_PACKET_ACK] = "packet_ack",
		[MAQ_TRACE_QUOTA_TRANSFER] = "quota_transfer",
		[MAQ_TRACE_CHECKPOINT] = "checkpoint",
	};

	return id < G_N_ELEMENTS(names) && names[id] ? names[id] : "unknown";
}

char *trace_operation(const char *names, guint opcode, char **service)
{
	g_auto(GStrv) lines = g_strsplit(names, "\n", -1);
	char *found = NULL;

	if (service)
		*service = plain(*lines && **lines ? *lines : "?");
	for (char **line = lines; *line && line[1]; line++) {
		char *end;
		guint64 number = g_ascii_strtoull(line[1], &end, 10);

		if (!found && end != line[1] && *end == ' ' && number == opcode)
			found = plain(end + 1);
	}
	return found;
}

/* COMPONENT.THREAD.COUNTER */
static void put_flow(GString *line, const char *what, guint64 flow)
{
	if (flow)
		g_string_append_printf(line, "  %s %u.%u.%u", what,
			(unsigned)(flow >> 48), (unsigned)(flow >> 32 & 0xffff),
			(unsigned)flow);
}

static bool has_operation(guint id)
{
	return id >= MAQ_TRACE_RPC_CALL && id <= MAQ_TRACE_RPC_REPLY;
}

/* The operation as SERVICE.NAME, and which session. */
static void put_session(GString *line, const TracePart *part, const MaqTraceEvent *event)
{
	const char *names = "", *label = "";
	bool known = maq_trace_copy_session(part->copy, event, &names, &label);
	g_autofree char *service = NULL;
	g_autofree char *operation = trace_operation(names, event->method, &service);
	g_autofree char *peer = plain(label);

	g_string_append(line, known ? service : "?");
	if (has_operation(event->id) && operation)
		g_string_append_printf(line, ".%s", operation);
	else if (has_operation(event->id))
		g_string_append_printf(line, ".%u", event->method);
	g_string_append_printf(line, "  session %u", event->session & 0x7fffffffu);
	if (event->session & 0x80000000u)
		g_string_append(line, "'"); /* of the process's own numbers */
	if (*peer)
		g_string_append_printf(line, " \"%s\"", peer);
}

static void put_status(GString *line, guint64 arg)
{
	int status = (int)arg;

	if (status > 0)
		g_string_append_printf(line, "  outcome %d", status);
	else
		g_string_append_printf(
			line, "  %s", status ? maq_status_text(status) : "ok");
}

static void put_rest(GString *line, const MaqTraceEvent *event)
{
	static const char *const steps[] = {"take", "give", "return"};
	static const char *const kinds[] = {"begin", "end", "instant", "counter"};

	if (event->id == MAQ_TRACE_QUOTA_TRANSFER)
		g_string_append_printf(line,
			"%s  session %u  %" G_GUINT64_FORMAT " bytes",
			event->method < G_N_ELEMENTS(steps) ? steps[event->method] : "?",
			event->session, event->arg);
	else if (event->id == MAQ_TRACE_CHECKPOINT)
		g_string_append_printf(line, "%s  name %u  value %" G_GUINT64_FORMAT,
			event->method < G_N_ELEMENTS(kinds) ? kinds[event->method] : "?",
			event->session, event->arg);
	else
		g_string_append_printf(line,
			"stream %x  entry %" G_GUINT64_FORMAT " of %u bytes",
			event->session, event->arg, event->method);
	put_flow(line, "flow", event->flow);
}

static void put_event(GString *line, const TracePart *part, const MaqTraceEvent *event)
{
	gint64 since = (gint64)(event->time - part->copy->began);

	g_string_append_printf(line, "%14.9f [%s] %s  ", (double)since / 1e9, part->label,
		trace_event_name(event->id));
	if (event->id > MAQ_TRACE_SIGNAL_DELIVER) {
		put_rest(line, event);
		return;
	}
	put_session(line, part, event);
	if (event->id == MAQ_TRACE_RPC_RETURN || event->id == MAQ_TRACE_RPC_REPLY)
		put_status(line, event->arg);
	if (event->id >= MAQ_TRACE_SIGNAL_SUBMIT)
		g_string_append_printf(
			line, "  bits %" G_GINT64_MODIFIER "x", event->arg);
	put_flow(line, "flow", event->flow);
	if (event->id == MAQ_TRACE_RPC_CALL)
		put_flow(line, "within", event->arg);
}

typedef struct {
	const TracePart *part;
	const MaqTraceEvent *event;
} Reference;

static int by_time(gconstpointer a, gconstpointer b)
{
	const Reference *one = a, *other = b;
	int order = compare_time(one->event, other->event, NULL);

	if (!order && one->part == other->part)
		order = one->event < other->event ? -1 : one->event > other->event;
	return order;
}

static void print_heads(const GPtrArray *parts, FILE *out)
{
	fprintf(out, "# seconds since core began to record, component, event, operation, "
		     "session;\n# flows are COMPONENT.THREAD.COUNTER: the events of one "
		     "call share theirs\n");
	for (guint i = 0; i < parts->len; i++) {
		const TracePart *part = parts->pdata[i];

		fprintf(out,
			"# component %u: %s%s; %u events, %" G_GUINT64_FORMAT " lost\n",
			part->copy->component, part->label,
			part->copy->crashed ? ", crashed"
			: part->copy->ended ? ", ended"
					    : "",
			part->n, part->lost);
	}
}

void trace_print(const GPtrArray *parts, guint lines, FILE *out)
{
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(Reference));
	g_autoptr(GString) line = g_string_new(NULL);

	print_heads(parts, out);
	for (guint i = 0; i < parts->len; i++) {
		const TracePart *part = parts->pdata[i];

		for (guint at = part->n - MIN(part->n, lines); at < part->n; at++) {
			Reference reference = {part, &part->events[at]};

			g_array_append_val(all, reference);
		}
	}
	g_array_sort(all, by_time);
	for (guint i = 0; i < all->len; i++) {
		const Reference *one = &g_array_index(all, Reference, i);

		g_string_truncate(line, 0);
		put_event(line, one->part, one->event);
		fprintf(out, "%s\n", line->str);
	}
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
