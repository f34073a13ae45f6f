// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * terminal_bench - a coloured log through a pseudo-terminal into a terminal, beside xterm
 *
 * Each runs `cat` of the log on a screen that nobody looks at; what it takes with an
 * empty file, to start and end, is taken off.
 */
#include "../common/bench.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define MEGABYTES 20
#define MEGABYTE  1000000u

typedef struct {
	char *folder;     /* owned: a temporary one */
	char *log, *none; /* owned: files in it */
} Files;

typedef struct {
	double wall, cpu; /* s; wall BENCH_ABSENT: it did not run */
} Taken;

static const char config[] =
	"config\n"
	"+ parent-provides\n  + service LOG\n  + service ROM\n  + service Process\n"
	"+ default-route\n  + any-service\n    + parent\n    + any-child\n"
	"+ default | caps: 200 | ram: 64M\n"
	"+ start display\n  + binary framebuffer\n"
	"  + provides\n    + service Framebuffer\n    + service Input\n"
	"    + service Capture\n    + service Event\n"
	"  + config | width: 1000 | height: 600\n"
	"+ start terminal\n  + provides | + service Terminal\n"
	"+ start program\n  + binary pty\n  + exit | propagate: yes\n"
	"  + host\n    + program | path: /bin/cat\n    + directory | path: %s\n"
	"  + config | program: /bin/cat\n    + arg | value: %s\n-\n";

static void write_file(const char *path, const char *text, gsize size)
{
	g_autoptr(GError) error = NULL;

	if (!g_file_set_contents(path, text, (gssize)size, &error))
		g_error("%s", error->message);
}

static void write_log(const char *path)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (int i = 0; text->len < MEGABYTES * MEGABYTE; i++)
		g_string_append_printf(text,
			"2026-01-%02d %02d:%02d \033[3%dminfo\033[0m component-%d: "
			"request "
			"%d took %d ms, queue %d of 128\n",
			i % 31 + 1, i % 24, i % 60, i % 7 + 1, i % 17, i, i * 7919 % 900,
			i % 100);
	write_file(path, text->str, text->len);
}

static double cpu_of_children(void)
{
	struct rusage usage;

	getrusage(RUSAGE_CHILDREN, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static Taken take(const char *const *argv)
{
	double cpu = cpu_of_children();
	guint64 start = bench_now();
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		int nowhere = open("/dev/null", O_RDWR);

		dup2(nowhere, 0);
		dup2(nowhere, 1);
		dup2(nowhere, 2);
		execvp(argv[0], (char *const *)argv);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		return (Taken){BENCH_ABSENT, BENCH_ABSENT};
	return (Taken){(double)(bench_now() - start) / 1e9, cpu_of_children() - cpu};
}

static Taken ours(const Files *files, const char *file)
{
	g_autofree char *path = g_build_filename(files->folder, "init.config", NULL);
	g_autofree char *text = g_strdup_printf(config, files->folder, file);

	write_file(path, text, strlen(text));
	return take((const char *const[]){BENCH_MAQUETTE, "run", files->folder, NULL});
}

static Taken xterm(const Files *files, const char *file)
{
	(void)files;
	return take((const char *const[]){"xvfb-run", "-a", "-s", "-screen 0 1000x600x24",
		"xterm", "-fa", "monospace", "-fs", "10", "-geometry", "122x34", "-sl",
		"100000", "-e", "cat", file, NULL});
}

/* The log less the empty file. */
static Taken difference(
	Taken (*run)(const Files *files, const char *file), const Files *files)
{
	Taken none = run(files, files->none), log = run(files, files->log);

	if (none.wall < 0 || log.wall < 0)
		return (Taken){BENCH_ABSENT, BENCH_ABSENT};
	return (Taken){log.wall - none.wall, log.cpu - none.cpu};
}

static double rate(double seconds)
{
	return seconds > 0 ? MEGABYTES / seconds : BENCH_ABSENT;
}

int main(int argc, char **argv)
{
	Files files = {.folder = g_dir_make_tmp("maquette-bench-XXXXXX", NULL)};

	bench_init(argc, argv);
	files.log = g_build_filename(files.folder, "log", NULL);
	files.none = g_build_filename(files.folder, "none", NULL);
	write_log(files.log);
	write_file(files.none, "", 0);
	Taken own = difference(ours, &files), peer = difference(xterm, &files);
	if (own.wall < 0) {
		bench_skip("terminal log", "the scenario did not run");
	} else {
		bench_print(&(BenchFigure){.name = "terminal log",
			.unit = "MB/s",
			.ours = rate(own.wall),
			.limit_name = peer.wall < 0 ? NULL : "xterm",
			.limit = rate(peer.wall),
			.rule = peer.wall < 0 ? BENCH_NONE : BENCH_RATIO_LEAST,
			.goal = 1});
		bench_print(&(BenchFigure){.name = "terminal log, CPU",
			.unit = "s",
			.ours = own.cpu,
			.limit_name = peer.wall < 0 ? NULL : "xterm",
			.limit = peer.cpu,
			.rule = BENCH_NONE,
			.note = "of all processes, 20 MB"});
	}
	g_autofree char *folder = g_steal_pointer(&files.folder);
	const char *names[] = {"log", "none", "init.config"};
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *path = g_build_filename(folder, names[i], NULL);
		unlink(path);
	}
	rmdir(folder);
	g_free(files.log);
	g_free(files.none);
	return 0;
}
