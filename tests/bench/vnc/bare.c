// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bare - libvncserver as its examples use it: bare PORT react|scroll|video DEFER_MS
 */
#include "content.h"

#include <rfb/rfb.h>
#include <string.h>

#define TICK_US (G_USEC_PER_SEC / 60)

static guint32 pixels[CONTENT_WIDTH * CONTENT_HEIGHT];

static void react(rfbBool down, rfbKeySym keysym, rfbClientPtr client)
{
	static unsigned count;
	guint32 colour = ++count & 1 ? 0xffffff : 0;

	(void)keysym;
	if (!down)
		return;
	for (int y = 0; y < CONTENT_BOX; y++)
		for (int x = 0; x < CONTENT_BOX; x++)
			pixels[y * CONTENT_WIDTH + x] = colour;
	rfbMarkRectAsModified(client->screen, 0, 0, CONTENT_BOX, CONTENT_BOX);
}

static void tick(rfbScreenInfoPtr screen, ContentKind kind)
{
	static unsigned frame;
	int rest = CONTENT_HEIGHT - CONTENT_LINE;

	frame++;
	content_begin();
	if (kind == CONTENT_SCROLL) {
		memmove(pixels, pixels + CONTENT_LINE * CONTENT_WIDTH,
			(gsize)rest * CONTENT_WIDTH * 4);
		content_text(pixels, rest, CONTENT_LINE, frame);
	} else {
		content_video(pixels, frame);
	}
	content_end();
	rfbMarkRectAsModified(screen, 0, 0, CONTENT_WIDTH, CONTENT_HEIGHT);
}

int main(int argc, char **argv)
{
	ContentKind kind = content_kind(argc > 2 ? argv[2] : "react");
	rfbScreenInfoPtr screen =
		rfbGetScreen(NULL, NULL, CONTENT_WIDTH, CONTENT_HEIGHT, 8, 3, 4);
	gint64 next = g_get_monotonic_time();

	rfbLogEnable(0);
	screen->serverFormat.redShift = 16;
	screen->serverFormat.blueShift = 0;
	screen->port = argc > 1 ? atoi(argv[1]) : 0;
	screen->ipv6port = -1;
	screen->listenInterface = htonl(0x7f000001);
	screen->alwaysShared = TRUE;
	screen->deferUpdateTime = argc > 3 ? atoi(argv[3]) : 5;
	screen->kbdAddEvent = react;
	screen->frameBuffer = (char *)pixels;
	content_text(pixels, 0, CONTENT_HEIGHT, 0);
	rfbSetCursor(screen, NULL);
	rfbInitServer(screen);
	long wait = MAX(screen->deferUpdateTime, 1) * 1000L;
	for (;;) {
		gint64 left = MAX(next - g_get_monotonic_time(), 0);

		/* as rfbRunEventLoop() does */
		rfbProcessEvents(screen, kind == CONTENT_REACT ? wait : (long)left);
		if (kind != CONTENT_REACT && g_get_monotonic_time() >= next) {
			tick(screen, kind);
			next = MAX(next + TICK_US, g_get_monotonic_time() - TICK_US);
		}
	}
}
