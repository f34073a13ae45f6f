// SPDX-License-Identifier: GPL-2.0-or-later
#include "process.h"

#include "crash.h"
#include "spawn.h"
#include "sweep.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define LINE_MAX_BYTES 4096
#define CRASH_LINES    50
#define FRAMES_MAX     64
#define PATIENCE_MS    2000u /* of a component at its limit, for more */
#define SERVER_MS      200u  /* likewise, that serves others: they wait for it */
#define STEP_MIN       (256u << 10)
#define STEP_FRACTION  4u /* of the quota: what is asked for */
#define NS_PER_MS      1000000u

struct Launcher {
	MaqEnv *env;          /* borrowed */
	Log *log;             /* borrowed */
	Host *host;           /* borrowed */
	Groups *groups;       /* borrowed */
	char *enforcement;    /* owned: in words */
	Schedule *schedule;   /* borrowed; NULL: none */
	Confine *confine;     /* borrowed */
	Traces *traces;       /* borrowed; NULL: nothing is recorded */
	GPtrArray *processes; /* of Process, owned */
	GPtrArray *clients;   /* of process_service.c, borrowed */
	GHashTable *wraps;    /* owned: label -> GStrv, the command it runs under */
};

struct Process {
	Launcher *launcher; /* borrowed */
	char *label;        /* owned */
	char *grants;       /* owned; NULL: everything */
	Slot *slot;         /* owned; NULL: none */
	Group *group;       /* owned */
	char *program;      /* owned: path of its file; NULL: it has none */
	pid_t pid;
	int pidfd, output;
	MaqWatch *pid_watch, *output_watch, *pressure_watch;
	MaqTimeout *patience; /* while it stands at its limit; NULL */
	LogPace pace;
	MaqTimeout *held_back; /* while it has printed too fast; NULL */
	GString *line;         /* owned: output without a newline so far */
	GPtrArray *frames;     /* owned, of char *: its back trace */
	ProcessEnded ended;
	ProcessPressed pressed;
	void *data;
	bool killed; /* by us: not a crash */
	bool crashed;
	guint16 trace; /* its number there; 0: none */
	int told;      /* the signal that its own handler saw; 0: none */
};

/* ---- output ---- */

static void log_output(Process *process, const char *text, gsize size)
{
	for (gsize i = 0; i < size; i++) {
		if (text[i] != '\n')
			g_string_append_c(process->line, text[i]);
		if (process->line->len &&
			(text[i] == '\n' || process->line->len >= LINE_MAX_BYTES)) {
			g_autofree char *valid = g_utf8_make_valid(
				process->line->str, (gssize)process->line->len);
			int told = crash_signal(valid);

			if (told)
				process->told = told;
			else if (crash_is_frame(valid) &&
				 process->frames->len < FRAMES_MAX)
				g_ptr_array_add(process->frames, g_steal_pointer(&valid));
			else
				log_text(process->launcher->log, process->label, valid);
			g_string_truncate(process->line, 0);
		}
	}
}

static bool read_output(Process *process)
{
	char text[4096];
	ssize_t size = read(process->output, text, sizeof text);

	if (size > 0)
		log_output(process, text, (gsize)size);
	return size > 0;
}

static void output_ready(void *data, unsigned events);

static void watch_output(void *data)
{
	Process *process = data;

	process->held_back = NULL;
	process->output_watch = maq_loop_watch(maq_env_loop(process->launcher->env),
		process->output, EPOLLIN, output_ready, process);
}

static void output_ready(void *data, unsigned events)
{
	Process *process = data;
	MaqEnv *env = process->launcher->env;
	Log *log = process->launcher->log;
	guint64 lines = log_end(log), wait;

	(void)events;
	if (!read_output(process)) {
		maq_watch_free(g_steal_pointer(&process->output_watch));
		maq_clear_fd(&process->output);
		return;
	}
	wait = log_pace(log, &process->pace, log_end(log) - lines);
	if (!wait)
		return;
	/* its pipe fills, and it waits */
	maq_watch_free(g_steal_pointer(&process->output_watch));
	process->held_back = maq_loop_at(maq_env_loop(env),
		maq_env_binding(env)->now() + wait, watch_output, process);
}

/* ---- the end ---- */

