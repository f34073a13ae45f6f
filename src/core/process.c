// SPDX-License-Identifier: GPL-2.0-or-later
#include "process.h"

#include "crash.h"
#include "spawn.h"

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

struct Launcher {
	MaqEnv *env;          /* borrowed */
	Log *log;             /* borrowed */
	Host *host;           /* borrowed */
	Schedule *schedule;   /* borrowed; NULL: none */
	GPtrArray *processes; /* of Process, owned */
	GPtrArray *clients;   /* of process_service.c, borrowed */
	GHashTable *wraps;    /* owned: label -> GStrv, the command it runs under */
};

struct Process {
	Launcher *launcher; /* borrowed */
	char *label;        /* owned */
	char *grants;       /* owned; NULL: everything */
	Slot *slot;         /* owned; NULL: none */
	char *program;      /* owned: path of its file; NULL: it has none */
	pid_t pid;
	int pidfd, output;
	MaqWatch *pid_watch, *output_watch;
	GString *line;     /* owned: output without a newline so far */
	GPtrArray *frames; /* owned, of char *: its back trace */
	ProcessEnded ended;
	void *data;
	bool killed; /* by us: not a crash */
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
			if (crash_is_frame(valid) && process->frames->len < FRAMES_MAX)
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

static void output_ready(void *data, unsigned events)
{
	Process *process = data;

	(void)events;
	if (!read_output(process)) {
		maq_watch_free(g_steal_pointer(&process->output_watch));
		maq_clear_fd(&process->output);
	}
}

/* ---- the end ---- */

static void process_free(Process *process)
{
	maq_watch_free(process->pid_watch);
	maq_watch_free(process->output_watch);
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
		bool known = orphan <= 0;

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
	if (signal && !process->killed)
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

/* ---- the beginning ---- */

Launcher *launcher_new(MaqEnv *env, Log *log, Host *host, Schedule *schedule)
{
	Launcher *launcher = g_new0(Launcher, 1);

	launcher->env = env;
	launcher->log = log;
	launcher->host = host;
	launcher->schedule = schedule;
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
	g_free(launcher);
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

		visit(data, process->label, process->pid);
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
		"Warning: '%s' is not run as it is, but by: %s", label, equals + 1);
	log_text(launcher->log, "core", line);
	g_hash_table_insert(launcher->wraps, label, command);
	return true;
}

Process *launcher_start(Launcher *launcher, const LaunchSpec *spec, ProcessEnded ended,
	void *data, GError **error)
{
	MaqLoop *loop = maq_env_loop(launcher->env);
	int output[2];

	if (pipe2(output, O_CLOEXEC)) {
		g_set_error(error, MAQ_ERROR, MAQ_FAILED, "%s", g_strerror(errno));
		return NULL;
	}
	Slot *slot =
		launcher->schedule ? slot_new(launcher->schedule, spec->label) : NULL;
	char **wrap = g_hash_table_lookup(launcher->wraps, spec->label);
	g_autofree char *program = spawn_path(spec->program);
	pid_t pid = spawn(spec, slot, wrap, output[1]);
	int failure = errno;
	maq_clear_fd(&output[1]);
	if (pid < 0) {
		maq_clear_fd(&output[0]);
		slot_free(slot);
		g_set_error(error, MAQ_ERROR, MAQ_FAILED, "no process for '%s': %s",
			spec->label, g_strerror(failure));
		return NULL;
	}
	Process *process = g_new0(Process, 1);
	*process = (Process){.launcher = launcher, .pid = pid, .output = output[0]};
	process->label = g_strdup(spec->label);
	process->program = g_steal_pointer(&program);
	process->grants = g_strdup(spec->grants);
	process->line = g_string_new(NULL);
	process->frames = g_ptr_array_new_with_free_func(g_free);
	process->ended = ended;
	process->data = data;
	process->pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	process->slot = slot;
	if (slot)
		slot_started(slot, process->pidfd);
	process->pid_watch =
		maq_loop_watch(loop, process->pidfd, EPOLLIN, process_ended, process);
	process->output_watch =
		maq_loop_watch(loop, output[0], EPOLLIN, output_ready, process);
	g_ptr_array_add(launcher->processes, process);
	return process;
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

const char *process_grants(const Process *process)
{
	return process->grants;
}
