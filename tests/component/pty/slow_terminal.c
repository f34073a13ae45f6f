// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * slow_terminal - a terminal that answers when it likes, for the tests of pty
 *
 * Provides  Terminal, LOG lines of what it got
 * Config    delay_ms: before each answer (default 0)
 *           close: yes|no    closed by its user at the first output (default no)
 *           keys: bytes of input that wait from the first output on (default 0)
 */
#include <maq/component.h>
#include <maq/terminal.h>

#include <string.h>

typedef struct {
	MaqEnv *env;
	MaqPeer *program; /* borrowed */
	MaqCall *call;    /* the write that is not answered */
	guint64 delay;    /* ns */
	gsize got, keys;  /* bytes */
	char tail[16];    /* of the output */
	bool closed;
} Slow;

static void answer(void *data)
{
	Slow *slow = data;

	maq_terminal_write_reply(g_steal_pointer(&slow->call), MAQ_TERMINAL_OK);
}

static void remember(Slow *slow, const char *bytes, gsize size)
{
	for (gsize i = 0; i < size; i++) {
		memmove(slow->tail, slow->tail + 1, sizeof slow->tail - 2);
		slow->tail[sizeof slow->tail - 2] = bytes[i];
	}
	slow->got += size;
}

static void write_text(
	void *self, MaqCall *call, const void *bytes, gsize size, guint64 input_seq)
{
	Slow *slow = self;

	(void)input_seq;
	if (!slow->got && size) {
		slow->keys = maq_config_u64(slow->env, "keys", 0);
		maq_terminal_signal_readable(slow->program);
	}
	remember(slow, bytes, size);
	slow->call = call;
	if (maq_config_bool(slow->env, "close", false) && !slow->closed)
		maq_terminal_signal_closed(slow->program);
	slow->closed = true;
	if (slow->delay)
		maq_loop_at(maq_env_loop(slow->env),
			maq_env_binding(slow->env)->now() + slow->delay, answer, slow);
	else
		answer(slow);
}

static MaqTerminalError read_text(
	void *self, const void **data, gsize *size, guint64 *input_seq)
{
	static const char keys[16000];
	Slow *slow = self;

	*data = keys;
	*size = MIN(slow->keys, sizeof keys);
	*input_seq = 0;
	slow->keys -= *size;
	return MAQ_TERMINAL_OK;
}

static MaqTerminalError size(
	void *self, guint16 *columns, guint16 *rows, guint16 *width, guint16 *height)
{
	(void)self;
	*columns = 80;
	*rows = 24;
	*width = *height = 0;
	return MAQ_TERMINAL_OK;
}

static MaqStatus open_program(void *self, MaqPeer *peer, void **client)
{
	Slow *slow = self;

	slow->program = peer;
	*client = slow;
	return MAQ_OK;
}

/* The last word that was written. */
static const char *last_word(Slow *slow)
{
	char *start = slow->tail;
	char *end = slow->tail + sizeof slow->tail - 1;

	while (start < end && !*start)
		start++;
	g_strchomp(start);
	end = strpbrk(start, "\r\n");
	while (end) {
		start = end + 1;
		end = strpbrk(start, "\r\n");
	}
	return start;
}

static void close_program(void *self)
{
	Slow *slow = self;

	maq_log(slow->env, "%zu bytes, the end is %s%s", slow->got, last_word(slow),
		slow->keys ? ", keys are left" : "");
}

static const MaqTerminalService service = {
	.ops = {.size = size, .write = write_text, .read = read_text},
	.open = open_program,
	.close = close_program,
};

static bool slow_start(MaqEnv *env, GError **error)
{
	Slow *slow = maq_env_state(env, sizeof *slow);

	slow->env = env;
	slow->delay = maq_config_u64(env, "delay_ms", 0) * 1000000;
	return maq_terminal_provide(env, &service, slow, error);
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, slow_start);
}
