// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Who gets a place at the RFB server and who has to go, and browsers: their pages,
 * websockets, and the pages of others.
 */
#include "fixture.h"

#include <arpa/inet.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

static int dial_late(Fixture *fixture)
{
	int late = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	g_assert_no_errno(
		connect(late, (struct sockaddr *)&fixture->at, sizeof fixture->at));
	return late;
}

/* All places are taken by who says nothing: the first one has to go for the next. */
static void test_crowd(Fixture *fixture, gconstpointer data)
{
	int fds[VIEWERS_MAX], late;
	char byte;

	(void)data;
	for (int i = 0; i < VIEWERS_MAX; i++)
		fds[i] = dial(fixture, 0);
	late = dial_late(fixture);
	g_assert_cmpint(viewers_accept(fixture->viewers, fixture->listener), ==, -1);
	g_assert_true(viewers_waiting(fixture->viewers));
	g_assert_cmpint(await_event(fixture).type, ==, EVENT_GONE);
	g_assert_false(viewers_waiting(fixture->viewers));
	g_assert_cmpint(viewers_accept(fixture->viewers, fixture->listener), ==, 0);
	while (read(fds[0], &byte, 1) > 0)
		; /* the version; then it has ended */
	close(late);
	for (int i = 0; i < VIEWERS_MAX; i++)
		close(fds[i]);
	for (int i = 0; i < VIEWERS_MAX; i++)
		g_assert_cmpint(await_event(fixture).type, ==, EVENT_GONE);
}

static void be_heard(Fixture *fixture, rfbClient *client)
{
	g_assert_true(SendKeyEvent(client, 'a', FALSE));
	g_assert_cmpint(await_event(fixture).type, ==, EVENT_KEY);
}

/* All places are taken by people. What they have said has been heard in this order. */
static void come_in(Fixture *fixture, rfbClient *clients[VIEWERS_MAX])
{
	for (int i = 0; i < VIEWERS_MAX; i++) {
		clients[i] = viewer_new(fixture, 0);
		await_come(fixture);
		be_heard(fixture, clients[i]);
	}
}

static void test_silent_go(Fixture *fixture, gconstpointer data)
{
	rfbClient *clients[VIEWERS_MAX];

	(void)data;
	come_in(fixture, clients);
	/* the first one is the last that is heard of */
	be_heard(fixture, clients[0]);
	int late = dial_late(fixture);
	g_assert_cmpint(viewers_accept(fixture->viewers, fixture->listener), ==, -1);
	g_assert_true(viewers_waiting(fixture->viewers));
	Event gone = await_event(fixture);
	g_assert_cmpint(gone.type, ==, EVENT_GONE);
	g_assert_cmpuint(gone.viewer, ==, 1);
	g_autofree char *farewell = viewers_farewell(fixture->viewers, 1);
	g_assert_nonnull(strstr(farewell, "for somebody else"));
	/* who has not said anything yet goes before all others */
	g_assert_cmpint(viewers_accept(fixture->viewers, fixture->listener), ==, 1);
	int later = dial_late(fixture);
	g_assert_cmpint(viewers_accept(fixture->viewers, fixture->listener), ==, -1);
	g_assert_cmpuint(await_event(fixture).viewer, ==, 1);
	close(late);
	close(later);
	for (int i = 0; i < VIEWERS_MAX; i++)
		viewer_free(clients[i]);
}

static void test_known_stay(Fixture *fixture, gconstpointer data)
{
	rfbClient *clients[VIEWERS_MAX];
	char byte;

	(void)data;
	start(fixture, "config | password: secret\n-\n");
	come_in(fixture, clients);
	int late = dial_late(fixture);
	g_assert_cmpint(viewers_accept(fixture->viewers, fixture->listener), ==, -1);
	g_assert_false(viewers_waiting(fixture->viewers));
	g_assert_cmpint(read(late, &byte, 1), ==, 0);
	close(late);
	for (int i = 0; i < VIEWERS_MAX; i++)
		viewer_free(clients[i]);
}

