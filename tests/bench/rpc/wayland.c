// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench.h"
#include "peers.h"

#include <pthread.h>
#include <sys/socket.h>
#include <wayland-client-core.h>
#include <wayland-client-protocol.h>
#include <wayland-server-core.h>

typedef struct {
	int end, cpu;
} Side;

static void gone(struct wl_listener *listener, void *client)
{
	(void)listener;
	wl_display_terminate(wl_client_get_display(client));
}

static void *serve(void *data)
{
	Side *side = data;
	struct wl_display *display = wl_display_create();
	struct wl_listener listener = {.notify = gone};

	bench_pin(side->cpu);
	struct wl_client *client = wl_client_create(display, side->end);
	wl_client_add_destroy_listener(client, &listener);
	wl_display_run(display);
	wl_display_destroy(display);
	return NULL;
}

double wayland(int rounds, int client_cpu, int server_cpu)
{
	pthread_t thread;
	int ends[2];
	bool well = true;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		return -1;
	Side side = {ends[1], server_cpu};
	bench_pin(client_cpu);
	pthread_create(&thread, NULL, serve, &side);
	struct wl_display *display = wl_display_connect_to_fd(ends[0]);
	guint64 start = bench_now();
	for (int i = 0; well && i < rounds; i++)
		well = wl_display_roundtrip(display) >= 0;
	double time = (double)(bench_now() - start) / 1000.0 / rounds;
	wl_display_disconnect(display);
	pthread_join(thread, NULL);
	return well ? time : -1;
}
