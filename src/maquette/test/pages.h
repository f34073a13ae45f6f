// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pages - results as HTML, to be kept by a CI: pictures, film, log and timeline
 *
 * No script and nothing from elsewhere: the folder can be moved and served by anything.
 */
#ifndef MAQUETTE_PAGES_H
#define MAQUETTE_PAGES_H

#include "report.h"

/* index.html in the folder, and one in the folder of each case that has left one. */
bool pages_write(const GPtrArray *cases, const char *folder, GError **error);

#endif