/* A log-in has to be over some time, however it is stretched. */
static void test_slow_login(Fixture *fixture, gconstpointer data)
{
	static const char *const words[] = {"", "R", "RFB 003.008\n", "RFB 003.008\n\1"};

	(void)data;
	viewers_free(fixture->viewers);
	Access *access = make_access("config\n-\n");
	access->patience = 1000;
	fixture->viewers = viewers_new(64, 48, access);
	for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
		int fd = dial(fixture, 0);

		/* it may be too late already */
		send(fd, words[i], strlen(words[i]), MSG_NOSIGNAL);
		await_gone(fixture);
		close(fd);
	}
}

/* Sends a request and reads the answer to its end, or until a text has come. */
static char *ask(Fixture *fixture, const char *request, const char *until)
{
	g_autoptr(GString) answer = g_string_new(NULL);
	int fd = dial(fixture, 0);
	char part[4096];
	ssize_t got;

	g_assert_cmpint(write(fd, request, strlen(request)), ==, strlen(request));
	while (!(until && strstr(answer->str, until)) &&
		(got = read(fd, part, sizeof part)) > 0)
		g_string_append_len(answer, part, got);
	close(fd);
	return g_strdup(answer->str);
}

#define HANDSHAKE(host, origin)                                                          \
	"GET /websockify HTTP/1.1\r\nHost: " host "\r\nUpgrade: websocket\r\n"           \
	"Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"         \
	"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: binary\r\n"                \
	"Origin: " origin "\r\n\r\n"

static void test_browser(Fixture *fixture, gconstpointer data)
{
	g_autofree char *folder = g_dir_make_tmp("maq-XXXXXX", NULL);
	g_autofree char *file = g_build_filename(folder, "vnc.html", NULL);
	g_autofree char *link = g_build_filename(folder, "out.html", NULL);
	g_autofree char *page = NULL, *root = NULL, *none = NULL, *out = NULL;
	g_autofree char *own = NULL, *other = NULL;

	(void)data;
	g_assert_true(g_file_set_contents(file, "<p>the page</p>", -1, NULL));
	g_assert_no_errno(symlink("/etc/hostname", link));
	viewers_set_page(fixture->viewers, folder);
	root = ask(fixture, "GET / HTTP/1.1\r\n\r\n", NULL);
	g_assert_nonnull(strstr(root, "Location: /vnc.html?"));
	page = ask(fixture, "GET /vnc.html?x=1 HTTP/1.1\r\n\r\n", NULL);
	g_assert_true(g_str_has_prefix(page, "HTTP/1.1 200 OK"));
	g_assert_true(g_str_has_suffix(page, "<p>the page</p>"));
	none = ask(fixture, "GET /none.js HTTP/1.1\r\n\r\n", NULL);
	g_assert_true(g_str_has_prefix(none, "HTTP/1.1 404"));
	out = ask(fixture, "GET /out.html HTTP/1.1\r\n\r\n", NULL);
	g_assert_true(g_str_has_prefix(out, "HTTP/1.1 404"));
	own = ask(fixture, HANDSHAKE("x:1", "http://x:1"), "RFB 003.008\n");
	g_assert_true(g_str_has_prefix(own, "HTTP/1.1 101"));
	g_assert_nonnull(strstr(own, "RFB 003.008"));
	other = ask(fixture, HANDSHAKE("x:1", "http://y:1"), NULL);
	g_assert_true(g_str_has_prefix(other, "HTTP/1.1 403"));
	g_unlink(link);
	g_unlink(file);
	g_rmdir(folder);
}

/* Between the answer to its request and the server's version: nothing of it may be left
 * in memory, which the sanitizer finds. */
static void test_browser_leaves(Fixture *fixture, gconstpointer data)
{
	(void)data;
	for (int i = 0; i < 20; i++) {
		int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		struct sockaddr *at = (struct sockaddr *)&fixture->at;

		g_assert_no_errno(connect(fd, at, sizeof fixture->at));
		g_assert_cmpint(write(fd, HANDSHAKE("x:1", "http://x:1"),
					strlen(HANDSHAKE("x:1", "http://x:1"))),
			>, 0);
		close(fd);
		g_assert_cmpint(
			viewers_accept(fixture->viewers, fixture->listener), >=, 0);
		await_gone(fixture);
	}
}

