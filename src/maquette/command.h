// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * command - what the commands share
 *
 * A command is a file with one function, named in the table of main.c. It gets its own
 * arguments (argv[0] is the command's name) and returns the exit code.
 */
#ifndef MAQUETTE_COMMAND_H
#define MAQUETTE_COMMAND_H

#include <maq/hid.h>

enum {
	EXIT_WELL = 0,
	EXIT_SCENARIO = 1,
	EXIT_SKIPPED = 77,
	EXIT_USAGE = 100,
	EXIT_MACHINE = 111
};

int maquette_run(int argc, char **argv);
int maquette_check(int argc, char **argv);
int maquette_test(int argc, char **argv);
int maquette_hid(int argc, char **argv);
int maquette_ps(int argc, char **argv);
int maquette_top(int argc, char **argv);
int maquette_quota(int argc, char **argv);
int maquette_log(int argc, char **argv);
int maquette_attach(int argc, char **argv);
int maquette_wait(int argc, char **argv);
int maquette_stop(int argc, char **argv);
int maquette_restart(int argc, char **argv);
int maquette_debug(int argc, char **argv);
int maquette_shot(int argc, char **argv);
int maquette_film(int argc, char **argv);
int maquette_record(int argc, char **argv);
int maquette_clipboard(int argc, char **argv);
int maquette_type(int argc, char **argv);
int maquette_click(int argc, char **argv);
int maquette_resize(int argc, char **argv);
int maquette_wm(int argc, char **argv);
int maquette_trace(int argc, char **argv);
int maquette_text(int argc, char **argv);
int maquette_new(int argc, char **argv);
int maquette_graph(int argc, char **argv);
int maquette_vnc_access(int argc, char **argv);

/* Reads the options of a command with one argument at most, which complaints call by its
 * kind. False: standard error says what is wrong. */
bool options_of_one(GOptionContext *context, const GOptionEntry *entries, int *argc,
	char ***argv, const char *kind);

/* SIGINT and SIGTERM end what the command is doing, and the command only when it has
 * written that: readable when one has come. The caller's; -1: it can't be made. */
int ends_open(void);

/* Runs the scenario while its user uses it, and writes its expectation; an exit code. */
int record_scenario(const char *scenario);

/* "timer" means "init -> timer"; owned by the caller. */
char *whole_label(const char *label);

/* Configuration file of a scenario given as folder or file; NULL and error if there is
 * none. Owned by the caller. */
char *scenario_config(const char *scenario, GError **error);

/* Parses and checks; complaints go to standard error as file:line:column. NULL if it is
 * unusable. */
MaqHidDocument *scenario_load(const char *path, guint64 ram, guint32 caps);
/* The same with values replaced, see maq_scenario_set(); NULL: none. */
MaqHidDocument *scenario_load_set(
	const char *path, const char *const *settings, guint64 ram, guint32 caps);

/* Folders of programs, separated by colons; owned by the caller. */
char *program_folders(void);
/* A program of ours that is not a command, e.g. maquette-core; owned by the caller. */
char *program_path(const char *name);

#endif
