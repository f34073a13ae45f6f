// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz_viewer - all that a viewer may send, at the whole RFB server
 *
 * Plain, through a websocket or to the TLS layer, as the first byte says: the server is
 * told all of it, and that nothing more comes. It shall neither fail nor wait.
 */
#include "viewers.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* libvncserver 0.9.14 forgets an iterator at each SetDesktopSize. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:rfbGetClientIterator";
}

static const char hello[] = "RFB 003.008\n\1\1";
static const char upgrade[] =
	"GET /websockify HTTP/1.1\r\nHost: x:1\r\nUpgrade: websocket\r\n"
	"Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
	"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: binary\r\n"
	"Origin: http://x:1\r\n\r\n";

static int listener;
static struct sockaddr_un at = {.sun_family = AF_UNIX};
static Viewers *viewers;

static guint32 pixels[200 * 200];

static bool newest_frame(void *owner, Frame *frame)
{
	(void)owner;
	*frame = (Frame){pixels, 800, 200, 200};
	return true;
}

static void start(void)
{
	g_autoptr(MaqHidDocument) document =
		maq_hid_parse("config\n-\n", -1, "config", MAQ_HID_STRICT, NULL);

	g_snprintf(at.sun_path + 1, sizeof at.sun_path - 1, "maq-fuzz-%d", getpid());
	listener = socket(AF_UNIX, SOCK_STREAM, 0);
	g_assert_cmpint(bind(listener, (struct sockaddr *)&at, sizeof at), ==, 0);
	g_assert_cmpint(listen(listener, 4), ==, 0);
	viewers = viewers_new(80, 60, access_new(maq_hid_root(document), NULL));
	viewers_set_source(viewers, newest_frame, NULL);
}

/* A frame of a websocket, as a browser sends it: masked, by zeros. */
static void put_frame(int fd, const uint8_t *data, size_t size)
{
	uint8_t head[8] = {0x82, (uint8_t)(0x80 | (size < 126 ? size : 126)),
		(uint8_t)(size >> 8), (uint8_t)size};

	send(fd, head, size < 126 ? 2 : 4, MSG_NOSIGNAL);
	send(fd, "\0\0\0\0", 4, MSG_NOSIGNAL);
	send(fd, data, size, MSG_NOSIGNAL);
}

static void put_all(int fd, uint8_t kind, const uint8_t *data, size_t size)
{
	switch (kind & 3) {
	case 0: /* after a log-in */
		send(fd, hello, sizeof hello - 1, MSG_NOSIGNAL);
		break;
	case 1: /* the same in a websocket */
		send(fd, upgrade, sizeof upgrade - 1, MSG_NOSIGNAL);
		put_frame(fd, (const uint8_t *)hello, sizeof hello - 1);
		put_frame(fd, data, MIN(size, 60000));
		return;
	case 2: /* frames as they like it */
		send(fd, upgrade, sizeof upgrade - 1, MSG_NOSIGNAL);
		break;
	default: /* from the first byte on: also TLS */
		break;
	}
	send(fd, data, MIN(size, 60000), MSG_NOSIGNAL);
}

static void draw(void)
{
	static guint32 colour;
	Rect rects[] = {{0, 0, 80, 60}, {3, 4, 5, 6}};

	for (gsize i = 0; i < G_N_ELEMENTS(pixels); i++)
		pixels[i] = colour += 7919;
	viewers_draw(viewers, rects, 2);
	memmove(pixels, pixels + 10 * 200, sizeof pixels - 10 * 200 * 4);
	viewers_draw(viewers, rects, 1); /* has scrolled */
}

/* Until it has gone; what the server sends is read. */
static void await_end(int fd)
{
	char unused[65536];
	Event event = {.type = EVENT_COME};

	while (event.type != EVENT_GONE) {
		struct pollfd fds[] = {
			{viewers_events(viewers), POLLIN, 0}, {fd, POLLIN, 0}};

		poll(fds, 2, -1);
		if (fds[1].revents && recv(fd, unused, sizeof unused, 0) <= 0)
			fd = -1;
		while (event.type != EVENT_GONE && viewers_next(viewers, &event)) {
			if (event.type == EVENT_SIZE)
				viewers_resize(viewers, CLAMP(event.x, 80, 200),
					CLAMP(event.y, 60, 200), NULL, event.viewer);
			if (event.type == EVENT_CUT)
				g_free(viewers_take_cut(viewers, event.viewer));
			if (event.type == EVENT_COME)
				draw();
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!viewers)
		start();
	if (!size)
		return 0;
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	g_assert_cmpint(connect(fd, (struct sockaddr *)&at, sizeof at), ==, 0);
	put_all(fd, data[0], data + 1, size - 1);
	shutdown(fd, SHUT_WR);
	g_assert_cmpint(viewers_accept(viewers, listener), >=, 0);
	await_end(fd);
	close(fd);
	return 0;
}
