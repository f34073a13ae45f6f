// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * packaged - scenarios made of Genode's packaged `runtime` files
 */
#ifndef MAQUETTE_PACKAGED_H
#define MAQUETTE_PACKAGED_H

#include "expectation.h"

/* What the package's component is called. Not as the package is: an init takes a request
 * for a ROM of a child's name as that for the child's program, and packages named test-x
 * have a test-x within. */
#define PACKAGED_NAME "runtime"

/* A configuration that starts the package's component, with what it requires beside it;
 * package is its program if it names none. Owned by the caller. */
char *packaged_config(const Expectation *expectation, const char *package);
/* A required service that there is nothing for; NULL. Borrowed. */
const char *packaged_lack(const Expectation *expectation);

#endif
