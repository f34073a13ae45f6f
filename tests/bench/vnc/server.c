// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * server - the driver's RFB server without sessions:
 * server PORT react|scroll|untold|video
 *
 * scroll says what has moved, as a client of Framebuffer may and a client of X does;
 * untold lets it be found.
 */
#include "content.h"
#include "viewers.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define TICK_US (G_USEC_PER_SEC / 60)
#define AUDIT   15 /* frames: as often as the driver does */

static guint32 pixels[CONTENT_WIDTH * CONTENT_HEIGHT];

static int listen_at(int port)
{
	struct sockaddr_in at = {.sin_family = AF_INET,
		.sin_port = htons((guint16)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
	if (bind(fd, (struct sockaddr *)&at, sizeof at) || listen(fd, 32))
		exit(1);
	return fd;
}

static bool newest_frame(void *owner, Frame *frame)
{
	(void)owner;
	*frame = (Frame){pixels, (gsize)CONTENT_WIDTH * 4, CONTENT_WIDTH, CONTENT_HEIGHT};
	return true;
}

static bool told; /* that pixels move */

static void draw(Viewers *viewers, Rect rect)
{
	viewers_draw(viewers, &(Change){.rect = rect}, 1);
}

static void react(Viewers *viewers)
{
	static unsigned count;
	guint32 colour = ++count & 1 ? 0xffffff : 0;

	for (int y = 0; y < CONTENT_BOX; y++)
		for (int x = 0; x < CONTENT_BOX; x++)
			pixels[y * CONTENT_WIDTH + x] = colour;
	draw(viewers, (Rect){0, 0, CONTENT_BOX, CONTENT_BOX});
}

static void scroll(Viewers *viewers, unsigned frame)
{
	int rest = CONTENT_HEIGHT - CONTENT_LINE;

	content_begin();
	memmove(pixels, pixels + CONTENT_LINE * CONTENT_WIDTH,
		(gsize)rest * CONTENT_WIDTH * 4);
	content_text(pixels, rest, CONTENT_LINE, frame);
	content_end();
	if (!told) {
		draw(viewers, (Rect){0, 0, CONTENT_WIDTH, CONTENT_HEIGHT});
		return;
	}
	Change changes[] = {{.rect = {0, 0, CONTENT_WIDTH, rest}, .dy = -CONTENT_LINE},
		{.rect = {0, rest, CONTENT_WIDTH, CONTENT_LINE}}};
	viewers_draw(viewers, changes, G_N_ELEMENTS(changes));
	if (frame % AUDIT == 0)
		viewers_audit(viewers);
}

static void tick(Viewers *viewers, ContentKind kind)
{
	static unsigned frame;

	frame++;
	if (kind == CONTENT_SCROLL) {
		scroll(viewers, frame);
	} else {
		content_begin();
		content_video(pixels, frame);
		content_end();
		draw(viewers, (Rect){0, 0, CONTENT_WIDTH, CONTENT_HEIGHT});
	}
}

int main(int argc, char **argv)
{
	g_autoptr(MaqHidDocument) config =
		maq_hid_parse("config\n-\n", -1, "config", MAQ_HID_STRICT, NULL);
	ContentKind kind = content_kind(argc > 2 ? argv[2] : "react");
	int listener = listen_at(argc > 1 ? atoi(argv[1]) : 0);
	gint64 next = g_get_monotonic_time();
	Viewers *viewers = viewers_new(CONTENT_WIDTH, CONTENT_HEIGHT,
		access_new(maq_hid_root(config), NULL, NULL));

	told = argc > 2 && !strcmp(argv[2], "scroll");
	viewers_set_source(viewers, newest_frame, NULL);
	content_text(pixels, 0, CONTENT_HEIGHT, 0);
	draw(viewers, (Rect){0, 0, CONTENT_WIDTH, CONTENT_HEIGHT});
	for (;;) {
		struct pollfd fds[] = {
			{listener, POLLIN, 0}, {viewers_events(viewers), POLLIN, 0}};
		gint64 left = MAX(next - g_get_monotonic_time(), 0);
		Event event;

		poll(fds, 2, kind == CONTENT_REACT ? -1 : (int)(left / 1000));
		if (fds[0].revents)
			viewers_accept(viewers, listener);
		while (viewers_next(viewers, &event))
			if (event.type == EVENT_KEY && event.down)
				react(viewers);
		if (kind != CONTENT_REACT && g_get_monotonic_time() >= next) {
			tick(viewers, kind);
			next = MAX(next + TICK_US, g_get_monotonic_time() - TICK_US);
		}
	}
}