static void process_free(Process *process)
{
	maq_watch_free(process->pid_watch);
	maq_watch_free(process->output_watch);
	maq_timeout_cancel(process->held_back);
	maq_watch_free(process->pressure_watch);
	maq_timeout_cancel(process->patience);
	traces_end(process->launcher->traces, process->trace, process->crashed);
	group_free(process->group);
	maq_clear_fd(&process->pidfd);
	maq_clear_fd(&process->output);
	slot_free(process->slot);
	g_string_free(process->line, TRUE);
	g_ptr_array_unref(process->frames);
	g_free(process->label);
	g_free(process->grants);
	g_free(process->program);
	g_free(process);
}

/* The trace goes to the log, with names, and again what the component wrote last: that
 * may be far above, among the lines of others. */
static void report_crash(Process *process, int signal)
{
	Log *log = process->launcher->log;
	g_auto(GStrv) lines = log_last_lines(log, process->label, CRASH_LINES);
	g_autoptr(GString) text = g_string_new(NULL);

	g_string_printf(text, "Error: '%s' was ended by signal %d (%s)", process->label,
		signal, strsignal(signal));
	for (guint i = 0; i < process->frames->len; i++) {
		g_autofree char *frame =
			crash_frame(process->frames->pdata[i], process->program);

		/* where the kernel returns from the handler: no part of the story */
		if (!strstr(frame, "__restore_rt"))
			g_string_append_printf(text, "\n    %s", frame);
	}
	if (*lines)
		g_string_append_printf(text, "\n'%s' has written last:", process->label);
	for (char **line = lines; *line; line++)
		g_string_append_printf(text, "\n    %s", *line);
	log_text(log, "core", text->str);
}

/* Components' children that outlived them were given to us: they end now. */
static void kill_orphans(Launcher *launcher)
{
	g_autofree char *path = g_strdup_printf("/proc/self/task/%d/children", getpid());
	g_autofree char *text = NULL;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		return;
	g_auto(GStrv) pids = g_strsplit(text, " ", -1);
	for (char **pid = pids; *pid; pid++) {
		pid_t orphan = (pid_t)atoi(*pid);
		bool known = orphan <= 0 || confine_is_own(launcher->confine, orphan) ||
			     sweep_is_own(orphan);

		for (guint i = 0; i < launcher->processes->len; i++)
			known = known ||
				((Process *)launcher->processes->pdata[i])->pid == orphan;
		if (!known) {
			kill(orphan, SIGKILL);
			waitpid(orphan, NULL, WNOHANG);
		}
	}
}

static void process_ended(void *data, unsigned events)
{
	Process *process = data;
	Launcher *launcher = process->launcher;
	int status = 0;

	(void)events;
	if (waitpid(process->pid, &status, WNOHANG) != process->pid)
		return;
	if (process->output >= 0) {
		fcntl(process->output, F_SETFL, O_NONBLOCK);
		while (read_output(process))
			;
		log_output(process, "\n", 1);
	}
	g_ptr_array_remove_fast(launcher->processes, process);
	int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	/* one that aborts in a namespace of its own ends by a fault */
	if (signal && signal != SIGKILL && process->told)
		signal = process->told;
	process->crashed = signal && !process->killed;
	if (process->crashed)
		report_crash(process, signal);
	if (process->ended)
		process->ended(process->data, WIFEXITED(status) ? WEXITSTATUS(status) : 0,
			signal);
	process_free(process);
	kill_orphans(launcher);
}

void process_kill(Process *process)
{
	process->killed = true;
	if (process->slot)
		slot_killed(process->slot);
	kill(process->pid, SIGKILL);
}

void process_abandon(Process *process)
{
	process->ended = NULL;
	process_kill(process);
}

/* ---- quotas ---- */

G_GNUC_PRINTF(2, 3)
static void say(const Process *process, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	g_autofree char *text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	log_text(process->launcher->log, "core", text);
}

static void patience_over(void *data)
{
	Process *process = data;

	process->patience = NULL;
	if (!group_is_pressed(process->group))
		return;
	say(process,
		"Error: '%s' needs more memory than its quota of %" G_GUINT64_FORMAT
		" KiB and got no more: it is ended; raise \"ram:\" of its start node",
		process->label, group_ram(process->group) >> 10);
	kill(process->pid, SIGKILL); /* told as any other end */
	process->killed = true;
}

