// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * harness - a scenario with a desktop, and a VNC client that looks and types
 */
#ifndef DESKTOP_HARNESS_H
#define DESKTOP_HARNESS_H

#include <glib.h>
#include <rfb/rfbclient.h>

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

#define PATIENCE (30 * G_USEC_PER_SEC) /* for slow machines; passing needs no wait */
#define RED      0xe0704au             /* the terminal's colour 41 */
#define GREEN    0x45b08cu             /* and 42 */

typedef struct {
	pid_t pid;
	FILE *output;
	GString *seen; /* owned: what has been read of it, after a line's end */
	int port;
} Desktop;

/* vnc: ADDRESS:PORT instead of what the scenario says; NULL: as it says. */
Desktop desktop_start(const char *scenario, const char *vnc);
/* Reads the log until a line has this text. */
void desktop_await(Desktop *desktop, const char *text);
/* Of another display, which may have told it before the first one did. */
int desktop_await_port(Desktop *desktop, const char *component);
void desktop_end(Desktop *desktop);
/* The process of the component with that label; 0: there is none. */
pid_t find_component(pid_t core, const char *label);

rfbClient *connect_viewer(int port);
void disconnect(rfbClient *client);
unsigned count_color(const rfbClient *client, guint32 color);
void handle_message(rfbClient *client);
/* Reads messages until the colour covers at least so many pixels. */
void wait_for_color(rfbClient *client, guint32 color, unsigned least);
void type(rfbClient *client, const char *text);

#endif
