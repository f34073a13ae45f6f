// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * copy - CopyRect: pixels that a viewer has already, only elsewhere
 */
#ifndef VNC_COPY_H
#define VNC_COPY_H

#include "picture.h"

#include <rfb/rfb.h>
#include <rfb/rfbregion.h>

/* rect, in the client's screen, holds what was dx to its left and dy above it. Its next
 * update says so, or sends the pixels if that is not possible. */
void copy_mark(rfbClientPtr client, Rect rect, int dx, int dy);
/* What its next update sends as pixels (rfbSendFramebufferUpdate); owned by the caller.
 */
sraRegionPtr copy_region_of_pixels(rfbClientPtr client);

#endif
