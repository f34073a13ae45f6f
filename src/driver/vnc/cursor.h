// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cursor - the pointer's picture, for viewers that draw it themselves
 */
#ifndef VNC_CURSOR_H
#define VNC_CURSOR_H

#include "viewer.h"

/* Gives the viewer an arrow, once it has said that it draws one. Nobody else is sent any:
 * libvncserver would paint it into the pixels. */
void cursor_update(Viewer *viewer);

#endif
