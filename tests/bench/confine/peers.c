// SPDX-License-Identifier: GPL-2.0-or-later
#include "peers.h"

#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

typedef struct {
	int program, output;
} Bare;

static int become_bare(void *data)
{
	const Bare *bare = data;
	char *const arguments[] = {(char *)"ready", NULL};
	char *const nothing[] = {NULL};

	dup2(bare->output, 1);
	syscall(SYS_execveat, bare->program, "", arguments, nothing, AT_EMPTY_PATH);
	_exit(1);
}

pid_t peer_bare(unsigned long flags, int program, int output)
{
	static _Alignas(16) char stack[65536];
	Bare bare = {program, output};

	return clone(become_bare, stack + sizeof stack,
		(int)(flags | CLONE_VM | CLONE_VFORK | SIGCHLD), &bare);
}

bool peer_has(const char *program)
{
	g_autofree char *path = g_find_program_in_path(program);

	return path != NULL;
}

static pid_t run(char *const *arguments, int output)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	int null = open("/dev/null", O_RDWR);
	dup2(null, 0);
	dup2(output, 1);
	dup2(null, 2);
	execvp(arguments[0], arguments);
	_exit(1);
}

pid_t peer_bubblewrap(const char *path, int output)
{
	char *const arguments[] = {(char *)"bwrap", (char *)"--unshare-all",
		(char *)"--die-with-parent", (char *)"--ro-bind", (char *)path,
		(char *)"/ready", (char *)"/ready", NULL};

	return run(arguments, output);
}

static bool set_up(const char *folder, const char *path)
{
	g_autofree char *text = NULL;
	g_autofree char *config = g_build_filename(folder, "config.json", NULL);
	g_autofree char *command =
		g_strdup_printf("cd '%s' && mkdir rootfs && cp '%s' rootfs/ready && "
				"crun spec && sed -i -e 's/\"terminal\": true/"
				"\"terminal\": false/' -e 's/\"sh\"/\"\\/ready\"/' "
				"config.json",
			folder, path);

	return g_spawn_command_line_sync("crun --version", NULL, NULL, NULL, NULL) &&
	       system(command) == 0 && g_file_get_contents(config, &text, NULL, NULL);
}

char *peer_crun_prepare(const char *path)
{
	char *folder = g_dir_make_tmp("maq-bench-XXXXXX", NULL);

	if (!peer_has("crun") || !folder || !set_up(folder, path))
		g_clear_pointer(&folder, g_free);
	return folder;
}

pid_t peer_crun(const char *folder, int output)
{
	static unsigned count;
	g_autofree char *name = g_strdup_printf("maq-bench-%d-%u", getpid(), count++);
	char *const arguments[] = {(char *)"crun", (char *)"--cgroup-manager=disabled",
		(char *)"run", (char *)"--bundle", (char *)folder, name, NULL};

	return run(arguments, output);
}

void peer_crun_remove(const char *folder)
{
	g_autofree char *command = g_strdup_printf("rm -rf '%s'", folder);

	if (system(command))
		fprintf(stderr, "%s is left\n", folder);
}
