// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * view - what a component sees of the file system, and what it may do, from its program
 * and its grants
 */
#ifndef CORE_VIEW_H
#define CORE_VIEW_H

#include "zygote.h"

#include <glib.h>
#include <stdbool.h>

typedef struct {
	GString *text;      /* owned: entries as zygote.h has them */
	GString *identity;  /* owned: which files they were when this was made */
	ConfineClass class; /* of system calls */
	char **variables;   /* owned: of the environment, or NULL */
} View;

/* program: a descriptor; path: of its file, or NULL; grants: a HID text, or NULL.
 * Borrowed, until the next call. */
const View *view_of(int program, const char *path, const char *grants);
/* Frees all. */
void view_end(void);

#endif
