// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * trace_ctf - a trace in the Common Trace Format, version 1.8: a text that describes the
 * bytes, and a file of one packet for each component
 *
 * The events are those of the rings, untouched.
 */
#include "trace.h"

#include <string.h>

#define CTF_MAGIC 0xc1fc1fc1u

/* Of the file: what metadata below describes. */
typedef struct {
	guint32 magic, stream;
	guint64 begin, end;           /* ns */
	guint64 content, packet;      /* bits */
	guint64 discarded, component; /* events that are lost; its number */
} Packet;
G_STATIC_ASSERT(sizeof(Packet) == 56);

static const char head[] =
	"/* CTF 1.8 */\n"
	"typealias integer { size = 16; align = 8; signed = false; } := u16;\n"
	"typealias integer { size = 32; align = 8; signed = false; } := u32;\n"
	"typealias integer { size = 32; align = 8; signed = false; base = 16; } := "
	"x32;\n"
	"typealias integer { size = 64; align = 8; signed = false; } := u64;\n"
	"typealias integer { size = 64; align = 8; signed = false; base = 16; } := "
	"x64;\n"
	"typealias integer { size = 64; align = 8; signed = true; } := i64;\n\n"
	"trace {\n"
	"\tmajor = 1;\n\tminor = 8;\n\tbyte_order = le;\n"
	"\tpacket.header := struct { u32 magic; u32 stream_id; };\n"
	"};\n\n";

static const char middle[] =
	"clock {\n\tname = monotonic;\n\tfreq = 1000000000;\n\toffset = 0;\n};\n"
	"typealias integer { size = 64; align = 8; signed = false;\n"
	"\tmap = clock.monotonic.value; } := time;\n\n"
	"stream {\n"
	"\tid = 0;\n"
	"\tpacket.context := struct {\n"
	"\t\ttime timestamp_begin;\n\t\ttime timestamp_end;\n"
	"\t\tu64 content_size;\n\t\tu64 packet_size;\n"
	"\t\tu64 events_discarded;\n\t\tu64 component;\n"
	"\t};\n"
	"\tevent.header := struct { time timestamp; u16 id; };\n"
	"};\n\n";

/* A string of TSDL has no character that could end it. */
static void put_string(GString *out, const char *text)
{
	g_string_append_c(out, '"');
	for (; *text; text++)
		g_string_append_c(
			out, *text == '"' || *text == '\\' || *text < ' ' ? '?' : *text);
	g_string_append_c(out, '"');
}

