// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The RFB server against the client of libvncclient, both in this process: the thread of
 * the test is the component's and the clients' one.
 */
#include "fixture.h"

#include <sys/socket.h>
#include <unistd.h>

static void test_pixels(Fixture *fixture, gconstpointer data)
{
	rfbClient *client = viewer_new(fixture, 0);

	(void)data;
	draw(fixture, 0x123456, (Rect){3, 5, 10, 7});
	await_pixel(client, 3, 5, 0x123456);
	for (int y = 0; y < 48; y++)
		for (int x = 0; x < 64; x++)
			g_assert_cmphex(pixel(client, x, y), ==,
				x >= 3 && x < 13 && y >= 5 && y < 12 ? 0x123456 : 0);
	/* more rectangles than are kept, and one that is not within the picture */
	for (int i = 0; i < 48; i++)
		draw(fixture, 0xff0080, (Rect){i, i, 1, 1});
	draw(fixture, 0x00ff00, (Rect){60, 40, 100, 100});
	await_pixel(client, 63, 47, 0x00ff00);
	for (int i = 0; i < 40; i++)
		g_assert_cmphex(pixel(client, i, i), ==, 0xff0080);
	viewer_free(client);
}

#define SCROLL_WIDTH  200
#define SCROLL_HEIGHT 150

static guint copies; /* that came as such */
static GotCopyRectProc copy_as_usual;

static void count_copy(
	rfbClient *client, int from_x, int from_y, int width, int height, int x, int y)
{
	copies++;
	copy_as_usual(client, from_x, from_y, width, height, x, y);
}

static bool shows(rfbClient *client, const guint32 *pixels, guint32 tolerance)
{
	for (int i = 0; i < SCROLL_WIDTH * SCROLL_HEIGHT; i++) {
		guint32 got = pixel(client, i % SCROLL_WIDTH, i / SCROLL_WIDTH);

		for (int shift = 0; shift < 24; shift += 8) {
			int a = got >> shift & 255, b = pixels[i] >> shift & 255;

			if ((guint32)ABS(a - b) > tolerance)
				return false;
		}
	}
	return true;
}

static void draw_all(Fixture *fixture)
{
	viewers_draw(fixture->viewers,
		&(Change){.rect = {0, 0, SCROLL_WIDTH, SCROLL_HEIGHT}}, 1);
}

static void scroll(Fixture *fixture, GRand *numbers)
{
	guint32 *pixels = fixture->pixels;
	int top = g_rand_int_range(numbers, 0, 60);
	int rows = g_rand_int_range(numbers, 60, SCROLL_HEIGHT - top + 1);
	int by = g_rand_int_range(numbers, 1, 12);
	guint32 *begin = pixels + top * SCROLL_WIDTH;
	gsize kept = (gsize)(rows - by) * SCROLL_WIDTH * 4;
	int x = g_rand_int_range(numbers, 0, SCROLL_WIDTH);
	Change changes[2] = {
		{.rect = {0, top, SCROLL_WIDTH, rows}}, {.rect = {x, top, 9, 9}}};

	if (g_rand_boolean(numbers))
		memmove(begin, begin + by * SCROLL_WIDTH, kept);
	else
		memmove(begin + by * SCROLL_WIDTH, begin, kept);
	pixels[(top + 3) * SCROLL_WIDTH + MIN(x + 2, SCROLL_WIDTH - 1)] =
		g_rand_int(numbers) & 0xffffff;
	viewers_draw(fixture->viewers, changes, 2);
}

/* Likewise, as who says what has moved, by rows and columns, and which other rectangles
 * are not as they were. lies: none of it is true. */
