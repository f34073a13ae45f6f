// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * run - start a scenario and stay until it ends
 */
#include "command.h"
#include "remote.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define DETACH_S 10 /* longest wait for a detached scenario to answer */

typedef struct {
	gint64 ram_mib, caps;
	int seconds;
	gboolean detach, headless, virtual_time, require_confinement, require_quota;
	char *quotas;  /* owned; NULL: whatever there is */
	char *seed;    /* owned; NULL: all run at once */
	char *vnc;     /* owned: ADDRESS:PORT */
	char **listen; /* owned */
	char **wrap;   /* owned */
	char **set;    /* owned */
	gboolean trace;
	char *trace_to; /* owned; NULL: it is not saved */
} Options;

static bool read_options(int *argc, char ***argv, Options *options)
{
	GOptionEntry entries[] = {
		{"for", 0, 0, G_OPTION_ARG_INT, &options->seconds, "end after this time",
			"SECONDS"},
		{"detach", 'd', 0, G_OPTION_ARG_NONE, &options->detach,
			"return once it runs; see maquette attach, log, stop", NULL},
		{"ram", 0, 0, G_OPTION_ARG_INT64, &options->ram_mib,
			"RAM quota of the whole scenario (default 4096)", "MIB"},
		{"caps", 0, 0, G_OPTION_ARG_INT64, &options->caps,
			"capability quota of the whole scenario (default 20000)", "N"},
		{"vnc", 0, 0, G_OPTION_ARG_STRING, &options->vnc,
			"where the desktop listens for viewers, as --listen display=...",
			"ADDRESS:PORT"},
		{"listen", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->listen,
			"where a socket that the scenario grants listens",
			"NAME=ADDRESS:PORT"},
		{"headless", 0, 0, G_OPTION_ARG_NONE, &options->headless,
			"no viewer can connect: the desktop runs, and is there for "
			"maquette shot, type and click alone",
			NULL},
		{"set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->set,
			"replace a value of the configuration, e.g. "
			"'config | + start vnc | + config | : width=800'; the path as "
			"maquette hid get has it",
			"PATH=VALUE"},
		{"wrap", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->wrap,
			"run a component by a command, e.g. timer='strace -f'",
			"LABEL=COMMAND"},
		{"quotas", 0, 0, G_OPTION_ARG_STRING, &options->quotas,
			"what enforces quotas: auto (the best there is), v1, v2 or "
			"ledger",
			"KIND"},
		{"require-quota", 0, 0, G_OPTION_ARG_NONE, &options->require_quota,
			"fail if quotas would only be counted", NULL},
		{"require-confinement", 0, 0, G_OPTION_ARG_NONE,
			&options->require_confinement,
			"fail if this machine lacks a part of the confinement", NULL},
		{"virtual-time", 0, 0, G_OPTION_ARG_NONE, &options->virtual_time,
			"time passes only while all components wait", NULL},
		{"serialize", 0, 0, G_OPTION_ARG_STRING, &options->seed,
			"one component runs at a time, the order drawn from a number",
			"SEED"},
		{"trace", 0, 0, G_OPTION_ARG_NONE, &options->trace,
			"record what the components do, for maquette trace", NULL},
		{"trace-to", 0, 0, G_OPTION_ARG_FILENAME, &options->trace_to,
			"likewise, and save it at the end, for maquette trace --saved",
			"DIR"},
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
	if (options->headless && options->vnc)
		fprintf(stderr,
			"maquette run: --headless and --vnc exclude each other\n");
	return !options->headless || !options->vnc;
}

/* ADDRESS:PORT of a socket that the scenario grants, as --vnc or the scenario says. */
static char *address_of(const MaqHidNode *listen, const Options *options)
{
	const char *port = maq_hid_attr(listen, "port");

	bool display = !g_strcmp0(maq_hid_name(listen), "display");

	if (display && options->headless)
		return NULL;
	if (display && options->vnc)
		return g_strdup(options->vnc);
	if (!port || !strcmp(port, "0"))
		return NULL;
	return g_strconcat(
		maq_hid_string(listen, "address", "127.0.0.1"), ":", port, NULL);
}

/* Where to look at the scenario, from here and from afar. */
static void print_addresses(const MaqHidNode *config, const Options *options)
{
	const MaqHidNode *start = maq_hid_first(config, "start");

	for (; start; start = maq_hid_next(start, "start")) {
		const MaqHidNode *host = maq_hid_first(start, "host");
		const MaqHidNode *listen = maq_hid_first(host, "listen");

		for (; listen; listen = maq_hid_next(listen, "listen")) {
			g_autofree char *address = address_of(listen, options);
			const char *port = address ? strrchr(address, ':') : NULL;

			if (port)
				fprintf(stderr,
					"%s: %s listens on %s; from afar: ssh -L %s:%s "
					"HOST\n",
					maq_hid_string(start, "name", ""),
					maq_hid_string(listen, "name", "it"), address,
					port + 1, address);
		}
	}
}

/* In the first process: waits until the scenario answers, or has failed. */
static int await_detached(pid_t core)
{
	gint64 until = g_get_monotonic_time() + DETACH_S * G_USEC_PER_SEC;
	int status = 0;

	while (g_get_monotonic_time() < until) {
		g_autoptr(GPtrArray) list = running_list();

		for (guint i = 0; i < list->len; i++) {
			const Running *running = list->pdata[i];
			g_autoptr(Remote) remote = running->pid == (guint32)core
							   ? remote_open(running, NULL)
							   : NULL;

			if (!remote)
				continue;
			printf("%s (%u) runs; its log: maquette attach %u, its end: "
			       "maquette stop %u\n",
				running->name, running->pid, running->pid, running->pid);
			return EXIT_WELL;
		}
		if (waitpid(core, &status, WNOHANG) == core) {
			fprintf(stderr, "maquette run: it has ended at once\n");
			return WIFEXITED(status) && WEXITSTATUS(status)
				       ? WEXITSTATUS(status)
				       : EXIT_SCENARIO;
		}
		g_usleep(10000);
	}
	fprintf(stderr, "maquette run: it does not answer (process %d)\n", core);
	return EXIT_SCENARIO;
}

/* In the second process: leaves the session and the terminal. */
static void leave_terminal(void)
{
	int null = open("/dev/null", O_RDWR);

	setsid();
	dup2(null, 0);
	dup2(null, 1);
	dup2(null, 2);
	if (null > 2)
		close(null);
}

static char **make_command(const char *core, const char *config, const Options *options)
{
	g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
	g_autofree char *folders = program_folders();
	g_autofree char *ram = g_strdup_printf("%" G_GINT64_FORMAT, options->ram_mib);
	g_autofree char *caps = g_strdup_printf("%" G_GINT64_FORMAT, options->caps);
	g_autofree char *seconds = g_strdup_printf("%d", options->seconds);
	g_autofree char *display = g_strconcat("display=", options->vnc, NULL);

	g_strv_builder_add_many(builder, core, "--config", config, "--path", folders,
		"--ram", ram, "--caps", caps, "--for", seconds, NULL);
	if (options->vnc)
		g_strv_builder_add_many(builder, "--listen", display, NULL);
	if (options->headless)
		g_strv_builder_add_many(builder, "--listen", "display=nowhere", NULL);
	for (char **listen = options->listen; listen && *listen; listen++)
		g_strv_builder_add_many(builder, "--listen", *listen, NULL);
	for (char **set = options->set; set && *set; set++)
		g_strv_builder_add_many(builder, "--set", *set, NULL);
	for (char **wrap = options->wrap; wrap && *wrap; wrap++)
		g_strv_builder_add_many(builder, "--wrap", *wrap, NULL);
	if (options->quotas)
		g_strv_builder_add_many(builder, "--quotas", options->quotas, NULL);
	if (options->require_quota)
		g_strv_builder_add(builder, "--require-quota");
	if (options->require_confinement)
		g_strv_builder_add(builder, "--require-confinement");
	if (options->virtual_time)
		g_strv_builder_add(builder, "--virtual-time");
	if (options->seed)
		g_strv_builder_add_many(builder, "--serialize", options->seed, NULL);
	if (options->trace)
		g_strv_builder_add(builder, "--trace");
	if (options->trace_to)
		g_strv_builder_add_many(builder, "--trace-to", options->trace_to, NULL);
	return g_strv_builder_end(builder);
}

static int run(const char *scenario, const Options *options)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *config = scenario_config(scenario, &error);

	if (!config) {
		fprintf(stderr, "maquette run: %s\n", error->message);
		return EXIT_USAGE;
	}
	g_autoptr(MaqHidDocument) document =
		scenario_load_set(config, (const char *const *)options->set,
			(guint64)options->ram_mib << 20, (guint32)options->caps);
	if (!document)
		return EXIT_USAGE;
	print_addresses(maq_hid_root(document), options);
	g_autofree char *core = program_path("maquette-core");
	if (core && options->detach) {
		pid_t pid = fork();

		if (pid > 0)
			return await_detached(pid);
		if (pid == 0)
			leave_terminal();
	}
	if (core) {
		g_auto(GStrv) command = make_command(core, config, options);

		execv(core, command);
	}
	fprintf(stderr, "maquette run: cannot execute maquette-core: %s\n",
		core ? g_strerror(errno) : "it is not installed beside this program");
	return EXIT_MACHINE;
}

int maquette_run(int argc, char **argv)
{
	Options options = {.ram_mib = 4096, .caps = 20000};
	int code = read_options(&argc, &argv, &options) ? run(argv[1], &options)
							: EXIT_USAGE;

	g_free(options.vnc);
	g_free(options.seed);
	g_free(options.quotas);
	g_free(options.trace_to);
	g_strfreev(options.listen);
	g_strfreev(options.wrap);
	g_strfreev(options.set);
	return code;
}
