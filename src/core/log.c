// SPDX-License-Identifier: GPL-2.0-or-later
#include "log.h"

#include "output.h"

#include <maq/log.h>

#define LINES_KEPT  2000
#define LINES_SHOWN 500 /* in the module */

typedef struct {
	char *label, *text; /* owned */
} Line;

struct Log {
	GQueue lines; /* of Line, oldest first */
	guint64 end;  /* number of the next line */
	bool color;
	Output *output; /* owned */
	void (*on_line)(void *data);
	void *on_line_data; /* borrowed */
};

typedef struct {
	Log *log;      /* borrowed */
	MaqPeer *peer; /* borrowed: its label is ours */
} Client;

static void line_free(gpointer data)
{
	Line *line = data;

	g_free(line->label);
	g_free(line->text);
	g_free(line);
}

Log *log_new(bool color)
{
	Log *log = g_new0(Log, 1);

	log->color = color;
	log->output = output_new(1);
	return log;
}

void log_free(Log *log)
{
	output_free(log->output);
	g_queue_clear_full(&log->lines, line_free);
	g_free(log);
}

static void log_line(Log *log, const char *label, const char *text, gsize size)
{
	Line *line = g_new(Line, 1);

	*line = (Line){g_strdup(label), g_strndup(text, size)};
	/* what a component prints must not drive the terminal that shows it */
	for (char *c = line->text; *c; c++)
		if ((guchar)*c < ' ' && *c != '\t' && *c != '\033')
			*c = '?';
	g_queue_push_tail(&log->lines, line);
	log->end++;
	if (log->lines.length > LINES_KEPT)
		line_free(g_queue_pop_head(&log->lines));
	output_write(log->output,
		log->color ? g_strdup_printf(
				     "\033[2m[%s]\033[0m %s\n", line->label, line->text)
			   : g_strdup_printf("[%s] %s\n", line->label, line->text));
}

void log_text(Log *log, const char *label, const char *text)
{
	while (*text) {
		gsize size = strcspn(text, "\n");

		log_line(log, label, text, size);
		text += size + (text[size] == '\n');
	}
	if (log->on_line)
		log->on_line(log->on_line_data);
}

guint64 log_end(const Log *log)
{
	return log->end;
}

guint64 log_read(const Log *log, guint64 from, GString *text, gsize max)
{
	guint64 number = log->end - log->lines.length;
	gsize start = text->len;

	for (GList *l = log->lines.head; l; l = l->next, number++) {
		const Line *line = l->data;

		if (number < from)
			continue;
		if (text->len - start + strlen(line->label) + strlen(line->text) + 2 >
			max)
			return number;
		g_string_append_printf(text, "%s\t%s\n", line->label, line->text);
	}
	return number;
}

char *log_module(void *data)
{
	const Log *log = data;
	GString *text = g_string_new(NULL);
	guint64 first = log->end > LINES_SHOWN ? log->end - LINES_SHOWN : 0;

	g_string_append_printf(text, "%" G_GUINT64_FORMAT "\n", log->end);
	log_read(log, first, text, G_MAXSIZE / 2);
	return g_string_free(text, FALSE);
}

void log_on_line(Log *log, void (*handler)(void *data), void *data)
{
	log->on_line = handler;
	log->on_line_data = data;
}

char **log_last_lines(const Log *log, const char *label, guint max)
{
	g_autoptr(GPtrArray) found = g_ptr_array_new();

	for (GList *l = log->lines.tail; l && found->len < max; l = l->prev) {
		const Line *line = l->data;

		if (!strcmp(line->label, label))
			g_ptr_array_insert(found, 0, g_strdup(line->text));
	}
	g_ptr_array_add(found, NULL);
	return (char **)g_ptr_array_steal(found, NULL);
}

static MaqLogError client_write(void *self, const char *text)
{
	Client *client = self;

	log_text(client->log, maq_peer_label(client->peer), text);
	return MAQ_LOG_OK;
}

static MaqStatus client_open(void *self, MaqPeer *peer, void **client)
{
	Client *made = g_new(Client, 1);

	*made = (Client){self, peer};
	*client = made;
	return MAQ_OK;
}

const MaqLogService log_service = {
	.ops = {.write = client_write},
	.open = client_open,
	.close = g_free,
};