static void move(Fixture *fixture, GRand *numbers, bool lies)
{
	static guint32 before[SCROLL_WIDTH * SCROLL_HEIGHT];
	int dx = g_rand_int_range(numbers, -2, 3) / 2;
	int dy = g_rand_int_range(numbers, -20, 21);
	int left = g_rand_int_range(numbers, 0, 9), top = MAX(dy, 0);
	Rect rect = {left, top, SCROLL_WIDTH - 2 * left, SCROLL_HEIGHT - ABS(dy)};
	Change changes[] = {{.rect = rect, .dx = left ? dx : 0, .dy = dy},
		{.rect = {0, 0, SCROLL_WIDTH, 1}}, {.rect = {30, 40, 9, 9}}};
	guint32 *pixels = fixture->pixels;

	memcpy(before, pixels, sizeof before);
	if (!lies)
		for (int y = top; y < top + rect.height; y++)
			memcpy(pixels + y * SCROLL_WIDTH + rect.x,
				before + (y - dy) * SCROLL_WIDTH + rect.x - changes[0].dx,
				(gsize)rect.width * 4);
	for (int i = 0; i < SCROLL_WIDTH; i++)
		pixels[i] = g_rand_int(numbers) & 0xffffff;
	pixels[41 * SCROLL_WIDTH + 35] = g_rand_int(numbers) & 0xffffff;
	viewers_draw(fixture->viewers, changes, G_N_ELEMENTS(changes));
}

/* Scrolls up and down, as a whole and in part, with something else between; often before
 * viewers have asked, each of which reads less than the one before. In the end they have
 * each pixel. */
static void scroll_about(Fixture *fixture, rfbClient **clients, int n)
{
	g_autoptr(GRand) numbers = g_rand_new_with_seed(5);

	for (int i = 0; i < SCROLL_WIDTH * SCROLL_HEIGHT; i++)
		fixture->pixels[i] = g_rand_int(numbers) & 0xffffff;
	draw_all(fixture);
	for (int round = 0; round < 600; round++) {
		scroll(fixture, numbers);
		for (int i = 0; i < n; i++)
			if (g_rand_int_range(numbers, 0, 3 << (2 * i)) == 0)
				receive(clients[i]);
	}
	for (int i = 0; i < n; i++)
		while (!shows(clients[i], fixture->pixels, 0))
			receive(clients[i]);
}

static rfbClient *scrolled_new(Fixture *fixture, const char *encodings)
{
	rfbClient *client = viewer_new(fixture, 0);

	copy_as_usual = client->GotCopyRect;
	client->GotCopyRect = count_copy;
	client->appData.encodingsString = encodings;
	client->appData.enableJPEG = FALSE;
	g_assert_true(SetFormatAndEncodings(client));
	await_come(fixture);
	return client;
}

static void test_scroll(Fixture *fixture, gconstpointer data)
{
	static const char *const encodings[] = {"copyrect raw", "copyrect zrle", "raw"};

	(void)data;
	viewers_resize(fixture->viewers, SCROLL_WIDTH, SCROLL_HEIGHT, NULL, NOBODY);
	for (gsize i = 0; i < G_N_ELEMENTS(encodings); i++) {
		rfbClient *client = scrolled_new(fixture, encodings[i]);

		copies = 0;
		scroll_about(fixture, &client, 1);
		g_assert_true((copies > 10) == (i < 2));
		viewer_free(client);
	}
}

/* Who is told gets as many copies, and nothing wrong of a client that is honest. */
static void test_moves(Fixture *fixture, gconstpointer data)
{
	g_autoptr(GRand) numbers = g_rand_new_with_seed(11);
	rfbClient *client;

	(void)data;
	viewers_resize(fixture->viewers, SCROLL_WIDTH, SCROLL_HEIGHT, NULL, NOBODY);
	client = scrolled_new(fixture, "copyrect raw");
	copies = 0;
	draw_all(fixture);
	while (!shows(client, fixture->pixels, 0))
		receive(client);
	for (int round = 0; round < 300; round++) {
		move(fixture, numbers, false);
		while (!shows(client, fixture->pixels, 0))
			receive(client);
		if (g_rand_int_range(numbers, 0, 5) == 0)
			viewers_audit(fixture->viewers);
		if (g_rand_int_range(numbers, 0, 9) == 0)
			scroll(fixture, numbers);
		while (!shows(client, fixture->pixels, 0))
			receive(client);
	}
	g_assert_cmpuint(copies, >, 50);
	viewer_free(client);
}

