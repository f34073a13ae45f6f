// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * child - takes chunks of memory until none is left, gives back what it is asked for
 */
#ifndef TEST_RESOURCE_YIELD_CHILD_H
#define TEST_RESOURCE_YIELD_CHILD_H

#include <maq/component.h>

#define CHUNK (1u << 20)

bool child_start(MaqEnv *env, GError **error);

#endif
