// SPDX-License-Identifier: GPL-2.0-or-later
#include "page.h"
#include "http.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>
#include <linux/openat2.h>

#define FIRST_MS      50   /* a browser speaks at once, a viewer waits for the server */
#define SPARE_MS      1500 /* what a browser has opened in advance it uses by then */
#define HEAD_MS       5000 /* for the rest of a request */
#define STALL_S       10   /* without progress */
#define ANSWER_US     (120 * G_USEC_PER_SEC) /* for all of it, however slowly it goes */
#define FILE_MAX      (8u << 20)
#define STEP_MS       5
#define TLS_HANDSHAKE 22 /* content type of a record, RFC 8446, 5.1 */

bool page_speaks(int socket, bool browser)
{
	struct pollfd wait = {socket, POLLIN, 0};

	return poll(&wait, 1, browser ? SPARE_MS : FIRST_MS) > 0;
}

bool page_is_tls(int socket)
{
	unsigned char first;

	return recv(socket, &first, 1, MSG_PEEK) == 1 && first == TLS_HANDSHAKE;
}

static HttpKind peek(
	int socket, char head[HTTP_HEAD_MAX], gsize *size, char path[HTTP_PATH_MAX])
{
	struct pollfd first = {socket, POLLIN, 0}, rest = {socket, POLLRDHUP, 0};
	HttpKind kind = HTTP_PART;

	/* in TLS it may have said nothing yet */
	if (poll(&first, 1, STALL_S * 1000) <= 0)
		return HTTP_REFUSED;
	/* what has been seen stays for libvncserver, and so poll() does not wait */
	for (int waited = 0; kind == HTTP_PART && waited < HEAD_MS; waited += STEP_MS) {
		ssize_t got = recv(socket, head, HTTP_HEAD_MAX, MSG_PEEK);

		if (got <= 0)
			return HTTP_NONE;
		*size = (gsize)got;
		kind = http_parse(head, *size, path);
		/* POLLIN would be there all the time */
		if (kind == HTTP_PART && poll(&rest, 1, STEP_MS) > 0)
			kind = HTTP_REFUSED;
	}
	return kind == HTTP_PART ? HTTP_REFUSED : kind;
}

static bool put(int socket, const void *data, gsize size)
{
	gint64 until = g_get_monotonic_time() + ANSWER_US;
	const char *at = data;

	while (size) {
		ssize_t sent = send(socket, at, size, MSG_NOSIGNAL);

		if (sent <= 0 || g_get_monotonic_time() > until)
			return false;
		at += sent;
		size -= (gsize)sent;
	}
	return true;
}

static void answer(int socket, const char *status, const char *headers, const char *type,
	const void *data, gsize size)
{
	g_autofree char *head = g_strdup_printf(
		"HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n"
		"X-Content-Type-Options: nosniff\r\nConnection: close\r\n%s\r\n",
		status, type, size, headers);

	if (put(socket, head, strlen(head)))
		put(socket, data, size);
}

static void answer_text(
	int socket, const char *status, const char *headers, const char *text)
{
	answer(socket, status, headers, "text/plain; charset=utf-8", text, strlen(text));
}

/* Nothing outside of the folder, whatever links say. */
static int open_beneath(const char *folder, const char *path)
{
	struct open_how how = {.flags = O_RDONLY | O_CLOEXEC, .resolve = RESOLVE_BENEATH};
	int base = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int fd = -1;

	if (base < 0)
		return -1;
	fd = (int)syscall(SYS_openat2, base, path, &how, sizeof how);
	close(base);
	return fd;
}

static GByteArray *read_file(const char *folder, const char *path)
{
	GByteArray *content = g_byte_array_new();
	int fd = open_beneath(folder, path);
	guint8 part[16384];
	ssize_t got = fd < 0 ? -1 : 0;

	while (fd >= 0 && content->len <= FILE_MAX &&
		(got = read(fd, part, sizeof part)) > 0)
		g_byte_array_append(content, part, (guint)got);
	if (fd >= 0)
		close(fd);
	if (got == 0)
		return content;
	g_byte_array_unref(content);
	return NULL;
}

static void serve_file(int socket, const char *folder, const char *path)
{
	g_autoptr(GByteArray) content = NULL;

	if (!*path) {
		answer_text(socket, "302 Found",
			"Location: /vnc.html?autoconnect=true&resize=remote\r\n", "");
		return;
	}
	content = read_file(folder, path);
	if (content)
		answer(socket, "200 OK", "", http_type(path), content->data,
			content->len);
	else if (!strcmp(path, "vnc.html"))
		answer_text(socket, "404 Not Found", "",
			"noVNC is not installed (Debian package novnc): connect by a "
			"VNC viewer.\n");
	else
		answer_text(socket, "404 Not Found", "", "There is no such file.\n");
}

/* A socket that is closed with unread bytes forgets what was to be sent. */
static void read_rest(int socket)
{
	gint64 until = g_get_monotonic_time() + STALL_S * G_USEC_PER_SEC;
	char unused[1024];

	shutdown(socket, SHUT_WR);
	while (recv(socket, unused, sizeof unused, 0) > 0 &&
		g_get_monotonic_time() < until)
		;
}

PageOutcome page_serve(int socket, const char *folder)
{
	struct timeval stall = {.tv_sec = STALL_S};
	char head[HTTP_HEAD_MAX], path[HTTP_PATH_MAX];
	gsize size = 0;
	HttpKind kind = peek(socket, head, &size, path);

	if (kind == HTTP_NONE)
		return PAGE_VIEWER;
	if (kind == HTTP_WEBSOCKET)
		return PAGE_WEBSOCKET;
	if (kind == HTTP_WEBSOCKET_NAMED)
		return PAGE_WEBSOCKET_NAMED;
	setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &stall, sizeof stall);
	setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &stall, sizeof stall);
	if (recv(socket, head, size, 0) != (ssize_t)size)
		return PAGE_SERVED;
	if (kind == HTTP_FILE)
		serve_file(socket, folder, path);
	else
		answer_text(socket, "403 Forbidden", "", "This is not answered.\n");
	read_rest(socket);
	return PAGE_SERVED;
}
