// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * packaged - scenarios made of Genode's packaged `runtime` files
 */
#ifndef MAQUETTE_PACKAGED_H
#define MAQUETTE_PACKAGED_H

#include "expectation.h"

/* A configuration that starts the package's component under this name, with what it
 * requires beside it; owned by the caller. */
char *packaged_config(const Expectation *expectation, const char *name);
/* A required service that there is nothing for; NULL. Borrowed. */
const char *packaged_lack(const Expectation *expectation);

#endif
