// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * trace_text - what components recorded, as lines for people
 */
#include "trace.h"

#include <string.h>

/* What others have written is not to drive the terminal that shows it. */
char *trace_plain(const char *text)
{
	char *valid = g_utf8_make_valid(text, -1);

	for (char *c = valid; *c; c++)
		if ((guchar)*c < ' ' || *c == '\177')
			*c = '?';
	return valid;
}

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
		*service = trace_plain(*lines && **lines ? *lines : "?");
	for (char **line = lines; *line && line[1]; line++) {
		char *end;
		guint64 number = g_ascii_strtoull(line[1], &end, 10);

		if (!found && end != line[1] && *end == ' ' && number == opcode)
			found = trace_plain(end + 1);
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
	g_autofree char *peer = trace_plain(label);

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
	int order = trace_compare_time(one->event, other->event, NULL);

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
