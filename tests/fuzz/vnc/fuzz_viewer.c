// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz_viewer - all that a viewer may send, at the whole RFB server
 *
 * Plain or through a websocket, as the first byte says: the server is told all of it, and
 * that nothing more comes. It shall neither fail nor wait.
 */
#include "server.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SIZE_MAX_HERE 60000 /* what the sockets take without a reader */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void put(int fd, const void *data, size_t size)
{
	send(fd, data, size, MSG_NOSIGNAL);
}

static void put_frame(int fd, const void *data, size_t size)
{
	g_autoptr(GByteArray) frame = server_frame(data, size);

	put(fd, frame->data, frame->len);
}

static void put_all(int fd, uint8_t kind, const uint8_t *data, size_t size)
{
	size = MIN(size, SIZE_MAX_HERE);
	switch (kind & 3) {
	case 0: /* after a log-in */
		put(fd, server_hello, strlen(server_hello));
		break;
	case 1: /* the same in a websocket */
		put(fd, server_upgrade, strlen(server_upgrade));
		put_frame(fd, server_hello, strlen(server_hello));
		put_frame(fd, data, size);
		return;
	case 2: /* frames as they like it */
		put(fd, server_upgrade, strlen(server_upgrade));
		break;
	default: /* from the first byte on: also TLS */
		break;
	}
	put(fd, data, size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool started;

	if (!started)
		server_start("", NULL);
	started = true;
	if (!size)
		return 0;
	int fd = server_dial();
	put_all(fd, data[0], data + 1, size - 1);
	shutdown(fd, SHUT_WR);
	server_await_end(fd);
	close(fd);
	return 0;
}
