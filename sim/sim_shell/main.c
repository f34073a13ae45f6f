// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sim_shell - a shell that only answers what its configuration says
 *
 * Requires  Terminal, LOG, ROM
 * Config    prompt: TEXT (default "$ ")
 *           + command | line: TEXT | : ANSWER   to this line
 *
 * No pseudo-terminal and no program of the host: the same lines give the same screen,
 * always.
 */
#include <maq/component.h>
#include <maq/terminal.h>

#include <string.h>

#define LINE_MAX_BYTES 1000
#define CHUNK          8000 /* bytes of a write */

typedef struct {
	MaqEnv *env;
	MaqTerminal *terminal;
	GString *line;   /* owned: typed so far */
	GString *output; /* owned: not written yet */
	guint64 input_seq;
	bool writing, reading, readable;
} Shell;

static const char *prompt(const Shell *shell)
{
	return maq_config_string(shell->env, "prompt", "$");
}

/* ---- output ---- */

static void written(void *data, MaqTerminalError status);

static void flush(Shell *shell)
{
	gsize size = MIN(shell->output->len, CHUNK);

	if (shell->writing || !size)
		return;
	shell->writing = true;
	maq_terminal_write_async(shell->terminal, shell->output->str, size,
		shell->input_seq, written, shell);
	g_string_erase(shell->output, 0, (gssize)size);
}

static void written(void *data, MaqTerminalError status)
{
	Shell *shell = data;

	shell->writing = false;
	if (status == MAQ_TERMINAL_OK)
		flush(shell);
	else
		maq_exit(shell->env, 1);
}

/* ---- lines ---- */

static const MaqHidNode *find_command(const Shell *shell)
{
	const MaqHidNode *node = maq_hid_first(maq_config(shell->env), "command");

	while (node && strcmp(maq_hid_string(node, "line", ""), shell->line->str))
		node = maq_hid_next(node, "command");
	return node;
}

static void answer(Shell *shell)
{
	const MaqHidNode *command = find_command(shell);
	g_autofree char *text = command ? maq_hid_quoted(command) : NULL;
	g_auto(GStrv) lines = g_strsplit(text ? text : "", "\n", -1);

	if (shell->line->len && !command)
		g_string_append_printf(
			shell->output, "%s: not found\r\n", shell->line->str);
	for (char **line = lines; text && *line; line++)
		g_string_append_printf(shell->output, "%s\r\n", *line);
	g_string_append_printf(shell->output, "%s ", prompt(shell));
	g_string_truncate(shell->line, 0);
}

/* The last character, however many bytes it has. */
static void erase(Shell *shell)
{
	const char *start = shell->line->str, *end = start + shell->line->len;
	const char *last = g_utf8_find_prev_char(start, end);

	if (!last)
		return;
	g_string_truncate(shell->line, (gsize)(last - start));
	g_string_append(shell->output, "\b \b");
}

static void take(Shell *shell, char byte)
{
	if (byte == '\r') {
		g_string_append(shell->output, "\r\n");
		answer(shell);
	} else if (byte == 0x7f || byte == '\b') {
		erase(shell);
	} else if ((guchar)byte >= ' ' && shell->line->len < LINE_MAX_BYTES) {
		g_string_append_c(shell->line, byte);
		g_string_append_c(shell->output, byte);
	}
}

/* ---- input ---- */

static void read_more(Shell *shell);

static void got(
	void *data, MaqTerminalError status, const void *bytes, gsize size, guint64 seq)
{
	Shell *shell = data;

	shell->reading = false;
	if (status != MAQ_TERMINAL_OK || !size)
		return;
	shell->input_seq = seq;
	for (gsize i = 0; i < size; i++)
		take(shell, ((const char *)bytes)[i]);
	shell->readable = true;
	flush(shell);
	read_more(shell);
}

static void read_more(Shell *shell)
{
	if (!shell->readable || shell->reading)
		return;
	shell->reading = true;
	shell->readable = false;
	maq_terminal_read_async(shell->terminal, got, shell);
}

static void readable(void *data)
{
	Shell *shell = data;

	shell->readable = true;
	read_more(shell);
}

static void closed(void *data)
{
	maq_exit(data, 0);
}

static bool shell_start(MaqEnv *env, GError **error)
{
	Shell *shell = maq_env_state(env, sizeof *shell);

	shell->env = env;
	shell->line = g_string_new(NULL);
	shell->output = g_string_new(NULL);
	shell->terminal = maq_terminal_open(env, "", error);
	if (!shell->terminal)
		return false;
	maq_terminal_on_readable(shell->terminal, readable, shell);
	maq_terminal_on_closed(shell->terminal, closed, env);
	maq_session_on_lost(maq_terminal_session(shell->terminal), closed, env);
	g_string_printf(shell->output, "%s ", prompt(shell));
	flush(shell);
	readable(shell);
	return true;
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, shell_start);
}
