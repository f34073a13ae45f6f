// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * display - what the commands share that look at a scenario's display and act on it
 */
#ifndef MAQUETTE_DISPLAY_H
#define MAQUETTE_DISPLAY_H

#include "remote.h"

#include <maq/capture.h>
#include <maq/event.h>

typedef struct {
	guint32 width, height; /* px */
	guint32 *pixels;       /* owned: XRGB8888, rows without gaps */
} Shot;

/* Owned by the remote's env; NULL and error. */
MaqCapture *display_open_capture(Remote *remote, GError **error);
MaqEvent *display_open_event(Remote *remote, GError **error);

/* Waits until the display has not changed for this time, at most seconds (0: no limit).
 * An exit code; says on standard error what is wrong. */
int display_wait_quiet(Remote *remote, gint64 milliseconds, gint64 seconds);
/* Likewise, until the answer to what was typed, clicked or turned last is shown. */
int display_wait_answered(Remote *remote, gint64 seconds);

bool display_capture(MaqCapture *capture, Shot *shot, GError **error);
void shot_clear(Shot *shot);

#endif
