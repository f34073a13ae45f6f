// SPDX-License-Identifier: GPL-2.0-or-later
#include "fixture.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

/* libvncserver 0.9.14 forgets an iterator at each SetDesktopSize, libvncclient what it
 * decodes JPEG with. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:rfbGetClientIterator\nleak:tjInitDecompress\nleak:libjpeg.so";
}

static Fixture *current; /* of the test that runs */

static bool newest_frame(void *owner, Frame *frame)
{
	const Fixture *fixture = owner;

	viewers_size(fixture->viewers, &frame->width, &frame->height);
	frame->pixels = fixture->pixels;
	frame->stride = (gsize)frame->width * 4;
	return true;
}

Access *make_access(const char *config)
{
	g_autoptr(MaqHidDocument) document =
		maq_hid_parse(config, -1, "config", MAQ_HID_STRICT, NULL);
	Access *access = access_new(maq_hid_root(document), NULL, NULL);

	g_assert_nonnull(access);
	return access;
}

void start(Fixture *fixture, const char *config)
{
	viewers_free(fixture->viewers);
	fixture->viewers = viewers_new(64, 48, make_access(config));
	viewers_set_source(fixture->viewers, newest_frame, fixture);
}

void set_up(Fixture *fixture, gconstpointer data)
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

void tear_down(Fixture *fixture, gconstpointer data)
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

int dial(Fixture *fixture, int receive_buffer)
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

rfbClient *viewer_new(Fixture *fixture, int receive_buffer)
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

void viewer_free(rfbClient *client)
{
	free(client->frameBuffer);
	rfbClientCleanup(client);
}

guint32 pixel(rfbClient *client, int x, int y)
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

void await_message(rfbClient *client)
{
	struct pollfd fds[] = {
		{client->sock, POLLIN, 0}, {viewers_events(current->viewers), POLLIN, 0}};

	while (client->buffered == 0 && !fds[0].revents) {
		g_assert_cmpint(poll(fds, 2, WAIT_MS), >, 0);
		take_events(current);
	}
}

void receive(rfbClient *client)
{
	await_message(client);
	g_assert_true(HandleRFBServerMessage(client));
}

void await_pixel(rfbClient *client, int x, int y, guint32 value)
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

Event await_event(Fixture *fixture)
{
	Event event = {.type = EVENT_COME};

	while (event.type == EVENT_COME)
		event = next_event(fixture);
	return event;
}

void await_come(Fixture *fixture)
{
	while (next_event(fixture).type != EVENT_COME)
		;
}

void draw(Fixture *fixture, guint32 colour, Rect rect)
{
	int width, height;

	viewers_size(fixture->viewers, &width, &height);
	for (int y = rect.y; y < MIN(rect.y + rect.height, height); y++)
		for (int x = rect.x; x < MIN(rect.x + rect.width, width); x++)
			fixture->pixels[y * width + x] = colour;
	viewers_draw(fixture->viewers, &(Change){.rect = rect}, 1);
}

void await_gone(Fixture *fixture)
{
	Event event = {.type = EVENT_COME};

	while (event.type != EVENT_GONE) {
		struct pollfd fd = {viewers_events(fixture->viewers), POLLIN, 0};

		g_assert_cmpint(poll(&fd, 1, WAIT_MS), ==, 1);
		viewers_next(fixture->viewers, &event);
	}
}

Event await_first(Fixture *fixture)
{
	struct pollfd fd = {viewers_events(fixture->viewers), POLLIN, 0};
	Event event;

	g_assert_cmpint(poll(&fd, 1, WAIT_MS), ==, 1);
	g_assert_true(viewers_next(fixture->viewers, &event));
	return event;
}

static void quiet(const char *format, ...)
{
	(void)format;
}

void be_quiet(void)
{
	rfbClientLog = rfbClientErr = quiet;
}
