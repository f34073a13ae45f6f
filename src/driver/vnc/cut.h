// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cut - text that viewers copy and paste
 *
 * RFC 6143, 7.5.6 and 7.6.4 (Latin-1), and rfbproto, "Extended Clipboard Pseudo-encoding"
 * (UTF-8, lines end in CR LF), which libvncserver knows. What somebody has copied waits
 * here until each viewer's thread sends it to its own; who only watches gets and gives
 * nothing.
 */
#ifndef VNC_CUT_H
#define VNC_CUT_H

#include <glib.h>

typedef struct {
	GMutex lock;
	char *text;    /* owned: UTF-8; NULL: none */
	guint serial;  /* atomic: rises with each text */
	unsigned from; /* number of the viewer that has copied it, or NOBODY */
} Cut;

struct Viewer;

void cut_init(Cut *cut);
void cut_fini(Cut *cut);
void cut_set(Cut *cut, const char *text, unsigned from);
/* libvncserver shall tell the viewer what its client copies. */
void cut_watch(struct Viewer *viewer);
/* Sends what is new. */
void cut_update(struct Viewer *viewer);

#endif
