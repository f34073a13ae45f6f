// SPDX-License-Identifier: GPL-2.0-or-later
#include "cut.h"
#include "extensions.h"

#include <string.h>

void cut_init(Cut *cut)
{
	*cut = (Cut){.from = NOBODY};
	g_mutex_init(&cut->lock);
}

void cut_fini(Cut *cut)
{
	g_mutex_clear(&cut->lock);
	g_free(cut->text);
}

void cut_set(Cut *cut, const char *text, unsigned from)
{
	g_mutex_lock(&cut->lock);
	g_free(cut->text);
	cut->text = g_strdup(text);
	cut->from = from;
	g_atomic_int_inc(&cut->serial);
	g_mutex_unlock(&cut->lock);
}

/* ---- from the viewer ---- */

/* text: owned from now on. */
static void copied(rfbClientPtr client, char *text)
{
	Viewer *viewer = extension_viewer(client);

	g_mutex_lock(&viewer->lock);
	bool waits = viewer->copied != NULL;
	g_free(viewer->copied);
	viewer->copied = text;
	g_mutex_unlock(&viewer->lock);
	/* who copies without end has one event in the queue, with the last text */
	if (!waits)
		events_post(viewer->events,
			&(Event){.type = EVENT_CUT, .viewer = viewer->number});
}

/* Latin-1 is the first 256 characters. Not by iconv, whose tables a component has not. */
static void on_text(char *text, int size, rfbClientPtr client)
{
	GString *converted = g_string_new(NULL);

	for (int i = 0; i < size && text[i]; i++)
		g_string_append_unichar(converted, (guchar)text[i]);
	copied(client, g_string_free(converted, false));
}

/* The zero at the end counts; carriage returns go where the clipboard takes it. */
static void on_utf8(char *text, int size, rfbClientPtr client)
{
	copied(client, g_utf8_make_valid(text, (gssize)strnlen(text, (gsize)size)));
}

void cut_watch(Viewer *viewer)
{
	viewer->screen->setXCutText = on_text;
	viewer->screen->setXCutTextUTF8 = on_utf8;
}

/* ---- to the viewer ---- */

static GString *to_latin(const char *text)
{
	GString *latin = g_string_new(NULL);

	for (; *text; text = g_utf8_next_char(text)) {
		gunichar character = g_utf8_get_char(text);

		g_string_append_c(latin, character < 256 ? (char)character : '?');
	}
	return latin;
}

/* libvncserver 0.9.14 announces Latin-1 that stands in for UTF-8 by the wrong length. */
static void send_text(rfbClientPtr client, const char *text)
{
	if (!client->enableExtendedClipboard) {
		g_autoptr(GString) latin = to_latin(text);

		rfbSendServerCutText(client->screen, latin->str, (int)latin->len);
		return;
	}
	g_autoptr(GString) lines = g_string_new(text);

	g_string_replace(lines, "\n", "\r\n", 0);
	rfbSendServerCutTextUTF8(client->screen, lines->str, (int)lines->len, NULL, 0);
}

void cut_update(Viewer *viewer)
{
	Cut *cut = viewer->cut;
	g_autofree char *text = NULL;

	if (viewer->cut_serial == (guint)g_atomic_int_get(&cut->serial))
		return;
	g_mutex_lock(&cut->lock);
	viewer->cut_serial = cut->serial;
	if (cut->from != viewer->number && !viewer->client->viewOnly)
		text = g_strdup(cut->text);
	g_mutex_unlock(&cut->lock);
	if (text)
		send_text(viewer->client, text);
}