static void at_limit(void *data, unsigned events)
{
	Process *process = data;
	const Group *group = process->group;
	MaqEnv *env = process->launcher->env;
	guint64 step = MAX(group_ram(group) / STEP_FRACTION, STEP_MIN);
	guint64 patience = group_traits(group)->server ? SERVER_MS : PATIENCE_MS;

	(void)events;
	if (!group_is_pressed(process->group))
		return;
	if (!process->patience)
		process->patience = maq_loop_at(maq_env_loop(env),
			maq_env_binding(env)->now() +
				(process->pressed ? patience : 0) * NS_PER_MS,
			patience_over, process);
	if (process->pressed)
		process->pressed(process->data, step);
}

static void watch_pressure(Process *process)
{
	unsigned events = 0;
	int event = group_pressure(process->group, &events);

	if (event >= 0)
		process->pressure_watch =
			maq_loop_watch(maq_env_loop(process->launcher->env), event,
				events, at_limit, process);
}

bool process_resize(Process *process, guint64 ram, guint32 caps)
{
	bool more = ram > group_ram(process->group);

	if (!group_resize(process->group, ram, caps))
		return false;
	if (more)
		maq_timeout_cancel(g_steal_pointer(&process->patience));
	return true;
}

static void say_lacking(const Process *process, const char *what)
{
	if (what)
		say(process, "Warning: '%s': \"%s\" has no effect with quotas by %s",
			process->label, what, groups_kind(process->launcher->groups));
}

void process_configure(Process *process, const GroupTraits *traits)
{
	const char *what = NULL;
	GroupTraits all = *traits;

	all.wrapped = group_traits(process->group)->wrapped;
	if (!group_configure(process->group, &all, &what))
		say_lacking(process, what);
}

bool process_divide(Process *process, GError **error)
{
	return group_divide(process->group, error);
}

Group *process_group(const Process *process)
{
	return process->group;
}

Groups *launcher_groups(Launcher *launcher)
{
	return launcher->groups;
}

const char *launcher_enforcement(const Launcher *launcher)
{
	return launcher->enforcement;
}

/* ---- the beginning ---- */

/* At most what fits into an answer. */
static char *enforcement_text(const Groups *groups)
{
	const char *missing = groups_missing(groups);

	return *missing ? g_strdup_printf("%s: %.140s", groups_kind(groups), missing)
			: g_strdup(groups_kind(groups));
}

Launcher *launcher_new(MaqEnv *env, Log *log, Host *host, Groups *groups,
	Schedule *schedule, Confine *confine)
{
	Launcher *launcher = g_new0(Launcher, 1);

	launcher->env = env;
	launcher->log = log;
	launcher->host = host;
	launcher->groups = groups;
	launcher->enforcement = enforcement_text(groups);
	launcher->schedule = schedule;
	launcher->confine = confine;
	launcher->processes = g_ptr_array_new();
	launcher->clients = g_ptr_array_new();
	launcher->wraps = g_hash_table_new_full(
		g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_strfreev);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	return launcher;
}

void launcher_free(Launcher *launcher)
{
	for (guint i = 0; i < launcher->processes->len; i++)
		process_abandon(launcher->processes->pdata[i]);
	for (guint i = 0; i < launcher->processes->len; i++) {
		Process *process = launcher->processes->pdata[i];

		waitpid(process->pid, NULL, 0);
		process_free(process);
	}
	g_ptr_array_set_size(launcher->processes, 0);
	kill_orphans(launcher);
	g_ptr_array_unref(launcher->processes);
	g_ptr_array_unref(launcher->clients);
	g_hash_table_unref(launcher->wraps);
	g_free(launcher->enforcement);
	g_free(launcher);
}

void launcher_record(Launcher *launcher, Traces *traces)
{
	launcher->traces = traces;
}

const Traces *launcher_traces(const Launcher *launcher)
{
	return launcher->traces;
}

GPtrArray *launcher_clients(Launcher *launcher)
{
	return launcher->clients;
}

MaqEnv *launcher_env(Launcher *launcher)
{
	return launcher->env;
}

void launcher_visit(Launcher *launcher, ProcessVisit visit, void *data)
{
	for (guint i = 0; i < launcher->processes->len; i++) {
		const Process *process = launcher->processes->pdata[i];
		GroupUsage usage;

		group_usage(process->group, &usage);
		visit(data, process->label, process->pid, process->grants, &usage);
	}
}

