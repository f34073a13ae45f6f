// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The RFB server against the client of libvncclient, both in this process: the thread of
 * the test is the component's and the clients' one.
 */
#include "viewers.h"

#include <arpa/inet.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <rfb/rfbclient.h>
#include <sys/socket.h>
#include <unistd.h>

/* libvncserver 0.9.14 forgets an iterator at each SetDesktopSize, libvncclient what it
 * decodes JPEG with. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:rfbGetClientIterator\nleak:tjInitDecompress\nleak:libjpeg.so";
}

#define WAIT_MS 10000 /* for what must come */

#define CANVAS 1024 /* px, each way, at most */

typedef struct {
	Viewers *viewers;
	int listener;
	struct sockaddr_in at;
	GQueue events;   /* owned: taken while something else was waited for */
	guint32 *pixels; /* owned: what the client of Framebuffer has drawn */
} Fixture;

static Fixture *current; /* of the test that runs */

static bool newest_frame(void *owner, Frame *frame)
{
	const Fixture *fixture = owner;

	viewers_size(fixture->viewers, &frame->width, &frame->height);
	frame->pixels = fixture->pixels;
	frame->stride = (gsize)frame->width * 4;
	return true;
}

static Access *make_access(const char *config)
{
	g_autoptr(MaqHidDocument) document =
		maq_hid_parse(config, -1, "config", MAQ_HID_STRICT, NULL);
	Access *access = access_new(maq_hid_root(document), NULL);

	g_assert_nonnull(access);
	return access;
}

static void start(Fixture *fixture, const char *config)
{
	viewers_free(fixture->viewers);
	fixture->viewers = viewers_new(64, 48, make_access(config));
	viewers_set_source(fixture->viewers, newest_frame, fixture);
}

static void set_up(Fixture *fixture, gconstpointer data)
{
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct sockaddr_in at = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof at;

	(void)data;
	g_assert_no_errno(bind(listener, (struct sockaddr *)&at, size));
	g_assert_no_errno(listen(listener, VIEWERS_MAX));
	g_assert_no_errno(getsockname(listener, (struct sockaddr *)&fixture->at, &size));
	fixture->listener = listener;
	fixture->pixels = g_new0(guint32, CANVAS * CANVAS);
	current = fixture;
	start(fixture, "config\n-\n");
}

static void tear_down(Fixture *fixture, gconstpointer data)
{
	(void)data;
	viewers_free(fixture->viewers);
	g_queue_clear_full(&fixture->events, g_free);
	g_free(fixture->pixels);
	close(fixture->listener);
}

static char *give_password(rfbClient *client)
{
	(void)client;
	return strdup("secret");
}

static int dial(Fixture *fixture, int receive_buffer)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr *at = (struct sockaddr *)&fixture->at;

	if (receive_buffer)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receive_buffer,
			sizeof receive_buffer);
	g_assert_no_errno(connect(fd, at, sizeof fixture->at));
	g_assert_cmpint(viewers_accept(fixture->viewers, fixture->listener), >=, 0);
	return fd;
}

static rfbBool make_pixels(rfbClient *client)
{
	free(client->frameBuffer);
	/* what the library asks for after each update */
	client->updateRect.x = client->updateRect.y = 0;
	client->updateRect.w = client->width;
	client->updateRect.h = client->height;
	client->frameBuffer = calloc((size_t)client->width * (size_t)client->height, 4);
	return client->frameBuffer != NULL;
}

static rfbClient *viewer_new(Fixture *fixture, int receive_buffer)
{
	rfbClient *client = rfbGetClient(8, 3, 4);

	client->format.redShift = 16;
	client->format.greenShift = 8;
	client->format.blueShift = 0;
	client->appData.encodingsString = "raw";
	client->canHandleNewFBSize = TRUE;
	client->MallocFrameBuffer = make_pixels;
	client->GetPassword = give_password;
	client->sock = dial(fixture, receive_buffer);
	g_assert_true(SetNonBlocking(client->sock));
	g_assert_true(InitialiseRFBConnection(client));
	client->width = client->si.framebufferWidth;
	client->height = client->si.framebufferHeight;
	g_assert_true(make_pixels(client));
	g_assert_true(SetFormatAndEncodings(client));
	g_assert_true(SendFramebufferUpdateRequest(
		client, 0, 0, client->width, client->height, FALSE));
	return client;
}

static void viewer_free(rfbClient *client)
{
	free(client->frameBuffer);
	rfbClientCleanup(client);
}

static guint32 pixel(rfbClient *client, int x, int y)
{
	return ((guint32 *)(void *)client->frameBuffer)[y * client->width + x] & 0xffffff;
}

/* Takes what is there; viewers get what they wait for. */
static void take_events(Fixture *fixture)
{
	Event event;

	while (viewers_next(fixture->viewers, &event))
		g_queue_push_tail(&fixture->events, g_memdup2(&event, sizeof event));
}

static void await_message(rfbClient *client)
{
	struct pollfd fds[] = {
		{client->sock, POLLIN, 0}, {viewers_events(current->viewers), POLLIN, 0}};

	while (client->buffered == 0 && !fds[0].revents) {
		g_assert_cmpint(poll(fds, 2, WAIT_MS), >, 0);
		take_events(current);
	}
}

static void receive(rfbClient *client)
{
	await_message(client);
	g_assert_true(HandleRFBServerMessage(client));
}

