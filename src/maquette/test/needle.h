// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef MAQUETTE_NEEDLE_H
#define MAQUETTE_NEEDLE_H

#include "../remote.h"
#include "step.h"

/* Waits until a region of the display equals the step's picture; an exit code. Leaves
 * what was expected, what was there and the difference in the failure's folder. */
int needle_await(Remote *remote, const Step *step, const StepPlace *place);

#endif