/* One that is not: until it is looked at, viewers have something else; then they have
 * what it has drawn. */
static void test_lies(Fixture *fixture, gconstpointer data)
{
	g_autoptr(GRand) numbers = g_rand_new_with_seed(13);
	rfbClient *client;
	int believed = 0;

	(void)data;
	viewers_resize(fixture->viewers, SCROLL_WIDTH, SCROLL_HEIGHT, NULL, NOBODY);
	client = scrolled_new(fixture, "copyrect raw");
	for (int i = 0; i < SCROLL_WIDTH * SCROLL_HEIGHT; i++)
		fixture->pixels[i] = g_rand_int(numbers) & 0xffffff;
	draw_all(fixture);
	for (int round = 0; round < 100; round++) {
		for (int n = g_rand_int_range(numbers, 1, 9); n; n--) {
			move(fixture, numbers, g_rand_boolean(numbers));
			if (g_rand_boolean(numbers))
				receive(client);
		}
		believed += viewers_doubt(fixture->viewers);
		viewers_audit(fixture->viewers);
		g_assert_false(viewers_doubt(fixture->viewers));
		while (!shows(client, fixture->pixels, 0))
			receive(client);
	}
	g_assert_cmpint(believed, >, 0);
	viewer_free(client);
}

/* From beyond the picture, or where nothing can come from: it is drawn. */
static void test_wild_moves(Fixture *fixture, gconstpointer data)
{
	static const Change wild[] = {{{0, 0, 64, 48}, 0, 1}, {{0, 0, 64, 48}, -1, 0},
		{{0, 0, 64, 48}, 16383, -16383}, {{60, 40, 16383, 16383}, 1, 1},
		{{16383, 16383, 1, 1}, 1, 1}, {{3, 3, 0, 9}, 2, 2}, {{3, 3, 9, 0}, 2, 2},
		{{10, 10, 20, 20}, -64, 5}};
	rfbClient *client = viewer_new(fixture, 0);
	guint32 colour = 0x010203;

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(wild); i++) {
		Change changes[] = {wild[i], {.rect = {0, 0, 64, 48}}};

		colour *= 3;
		colour &= 0xffffff;
		await_pixel(client, 63, 47, fixture->pixels[64 * 48 - 1]);
		for (int j = 0; j < 64 * 48; j++)
			fixture->pixels[j] = colour;
		viewers_draw(fixture->viewers, changes, 2);
		g_assert_false(viewers_doubt(fixture->viewers));
		await_pixel(client, 63, 47, colour);
		g_assert_cmphex(pixel(client, 10, 10), ==, colour);
	}
	viewer_free(client);
}

static void test_scroll_speeds(Fixture *fixture, gconstpointer data)
{
	static const char *const encodings[] = {
		"copyrect raw", "copyrect zrle", "raw", "copyrect hextile"};
	rfbClient *clients[G_N_ELEMENTS(encodings)];

	(void)data;
	viewers_resize(fixture->viewers, SCROLL_WIDTH, SCROLL_HEIGHT, NULL, NOBODY);
	for (gsize i = 0; i < G_N_ELEMENTS(encodings); i++)
		clients[i] = scrolled_new(fixture, encodings[i]);
	copies = 0;
	scroll_about(fixture, clients, G_N_ELEMENTS(encodings));
	g_assert_cmpuint(copies, >, 10);
	for (gsize i = 0; i < G_N_ELEMENTS(encodings); i++)
		viewer_free(clients[i]);
}

/* Frames that nobody takes cost nothing, and are there with the first update of who comes
 * later. */
