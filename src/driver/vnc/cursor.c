// SPDX-License-Identifier: GPL-2.0-or-later
#include "cursor.h"

#define WIDTH  12
#define HEIGHT 17

/* x: black, o: white. */
static const char *const rows[HEIGHT] = {
	"x           ",
	"xx          ",
	"xox         ",
	"xoox        ",
	"xooox       ",
	"xoooox      ",
	"xooooox     ",
	"xoooooox    ",
	"xooooooox   ",
	"xoooooooox  ",
	"xooooooooox ",
	"xoooooxxxxxx",
	"xooxoox     ",
	"xoxxoox     ",
	"xx  xoox    ",
	"x   xoox    ",
	"     xx     ",
};

static rfbCursorPtr make_cursor(void)
{
	char white[WIDTH * HEIGHT + 1], mask[WIDTH * HEIGHT + 1];
	rfbCursorPtr cursor;

	for (int i = 0; i < WIDTH * HEIGHT; i++) {
		char pixel = rows[i / WIDTH][i % WIDTH];

		white[i] = pixel == 'o' ? 'x' : ' ';
		mask[i] = pixel == ' ' ? ' ' : 'x';
	}
	white[WIDTH * HEIGHT] = mask[WIDTH * HEIGHT] = '\0';
	cursor = rfbMakeXCursor(WIDTH, HEIGHT, white, mask);
	cursor->foreRed = cursor->foreGreen = cursor->foreBlue = 0xffff;
	return cursor;
}

void cursor_update(Viewer *viewer)
{
	rfbClientPtr client = viewer->client;

	if (client->enableCursorShapeUpdates && !viewer->screen->cursor)
		rfbSetCursor(viewer->screen, make_cursor());
	else if (!client->enableCursorShapeUpdates && viewer->screen->cursor)
		rfbSetCursor(viewer->screen, NULL);
}
