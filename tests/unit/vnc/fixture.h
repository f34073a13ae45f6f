// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fixture - the RFB server against the client of libvncclient, both in this process: the
 * thread of the test is the component's and the clients' one
 */
#ifndef VNC_TEST_FIXTURE_H
#define VNC_TEST_FIXTURE_H

#include "viewers.h"

#include <arpa/inet.h>
#include <rfb/rfbclient.h>

#define WAIT_MS 10000 /* for what must come */
#define CANVAS  1024  /* px, each way, at most */

typedef struct {
	Viewers *viewers;
	int listener;
	struct sockaddr_in at;
	GQueue events;   /* owned: taken while something else was waited for */
	guint32 *pixels; /* owned: what the client of Framebuffer has drawn */
} Fixture;

void set_up(Fixture *fixture, gconstpointer data);
void tear_down(Fixture *fixture, gconstpointer data);
/* A server anew, with this configuration. */
void start(Fixture *fixture, const char *config);
/* Owned by the caller. */
Access *make_access(const char *config);
/* Frames of this colour from now on, as the client of Framebuffer says it. */
void draw(Fixture *fixture, guint32 colour, Rect rect);

/* ---- viewers ---- */

/* A connection that the server has accepted; receive_buffer in bytes, 0: the usual one.
 * Owned by the caller. */
int dial(Fixture *fixture, int receive_buffer);
/* One that has logged in and asked for everything; owned by the caller. */
rfbClient *viewer_new(Fixture *fixture, int receive_buffer);
void viewer_free(rfbClient *client);
guint32 pixel(rfbClient *client, int x, int y);
/* Until there is one to be read; the server's events are taken meanwhile. */
void await_message(rfbClient *client);
/* One message. */
void receive(rfbClient *client);
void await_pixel(rfbClient *client, int x, int y, guint32 value);

/* ---- the server's events ---- */

/* The next one but for those that somebody has come. */
Event await_event(Fixture *fixture);
void await_come(Fixture *fixture);
/* Skips all others. */
void await_gone(Fixture *fixture);
/* Whatever it is. */
Event await_first(Fixture *fixture);

/* ---- cases ---- */

#define CASE(name, run) g_test_add(name, Fixture, NULL, set_up, run, tear_down)

/* Lets libvncclient say nothing. */
void be_quiet(void);

#endif
