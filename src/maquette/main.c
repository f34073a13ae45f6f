// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * maquette - the command line: a table of commands
 */
#include "command.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

typedef struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *summary;
} Command;

static const Command commands[] = {
	{"run", maquette_run, "start a scenario and stay until it ends"},
	{"check", maquette_check, "say what is wrong with a scenario, start nothing"},
	{"test", maquette_test, "run scenarios against their expectations"},
	{"ps", maquette_ps, "show the running scenarios and their components"},
	{"top", maquette_top, "show what the components use, live"},
	{"quota", maquette_quota, "show or change the quota of a component"},
	{"graph", maquette_graph, "draw the components and sessions of a scenario"},
	{"log", maquette_log, "print the log of a running scenario"},
	{"trace", maquette_trace, "show what the components of a scenario did last"},
	{"attach", maquette_attach, "print the log of a running scenario until it ends"},
	{"wait", maquette_wait, "wait for a line of the log, or for the end"},
	{"stop", maquette_stop, "end a running scenario"},
	{"restart", maquette_restart, "start a component of a running scenario anew"},
	{"debug", maquette_debug, "attach gdb to a component of a running scenario"},
	{"shot", maquette_shot, "save a picture of a running scenario's display"},
	{"film", maquette_film, "film a running scenario's display"},
	{"record", maquette_record, "write a test by using a running scenario's display"},
	{"clipboard", maquette_clipboard, "print what is copied in a running scenario"},
	{"type", maquette_type, "type into a running scenario"},
	{"click", maquette_click, "click in a running scenario"},
	{"resize", maquette_resize, "change the size of a running scenario's display"},
	{"wm", maquette_wm, "run actions of a running scenario's window manager"},
	{"text", maquette_text, "print or search the text in a scenario's terminals"},
	{"new", maquette_new, "make a component or a scenario to begin with"},
	{"vnc-access", maquette_vnc_access, "set passwords and a certificate for VNC"},
	{"hid", maquette_hid, "format, query, edit and check HID texts"},
};

static void help(FILE *out)
{
	fprintf(out, "Usage: maquette COMMAND ...\n\n"
		     "Prototypes of component systems on Linux.\n\n");
	for (gsize i = 0; i < G_N_ELEMENTS(commands); i++)
		fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].summary);
	fprintf(out,
		"\nmaquette COMMAND --help tells more of a command.\n"
		"Exit codes: 0 well, 1 the scenario failed, 100 usage or configuration,\n"
		"111 the machine lacks something, 77 skipped.\n");
}

int main(int argc, char **argv)
{
	setlocale(LC_ALL, "");
	if (argc < 2) {
		help(stderr);
		return EXIT_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "help")) {
		help(stdout);
		return EXIT_WELL;
	}
	if (!strcmp(argv[1], "--version")) {
		printf("maquette %s\n", MAQUETTE_VERSION);
		return EXIT_WELL;
	}
	for (gsize i = 0; i < G_N_ELEMENTS(commands); i++)
		if (!strcmp(argv[1], commands[i].name))
			return commands[i].run(argc - 1, argv + 1);
	fprintf(stderr, "maquette: no command \"%s\"; see maquette --help\n", argv[1]);
	return EXIT_USAGE;
}