static void test_unwatched(Fixture *fixture, gconstpointer data)
{
	const guint32 *own = viewers_picture(fixture->viewers)->pixels;
	rfbClient *client = viewer_new(fixture, 0);

	(void)data;
	draw(fixture, 0x333333, (Rect){0, 0, 64, 48});
	await_pixel(client, 0, 0, 0x333333);
	viewer_free(client);
	g_assert_cmpint(await_event(fixture).type, ==, EVENT_GONE);
	draw(fixture, 0x111111, (Rect){0, 0, 64, 48});
	draw(fixture, 0x222222, (Rect){10, 10, 5, 5});
	g_assert_cmphex(own[0], ==, 0x333333);
	client = viewer_new(fixture, 0);
	while (pixel(client, 0, 0) == 0)
		receive(client);
	g_assert_cmphex(pixel(client, 0, 0), ==, 0x111111);
	g_assert_cmphex(pixel(client, 14, 14), ==, 0x222222);
	viewer_free(client);
}

static int inside_tag;

static void count_inside(rfbClient *client, int x, int y, int width, int height)
{
	int *updates = rfbClientGetClientData(client, &inside_tag);

	g_assert_cmpint(x + width, <=, client->width);
	g_assert_cmpint(y + height, <=, client->height);
	++*updates;
}

/* A request for nothing at the edge, where beyond it there are others' bytes. */
static void test_edges(Fixture *fixture, gconstpointer data)
{
	static const int edges[][4] = {{64, 48, 0, 0}, {64, 0, 0, 48}, {0, 48, 64, 0},
		{63, 47, 0, 0}, {64, 48, 9, 9}};
	rfbClient *client = viewer_new(fixture, 0);
	int updates = 0;

	(void)data;
	rfbClientSetClientData(client, &inside_tag, &updates);
	client->GotFrameBufferUpdate = count_inside;
	while (!updates)
		receive(client);
	for (gsize i = 0; i < G_N_ELEMENTS(edges); i++) {
		int before = updates;

		g_assert_true(SendFramebufferUpdateRequest(client, edges[i][0],
			edges[i][1], edges[i][2], edges[i][3], FALSE));
		while (updates == before)
			receive(client);
	}
	viewer_free(client);
}

/* Tight with JPEG: near enough. Smooth colours, as in photographs. */
static void draw_photograph(Fixture *fixture)
{
	viewers_resize(fixture->viewers, SCROLL_WIDTH, SCROLL_HEIGHT, NULL, NOBODY);
	for (guint32 i = 0; i < SCROLL_WIDTH * SCROLL_HEIGHT; i++)
		fixture->pixels[i] = (i % SCROLL_WIDTH) << 16 | (i / SCROLL_WIDTH) << 8 |
				     (i % SCROLL_WIDTH + i / SCROLL_WIDTH) / 2;
}

static void redraw(Fixture *fixture)
{
	for (int i = 0; i < SCROLL_WIDTH * SCROLL_HEIGHT; i++)
		fixture->pixels[i] ^= 0x404040;
	draw_all(fixture);
}

static rfbClient *jpeg_viewer_new(Fixture *fixture, int quality)
{
	rfbClient *client = viewer_new(fixture, 0);

	client->appData.encodingsString = "tight";
	client->appData.enableJPEG = TRUE;
	client->appData.qualityLevel = quality;
	g_assert_true(SetFormatAndEncodings(client));
	await_come(fixture);
	return client;
}

static void test_jpeg(Fixture *fixture, gconstpointer data)
{
	rfbClient *client;

	(void)data;
	draw_photograph(fixture);
	client = jpeg_viewer_new(fixture, 8);
	/* the first update may have been asked for before */
	for (int round = 0; round < 2; round++) {
		redraw(fixture);
		while (!shows(client, fixture->pixels, 24))
			receive(client);
	}
	g_assert_false(shows(client, fixture->pixels, 0)); /* it is JPEG indeed */
	g_assert_cmpuint(viewers_shared(fixture->viewers), ==, 0);
	viewer_free(client);
}

