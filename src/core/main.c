// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * core - the root of the component tree
 *
 * Provides  LOG      lines with the label of their author, on standard output
 *           ROM      files of the scenario's folder and of the folders given by --path
 *           Process  the launcher
 *           Report   the state of the first init, which becomes the ROM module `state`
 * Config    the command line: see usage()
 *
 * Starts the program `init` with the scenario's configuration, and ends with it. When
 * core ends, all components end.
 */
#include "control.h"
#include "log.h"
#include "process.h"
#include "report.h"
#include "usage.h"
#include "rom.h"
#include "sweep.h"
#include "traces.h"

#include <maq/sandbox.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

typedef struct {
	char *config, *path;
	gint64 ram_mib, caps;
	int seconds;
	gboolean die_with_parent, virtual_time, require_confinement, require_quota;
	char *quotas;  /* owned; NULL: auto */
	char *seed;    /* owned; NULL: all run at once */
	char **listen; /* owned */
	char **wrap;   /* owned */
	char **set;    /* owned */
	gboolean trace;
	char *trace_to; /* owned; NULL: it is not saved */
} Options;

typedef struct {
	MaqEnv *env;
	Log *log;
	Rom *rom;
	Control *control; /* NULL: none could be had */
	Report *report;
	Host *host;
	Groups *groups;
	Launcher *launcher;
	Schedule *schedule; /* NULL: none */
	Traces *traces;     /* NULL: nothing is recorded */
	Confine *confine;
	MaqSandbox *sandbox;
	MaqChild *init;
	int signals;
	int code;
} Core;

typedef struct {
	const MaqSkeleton *skeleton;
	const void *table;
	gsize service; /* offset in Core of what serves */
} Local;

static const Local locals[] = {
	{&maq_log_skeleton, &log_service, offsetof(Core, log)},
	{&maq_rom_skeleton, &rom_service, offsetof(Core, rom)},
	{&maq_report_skeleton, &report_service, offsetof(Core, report)},
	{&maq_process_skeleton, &process_service, offsetof(Core, launcher)},
};

static void route(void *owner, MaqChild *child, const char *service, const char *label,
	MaqTarget *target)
{
	Core *core = owner;
	const char *name = maq_child_name(child);

	g_snprintf(target->label, sizeof target->label, *label ? "%s -> %s" : "%s%s",
		name, label);
	for (gsize i = 0; i < G_N_ELEMENTS(locals); i++) {
		if (strcmp(service, locals[i].skeleton->interface->service))
			continue;
		target->kind = MAQ_TARGET_LOCAL;
		target->skeleton = locals[i].skeleton;
		target->table = locals[i].table;
		target->service = *(void **)((char *)core + locals[i].service);
	}
}

static bool may_provide(void *owner, MaqChild *child, const char *service)
{
	(void)owner;
	(void)child;
	(void)service;
	return true;
}

static void leave(Core *core, int code)
{
	core->code = code;
	maq_loop_quit(maq_env_loop(core->env), code);
}

static void init_exited(void *owner, MaqChild *child, int code)
{
	(void)child;
	leave(owner, code);
}

static void init_ended(void *data, int code, int signal)
{
	Core *core = data;

	if (signal)
		log_text(core->log, "core", "the first init crashed");
	leave(core, signal ? 1 : code);
}

/* What the scenario exports is for its owner. */
static void export_to(
	void *owner, const char *service, const char *label, MaqTarget *target)
{
	Core *core = owner;

	(void)service;
	target->kind = core->init ? MAQ_TARGET_CHILD : MAQ_TARGET_NONE;
	target->child = core->init;
	g_strlcpy(target->label, label, sizeof target->label);
}

static bool limit_init(void *owner, MaqChild *child, guint64 ram, guint32 caps)
{
	Process *process = launcher_find(((Core *)owner)->launcher, "init");

	(void)child;
	return !process || process_resize(process, ram, caps);
}

static const MaqSandboxOps sandbox_ops = {
	.limit = limit_init,
	.route = route,
	.may_provide = may_provide,
	.exited = init_exited,
	.export = export_to,
};

