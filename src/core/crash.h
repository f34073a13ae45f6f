// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * crash - names for the frames of a back trace that a component has left
 */
#ifndef CORE_CRASH_H
#define CORE_CRASH_H

#include <glib.h>
#include <stdbool.h>

/* Whether a line that a component printed is a frame: "#N MODULE+0xOFFSET". */
/* The signal of a line "#! signal N", the first one of a trace; 0: it is none. */
int crash_signal(const char *line);
bool crash_is_frame(const char *line);
/*
 * "#N MODULE+0xOFFSET" (see src/maq/env/crash.c) with function, file and line as far as
 * they are known. program: path of the component's file, NULL
 * if it has none. Owned by the caller.
 */
char *crash_frame(const char *line, const char *program);

#endif