/* Viewers who want the same quality share what is compressed; another one does not. */
static void test_jpeg_shared(Fixture *fixture, gconstpointer data)
{
	rfbClient *clients[3];

	(void)data;
	draw_photograph(fixture);
	for (int i = 0; i < 3; i++)
		clients[i] = jpeg_viewer_new(fixture, i < 2 ? 8 : 6);
	for (int round = 0; round < 20; round++) {
		redraw(fixture);
		for (int i = 0; i < 3; i++)
			while (!shows(clients[i], fixture->pixels, i < 2 ? 24 : 50))
				receive(clients[i]);
	}
	g_assert_cmpuint(viewers_shared(fixture->viewers), >=, 5);
	for (int i = 0; i < SCROLL_WIDTH * SCROLL_HEIGHT; i++)
		g_assert_cmphex(pixel(clients[0], i % SCROLL_WIDTH, i / SCROLL_WIDTH), ==,
			pixel(clients[1], i % SCROLL_WIDTH, i / SCROLL_WIDTH));
	for (int i = 0; i < 3; i++)
		viewer_free(clients[i]);
}

static void test_events(Fixture *fixture, gconstpointer data)
{
	rfbClient *client = viewer_new(fixture, 0);
	Event event;

	(void)data;
	g_assert_true(SendKeyEvent(client, 'a', TRUE));
	event = await_event(fixture);
	g_assert_cmpint(event.type, ==, EVENT_KEY);
	g_assert_cmphex(event.keysym, ==, 'a');
	g_assert_true(event.down);
	g_assert_true(SendPointerEvent(client, 11, 12, rfbButton1Mask));
	event = await_event(fixture);
	g_assert_cmpint(event.type, ==, EVENT_POINTER);
	g_assert_cmpint(event.x, ==, 11);
	g_assert_cmpint(event.y, ==, 12);
	g_assert_cmphex(event.buttons, ==, 1);
	/* a motion that is the last message must not wait for another one */
	g_assert_true(SendPointerEvent(client, 13, 12, rfbButton1Mask));
	g_assert_cmpint(await_event(fixture).x, ==, 13);
	viewer_free(client);
	g_assert_cmpint(await_event(fixture).type, ==, EVENT_GONE);
	/* its place is free again */
	client = viewer_new(fixture, 0);
	draw(fixture, 0x0000ff, (Rect){0, 0, 1, 1});
	await_pixel(client, 0, 0, 0x0000ff);
	viewer_free(client);
}

static void test_full_queue(Fixture *fixture, gconstpointer data)
{
	rfbClient *client = viewer_new(fixture, 0);

	(void)data;
	for (guint32 i = 0; i < 3 * EVENTS_MAX; i++)
		g_assert_true(SendKeyEvent(client, 0x1000 + i, TRUE));
	for (guint32 i = 0; i < 3 * EVENTS_MAX; i++)
		g_assert_cmphex(await_event(fixture).keysym, ==, 0x1000 + i);
	/* the last ones are left: the end must not wait for room */
	for (guint32 i = 0; i < 3 * EVENTS_MAX; i++)
		g_assert_true(SendKeyEvent(client, 'x', TRUE));
	await_event(fixture);
	viewer_free(client);
}

static void test_resize(Fixture *fixture, gconstpointer data)
{
	static const int sizes[][2] = {{101, 77}, {33, 200}, {640, 480}, {64, 48}};
	rfbClient *client = viewer_new(fixture, 0);

	(void)data;
	draw(fixture, 0xabcdef, (Rect){0, 0, 64, 48});
	await_pixel(client, 63, 47, 0xabcdef);
	for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
		int width = sizes[i][0], height = sizes[i][1];

		viewers_resize(fixture->viewers, width, height, NULL, NOBODY);
		draw(fixture, 0x400000 + i, (Rect){0, 0, width, height});
		while (client->width != width || client->height != height)
			receive(client);
		await_pixel(client, width - 1, height - 1, 0x400000 + i);
		g_assert_cmphex(pixel(client, 0, 0), ==, 0x400000 + i);
	}
	g_assert_true(SendExtDesktopSize(client, 320, 240));
	for (Event event = {0}; event.x != 320; event = await_event(fixture))
		;
	viewer_free(client);
}

/* libvncclient asks for nothing from its SetDesktopSize until the answer. If an update
 * was under way, that leaves the server without a request. */
