// SPDX-License-Identifier: GPL-2.0-or-later
#include "crash.h"

#include <elfutils/libdwfl.h>
#include <signal.h>
#include <string.h>

static const Dwfl_Callbacks callbacks = {
	.find_elf = dwfl_build_id_find_elf,
	.find_debuginfo = dwfl_standard_find_debuginfo,
	.section_address = dwfl_offline_section_address,
};

/* The function's name, with its place if there is debug information. */
static char *find_name(const char *path, guint64 offset)
{
	Dwfl *session = dwfl_begin(&callbacks);
	char *found = NULL;
	Dwarf_Addr start = 0;
	int number = 0;

	if (!session)
		return NULL;
	Dwfl_Module *module = dwfl_report_offline(session, "", path, -1);
	dwfl_report_end(session, NULL, NULL);
	if (module &&
		dwfl_module_info(module, NULL, &start, NULL, NULL, NULL, NULL, NULL)) {
		const char *name = dwfl_module_addrname(module, start + offset);
		Dwfl_Line *line = dwfl_module_getsrc(module, start + offset);
		const char *file =
			line ? dwfl_lineinfo(line, NULL, &number, NULL, NULL, NULL)
			     : NULL;

		if (name && file)
			found = g_strdup_printf("%s, %s:%d", name, file, number);
		else if (name)
			found = g_strdup(name);
	}
	dwfl_end(session);
	return found;
}

/* N MODULE+0xOFFSET: where its parts begin. */
static bool split(const char *line, guint64 *frame, char **module, guint64 *offset)
{
	const char *blank = *line == '#' ? strchr(line, ' ') : NULL;
	const char *plus = blank ? strstr(blank, "+0x") : NULL;
	char *end = NULL;

	if (!plus)
		return false;
	*frame = g_ascii_strtoull(line + 1, &end, 10);
	if (end != blank)
		return false;
	*offset = g_ascii_strtoull(plus + 3, &end, 16);
	if (*end)
		return false;
	*module = g_strndup(blank + 1, (gsize)(plus - blank - 1));
	return true;
}

int crash_signal(const char *line)
{
	static const char start[] = "#! signal ";
	guint64 number = 0;

	return g_str_has_prefix(line, start) &&
			       g_ascii_string_to_unsigned(line + sizeof start - 1, 10, 1,
				       NSIG - 1, &number, NULL)
		       ? (int)number
		       : 0;
}

bool crash_is_frame(const char *line)
{
	g_autofree char *module = NULL;
	guint64 frame, offset;

	return split(line, &frame, &module, &offset);
}

char *crash_frame(const char *line, const char *program)
{
	g_autofree char *module = NULL;
	guint64 frame, offset;

	if (!split(line, &frame, &module, &offset))
		return g_strdup(line);
	const char *path = strcmp(module, "program") ? module : program;
	/* but for the first, these are places to return to, behind the calls */
	g_autofree char *name =
		path && offset ? find_name(path, frame ? offset - 1 : offset) : NULL;
	return name ? g_strdup_printf("#%" G_GUINT64_FORMAT " %s", frame, name)
		    : g_strdup(line);
}
