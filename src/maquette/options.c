// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * options - what the commands for one scenario are told
 */
#include "command.h"

#include <string.h>

#include <signal.h>
#include <stdio.h>
#include <sys/signalfd.h>

bool options_of_one(GOptionContext *context, const GOptionEntry *entries, int *argc,
	char ***argv, const char *kind)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *many = g_strdup_printf("expected one %s at most", kind);

	g_option_context_add_main_entries(context, entries, NULL);
	if (g_option_context_parse(context, argc, argv, &error) && *argc <= 2)
		return true;
	fprintf(stderr, "maquette %s: %s; see maquette %s --help\n", **argv,
		error ? error->message : many, **argv);
	return false;
}

char *whole_label(const char *label)
{
	return !strcmp(label, "init") || g_str_has_prefix(label, "init -> ")
		       ? g_strdup(label)
		       : g_strconcat("init -> ", label, NULL);
}

int ends_open(void)
{
	sigset_t ends;

	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	sigprocmask(SIG_BLOCK, &ends, NULL);
	return signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK);
}
