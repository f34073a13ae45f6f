// SPDX-License-Identifier: GPL-2.0-or-later
#include "log.h"

#include "output.h"

#include <maq/log.h>

#define NS_PER_S    1000000000u
#define LINES_KEPT  2000
#define LINES_OVER  250   /* before some are forgotten: it takes a walk */
#define RATE_LINES  10000 /* of an author, a second: more have to wait */
#define BURST_LINES 20000 /* that an author may write at once */
#define LINES_SHOWN 500   /* in the module */

typedef struct {
	guint64 number;
	char *label, *text; /* owned */
} Line;

struct Log {
	MaqEnv *env;  /* borrowed; NULL: authors are not held back */
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
	LogPace pace;
} Client;

static void line_free(gpointer data)
{
	Line *line = data;

	g_free(line->label);
	g_free(line->text);
	g_free(line);
}

Log *log_new(bool color, MaqEnv *env)
{
	Log *log = g_new0(Log, 1);

	log->env = env;

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

/* ---- whose lines are forgotten ---- */

static gpointer loudest(Log *log, guint *lines)
{
	g_autoptr(GHashTable) counts = g_hash_table_new(g_str_hash, g_str_equal);
	gpointer found = NULL;

	*lines = 0;
	for (GList *l = log->lines.head; l; l = l->next) {
		gpointer label = ((Line *)l->data)->label;
		guint n = GPOINTER_TO_UINT(g_hash_table_lookup(counts, label)) + 1;

		g_hash_table_insert(counts, label, GUINT_TO_POINTER(n));
		if (n > *lines) {
			*lines = n;
			found = label;
		}
	}
	return found;
}

/* Who writes most loses its own lines, not those of others. */
static void forget_some(Log *log)
{
	guint lines, n = log->lines.length - LINES_KEPT;
	g_autofree char *label = g_strdup(loudest(log, &lines));
	bool all = lines < n * 2; /* there is no such author */

	for (GList *l = log->lines.head, *next; l && n; l = next) {
		Line *line = l->data;

		next = l->next;
		if (!all && strcmp(line->label, label))
			continue;
		g_queue_delete_link(&log->lines, l);
		line_free(line);
		n--;
	}
}

static void log_line(Log *log, const char *label, const char *text, gsize size)
{
	Line *line = g_new(Line, 1);

	*line = (Line){log->end, g_strdup(label), g_strndup(text, size)};
	/* what a component prints must not drive the terminal that shows it */
	for (char *c = line->text; *c; c++)
		if ((guchar)*c < ' ' && *c != '\t' && *c != '\033')
			*c = '?';
	g_queue_push_tail(&log->lines, line);
	log->end++;
	if (log->lines.length > LINES_KEPT + LINES_OVER)
		forget_some(log);
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
	gsize start = text->len;

	for (GList *l = log->lines.head; l; l = l->next) {
		const Line *line = l->data;

		if (line->number < from)
			continue;
		if (text->len - start + strlen(line->label) + strlen(line->text) + 2 >
			max)
			return line->number;
		g_string_append_printf(text, "%s\t%s\n", line->label, line->text);
	}
	return log->end;
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

/* ---- pace ---- */

guint64 log_pace(Log *log, LogPace *pace, gsize lines)
{
	guint64 now = log->env ? maq_env_binding(log->env)->now() : 0;
	guint64 each = NS_PER_S / RATE_LINES;
	guint64 burst = BURST_LINES * each;

	/* paid_until: all lines so far are paid for by then */
	pace->paid_until = MAX(pace->paid_until, now > burst ? now - burst : 0);
	pace->paid_until += lines * each;
	return log->env && pace->paid_until > now ? pace->paid_until - now : 0;
}

static gsize count_lines(const char *text)
{
	gsize lines = 1;

	while ((text = strchr(text, '\n')))
		lines += *++text != '\0';
	return lines;
}

static MaqLogError client_write(void *self, const char *text)
{
	Client *client = self;

	log_text(client->log, maq_peer_label(client->peer), text);
	maq_peer_rest(
		client->peer, log_pace(client->log, &client->pace, count_lines(text)));
	return MAQ_LOG_OK;
}

static MaqStatus client_open(void *self, MaqPeer *peer, void **client)
{
	Client *made = g_new(Client, 1);

	*made = (Client){.log = self, .peer = peer};
	*client = made;
	return MAQ_OK;
}

const MaqLogService log_service = {
	.ops = {.write = client_write},
	.open = client_open,
	.close = g_free,
};