/* An identifier of TSDL; owned by the caller. */
static char *identifier(const char *text)
{
	return g_strcanon(
		g_strdup(text), G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_", '_');
}

/* operation_SERVICE_OPCODE = "name" for what interfaces are known. */
static void put_operations(GString *out, GHashTable *said, const MaqTraceRing *copy)
{
	for (gsize at = 1; at < sizeof copy->names; at += strlen(copy->names + at) + 1) {
		g_auto(GStrv) lines = g_strsplit(copy->names + at, "\n", -1);

		if (!*lines || !**lines || !g_hash_table_add(said, g_strdup(*lines)))
			continue;
		g_autofree char *service = identifier(*lines);
		for (char **line = lines + 1; *line; line++) {
			char *end;
			guint64 opcode = g_ascii_strtoull(*line, &end, 10);

			if (end == *line || *end != ' ' || opcode > G_MAXUINT16)
				continue;
			g_string_append_printf(out,
				"\toperation_%s_%" G_GUINT64_FORMAT " = ", service,
				opcode);
			put_string(out, end + 1);
			g_string_append(out, ";\n");
		}
	}
}

/* session_COMPONENT_SIDE_NUMBER = "SERVICE label" */
static void put_sessions(GString *out, const MaqTraceRing *copy)
{
	for (guint i = 0; i < MAQ_TRACE_SESSIONS; i++) {
		const char *names, *label;
		guint16 side = copy->sessions[i].side;
		MaqTraceEvent event = {.id = MAQ_TRACE_SESSION_OPEN,
			.method = side,
			.session = atomic_load(&copy->sessions[i].number)};

		if (side > MAQ_TRACE_SERVER ||
			!maq_trace_copy_session(copy, &event, &names, &label))
			continue;
		g_autofree char *service = NULL;
		g_free(trace_operation(names, G_MAXUINT, &service));
		g_autofree char *text = g_strconcat(service, " ", label, NULL);
		g_string_append_printf(out, "\tsession_%u_%s_%u = ", copy->component,
			side ? "server" : "client", event.session);
		put_string(out, g_strchomp(text));
		g_string_append(out, ";\n");
	}
}

static void put_environment(GString *out, const GPtrArray *parts)
{
	g_autoptr(GHashTable) said =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	g_string_append(out, "env {\n\ttracer_name = \"maquette\";\n");
	for (guint i = 0; i < parts->len; i++) {
		const TracePart *part = parts->pdata[i];

		g_string_append_printf(out, "\tcomponent_%u = ", part->copy->component);
		put_string(out, part->label);
		g_string_append(out, ";\n");
		put_operations(out, said, part->copy);
		put_sessions(out, part->copy);
	}
	g_string_append(out, "};\n\n");
}

/* What the fields are called differs from event to event, their sizes do not. */
static void put_events(GString *out)
{
	static const char *const fields[] = {
		[MAQ_TRACE_SESSION_OPEN] = "u16 side; u32 session; x64 flow; u64 _arg",
		[MAQ_TRACE_SESSION_CLOSE] = "u16 side; u32 session; x64 flow; u64 _arg",
		[MAQ_TRACE_RPC_CALL] = "u16 opcode; u32 session; x64 flow; x64 parent",
		[MAQ_TRACE_RPC_RETURN] = "u16 opcode; u32 session; x64 flow; i64 status",
		[MAQ_TRACE_RPC_DISPATCH] = "u16 opcode; u32 session; x64 flow; u64 _arg",
		[MAQ_TRACE_RPC_REPLY] = "u16 opcode; u32 session; x64 flow; i64 status",
		[MAQ_TRACE_SIGNAL_SUBMIT] = "u16 side; u32 session; x64 flow; x64 bits",
		[MAQ_TRACE_SIGNAL_DELIVER] = "u16 side; u32 session; x64 flow; x64 bits",
		[MAQ_TRACE_PACKET_SUBMIT] = "u16 bytes; x32 ring; x64 flow; u64 number",
		[MAQ_TRACE_PACKET_ACK] = "u16 bytes; x32 ring; x64 flow; u64 number",
		[MAQ_TRACE_QUOTA_TRANSFER] = "u16 step; u32 session; x64 flow; u64 ram",
		[MAQ_TRACE_CHECKPOINT] = "u16 kind; u32 name; x64 flow; u64 value",
	};

	for (guint id = MAQ_TRACE_SESSION_OPEN; id < G_N_ELEMENTS(fields); id++)
		g_string_append_printf(out,
			"event {\n\tname = \"%s\";\n\tid = %u;\n\tstream_id = 0;\n"
			"\tfields := struct { %s; };\n};\n\n",
			trace_event_name(id), id, fields[id]);
}

static bool write_stream(const TracePart *part, const char *folder, GError **error)
{
	g_autofree char *path =
		g_strdup_printf("%s/component_%u", folder, part->copy->component);
	gsize size = part->n * sizeof *part->events;
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	guint64 bits = (sizeof(Packet) + size) * 8;
	Packet packet = {.magic = CTF_MAGIC,
		.begin = part->n ? part->events[0].time : part->copy->began,
		.end = part->n ? part->events[part->n - 1].time : part->copy->began,
		.content = bits,
		.packet = bits,
		.discarded = part->lost,
		.component = part->copy->component};

	g_byte_array_append(bytes, (const guint8 *)&packet, sizeof packet);
	g_byte_array_append(bytes, (const guint8 *)part->events, (guint)size);
	return g_file_set_contents(
		path, (const char *)bytes->data, (gssize)bytes->len, error);
}

/* Streams of another trace would be read as parts of this one. */
static bool make_folder(const char *folder, GError **error)
{
	if (g_mkdir_with_parents(folder, 0755)) {
		g_set_error(error, MAQ_ERROR, MAQ_FAILED, "the folder %s cannot be made",
			folder);
		return false;
	}
	g_autoptr(GDir) dir = g_dir_open(folder, 0, error);
	if (dir && g_dir_read_name(dir)) {
		g_set_error(error, MAQ_ERROR, MAQ_FAILED, "the folder %s is not empty",
			folder);
		return false;
	}
	return dir != NULL;
}

bool trace_write_ctf(const GPtrArray *parts, const char *folder, GError **error)
{
	g_autoptr(GString) text = g_string_new(head);
	g_autofree char *path = g_build_filename(folder, "metadata", NULL);

	put_environment(text, parts);
	g_string_append(text, middle);
	put_events(text);
	if (!make_folder(folder, error))
		return false;
	for (guint i = 0; i < parts->len; i++)
		if (!write_stream(parts->pdata[i], folder, error))
			return false;
	return g_file_set_contents(path, text->str, (gssize)text->len, error);
}