static void send_websocket(int fd, const char *frame, gsize size)
{
	g_autoptr(GString) sent = g_string_new(HANDSHAKE("x:1", "http://x:1"));

	g_string_append_len(sent, frame, (gssize)size);
	send(fd, sent->str, sent->len, MSG_NOSIGNAL);
}

/* A websocket that ends within the head of a frame has ended; and one whose decoder has
 * stopped for good, at a frame of 2^63 bytes, is not asked for ever. */
static void test_websocket_spin(Fixture *fixture, gconstpointer data)
{
	static const char *const heads[] = {"\x82\x8e\1\1\1\1", "\x82\xfe\1\1\1\1\1\1",
		"\x82\xff\1\1\1\1\1\1\1\1\1\1\1\1", "\x89\x84\1\1\1\1"};
	static const char huge[20000] = "\x17\xff\x82\0\x31\1\1";

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(heads); i++)
		for (gsize length = 1; length <= strlen(heads[i]); length++) {
			int fd = dial(fixture, 0);

			send_websocket(fd, heads[i], length);
			shutdown(fd, SHUT_WR);
			await_gone(fixture);
			close(fd);
		}
	int fd = dial(fixture, 0);
	send_websocket(fd, huge, sizeof huge);
	await_gone(fixture);
	close(fd);
}

/* The page of another site, in a browser that has hesitated for so long that it might be
 * a viewer: however that ends, it is not let in. */
static void test_browser_hesitates(Fixture *fixture, gconstpointer data)
{
	static const char request[] =
		HANDSHAKE("x:1", "http://y:1") "\x82\x8e\0\0\0\0RFB 003.008\n\1\1";

	(void)data;
	for (int ms = 55; ms < 150; ms += 15) {
		int fd = dial(fixture, 0);

		poll(NULL, 0, ms);
		send(fd, request, sizeof request - 1, MSG_NOSIGNAL);
		shutdown(fd, SHUT_WR);
		g_assert_cmpint(await_first(fixture).type, ==, EVENT_GONE);
		close(fd);
	}
}

#define FRAME_IN "\x82\x8e\0\0\0\0RFB 003.008\n\1\1"

/* A name may have been another machine's when the page was loaded: nobody comes in by one
 * without a password. */
static void test_browser_named(Fixture *fixture, gconstpointer data)
{
	static const char named[] = HANDSHAKE("x:1", "http://x:1") FRAME_IN;
	static const char here[] =
		HANDSHAKE("127.0.0.1:1", "http://127.0.0.1:1") FRAME_IN;

	(void)data;
	int fd = dial(fixture, 0);
	send(fd, named, sizeof named - 1, MSG_NOSIGNAL);
	g_assert_cmpint(await_first(fixture).type, ==, EVENT_REFUSED);
	close(fd);
	await_gone(fixture);
	fd = dial(fixture, 0);
	send(fd, here, sizeof here - 1, MSG_NOSIGNAL);
	g_assert_cmpint(await_first(fixture).type, ==, EVENT_COME);
	close(fd);
	await_gone(fixture);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	be_quiet();
	CASE("/vnc/places/browser", test_browser);
	CASE("/vnc/places/browser-leaves", test_browser_leaves);
	CASE("/vnc/places/websocket-spin", test_websocket_spin);
	CASE("/vnc/places/browser-hesitates", test_browser_hesitates);
	CASE("/vnc/places/browser-named", test_browser_named);
	CASE("/vnc/places/crowd", test_crowd);
	CASE("/vnc/places/silent-go", test_silent_go);
	CASE("/vnc/places/known-stay", test_known_stay);
	CASE("/vnc/places/slow-login", test_slow_login);
	return g_test_run();
}
