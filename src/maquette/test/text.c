// SPDX-License-Identifier: GPL-2.0-or-later
#include "text.h"

#include "../command.h"

#include <maq/text.h>

#include <stdio.h>
#include <string.h>

#define NS_PER_S 1000000000ull

typedef struct {
	Remote *remote; /* borrowed */
	MaqText *text;  /* owned by the remote's env */
	char **lines;   /* owned */
	GString *shown; /* owned */
} Wait;

static void end(Wait *wait, int code)
{
	maq_loop_quit(maq_env_loop(wait->remote->env), code);
}

/* False: the terminal has gone. */
static bool read_rows(Wait *wait)
{
	guint32 next = 0, last = 1;

	g_string_truncate(wait->shown, 0);
	while (next < last) {
		const void *bytes;
		gsize size;
		guint32 before = next;

		if (maq_text_rows(wait->text, next, &next, &last, &bytes, &size) !=
			MAQ_TEXT_OK)
			return false;
		g_string_append_len(wait->shown, bytes, (gssize)size);
		if (next <= before)
			break;
	}
	return true;
}

static bool is_shown(const Wait *wait)
{
	g_auto(GStrv) rows = g_strsplit(wait->shown->str, "\n", -1);
	char **line = wait->lines;

	for (char **row = rows; *row && *line; row++)
		line += strstr(*row, *line) != NULL;
	return !*line;
}

static void look(void *data)
{
	Wait *wait = data;

	if (read_rows(wait) && is_shown(wait))
		end(wait, EXIT_WELL);
}

static void lost(void *data)
{
	fprintf(stderr, "the terminal has gone\n");
	end(data, EXIT_SCENARIO);
}

static void time_over(void *data)
{
	const Wait *wait = data;

	fprintf(stderr, "the terminal shows instead:\n%s", g_strchomp(wait->shown->str));
	fputc('\n', stderr);
	end(data, EXIT_SCENARIO);
}

int text_await(Remote *remote, const char *label, const char *pattern, gint64 seconds)
{
	g_autoptr(GError) error = NULL;
	g_auto(GStrv) lines = g_strsplit(pattern, "\n", -1);
	g_autoptr(GString) shown = g_string_new(NULL);
	Wait wait = {.remote = remote, .lines = lines, .shown = shown};
	int channel = remote_session_labelled(remote, &maq_text_interface, label, &error);

	if (channel < 0) {
		fprintf(stderr, "%s\n", error->message);
		return EXIT_SCENARIO;
	}
	wait.text = maq_text_attach(remote->env, channel);
	maq_text_on_changed(wait.text, look, &wait);
	maq_session_on_lost(maq_text_session(wait.text), lost, &wait);
	maq_loop_at(maq_env_loop(remote->env),
		maq_env_binding(remote->env)->now() + (guint64)MAX(seconds, 1) * NS_PER_S,
		time_over, &wait);
	look(&wait);
	return maq_loop_run(maq_env_loop(remote->env));
}
