// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * run - start a scenario and stay until it ends
 */
#include "command.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

typedef struct {
	gint64 ram_mib, caps;
	int seconds;
	gboolean virtual_time;
	char *seed; /* owned; NULL: all run at once */
} Options;

static bool read_options(int *argc, char ***argv, Options *options)
{
	GOptionEntry entries[] = {
		{"for", 0, 0, G_OPTION_ARG_INT, &options->seconds, "end after this time",
			"SECONDS"},
		{"ram", 0, 0, G_OPTION_ARG_INT64, &options->ram_mib,
			"RAM quota of the whole scenario (default 4096)", "MIB"},
		{"caps", 0, 0, G_OPTION_ARG_INT64, &options->caps,
			"capability quota of the whole scenario (default 20000)", "N"},
		{"virtual-time", 0, 0, G_OPTION_ARG_NONE, &options->virtual_time,
			"time passes only while all components wait", NULL},
		{"serialize", 0, 0, G_OPTION_ARG_STRING, &options->seed,
			"one component runs at a time, the order drawn from a number",
			"SEED"},
		{0},
	};
	g_autoptr(GOptionContext) context =
		g_option_context_new("SCENARIO - start a scenario, stay until it ends");
	g_autoptr(GError) error = NULL;

	g_option_context_set_summary(context,
		"SCENARIO is a folder with a file init.config, or such a file. "
		"Ctrl-C ends the scenario.");
	g_option_context_add_main_entries(context, entries, NULL);
	if (!g_option_context_parse(context, argc, argv, &error) || *argc != 2 ||
		options->ram_mib <= 0 || options->caps <= 0 ||
		options->caps > G_MAXUINT32) {
		fprintf(stderr, "maquette run: %s; see maquette run --help\n",
			error ? error->message : "expected one SCENARIO");
		return false;
	}
	return true;
}

int maquette_run(int argc, char **argv)
{
	Options options = {.ram_mib = 4096, .caps = 20000};
	g_autoptr(GError) error = NULL;

	if (!read_options(&argc, &argv, &options))
		return EXIT_USAGE;
	g_autofree char *config = scenario_config(argv[1], &error);
	if (!config) {
		fprintf(stderr, "maquette run: %s\n", error->message);
		return EXIT_USAGE;
	}
	g_autoptr(MaqHidDocument) document = scenario_load(
		config, (guint64)options.ram_mib << 20, (guint32)options.caps);
	if (!document)
		return EXIT_USAGE;
	g_autofree char *core = program_path("maquette-core");
	g_autofree char *folders = program_folders();
	g_autofree char *ram = g_strdup_printf("%" G_GINT64_FORMAT, options.ram_mib);
	g_autofree char *caps = g_strdup_printf("%" G_GINT64_FORMAT, options.caps);
	g_autofree char *seconds = g_strdup_printf("%d", options.seconds);
	const char *arguments[16] = {core, "--config", config, "--path", folders, "--ram",
		ram, "--caps", caps, "--for", seconds};
	unsigned count = 11;
	if (options.virtual_time)
		arguments[count++] = "--virtual-time";
	if (options.seed) {
		arguments[count++] = "--serialize";
		arguments[count++] = options.seed;
	}
	if (core)
		execv(core, (char *const *)arguments);
	fprintf(stderr, "maquette run: cannot execute maquette-core: %s\n",
		core ? g_strerror(errno) : "it is not installed beside this program");
	return EXIT_MACHINE;
}
