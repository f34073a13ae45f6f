// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef MAQUETTE_TILE_H
#define MAQUETTE_TILE_H

#include "../remote.h"

/* Waits until the window manager has a tile of this label, which with input hears of
 * keys; an exit code. */
int tile_await(Remote *remote, const char *label, bool input, gint64 seconds);

/* Those of all tiles now, none without a window manager; owned by the caller. */
GPtrArray *tile_labels(Remote *remote);
/* Where its picture is on the display: x, y, width, height in px. False: it is not to be
 * seen. */
bool tile_picture(Remote *remote, const char *label, guint32 place[4], GError **error);

#endif
