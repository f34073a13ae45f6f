// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef MAQUETTE_FILM_H
#define MAQUETTE_FILM_H

#include "display.h"

/* Films the display until SIGINT or SIGTERM comes, the scenario ends, or after seconds
 * (0: no limit), and writes an animated WebP. */
bool film_take(Remote *remote, const char *path, gint64 seconds, GError **error);

#endif
