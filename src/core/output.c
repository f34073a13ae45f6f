// SPDX-License-Identifier: GPL-2.0-or-later
#include "output.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define QUEUE_MAX 20000 /* lines */

struct Output {
	int fd;            /* borrowed */
	GThread *thread;   /* owned */
	GMutex lock;       /* of all that follows */
	GCond more, empty; /* there is a line; all are written */
	GQueue lines;      /* of char *, owned */
	guint lost;        /* lines since the last one that was taken */
	gboolean writing, ending;
};

/* False: there is nobody to write to any more. */
static gboolean write_all(int fd, const char *text)
{
	gsize size = strlen(text);

	while (size) {
		ssize_t n = write(fd, text, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return FALSE;
		text += n;
		size -= (gsize)n;
	}
	return TRUE;
}

static gpointer write_lines(gpointer data)
{
	Output *output = data;
	gboolean well = TRUE;

	g_mutex_lock(&output->lock);
	for (;;) {
		while (!output->lines.length && !output->ending)
			g_cond_wait(&output->more, &output->lock);
		if (!output->lines.length)
			break;
		g_autofree char *text = g_queue_pop_head(&output->lines);
		output->writing = TRUE;
		g_mutex_unlock(&output->lock);
		well = well && write_all(output->fd, text);
		g_mutex_lock(&output->lock);
		output->writing = FALSE;
		if (!output->lines.length)
			g_cond_signal(&output->empty);
	}
	g_mutex_unlock(&output->lock);
	return NULL;
}

Output *output_new(int fd)
{
	Output *output = g_new0(Output, 1);

	output->fd = fd;
	g_mutex_init(&output->lock);
	g_cond_init(&output->more);
	g_cond_init(&output->empty);
	output->thread = g_thread_new("output", write_lines, output);
	return output;
}

void output_write(Output *output, char *text)
{
	g_mutex_lock(&output->lock);
	if (output->lines.length >= QUEUE_MAX) {
		output->lost++;
		g_free(text);
	} else {
		if (output->lost)
			g_queue_push_tail(&output->lines,
				g_strdup_printf("[core] Warning: %u lines were not "
						"written: their reader is too slow\n",
					output->lost));
		output->lost = 0;
		g_queue_push_tail(&output->lines, text);
	}
	g_cond_signal(&output->more);
	g_mutex_unlock(&output->lock);
}

void output_free(Output *output)
{
	gint64 until = g_get_monotonic_time() + G_TIME_SPAN_SECOND;
	gboolean done = TRUE;

	g_mutex_lock(&output->lock);
	while ((output->lines.length || output->writing) && done)
		done = g_cond_wait_until(&output->empty, &output->lock, until);
	output->ending = TRUE;
	g_cond_signal(&output->more);
	g_mutex_unlock(&output->lock);
	if (!done)
		return; /* its thread is stuck in a write: it ends with the process */
	g_thread_join(output->thread);
	g_queue_clear_full(&output->lines, g_free);
	g_mutex_clear(&output->lock);
	g_cond_clear(&output->more);
	g_cond_clear(&output->empty);
	g_free(output);
}
