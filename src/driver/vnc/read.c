// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * read - waits for what a viewer sends, in place of libvncserver's function
 *
 * That of libvncserver 0.9.14 asks its decoder of websockets again and again while the
 * socket is readable. The decoder may have stopped for good, at a frame of 2^63 bytes
 * among others, and a socket at its end is readable for ever. This program's function of
 * the same name is the one that the library calls; a unit test (websocket-spin) fails
 * where it is linked otherwise.
 */
#include <errno.h>
#include <poll.h>
#include <rfb/rfb.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define PATIENCE 100 /* times that nothing was read of what was there */

/* Of libvncserver, where no header says it: as read(), of what the frames hold. */
extern int webSocketsDecode(rfbClientPtr client, char *to, int size);

static int unread(int socket)
{
	int size = 0;

	return ioctl(socket, FIONREAD, &size) ? 0 : size;
}

/* TLS is a tunnel in front: the library sees none. */
static int read_some(rfbClientPtr client, char *to, int size)
{
	return client->wsctx ? webSocketsDecode(client, to, size)
			     : (int)read(client->sock, to, (size_t)size);
}

/* 1: something may be read; 0: nothing will come; -1 and errno. */
static int await_more(int socket, int timeout)
{
	struct pollfd fd = {socket, POLLIN, 0};
	int n = poll(&fd, 1, timeout);

	if (n < 0)
		return errno == EINTR ? 1 : -1;
	if (n == 0) {
		errno = ETIMEDOUT;
		return -1;
	}
	return unread(socket) > 0;
}

/* As rfb.h says it: 1, 0 at the end, -1 and errno. */
int rfbReadExactTimeout(rfbClientPtr client, char *to, int size, int timeout)
{
	for (int vain = 0; size > 0;) {
		int before = client->sock < 0 ? 0 : unread(client->sock);

		if (client->sock < 0 || vain == PATIENCE) {
			errno = vain == PATIENCE ? EPROTO : EBADF;
			return -1;
		}
		int n = read_some(client, to, size);
		if (n > 0) {
			to += n;
			size -= n;
			vain = 0;
			continue;
		}
		if (n == 0)
			return 0;
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN && errno != EWOULDBLOCK)
			return -1;
		vain = before && unread(client->sock) >= before ? vain + 1 : 0;
		int more = await_more(client->sock, timeout);
		if (more <= 0)
			return more;
	}
	return 1;
}
