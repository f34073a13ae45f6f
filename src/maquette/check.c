// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * check - say what is wrong with scenarios, without starting anything
 */
#include "command.h"

#include <maq/scenario.h>

#include <stdio.h>
#include <string.h>

/* Who may use what of the host; above: the labels of the inits around, if any. */
static void print_grants(const MaqHidNode *config, const char *above)
{
	const MaqHidNode *start, *node;

	for (start = maq_hid_first(config, "start"); start;
		start = maq_hid_next(start, "start")) {
		const MaqHidNode *host = maq_hid_first(start, "host");
		g_autofree char *label = g_strconcat(above, maq_hid_name(start), NULL);
		g_autofree char *below = g_strconcat(label, " -> ", NULL);

		for (node = maq_hid_first(host, NULL); node;
			node = maq_hid_next(node, NULL)) {
			g_autofree char *text = maq_scenario_grant_text(node);

			printf("    %s may use %s\n", label, text);
		}
		if (!g_strcmp0(maq_scenario_binary(start), "init"))
			print_grants(maq_hid_first(start, "config"), below);
	}
}

int maquette_check(int argc, char **argv)
{
	int code = EXIT_WELL;

	if (argc < 2 || !strcmp(argv[1], "--help")) {
		printf("Usage: maquette check SCENARIO...\n\n"
		       "Checks syntax, values, routes, programs and quotas of "
		       "scenarios (folders\nor files) and prints each fault as "
		       "file:line:column, and what of the host\ncomponents may use. "
		       "Nothing is started.\n");
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
		if (!document) {
			code = EXIT_USAGE;
			continue;
		}
		printf("%s: well\n", config);
		print_grants(maq_hid_root(document), "");
	}
	return code;
}
