// SPDX-License-Identifier: GPL-2.0-or-later
#include "step.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <maq/memory.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define MESSAGE_MAX 4096

bool child_begin(ChildRun *child, void (*work)(void *data, const char *pid), void *data,
	const char *pid)
{
	int ends[2], output = memfd_create("step", MFD_CLOEXEC);
	pid_t own = getpid();

	if (output < 0 || !g_unix_open_pipe(ends, FD_CLOEXEC, NULL)) {
		if (output >= 0)
			close(output);
		return false;
	}
	child->pid = fork();
	if (child->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != own)
			_exit(1);
		close(ends[0]);
		dup2(output, STDOUT_FILENO);
		dup2(output, STDERR_FILENO);
		work(data, pid);
		_exit(1);
	}
	close(ends[1]);
	child->handle = ends[0];
	child->output = output;
	if (child->pid > 0)
		return true;
	close(ends[0]);
	close(output);
	return false;
}

bool child_finish(ChildRun *child, char **message)
{
	struct pollfd ended = {.fd = child->handle, .events = POLLIN};
	char buffer[MESSAGE_MAX];
	int status = 0;

	if (poll(&ended, 1, 0) == 0)
		kill(child->pid, SIGKILL);
	while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR)
		;
	if (message) {
		ssize_t n = pread(child->output, buffer, sizeof buffer, 0);

		*message = g_utf8_make_valid(buffer, MAX(n, 0));
		g_strchomp(*message);
	}
	close(child->handle);
	close(child->output);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}
