// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench.h"
#include "peers.h"

#include <pthread.h>
#include <sys/socket.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

typedef struct {
	int end, cpu;
} Side;

static int now(sd_bus_message *call, void *data, sd_bus_error *error)
{
	(void)data, (void)error;
	return sd_bus_reply_method_return(call, "t", (uint64_t)1);
}

static const sd_bus_vtable vtable[] = {
	SD_BUS_VTABLE_START(0),
	SD_BUS_METHOD("Now", "", "t", now, SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_VTABLE_END,
};

static void *serve(void *data)
{
	Side *side = data;
	sd_id128_t id;
	sd_bus *bus = NULL;

	bench_pin(side->cpu);
	sd_id128_randomize(&id);
	sd_bus_new(&bus);
	sd_bus_set_fd(bus, side->end, side->end);
	sd_bus_set_server(bus, 1, id);
	sd_bus_set_anonymous(bus, 1);
	sd_bus_set_trusted(bus, 1);
	sd_bus_add_object_vtable(bus, NULL, "/bench", "bench.Clock", vtable, NULL);
	sd_bus_start(bus);
	for (;;) {
		int n = sd_bus_process(bus, NULL);

		if (n < 0 || (n == 0 && sd_bus_wait(bus, UINT64_MAX) < 0))
			break;
	}
	sd_bus_close_unref(bus);
	return NULL;
}

static bool call(sd_bus *bus)
{
	sd_bus_message *reply = NULL;
	uint64_t time = 0;
	bool well = sd_bus_call_method(bus, NULL, "/bench", "bench.Clock", "Now", NULL,
			    &reply, "") >= 0 &&
		    sd_bus_message_read(reply, "t", &time) >= 0;

	sd_bus_message_unref(reply);
	return well;
}

double sdbus(int rounds, int client_cpu, int server_cpu)
{
	sd_bus *bus = NULL;
	pthread_t thread;
	int ends[2];
	bool well;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
		return -1;
	Side side = {ends[1], server_cpu};
	bench_pin(client_cpu);
	pthread_create(&thread, NULL, serve, &side);
	sd_bus_new(&bus);
	sd_bus_set_fd(bus, ends[0], ends[0]);
	sd_bus_set_anonymous(bus, 1);
	sd_bus_set_trusted(bus, 1);
	well = sd_bus_start(bus) >= 0 && call(bus);
	guint64 start = bench_now();
	for (int i = 0; well && i < rounds; i++)
		well = call(bus);
	double time = (double)(bench_now() - start) / 1000.0 / rounds;
	sd_bus_close_unref(bus);
	pthread_join(thread, NULL);
	return well ? time : -1;
}
