// SPDX-License-Identifier: GPL-2.0-or-later
#include "system.h"

#include "bench.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

bool bench_system_run(
	BenchSystem *system, const char *maquette, const char *scenario, int cpu)
{
	return bench_system_run_with(
		system, maquette, (const char *const[]){NULL}, scenario, cpu);
}

bool bench_system_run_with(BenchSystem *system, const char *maquette,
	const char *const *options, const char *scenario, int cpu)
{
	const char *arguments[16] = {maquette, "run"};
	unsigned count = 2;
	int ends[2];

	while (*options && count < 14)
		arguments[count++] = *options++;
	arguments[count] = scenario;

	*system = (BenchSystem){.started = bench_now()};
	if (pipe(ends))
		return false;
	system->pid = fork();
	if (system->pid == 0) {
		bench_pin(cpu);
		dup2(ends[1], 1);
		dup2(ends[1], 2);
		close(ends[0]);
		close(ends[1]);
		execv(maquette, (char *const *)arguments);
		_exit(111);
	}
	close(ends[1]);
	system->output = fdopen(ends[0], "r");
	return system->pid > 0;
}

bool bench_system_run_text(
	BenchSystem *system, const char *maquette, const char *config, int cpu)
{
	char *folder = g_dir_make_tmp("maq-bench-XXXXXX", NULL);
	g_autofree char *file =
		folder ? g_build_filename(folder, "init.config", NULL) : NULL;

	if (!folder || !g_file_set_contents(file, config, -1, NULL) ||
		!bench_system_run(system, maquette, folder, cpu)) {
		g_free(folder);
		return false;
	}
	system->folder = folder;
	return true;
}

bool bench_system_line(BenchSystem *system, const char *text, char *line, gsize size)
{
	while (fgets(line, (int)size, system->output))
		if (strstr(line, text)) {
			line[strcspn(line, "\n")] = '\0';
			return true;
		}
	return false;
}

/* The value of a line "KEY: N kB". */
static guint64 read_value(const char *path, const char *key)
{
	g_autofree char *text = NULL;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		return 0;
	const char *at = strstr(text, key);
	return at ? strtoull(at + strlen(key), NULL, 10) : 0;
}

static pid_t parent_of(pid_t pid)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/status", (int)pid);

	return (pid_t)read_value(path, "PPid:");
}

static bool descends(pid_t pid, pid_t from)
{
	while (pid > 1 && pid != from)
		pid = parent_of(pid);
	return pid == from;
}

static void add_part(GString *parts, pid_t pid, guint64 kib)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/cmdline", (int)pid);
	g_autofree char *name = NULL;

	if (g_file_get_contents(path, &name, NULL, NULL))
		g_string_append_printf(parts, "%s%s %.1f", parts->len ? ", " : "",
			strrchr(name, '/') ? strrchr(name, '/') + 1 : name,
			(double)kib / 1024);
}

guint64 bench_system_pss(const BenchSystem *system, GString *parts)
{
	g_autoptr(GDir) dir = g_dir_open("/proc", 0, NULL);
	const char *name;
	guint64 sum = 0;

	while ((name = g_dir_read_name(dir))) {
		pid_t pid = atoi(name);

		if (pid <= 0 || !descends(pid, system->pid))
			continue;
		g_autofree char *path = g_strdup_printf("/proc/%d/smaps_rollup", pid);
		guint64 kib = read_value(path, "\nPss:");
		add_part(parts, pid, kib);
		sum += kib;
	}
	return sum;
}

void bench_system_stop(BenchSystem *system)
{
	if (system->pid > 0) {
		kill(system->pid, SIGINT);
		waitpid(system->pid, NULL, 0);
	}
	if (system->output)
		fclose(system->output);
	if (system->folder) {
		g_autofree char *file =
			g_build_filename(system->folder, "init.config", NULL);

		unlink(file);
		rmdir(system->folder);
	}
	g_free(system->folder);
	*system = (BenchSystem){.pid = 0};
}
