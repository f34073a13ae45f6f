// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pty - a program of the host on a pseudo-terminal
 *
 * Requires  Terminal, LOG, ROM
 * Config    program: path (default /bin/sh)
 *           + arg | value: TEXT   an argument each
 *
 * Exits with the program's exit code, after its last output has been written. Output
 * waits in the pseudo-terminal while the terminal is busy, keys in the terminal while the
 * program does not read.
 */
#include <maq/component.h>
#include <maq/terminal.h>

#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHUNK    16000 /* what a write may have; a read gives 4 KiB at most */
#define WRITES   2     /* unanswered: the next one is made while one is done */
#define KEYS_MAX 65536 /* then no more is read from the terminal */

typedef struct {
	MaqEnv *env;
	MaqTerminal *terminal;
	int master, pidfd;
	pid_t pid;
	MaqWatch *watch;       /* on master; NULL: nothing to wait for there */
	MaqWatch *ended_watch; /* on pidfd */
	GByteArray *keys;      /* for the program, not written yet */
	guint64 input_seq;
	guint writing; /* writes to the terminal that are unanswered */
	bool reading;  /* a read from the terminal is unanswered */
	bool readable; /* keys wait in the terminal */
	bool finished; /* no more output */
	bool ended;    /* the program has */
	int code;      /* its exit code */
} Pty;

static void master_ready(void *data, unsigned events);
static void read_keys(Pty *pty);

/* A hang-up is told whatever is waited for, and so nothing is watched for nothing. */
static void watch_master(Pty *pty)
{
	unsigned events = (pty->writing == WRITES || pty->finished ? 0 : EPOLLIN) |
			  (pty->keys->len ? EPOLLOUT : 0);

	if (!events)
		maq_watch_free(g_steal_pointer(&pty->watch));
	else if (pty->watch)
		maq_watch_set_events(pty->watch, events);
	else
		pty->watch = maq_loop_watch(
			maq_env_loop(pty->env), pty->master, events, master_ready, pty);
}

/* ---- output of the program ---- */

static void written(void *data, MaqTerminalError status);

/* What there is, up to a whole chunk. EIO: the last process on the pseudo-terminal has
 * closed it. */
static gsize read_output(Pty *pty, char *bytes)
{
	gsize size = 0;

	while (size < CHUNK && !pty->finished) {
		ssize_t got = read(pty->master, bytes + size, CHUNK - size);

		if (got > 0)
			size += (gsize)got;
		else if (got < 0 && errno == EAGAIN)
			break;
		else
			pty->finished = true;
	}
	return size;
}

/* Writes the next piece; if there is none and the program has ended, so do we. */
static void output(Pty *pty)
{
	char bytes[CHUNK];

	if (pty->writing == WRITES)
		return;
	gsize size = read_output(pty, bytes);
	if (size) {
		pty->writing++;
		maq_terminal_write_async(
			pty->terminal, bytes, size, pty->input_seq, written, pty);
	}
	if (pty->finished)
		g_byte_array_set_size(pty->keys, 0);
	if (pty->ended && !pty->writing)
		maq_exit(pty->env, pty->code);
	else
		watch_master(pty);
}

static void written(void *data, MaqTerminalError status)
{
	Pty *pty = data;

	pty->writing--;
	if (status != MAQ_TERMINAL_OK)
		maq_exit(pty->env, 1);
	else
		output(pty);
}

/* ---- keys for the program ---- */

static void flush_keys(Pty *pty)
{
	while (pty->keys->len && !pty->finished) {
		ssize_t size = write(pty->master, pty->keys->data, pty->keys->len);

		if (size <= 0)
			break;
		g_byte_array_remove_range(pty->keys, 0, (guint)size);
	}
	watch_master(pty);
	read_keys(pty);
}

static void got_keys(
	void *data, MaqTerminalError status, const void *bytes, gsize size, guint64 seq)
{
	Pty *pty = data;

	pty->reading = false;
	if (status != MAQ_TERMINAL_OK || !size)
		return;
	pty->input_seq = seq;
	pty->readable = true; /* until a read finds nothing */
	g_byte_array_append(pty->keys, bytes, (guint)size);
	flush_keys(pty);
}

