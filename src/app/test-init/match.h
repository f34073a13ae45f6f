// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef TEST_INIT_MATCH_H
#define TEST_INIT_MATCH_H

#include <maq/hid.h>

/*
 * Whether a node has what an expectation lists: `attribute NAME | value: ..` (or higher,
 * lower: bytes), `node TYPE` with an expectation of its own, `not`.
 */
bool match(const MaqHidNode *expected, const MaqHidNode *node);

#endif