static void test_size_unasked(Fixture *fixture, gconstpointer data)
{
	rfbClient *client = viewer_new(fixture, 0);

	(void)data;
	while (client->buffered || WaitForMessage(client, 200000) > 0)
		g_assert_true(HandleRFBServerMessage(client)); /* one request is left */
	draw(fixture, 0xabcdef, (Rect){0, 0, 64, 48});
	await_message(client);
	g_assert_true(SendExtDesktopSize(client, 320, 240));
	await_pixel(client, 63, 47, 0xabcdef);
	while (await_event(fixture).type != EVENT_SIZE)
		;
	viewers_resize(fixture->viewers, 320, 240, NULL, NOBODY);
	while (client->width != 320)
		receive(client);
	draw(fixture, 0x123456, (Rect){0, 0, 320, 240});
	await_pixel(client, 319, 239, 0x123456);
	viewer_free(client);
}

static void test_view_only(Fixture *fixture, gconstpointer data)
{
	rfbClient *client;

	(void)data;
	start(fixture, "config | view_only: yes\n-\n");
	client = viewer_new(fixture, 0);
	while (!SupportsClient2Server(client, rfbSetDesktopSize))
		receive(client);
	g_assert_true(SendExtDesktopSize(client, 320, 240));
	g_assert_true(SendKeyEvent(client, 'a', TRUE));
	g_assert_true(SendPointerEvent(client, 11, 12, rfbButton1Mask));
	draw(fixture, 0xabcdef, (Rect){0, 0, 64, 48});
	await_pixel(client, 63, 47, 0xabcdef);
	g_assert_cmpint(client->width, ==, 64);
	viewer_free(client);
	/* it has done nothing before it left */
	g_assert_cmpint(await_event(fixture).type, ==, EVENT_GONE);
}

/* Viewers that stop: in the midst of a message, before the first one, with full buffers.
 */
static void test_stalled(Fixture *fixture, gconstpointer data)
{
	int silent = dial(fixture, 0), half;
	rfbClient *deaf, *client;
	guint32 colour = 0;

	(void)data;
	viewers_resize(fixture->viewers, 1024, 1024, NULL, NOBODY);
	half = dial(fixture, 0);
	g_assert_cmpint(write(half, "RFB", 3), ==, 3);
	deaf = viewer_new(fixture, 4096);
	/* 20 MB that nobody reads fill every buffer */
	for (int i = 0; i < 5; i++)
		g_assert_true(
			SendFramebufferUpdateRequest(deaf, 0, 0, 1024, 1024, FALSE));
	client = viewer_new(fixture, 0);
	for (int i = 0; i < 20; i++) {
		draw(fixture, ++colour, (Rect){0, 0, 1024, 1024});
		await_pixel(client, 1023, 1023, colour);
	}
	viewer_free(client);
	viewer_free(deaf);
	close(half);
	close(silent);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	be_quiet();
	CASE("/vnc/viewers/pixels", test_pixels);
	CASE("/vnc/viewers/scroll", test_scroll);
	CASE("/vnc/viewers/scroll-speeds", test_scroll_speeds);
	CASE("/vnc/viewers/moves", test_moves);
	CASE("/vnc/viewers/lies", test_lies);
	CASE("/vnc/viewers/wild-moves", test_wild_moves);
	CASE("/vnc/viewers/unwatched", test_unwatched);
	CASE("/vnc/viewers/edges", test_edges);
	CASE("/vnc/viewers/jpeg", test_jpeg);
	CASE("/vnc/viewers/jpeg-shared", test_jpeg_shared);
	CASE("/vnc/viewers/events", test_events);
	CASE("/vnc/viewers/full-queue", test_full_queue);
	CASE("/vnc/viewers/resize", test_resize);
	CASE("/vnc/viewers/size-unasked", test_size_unasked);
	CASE("/vnc/viewers/view-only", test_view_only);
	CASE("/vnc/viewers/stalled", test_stalled);
	return g_test_run();
}
