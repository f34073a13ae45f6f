// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wl_painter - the same client on Wayland, full screen: wl_painter DAMAGE SECONDS [tiled]
 */
#include "common.h"

#include "xdg-shell-client.h"

#include <poll.h>
#include <sys/mman.h>
#include <sys/timerfd.h>
#include <unistd.h>
#include <wayland-client.h>

#define BUFFERS 3

typedef struct {
	struct wl_buffer *buffer;
	void *pixels;
	int busy, stale;
} Slot;

typedef struct {
	struct wl_compositor *compositor;
	struct wl_shm *shm;
	struct xdg_wm_base *shell;
	struct wl_surface *surface;
	int width, height, configured, closed;
	Slot slots[BUFFERS];
} Client;

static void ping(void *data, struct xdg_wm_base *shell, uint32_t serial)
{
	(void)data;
	xdg_wm_base_pong(shell, serial);
}

static const struct xdg_wm_base_listener shell_listener = {ping};

static void global(void *data, struct wl_registry *registry, uint32_t name,
	const char *interface, uint32_t version)
{
	Client *client = data;

	(void)version;
	if (!strcmp(interface, "wl_compositor"))
		client->compositor =
			wl_registry_bind(registry, name, &wl_compositor_interface, 4);
	else if (!strcmp(interface, "wl_shm"))
		client->shm = wl_registry_bind(registry, name, &wl_shm_interface, 1);
	else if (!strcmp(interface, "xdg_wm_base"))
		client->shell =
			wl_registry_bind(registry, name, &xdg_wm_base_interface, 1);
}

static void global_removed(void *data, struct wl_registry *registry, uint32_t name)
{
	(void)data, (void)registry, (void)name;
}

static const struct wl_registry_listener registry_listener = {global, global_removed};

static void surface_configured(void *data, struct xdg_surface *surface, uint32_t serial)
{
	xdg_surface_ack_configure(surface, serial);
	((Client *)data)->configured = 1;
}

static const struct xdg_surface_listener surface_listener = {surface_configured};

static void top_configured(void *data, struct xdg_toplevel *top, int32_t width,
	int32_t height, struct wl_array *states)
{
	Client *client = data;

	(void)top, (void)states;
	if (width > 0 && height > 0 && !client->width) {
		client->width = width;
		client->height = height;
	}
}

static void top_closed(void *data, struct xdg_toplevel *top)
{
	(void)top;
	((Client *)data)->closed = 1;
}

static const struct xdg_toplevel_listener top_listener = {
	.configure = top_configured, .close = top_closed};

static void released(void *data, struct wl_buffer *buffer)
{
	(void)buffer;
	((Slot *)data)->busy = 0;
}

static const struct wl_buffer_listener buffer_listener = {released};

static void make_buffers(Client *client)
{
	int stride = client->width * 4, size = stride * client->height;
	int fd = memfd_create("pool", MFD_CLOEXEC);

	if (ftruncate(fd, (off_t)size * BUFFERS))
		exit(1);
	char *pixels = mmap(
		NULL, (size_t)size * BUFFERS, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	struct wl_shm_pool *pool = wl_shm_create_pool(client->shm, fd, size * BUFFERS);
	for (int i = 0; i < BUFFERS; i++) {
		Slot *slot = &client->slots[i];

		slot->pixels = pixels + (long)i * size;
		slot->stale = 1;
		slot->buffer = wl_shm_pool_create_buffer(pool, i * size, client->width,
			client->height, stride, WL_SHM_FORMAT_XRGB8888);
		wl_buffer_add_listener(slot->buffer, &buffer_listener, slot);
	}
}

static void draw(Client *client, int damage)
{
	for (int i = 0; i < BUFFERS; i++) {
		Slot *slot = &client->slots[i];
		int size = slot->stale ? 0 : damage;

		if (slot->busy)
			continue;
		paint(slot->pixels, client->width, client->height, client->width * 4,
			size);
		slot->stale = 0;
		slot->busy = 1;
		wl_surface_attach(client->surface, slot->buffer, 0, 0);
		wl_surface_damage_buffer(client->surface, 0, 0,
			size ? size : client->width, size ? size : client->height);
		wl_surface_commit(client->surface);
		return;
	}
}

/* Handles events until the next frame is due. */
static int wait_tick(struct wl_display *display, int timer)
{
	struct pollfd fds[] = {
		{wl_display_get_fd(display), POLLIN, 0}, {timer, POLLIN, 0}};
	uint64_t ticks;

	for (;;) {
		wl_display_dispatch_pending(display);
		wl_display_flush(display);
		if (poll(fds, 2, -1) < 0 || (fds[0].revents & POLLHUP))
			return 0;
		if (fds[0].revents & POLLIN && wl_display_dispatch(display) < 0)
			return 0;
		if (fds[1].revents & POLLIN)
			return read(timer, &ticks, sizeof ticks) > 0;
	}
}

int main(int argc, char **argv)
{
	int damage = argc > 1 ? atoi(argv[1]) : 0;
	Client client = {0};
	struct wl_display *display = wl_display_connect(NULL);

	if (!display)
		return 1;
	wl_registry_add_listener(
		wl_display_get_registry(display), &registry_listener, &client);
	wl_display_roundtrip(display);
	if (!client.shell || !client.shm)
		return 1;
	xdg_wm_base_add_listener(client.shell, &shell_listener, &client);
	client.surface = wl_compositor_create_surface(client.compositor);
	struct xdg_surface *surface =
		xdg_wm_base_get_xdg_surface(client.shell, client.surface);
	struct xdg_toplevel *top = xdg_surface_get_toplevel(surface);
	xdg_surface_add_listener(surface, &surface_listener, &client);
	xdg_toplevel_add_listener(top, &top_listener, &client);
	if (argc < 4) /* else in a tile */
		xdg_toplevel_set_fullscreen(top, NULL);
	wl_surface_commit(client.surface);
	while (!client.configured && wl_display_dispatch(display) >= 0)
		;
	if (!client.width) { /* sway tells no size before it has seen a picture */
		client.width = 1280;
		client.height = 720;
	}
	make_buffers(&client);
	int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	struct itimerspec period = {{0, (long)PERIOD_NS}, {0, (long)PERIOD_NS}};
	timerfd_settime(timer, 0, &period, NULL);
	Count count = count_new(argc > 2 ? strtoull(argv[2], NULL, 10) : 4);
	do
		draw(&client, damage);
	while (wait_tick(display, timer) && count_frame(&count));
	return 0;
}