static void await_pixel(rfbClient *client, int x, int y, guint32 value)
{
	while (pixel(client, x, y) != value)
		receive(client);
}

static Event next_event(Fixture *fixture)
{
	struct pollfd fd = {viewers_events(fixture->viewers), POLLIN, 0};

	while (take_events(fixture), g_queue_is_empty(&fixture->events))
		g_assert_cmpint(poll(&fd, 1, WAIT_MS), ==, 1);
	g_autofree Event *event = g_queue_pop_head(&fixture->events);
	return *event;
}

static Event await_event(Fixture *fixture)
{
	Event event = {.type = EVENT_COME};

	while (event.type == EVENT_COME)
		event = next_event(fixture);
	return event;
}

static void await_come(Fixture *fixture)
{
	while (next_event(fixture).type != EVENT_COME)
		;
}

static void draw(Fixture *fixture, guint32 colour, Rect rect)
{
	int width, height;

	viewers_size(fixture->viewers, &width, &height);
	for (int y = rect.y; y < MIN(rect.y + rect.height, height); y++)
		for (int x = rect.x; x < MIN(rect.x + rect.width, width); x++)
			fixture->pixels[y * width + x] = colour;
	viewers_draw(fixture->viewers, &rect, 1);
}

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

static void scroll(Fixture *fixture, GRand *numbers)
{
	guint32 *pixels = fixture->pixels;
	int top = g_rand_int_range(numbers, 0, 60);
	int rows = g_rand_int_range(numbers, 60, SCROLL_HEIGHT - top + 1);
	int by = g_rand_int_range(numbers, 1, 12);
	guint32 *begin = pixels + top * SCROLL_WIDTH;
	gsize kept = (gsize)(rows - by) * SCROLL_WIDTH * 4;
	Rect rects[2] = {{0, top, SCROLL_WIDTH, rows},
		{g_rand_int_range(numbers, 0, SCROLL_WIDTH), top, 9, 9}};

	if (g_rand_boolean(numbers))
		memmove(begin, begin + by * SCROLL_WIDTH, kept);
	else
		memmove(begin + by * SCROLL_WIDTH, begin, kept);
	pixels[(top + 3) * SCROLL_WIDTH + MIN(rects[1].x + 2, SCROLL_WIDTH - 1)] =
		g_rand_int(numbers) & 0xffffff;
	viewers_draw(fixture->viewers, rects, 2);
}

static void await_gone(Fixture *fixture)
{
	Event event = {.type = EVENT_COME};

	while (event.type != EVENT_GONE) {
		struct pollfd fd = {viewers_events(fixture->viewers), POLLIN, 0};

		g_assert_cmpint(poll(&fd, 1, WAIT_MS), ==, 1);
		viewers_next(fixture->viewers, &event);
	}
}

static Event await_first(Fixture *fixture)
{
	struct pollfd fd = {viewers_events(fixture->viewers), POLLIN, 0};
	Event event;

	g_assert_cmpint(poll(&fd, 1, WAIT_MS), ==, 1);
	g_assert_true(viewers_next(fixture->viewers, &event));
	return event;
}

/* Scrolls up and down, as a whole and in part, with something else between; often before
 * viewers have asked, each of which reads less than the one before. In the end they have
 * each pixel. */
static void scroll_about(Fixture *fixture, rfbClient **clients, int n)
{
	g_autoptr(GRand) numbers = g_rand_new_with_seed(5);

	for (int i = 0; i < SCROLL_WIDTH * SCROLL_HEIGHT; i++)
		fixture->pixels[i] = g_rand_int(numbers) & 0xffffff;
	viewers_draw(fixture->viewers, &(Rect){0, 0, SCROLL_WIDTH, SCROLL_HEIGHT}, 1);
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
	viewers_draw(fixture->viewers, &(Rect){0, 0, SCROLL_WIDTH, SCROLL_HEIGHT}, 1);
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
		gint64 start = g_get_monotonic_time();

		draw(fixture, ++colour, (Rect){0, 0, 1024, 1024});
		g_assert_cmpint(g_get_monotonic_time() - start, <, 2 * G_USEC_PER_SEC);
		await_pixel(client, 1023, 1023, colour);
	}
	viewer_free(client);
	viewer_free(deaf);
	close(half);
	close(silent);
}

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

static void quiet(const char *format, ...)
{
	(void)format;
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	rfbClientLog = rfbClientErr = quiet;
#define CASE(name, run) g_test_add(name, Fixture, NULL, set_up, run, tear_down)
	CASE("/vnc/viewers/pixels", test_pixels);
	CASE("/vnc/viewers/scroll", test_scroll);
	CASE("/vnc/viewers/scroll-speeds", test_scroll_speeds);
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
	CASE("/vnc/viewers/browser", test_browser);
	CASE("/vnc/viewers/browser-leaves", test_browser_leaves);
	CASE("/vnc/viewers/websocket-spin", test_websocket_spin);
	CASE("/vnc/viewers/browser-hesitates", test_browser_hesitates);
	CASE("/vnc/viewers/browser-named", test_browser_named);
	CASE("/vnc/viewers/crowd", test_crowd);
	CASE("/vnc/viewers/silent-go", test_silent_go);
	CASE("/vnc/viewers/known-stay", test_known_stay);
	CASE("/vnc/viewers/slow-login", test_slow_login);
	return g_test_run();
}