static void asked_to_stop(void *data, int code)
{
	leave(data, code);
}

static void signal_arrived(void *data, unsigned events)
{
	Core *core = data;

	(void)events;
	leave(core, 0);
}

static void time_over(void *data)
{
	leave(data, 0);
}

/* Early: threads inherit it. */
static void block_signals(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGHUP);
	sigprocmask(SIG_BLOCK, set, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static void watch_signals(Core *core, const sigset_t *set)
{
	core->signals = signalfd(-1, set, SFD_CLOEXEC | SFD_NONBLOCK);
	maq_loop_watch(
		maq_env_loop(core->env), core->signals, EPOLLIN, signal_arrived, core);
}

static bool start_init(Core *core, const Options *options, char **folders, GError **error)
{
	g_autofree char *path = NULL;
	maq_autofd int program = -1, channel = -1;

	for (char **folder = folders; *folder && program < 0; folder++) {
		g_free(path);
		path = g_build_filename(*folder, "init", NULL);
		program = open(path, O_RDONLY | O_CLOEXEC);
	}
	if (program < 0) {
		g_set_error(error, MAQ_ERROR, MAQ_FAILED,
			"no program init in any folder of --path");
		return false;
	}
	core->init = maq_child_new(core->sandbox, "init", (guint64)options->ram_mib << 20,
		(guint32)options->caps, NULL, &channel);
	LaunchSpec spec = {.label = "init",
		.ram = (guint64)options->ram_mib << 20,
		.caps = (guint32)options->caps,
		.traits = GROUP_TRAITS_USUAL,
		.program = program,
		.parent = channel,
		.arguments = ""};
	return launcher_start(core->launcher, &spec, init_ended, NULL, core, error);
}

/* That of the folder, or of the file if it is not called init.config. */
static char *scenario_name(const char *config)
{
	g_autofree char *absolute = g_canonicalize_filename(config, NULL);
	g_autofree char *file = g_path_get_basename(absolute);
	g_autofree char *folder = g_path_get_dirname(absolute);
	char *name = strcmp(file, "init.config") ? g_strdup(file)
						 : g_path_get_basename(folder);

	/* one that an address and a line of text can bear */
	if (strlen(name) > 48)
		name[48] = '\0';
	return g_strcanon(name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_", '_');
}

static void log_grew(void *data)
{
	Core *core = data;

	rom_live_changed(core->rom, "log");
	control_logged(core->control);
}

static bool run(Core *core, const Options *options, GError **error)
{
	g_auto(GStrv) listed = g_strsplit(options->path, ":", -1);
	g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
	g_autofree char *scenario = g_path_get_dirname(options->config);

	g_strv_builder_add(builder, scenario);
	g_strv_builder_addv(builder, (const char **)listed);
	g_auto(GStrv) folders = g_strv_builder_end(builder);
	core->rom = rom_new(core->env, options->config, (const char *const *)folders);
	rom_set(core->rom, options->set, core->log);
	rom_set_launcher(core->rom, core->launcher);
	core->report = report_new(core->rom);
	rom_add_live(core->rom, "log", log_module, core->log);
	usage_provide(core->rom, core->launcher);
	g_autofree char *name = scenario_name(options->config);
	ControlSpec control = {core->env, core->log, core->launcher, core->schedule,
		core->sandbox, name, options->config, asked_to_stop, core};
	core->control = control_new(&control);
	log_on_line(core->log, log_grew, core);
	if (!start_init(core, options, folders, error)) {
		log_on_line(core->log, NULL, NULL);
		control_free(g_steal_pointer(&core->control));
		return false;
	}
	if (options->seconds > 0)
		maq_loop_at(maq_env_loop(core->env),
			maq_env_binding(core->env)->now() +
				(guint64)options->seconds * 1000000000u,
			time_over, core);
	maq_loop_run(maq_env_loop(core->env));
	log_on_line(core->log, NULL, NULL); /* clients are about to go */
	control_free(g_steal_pointer(&core->control));
	return true;
}

static bool read_options(int argc, char **argv, Options *options, GError **error)
{
	GOptionEntry entries[] = {
		{"config", 0, 0, G_OPTION_ARG_FILENAME, &options->config,
			"configuration of the first init", "FILE"},
		{"path", 0, 0, G_OPTION_ARG_STRING, &options->path,
			"folders of programs and other ROM modules", "DIR:DIR..."},
		{"ram", 0, 0, G_OPTION_ARG_INT64, &options->ram_mib,
			"RAM quota of the first init in MiB (default 4096)", "MIB"},
		{"caps", 0, 0, G_OPTION_ARG_INT64, &options->caps,
			"capability quota of the first init (default 20000)", "N"},
		{"for", 0, 0, G_OPTION_ARG_INT, &options->seconds,
			"end after this time (default 0: never)", "SECONDS"},
		{"listen", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->listen,
			"where a socket of the scenario listens",
			"NAME=ADDRESS:PORT|nowhere"},
		{"set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->set,
			"replace a value of the configuration", "PATH=VALUE"},
		{"wrap", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->wrap,
			"run a component by a command", "LABEL=COMMAND"},
		{"virtual-time", 0, 0, G_OPTION_ARG_NONE, &options->virtual_time,
			"time passes only while all components wait", NULL},
		{"serialize", 0, 0, G_OPTION_ARG_STRING, &options->seed,
			"one component runs at a time, the order drawn from a number",
			"SEED"},
		{"quotas", 0, 0, G_OPTION_ARG_STRING, &options->quotas,
			"what enforces quotas: auto, v1, v2 or ledger", "KIND"},
		{"require-quota", 0, 0, G_OPTION_ARG_NONE, &options->require_quota,
			"fail if quotas are only counted", NULL},
		{"require-confinement", 0, 0, G_OPTION_ARG_NONE,
			&options->require_confinement,
			"fail if this machine lacks a part of the confinement", NULL},
		{"trace", 0, 0, G_OPTION_ARG_NONE, &options->trace,
			"record what components do, for maquette trace", NULL},
		{"trace-to", 0, 0, G_OPTION_ARG_FILENAME, &options->trace_to,
			"likewise, and save it at the end", "DIR"},
		{"die-with-parent", 0, 0, G_OPTION_ARG_NONE, &options->die_with_parent,
			"end when the process that started core ends", NULL},
		{0},
	};
	g_autoptr(GOptionContext) context =
		g_option_context_new("- the root of a component tree");

	g_option_context_add_main_entries(context, entries, NULL);
	if (!g_option_context_parse(context, &argc, &argv, error))
		return false;
	if (!options->config || !options->path || options->ram_mib <= 0 ||
		options->caps <= 0) {
		g_set_error(error, MAQ_ERROR, MAQ_INVALID,
			"--config and --path are needed; see --help");
		return false;
	}
	return true;
}

static bool replace_sockets(Host *host, char **listen, GError **error)
{
	for (; listen && *listen; listen++)
		if (!host_replace(host, *listen, error))
			return false;
	return true;
}

static bool wrap_components(Launcher *launcher, char **wrap, GError **error)
{
	for (; wrap && *wrap; wrap++)
		if (!launcher_wrap(launcher, *wrap, error))
			return false;
	return true;
}

/* The last line: what of the run another one with the same seed may have otherwise. */
static void report_outside(const Core *core)
{
	g_autofree char *labels =
		core->schedule ? schedule_outside(core->schedule) : NULL;
	g_autofree char *text = g_strdup_printf("outside of determinism: %s", labels);

	if (labels)
		log_text(core->log, "core", text);
}

/* What holds components to what they were given; false: the machine lacks what is asked
 * for. */
static bool enforce(Core *core, const Options *options, GError **error)
{
	g_autofree char *name = g_strdup_printf("%d", (int)getpid());

	core->confine = confine_new(NULL, options->require_confinement, error);
	if (!core->confine)
		return false;
	sweep_begin();
	core->groups = groups_new(name, options->quotas, error);
	if (core->groups && options->require_quota && groups_lack(core->groups)) {
		g_set_error(error, MAQ_ERROR, MAQ_FAILED,
			"quotas would only be counted: %s", groups_missing(core->groups));
		return false;
	}
	return core->groups != NULL;
}

static void stop_enforcing(Core *core)
{
	groups_free(core->groups);
	sweep_end();
	if (core->confine)
		confine_free(core->confine);
	view_end();
}

static void say_enforcement(const Core *core)
{
	g_autofree char *text =
		g_strconcat("Warning: ", confine_text(core->confine), NULL);

	fprintf(stderr, "quotas by %s; confinement %s\n",
		launcher_enforcement(core->launcher), confine_level(core->confine));
	if (strcmp(confine_level(core->confine), "full"))
		log_text(core->log, "core", text);
}

static bool record(Core *core, const Options *options, GError **error)
{
	if (!options->trace && !options->trace_to)
		return true;
	core->traces = traces_new(core->log, error);
	launcher_record(core->launcher, core->traces);
	return core->traces != NULL;
}

/* When all components have ended. */
static void save_traces(const Core *core, const Options *options)
{
	g_autoptr(GError) error = NULL;

	if (core->traces && options->trace_to &&
		!traces_save(core->traces, options->trace_to, &error))
		fprintf(stderr, "maquette-core: the trace is lost: %s\n", error->message);
}

static void options_free(Options *options)
{
	g_free(options->config);
	g_free(options->path);
	g_strfreev(options->listen);
	g_strfreev(options->wrap);
	g_strfreev(options->set);
	g_free(options->seed);
	g_free(options->quotas);
	g_free(options->trace_to);
}

/* A component costs some seven descriptors; components have limits of their own. */
static void use_all_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

int main(int argc, char **argv)
{
	Options options = {.ram_mib = 4096, .caps = 20000};
	g_autoptr(GError) error = NULL;
	Core core = {0};
	sigset_t signals;
	bool well;

	maq_use_plain_messages();
	if (!read_options(argc, argv, &options, &error)) {
		fprintf(stderr, "maquette-core: %s\n", error->message);
		return 100;
	}
	block_signals(&signals);
	use_all_descriptors();
	if (options.die_with_parent)
		prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (!enforce(&core, &options, &error)) {
		fprintf(stderr, "maquette-core: %s\n", error->message);
		stop_enforcing(&core);
		options_free(&options);
		return 111;
	}
	if (options.virtual_time || options.seed)
		core.schedule = schedule_new(options.virtual_time, options.seed,
			options.seed ? g_ascii_strtoull(options.seed, NULL, 0) : 0);
	core.env = maq_env_new(
		core.schedule ? schedule_binding(core.schedule) : &maq_binding_linux);
	core.log = log_new(isatty(1), core.schedule ? NULL : core.env);
	schedule_set_log(core.schedule, core.log);
	core.host = host_new(core.log);
	core.launcher = launcher_new(
		core.env, core.log, core.host, core.groups, core.schedule, core.confine);
	say_enforcement(&core);
	core.sandbox = maq_sandbox_new(core.env, &sandbox_ops, &core);
	watch_signals(&core, &signals);
	well = record(&core, &options, &error) &&
	       replace_sockets(core.host, options.listen, &error) &&
	       wrap_components(core.launcher, options.wrap, &error) &&
	       run(&core, &options, &error);
	if (!well)
		fprintf(stderr, "maquette-core: %s\n", error->message);
	report_outside(&core);
	maq_env_end_peers(core.env);
	launcher_free(core.launcher);
	save_traces(&core, &options);
	traces_free(core.traces);
	maq_sandbox_free(core.sandbox);
	maq_env_free(core.env);
	rom_free(core.rom);
	report_free(core.report);
	host_free(core.host);
	log_free(core.log);
	schedule_free(core.schedule);
	stop_enforcing(&core);
	maq_clear_fd(&core.signals);
	options_free(&options);
	return well ? core.code : 111;
}