bool launcher_wrap(Launcher *launcher, const char *text, GError **error)
{
	const char *equals = strchr(text, '=');
	char **command = NULL;

	if (!equals || equals == text) {
		g_set_error(error, MAQ_ERROR, MAQ_INVALID,
			"\"%s\" is no LABEL=COMMAND, e.g. 'init -> timer=valgrind'",
			text);
		return false;
	}
	if (!g_shell_parse_argv(equals + 1, NULL, &command, error))
		return false;
	g_autofree char *given = g_strndup(text, (gsize)(equals - text));
	char *label = !strcmp(given, "init") || g_str_has_prefix(given, "init -> ")
			      ? g_strdup(given)
			      : g_strconcat("init -> ", given, NULL);
	g_autofree char *line = g_strdup_printf(
		"Warning: '%s' is NOT CONFINED, as it is run by: %s", label, equals + 1);
	log_text(launcher->log, "core", line);
	g_hash_table_insert(launcher->wraps, label, command);
	return true;
}

static Group *make_group(Launcher *launcher, const LaunchSpec *spec, GError **error)
{
	const char *arrow = g_strrstr(spec->label, " -> ");
	GroupTraits traits = spec->traits;

	traits.wrapped = g_hash_table_contains(launcher->wraps, spec->label);
	return group_new(launcher->groups, spec->init ? spec->init->group : NULL,
		arrow ? arrow + strlen(" -> ") : spec->label, spec->ram, spec->caps,
		&traits, error);
}

Process *launcher_start(Launcher *launcher, const LaunchSpec *spec, ProcessEnded ended,
	ProcessPressed pressed, void *data, GError **error)
{
	MaqLoop *loop = maq_env_loop(launcher->env);
	Group *group = make_group(launcher, spec, error);
	int output[2];

	if (!group)
		return NULL;
	if (pipe2(output, O_CLOEXEC)) {
		group_free(group);
		g_set_error(error, MAQ_ERROR, MAQ_FAILED, "%s", g_strerror(errno));
		return NULL;
	}
	Slot *slot =
		launcher->schedule ? slot_new(launcher->schedule, spec->label) : NULL;
	char **wrap = g_hash_table_lookup(launcher->wraps, spec->label);
	g_autofree char *program = spawn_path(spec->program);
	guint16 trace;
	SpawnGifts gifts = {
		slot, output[1], traces_begin(launcher->traces, spec->label, &trace)};
	pid_t pid = spawn(launcher->confine, spec, group, &gifts, wrap);
	int failure = errno;
	maq_clear_fd(&output[1]);
	maq_clear_fd(&gifts.trace);
	if (pid < 0) {
		traces_end(launcher->traces, trace, false);
		maq_clear_fd(&output[0]);
		group_free(group);
		slot_free(slot);
		g_set_error(error, MAQ_ERROR, MAQ_FAILED, "no process for '%s': %s",
			spec->label, g_strerror(failure));
		return NULL;
	}
	Process *process = g_new0(Process, 1);
	*process = (Process){
		.launcher = launcher, .pid = pid, .output = output[0], .trace = trace};
	process->label = g_strdup(spec->label);
	process->program = g_steal_pointer(&program);
	process->grants = g_strdup(spec->grants);
	process->line = g_string_new(NULL);
	process->frames = g_ptr_array_new_with_free_func(g_free);
	process->ended = ended;
	process->pressed = pressed;
	process->data = data;
	process->group = group;
	group_entered(group, pid);
	process->pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	process->slot = slot;
	if (slot)
		slot_started(slot, process->pidfd);
	process->pid_watch =
		maq_loop_watch(loop, process->pidfd, EPOLLIN, process_ended, process);
	watch_output(process);
	watch_pressure(process);
	g_ptr_array_add(launcher->processes, process);
	say_lacking(process, group_lacks(group));
	return process;
}

const Confine *launcher_confine(const Launcher *launcher)
{
	return launcher->confine;
}

Host *launcher_host(Launcher *launcher)
{
	return launcher->host;
}

Process *launcher_find(Launcher *launcher, const char *label)
{
	for (guint i = 0; i < launcher->processes->len; i++) {
		Process *process = launcher->processes->pdata[i];

		if (!strcmp(process->label, label))
			return process;
	}
	return NULL;
}

const char *process_label(const Process *process)
{
	return process->label;
}

const char *process_grants(const Process *process)
{
	return process->grants;
}
