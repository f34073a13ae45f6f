// SPDX-License-Identifier: GPL-2.0-or-later
#include "failure.h"

#include "../command.h"
#include "../film.h"
#include "../trace.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_MS 15000 /* a hung scenario must not hang us */
#define TRACE_LINES 2000  /* of each component; ctf has them all */

static void write_tree(void *data, const char *pid)
{
	char command[] = "ps", option[] = "--json";
	char *arguments[] = {command, option, (char *)pid, NULL};
	int file = open(data, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (file < 0)
		_exit(1);
	dup2(file, STDOUT_FILENO);
	int code = maquette_ps(3, arguments);
	fflush(stdout);
	_exit(code);
}

static void write_shot(void *data, const char *pid)
{
	char command[] = "shot", option[] = "--output";
	char *arguments[] = {command, option, data, (char *)pid, NULL};

	_exit(maquette_shot(4, arguments));
}

static bool work_in_time(void (*write)(void *, const char *), void *data, pid_t core)
{
	g_autofree char *number = g_strdup_printf("%d", core);
	ChildRun child;

	if (!child_begin(&child, write, data, number))
		return false;
	struct pollfd waited = {.fd = child.handle, .events = POLLIN};
	poll(&waited, 1, PATIENCE_MS);
	return child_finish(&child, NULL);
}

static void in_time(void (*write)(void *, const char *), char *path, pid_t core)
{
	if (!work_in_time(write, path, core))
		unlink(path);
}

void failure_picture(const char *folder, pid_t core)
{
	g_autofree char *tree = g_build_filename(folder, "tree.json", NULL);
	g_autofree char *shot = g_build_filename(folder, "shot.png", NULL);

	g_mkdir_with_parents(folder, 0755);
	if (!core)
		return;
	in_time(write_tree, tree, core);
	in_time(write_shot, shot, core);
}

/* ---- the trace ---- */

typedef struct {
	const char *text, *ctf, *saved;
	pid_t core; /* 0: it is saved */
} TracePaths;

static void write_trace(void *data, const char *pid)
{
	const TracePaths *paths = data;
	g_autoptr(Remote) remote = paths->core ? remote_find("trace", pid) : NULL;
	g_autoptr(GPtrArray) parts = remote         ? trace_load(remote, NULL)
				     : !paths->core ? trace_load_saved(paths->saved, NULL)
						    : NULL;
	FILE *out = parts ? fopen(paths->text, "we") : NULL;

	if (!out)
		_exit(EXIT_SCENARIO);
	trace_print(parts, TRACE_LINES, out);
	bool well = fclose(out) == 0;
	_exit(trace_write_ctf(parts, paths->ctf, NULL) && well ? EXIT_WELL
							       : EXIT_SCENARIO);
}

void failure_trace(const char *folder, pid_t core, const char *saved)
{
	g_autofree char *text = g_build_filename(folder, "trace.txt", NULL);
	g_autofree char *ctf = g_build_filename(folder, "ctf", NULL);
	TracePaths paths = {text, ctf, saved, core};

	g_mkdir_with_parents(folder, 0755);
	work_in_time(write_trace, &paths, core);
}

/* ---- a film ---- */

static void write_film(void *data, const char *pid)
{
	g_autoptr(Remote) remote = step_await_scenario(atoi(pid));

	_exit(film_take(remote, data, 0, NULL) ? EXIT_WELL : EXIT_SCENARIO);
}

/* Whoever has no display has no film: what it says is not looked at. */
void failure_film_begin(ChildRun *film, const char *folder, pid_t core)
{
	g_autofree char *path = g_build_filename(folder, "film.webp", NULL);
	g_autofree char *number = g_strdup_printf("%d", core);

	g_mkdir_with_parents(folder, 0755);
	if (!child_begin(film, write_film, path, number))
		film->pid = 0;
}

void failure_film_end(ChildRun *film)
{
	if (!film->pid)
		return;
	struct pollfd waited = {.fd = film->handle, .events = POLLIN};
	kill(film->pid, SIGINT);
	poll(&waited, 1, PATIENCE_MS);
	child_finish(film, NULL);
	film->pid = 0;
}

/* ---- texts ---- */

void failure_texts(const char *folder, const Judge *judge, const char *timeline)
{
	g_autofree char *times = g_build_filename(folder, "timeline.txt", NULL);
	g_autofree char *log = g_build_filename(folder, "log.txt", NULL);
	g_autofree char *path = g_build_filename(folder, "expectation.txt", NULL);
	g_autofree char *missing = judge_missing(judge);
	g_autofree char *text = g_strdup_printf(
		"%s\n\nDid not come:\n%s", judge->reason ? judge->reason : "", missing);

	g_mkdir_with_parents(folder, 0755);
	g_file_set_contents(log, judge->output->str, (gssize)judge->output->len, NULL);
	g_file_set_contents(path, text, -1, NULL);
	g_file_set_contents(times, timeline, -1, NULL);
}
