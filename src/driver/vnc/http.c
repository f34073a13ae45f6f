// SPDX-License-Identifier: GPL-2.0-or-later
#include "http.h"

#include <stdbool.h>
#include <string.h>

#define WEBSOCKET_HEAD_MAX 4000

static const char get[] = "GET "; /* what libvncserver takes for a browser, too */

/* The value of a header, NULL if there is none; owned by the caller. */
static char *find_header(const char *head, const char *name)
{
	gsize length = strlen(name);
	const char *line = head;

	while ((line = strstr(line, "\r\n"))) {
		line += 2;
		if (!g_ascii_strncasecmp(line, name, length) && line[length] == ':') {
			const char *value = line + length + 1;

			return g_strstrip(g_strndup(value, strcspn(value, "\r\n")));
		}
	}
	return NULL;
}

/* A page of another site must not look at this desktop: browsers tell whose it is. */
static bool is_own_page(const char *head)
{
	g_autofree char *origin = find_header(head, "Origin");
	g_autofree char *host = find_header(head, "Host");
	const char *site = origin ? strstr(origin, "://") : NULL;

	return !origin || (site && host && !strcmp(site + 3, host));
}

/*
 * Whose name that is, is said by whoever serves the name: a page of theirs may have come
 * from elsewhere, and have become this machine's since (DNS rebinding).
 */
static bool is_named(const char *head)
{
	g_autofree char *origin = find_header(head, "Origin");
	g_autofree char *host = find_header(head, "Host");

	if (!origin || !host || *host == '[')
		return false;
	host[strcspn(host, ":")] = '\0';
	return !g_hostname_is_ip_address(host) && g_ascii_strcasecmp(host, "localhost");
}

/* libvncserver 0.9.14 takes 4095 bytes for the whole request, and forgets to free the
 * first path if there is a second line of this kind. */
static bool is_for_library(const char *head)
{
	return strlen(head) < WEBSOCKET_HEAD_MAX && !strstr(head, "\nGET ");
}

static bool take_path(const char *head, char path[HTTP_PATH_MAX])
{
	const char *start = head + strlen(get) + 1; /* the slash */
	gsize length = strcspn(start, " ?#\r\n");
	char before = '/';

	if (length >= HTTP_PATH_MAX)
		return false;
	for (gsize i = 0; i < length; i++) {
		bool fine = g_ascii_isalnum(start[i]) || strchr("_-/", start[i]) ||
			    (start[i] == '.' && before != '/');

		if (!fine || (start[i] == '/' && before == '/'))
			return false;
		before = start[i];
	}
	memcpy(path, start, length);
	path[length] = '\0';
	return true;
}

/* How much of it belongs to the request, with its empty line; 0: that is not there yet.
 */
static gsize find_end(const char *head, gsize size)
{
	const char *end = memmem(head, size, "\r\n\r\n", 4);

	return end ? (gsize)(end - head) + 4 : 0;
}

HttpKind http_parse(const char *head, gsize size, char path[HTTP_PATH_MAX])
{
	gsize length = find_end(head, MIN(size, HTTP_HEAD_MAX));
	g_autofree char *text = NULL, *upgrade = NULL;

	if (!size || strncmp(head, get, MIN(strlen(get), size)))
		return HTTP_NONE;
	if (!length)
		return size < HTTP_HEAD_MAX ? HTTP_PART : HTTP_REFUSED;
	text = g_strndup(head, length);
	/* there is a zero in it, or what it wants is no path */
	if (strlen(text) < length || text[strlen(get)] != '/')
		return HTTP_REFUSED;
	upgrade = find_header(text, "Upgrade");
	if (!upgrade || g_ascii_strcasecmp(upgrade, "websocket"))
		return take_path(text, path) ? HTTP_FILE : HTTP_REFUSED;
	if (!is_own_page(text) || !is_for_library(text))
		return HTTP_REFUSED;
	return is_named(text) ? HTTP_WEBSOCKET_NAMED : HTTP_WEBSOCKET;
}

const char *http_type(const char *path)
{
	static const struct {
		const char *end, *type;
	} types[] = {
		{".html", "text/html; charset=utf-8"},
		{".js", "text/javascript"},
		{".css", "text/css"},
		{".json", "application/json"},
		{".svg", "image/svg+xml"},
		{".png", "image/png"},
		{".mp3", "audio/mpeg"},
		{".oga", "audio/ogg"},
		{".woff", "font/woff"},
		{".ttf", "font/ttf"},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(types); i++)
		if (g_str_has_suffix(path, types[i].end))
			return types[i].type;
	return "application/octet-stream";
}
