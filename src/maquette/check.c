// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * check - say what is wrong with scenarios, without starting anything
 */
#include "command.h"

#include <stdio.h>
#include <string.h>

int maquette_check(int argc, char **argv)
{
	int code = EXIT_WELL;

	if (argc < 2 || !strcmp(argv[1], "--help")) {
		printf("Usage: maquette check SCENARIO...\n\n"
		       "Checks syntax, routes and quotas of scenarios (folders or "
		       "files)\n"
		       "and prints each fault as file:line:column. Nothing is "
		       "started.\n");
		return argc < 2 ? EXIT_USAGE : EXIT_WELL;
	}
	for (int i = 1; i < argc; i++) {
		g_autoptr(GError) error = NULL;
		g_autofree char *config = scenario_config(argv[i], &error);

		if (!config) {
			fprintf(stderr, "maquette check: %s\n", error->message);
			code = EXIT_USAGE;
			continue;
		}
		g_autoptr(MaqHidDocument) document =
			scenario_load(config, (guint64)4096 << 20, 20000);
		if (document)
			printf("%s: well\n", config);
		else
			code = EXIT_USAGE;
	}
	return code;
}
