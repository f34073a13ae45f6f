// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * text - waits for a text on a terminal
 */
#ifndef MAQUETTE_TEST_TEXT_H
#define MAQUETTE_TEST_TEXT_H

#include "../remote.h"

/* Until each line of the pattern is in a row, in this order; an exit code. Says on
 * standard error what is wrong, and what the terminal shows instead. */
int text_await(Remote *remote, const char *label, const char *pattern, gint64 seconds);

#endif
