// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wl_draw - the same content as a client of Wayland: wl_draw react|scroll|video
 *
 * A compositor is not told of moves: a scroll changes everything.
 */
#include "content.h"

#include "xdg-shell-client.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <wayland-client.h>

#define TICK_US (G_USEC_PER_SEC / 60)
#define BUFFERS 3
#define SIZE    (CONTENT_WIDTH * CONTENT_HEIGHT * 4)

typedef struct {
	struct wl_buffer *buffer;
	char *pixels;
	bool busy;
} Slot;

static guint32 pixels[CONTENT_WIDTH * CONTENT_HEIGHT];
static struct wl_compositor *compositor;
static struct wl_shm *shm;
static struct wl_seat *seat;
static struct xdg_wm_base *shell;
static struct wl_surface *surface;
static bool configured;
static Slot slots[BUFFERS];

/* All of it is copied, as the slot may be an old one. */
static void show(int width, int height)
{
	for (int i = 0; i < BUFFERS; i++) {
		if (slots[i].busy)
			continue;
		memcpy(slots[i].pixels, pixels, SIZE);
		slots[i].busy = true;
		wl_surface_attach(surface, slots[i].buffer, 0, 0);
		wl_surface_damage_buffer(surface, 0, 0, width, height);
		wl_surface_commit(surface);
		return;
	}
}

static void react(void)
{
	static unsigned count;
	guint32 colour = ++count & 1 ? 0xffffff : 0;

	for (int y = 0; y < CONTENT_BOX; y++)
		for (int x = 0; x < CONTENT_BOX; x++)
			pixels[y * CONTENT_WIDTH + x] = colour;
	show(CONTENT_BOX, CONTENT_BOX);
}

static void tick(ContentKind kind)
{
	static unsigned frame;
	int rest = CONTENT_HEIGHT - CONTENT_LINE;

	frame++;
	if (kind == CONTENT_SCROLL) {
		memmove(pixels, pixels + CONTENT_LINE * CONTENT_WIDTH,
			(gsize)rest * CONTENT_WIDTH * 4);
		content_text(pixels, rest, CONTENT_LINE, frame);
	} else {
		content_video(pixels, frame);
	}
	show(CONTENT_WIDTH, CONTENT_HEIGHT);
}

/* ---- what the compositor says ---- */

static void key(void *data, struct wl_keyboard *keyboard, uint32_t serial, uint32_t time,
	uint32_t code, uint32_t state)
{
	(void)data, (void)keyboard, (void)serial, (void)time, (void)code;
	if (state == WL_KEYBOARD_KEY_STATE_PRESSED)
		react();
}

static void keymap(
	void *data, struct wl_keyboard *keyboard, uint32_t format, int fd, uint32_t size)
{
	(void)data, (void)keyboard, (void)format, (void)size;
	close(fd);
}

static void enter(void *data, struct wl_keyboard *keyboard, uint32_t serial,
	struct wl_surface *entered, struct wl_array *keys)
{
	(void)data, (void)keyboard, (void)serial, (void)entered, (void)keys;
}

static void leave(void *data, struct wl_keyboard *keyboard, uint32_t serial,
	struct wl_surface *left)
{
	(void)data, (void)keyboard, (void)serial, (void)left;
}

static void modifiers(void *data, struct wl_keyboard *keyboard, uint32_t serial,
	uint32_t depressed, uint32_t latched, uint32_t locked, uint32_t group)
{
	(void)data, (void)keyboard, (void)serial, (void)depressed, (void)latched;
	(void)locked, (void)group;
}

static const struct wl_keyboard_listener keyboard_listener = {
	.keymap = keymap,
	.enter = enter,
	.leave = leave,
	.key = key,
	.modifiers = modifiers,
};

/* A keyboard comes when wayvnc does. */
static void capabilities(void *data, struct wl_seat *its, uint32_t found)
{
	static struct wl_keyboard *keyboard;

	(void)data;
	if (!keyboard && found & WL_SEAT_CAPABILITY_KEYBOARD) {
		keyboard = wl_seat_get_keyboard(its);
		wl_keyboard_add_listener(keyboard, &keyboard_listener, NULL);
	}
}

static const struct wl_seat_listener seat_listener = {.capabilities = capabilities};

static void global(void *data, struct wl_registry *registry, uint32_t name,
	const char *interface, uint32_t version)
{
	(void)data, (void)version;
	if (!strcmp(interface, "wl_compositor"))
		compositor =
			wl_registry_bind(registry, name, &wl_compositor_interface, 4);
	else if (!strcmp(interface, "wl_shm"))
		shm = wl_registry_bind(registry, name, &wl_shm_interface, 1);
	else if (!strcmp(interface, "wl_seat"))
		seat = wl_registry_bind(registry, name, &wl_seat_interface, 1);
	else if (!strcmp(interface, "xdg_wm_base"))
		shell = wl_registry_bind(registry, name, &xdg_wm_base_interface, 1);
}

