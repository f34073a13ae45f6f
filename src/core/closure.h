// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * closure - which files the dynamic loader will want for a program
 */
#ifndef CORE_CLOSURE_H
#define CORE_CLOSURE_H

#include <glib.h>
#include <stdbool.h>

typedef struct {
	GPtrArray *paths;  /* owned, of char *: where the loader looks for each */
	char *interpreter; /* owned: of a script; NULL: it is none */
	bool sanitized;    /* it wants the library of a sanitizer */
} Closure;

/* Of the program that is open as this descriptor. One that cannot be understood has an
 * empty closure: the kernel will say so. */
Closure *closure_new(int program);
void closure_free(Closure *closure);

#endif
