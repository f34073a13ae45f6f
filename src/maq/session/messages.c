// SPDX-License-Identifier: LGPL-2.1-or-later
#include <maq/env.h>

#include <stdio.h>

/* A warning may come up in the middle of a call, when LOG must not be called: it leaves
 * by stderr, which the launcher passes on to the log line by line. */
static GLogWriterOutput write_message(
	GLogLevelFlags level, const GLogField *fields, gsize n, gpointer unused)
{
	const char *kind = level & G_LOG_LEVEL_ERROR      ? "Fatal"
			   : level & G_LOG_LEVEL_CRITICAL ? "Error"
			   : level & G_LOG_LEVEL_WARNING  ? "Warning"
							  : NULL;

	(void)unused;
	if (level & (G_LOG_LEVEL_INFO | G_LOG_LEVEL_DEBUG))
		return G_LOG_WRITER_HANDLED;
	for (gsize i = 0; i < n; i++)
		if (!strcmp(fields[i].key, "MESSAGE"))
			fprintf(stderr, "%s%s%s\n", kind ? kind : "", kind ? ": " : "",
				(const char *)fields[i].value);
	return G_LOG_WRITER_HANDLED;
}

void maq_use_plain_messages(void)
{
	g_log_set_writer_func(write_message, NULL, NULL);
}
