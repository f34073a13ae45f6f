// SPDX-License-Identifier: GPL-2.0-or-later
#include "server.h"
#include "viewers.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

const char server_hello[] = "RFB 003.008\n\1\1";
const char server_upgrade[] =
	"GET /websockify HTTP/1.1\r\nHost: 127.0.0.1:1\r\nUpgrade: websocket\r\n"
	"Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
	"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: binary\r\n"
	"Origin: http://127.0.0.1:1\r\n\r\n";

static int listener;
static struct sockaddr_un at = {.sun_family = AF_UNIX};
static Viewers *viewers;
static guint32 pixels[200 * 200];

/* libvncserver 0.9.14 forgets an iterator at each SetDesktopSize. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:rfbGetClientIterator";
}

static bool newest_frame(void *owner, Frame *frame)
{
	(void)owner;
	*frame = (Frame){pixels, 800, 200, 200};
	return true;
}

void server_start(const char *page, const char *access)
{
	g_autofree char *text =
		access ? g_strdup_printf("config | access: %s\n-\n", access)
		       : g_strdup("config\n-\n");
	g_autoptr(MaqHidDocument) document =
		maq_hid_parse(text, -1, "config", MAQ_HID_STRICT, NULL);
	g_autoptr(GError) error = NULL;

	g_snprintf(at.sun_path + 1, sizeof at.sun_path - 1, "maq-fuzz-%d", getpid());
	listener = socket(AF_UNIX, SOCK_STREAM, 0);
	g_assert_cmpint(bind(listener, (struct sockaddr *)&at, sizeof at), ==, 0);
	g_assert_cmpint(listen(listener, 4), ==, 0);
	Access *policy = access_new(maq_hid_root(document), NULL, &error);
	g_assert_no_error(error);
	viewers = viewers_new(80, 60, policy);
	viewers_set_source(viewers, newest_frame, NULL);
	viewers_set_page(viewers, page);
}

int server_dial(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	g_assert_cmpint(connect(fd, (struct sockaddr *)&at, sizeof at), ==, 0);
	g_assert_cmpint(viewers_accept(viewers, listener), >=, 0);
	return fd;
}

static void draw(void)
{
	static guint32 colour;
	Change changes[] = {{.rect = {0, 0, 80, 60}}, {.rect = {3, 4, 5, 6}}};

	for (gsize i = 0; i < G_N_ELEMENTS(pixels); i++)
		pixels[i] = colour += 7919;
	viewers_draw(viewers, changes, 2);
	memmove(pixels, pixels + 10 * 200, sizeof pixels - 10 * 200 * 4);
	viewers_draw(viewers, changes, 1);                        /* has scrolled */
	changes[0] = (Change){.rect = {0, 0, 80, 50}, .dy = -10}; /* and says so, a lie */
	viewers_draw(viewers, changes, 2);
	viewers_audit(viewers);
}

static void handle(const Event *event)
{
	if (event->type == EVENT_SIZE)
		viewers_resize(viewers, CLAMP(event->x, 80, 200),
			CLAMP(event->y, 60, 200), NULL, event->viewer);
	if (event->type == EVENT_CUT)
		g_free(viewers_take_cut(viewers, event->viewer));
	if (event->type == EVENT_COME)
		draw();
}

void server_await_end(int fd)
{
	char unused[65536];
	Event event = {.type = EVENT_COME};

	while (event.type != EVENT_GONE) {
		struct pollfd fds[] = {
			{viewers_events(viewers), POLLIN, 0}, {fd, POLLIN, 0}};

		poll(fds, 2, -1);
		if (fds[1].revents && recv(fd, unused, sizeof unused, 0) <= 0)
			fd = -1;
		while (event.type != EVENT_GONE && viewers_next(viewers, &event))
			handle(&event);
	}
}

GByteArray *server_frame(const void *data, gsize size)
{
	GByteArray *frame = g_byte_array_new();
	guint8 head[4] = {0x82, (guint8)(0x80 | (size < 126 ? size : 126)),
		(guint8)(size >> 8), (guint8)size};

	g_assert(size <= G_MAXUINT16);
	g_byte_array_append(frame, head, size < 126 ? 2 : 4);
	g_byte_array_append(frame, (const guint8 *)"\0\0\0\0", 4);
	g_byte_array_append(frame, data, (guint)size);
	return frame;
}
