// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * tracing - what traces have to know of interfaces
 */
#include "env_internal.h"

/* As MaqTraceSink has it. */
static char *names_of(const MaqInterface *interface)
{
	GString *text = g_string_new(interface->service);

	g_string_append_c(text, '\n');
	for (unsigned i = 0; i < interface->n_operations; i++)
		g_string_append_printf(text, "%u %s\n", interface->operations[i].opcode,
			interface->operations[i].name);
	return g_string_free(text, FALSE);
}

void maq_trace_opened(MaqTraceSide side, guint32 number, const MaqInterface *interface,
	const char *label)
{
	const MaqTraceSink *sink = atomic_load(&maq_trace_sink);

	if (!sink)
		return;
	if (sink->session) {
		g_autofree char *names = names_of(interface);

		sink->session(sink->data, side, number, names, label);
	}
	maq_trace_record(MAQ_TRACE_SESSION_OPEN, (guint16)side, number, maq_flow(), 0);
}