static void read_keys(Pty *pty)
{
	if (!pty->readable || pty->reading || pty->keys->len >= KEYS_MAX)
		return;
	pty->reading = true;
	pty->readable = false;
	maq_terminal_read_async(pty->terminal, got_keys, pty);
}

static void readable(void *data)
{
	Pty *pty = data;

	pty->readable = true;
	read_keys(pty);
}

static void master_ready(void *data, unsigned events)
{
	Pty *pty = data;

	/* nobody is there to read them */
	if (events & (EPOLLHUP | EPOLLERR))
		g_byte_array_set_size(pty->keys, 0);
	if (events & EPOLLOUT)
		flush_keys(pty);
	output(pty);
}

/* ---- size ---- */

static void got_size(void *data, MaqTerminalError status, guint16 columns, guint16 rows,
	guint16 width, guint16 height)
{
	Pty *pty = data;
	struct winsize size = {rows, columns, width, height};

	if (status == MAQ_TERMINAL_OK)
		ioctl(pty->master, TIOCSWINSZ, &size);
}

static void size_changed(void *data)
{
	Pty *pty = data;

	maq_terminal_size_async(pty->terminal, got_size, pty);
}

/* ---- the program ---- */

static void program_ended(void *data, unsigned events)
{
	Pty *pty = data;
	int status = 0;

	(void)events;
	if (waitpid(pty->pid, &status, WNOHANG) != pty->pid)
		return;
	maq_watch_free(g_steal_pointer(&pty->ended_watch));
	pty->ended = true;
	pty->code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	output(pty); /* what it wrote last is still in the pseudo-terminal */
}

/* As the kernel does it when a line hangs up: a stopped program is to see it, too. */
static void hang_up(void *data)
{
	Pty *pty = data;
	pid_t front = tcgetpgrp(pty->master);

	if (pty->ended)
		return;
	kill(-pty->pid, SIGHUP);
	kill(-pty->pid, SIGCONT);
	if (front > 0 && front != pty->pid)
		kill(-front, SIGHUP);
}

static char **arguments(MaqEnv *env, const char *program)
{
	g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
	const MaqHidNode *arg = maq_hid_first(maq_config(env), "arg");

	g_strv_builder_add(builder, program);
	for (; arg; arg = maq_hid_next(arg, "arg"))
		g_strv_builder_add(builder, maq_hid_string(arg, "value", ""));
	return g_strv_builder_end(builder);
}

static bool start_program(Pty *pty, GError **error)
{
	const char *program = maq_config_string(pty->env, "program", "/bin/sh");
	g_auto(GStrv) argv = arguments(pty->env, program);
	struct winsize size = {24, 80, 0, 0};

	pty->pid = forkpty(&pty->master, NULL, NULL, &size);
	if (pty->pid == 0) {
		setenv("TERM", "xterm-256color", 1);
		execv(program, argv);
		dprintf(2, "%s: %s\n", program, strerror(errno));
		_exit(127);
	}
	if (pty->pid < 0) {
		g_set_error(error, MAQ_ERROR, MAQ_FAILED, "no pseudo-terminal for %s: %s",
			program, g_strerror(errno));
		return false;
	}
	fcntl(pty->master, F_SETFL, O_NONBLOCK);
	fcntl(pty->master, F_SETFD, FD_CLOEXEC);
	pty->pidfd = (int)syscall(SYS_pidfd_open, pty->pid, 0);
	return true;
}

static void terminal_lost(void *data)
{
	maq_exit(data, 1);
}

static bool pty_start(MaqEnv *env, GError **error)
{
	Pty *pty = maq_env_state(env, sizeof *pty);

	pty->env = env;
	pty->keys = g_byte_array_new();
	pty->terminal = maq_terminal_open(env, "", error);
	if (!pty->terminal || !start_program(pty, error))
		return false;
	maq_terminal_on_readable(pty->terminal, readable, pty);
	maq_terminal_on_size_changed(pty->terminal, size_changed, pty);
	maq_session_on_lost(maq_terminal_session(pty->terminal), terminal_lost, env);
	maq_terminal_on_closed(pty->terminal, hang_up, pty);
	watch_master(pty);
	pty->ended_watch = maq_loop_watch(
		maq_env_loop(env), pty->pidfd, EPOLLIN, program_ended, pty);
	size_changed(pty);
	readable(pty);
	return true;
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, pty_start);
}