static void global_removed(void *data, struct wl_registry *registry, uint32_t name)
{
	(void)data, (void)registry, (void)name;
}

static const struct wl_registry_listener registry_listener = {global, global_removed};

static void ping(void *data, struct xdg_wm_base *base, uint32_t serial)
{
	(void)data;
	xdg_wm_base_pong(base, serial);
}

static const struct xdg_wm_base_listener shell_listener = {ping};

static void surface_configured(void *data, struct xdg_surface *its, uint32_t serial)
{
	(void)data;
	xdg_surface_ack_configure(its, serial);
	configured = true;
}

static const struct xdg_surface_listener surface_listener = {surface_configured};

static void top_configured(void *data, struct xdg_toplevel *top, int32_t width,
	int32_t height, struct wl_array *states)
{
	(void)data, (void)top, (void)width, (void)height, (void)states;
}

static void top_closed(void *data, struct xdg_toplevel *top)
{
	(void)data, (void)top;
	exit(0);
}

static const struct xdg_toplevel_listener top_listener = {
	.configure = top_configured, .close = top_closed};

static void released(void *data, struct wl_buffer *buffer)
{
	(void)buffer;
	((Slot *)data)->busy = false;
}

static const struct wl_buffer_listener buffer_listener = {released};

/* ---- start ---- */

static void make_slots(void)
{
	int fd = memfd_create("pool", MFD_CLOEXEC);

	if (ftruncate(fd, (off_t)SIZE * BUFFERS))
		exit(1);
	char *all = mmap(
		NULL, (gsize)SIZE * BUFFERS, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	struct wl_shm_pool *pool = wl_shm_create_pool(shm, fd, SIZE * BUFFERS);
	for (int i = 0; i < BUFFERS; i++) {
		slots[i].pixels = all + (gsize)i * SIZE;
		slots[i].buffer = wl_shm_pool_create_buffer(pool, i * SIZE, CONTENT_WIDTH,
			CONTENT_HEIGHT, CONTENT_WIDTH * 4, WL_SHM_FORMAT_XRGB8888);
		wl_buffer_add_listener(slots[i].buffer, &buffer_listener, &slots[i]);
	}
}

static void open_window(struct wl_display *display)
{
	wl_registry_add_listener(
		wl_display_get_registry(display), &registry_listener, NULL);
	wl_display_roundtrip(display);
	if (!shell || !shm || !compositor || !seat)
		exit(1);
	xdg_wm_base_add_listener(shell, &shell_listener, NULL);
	wl_seat_add_listener(seat, &seat_listener, NULL);
	surface = wl_compositor_create_surface(compositor);
	struct xdg_surface *role = xdg_wm_base_get_xdg_surface(shell, surface);
	struct xdg_toplevel *top = xdg_surface_get_toplevel(role);
	xdg_surface_add_listener(role, &surface_listener, NULL);
	xdg_toplevel_add_listener(top, &top_listener, NULL);
	xdg_toplevel_set_fullscreen(top, NULL);
	wl_surface_commit(surface);
	while (!configured && wl_display_dispatch(display) >= 0)
		;
}

/* Until the compositor says something, or a tick is due. */
static void wait_events(struct wl_display *display, int timeout)
{
	struct pollfd fd = {wl_display_get_fd(display), POLLIN, 0};

	wl_display_dispatch_pending(display);
	wl_display_flush(display);
	if (poll(&fd, 1, timeout) > 0 && wl_display_dispatch(display) < 0)
		exit(0);
}

int main(int argc, char **argv)
{
	ContentKind kind = content_kind(argc > 1 ? argv[1] : "react");
	struct wl_display *display = wl_display_connect(NULL);
	gint64 next = g_get_monotonic_time();

	if (!display)
		return 1;
	open_window(display);
	make_slots();
	content_text(pixels, 0, CONTENT_HEIGHT, 0);
	show(CONTENT_WIDTH, CONTENT_HEIGHT);
	for (;;) {
		gint64 left = MAX(next - g_get_monotonic_time(), 0);

		wait_events(display, kind == CONTENT_REACT ? -1 : (int)(left / 1000));
		if (kind != CONTENT_REACT && g_get_monotonic_time() >= next) {
			tick(kind);
			next = MAX(next + TICK_US, g_get_monotonic_time() - TICK_US);
		}
	}
}
