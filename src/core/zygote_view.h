// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * zygote_view - the file systems that components see, and the rules that repeat them
 */
#ifndef CORE_ZYGOTE_VIEW_H
#define CORE_ZYGOTE_VIEW_H

#include "zygote.h"

#include <stdbool.h>

#define VIEWS_MAX  128
#define VIEW_FIRST 100 /* our descriptors are above all numbers that components know */

typedef struct {
	int space;  /* owned: the mount namespace; -1: none is there */
	char *text; /* owned; NULL: the place is free */
	uint32_t size;
} View;

/* Leaves the host's file system for a private copy below /host. Needs the capabilities
 * of a user namespace. False: errno and what say why. */
bool view_begin(const char **what);
/* /proc of the host, for questions about ourselves. */
int view_proc(void);
/* The number of a new view, or negative: errno and what. */
int view_make(const char *text, uint32_t size, bool namespaces, const char **what);
void view_forget(int number);
const View *view_get(int number);

/* For the new process: what is its own, and no component's else. */
bool view_mount_own(const View *view, const char **what);
bool view_has_own(const View *view);
/* For the new process: Landlock rules that say what the view says. Nothing without
 * Landlock. program: what it is to execute. */
bool view_restrict(const View *view, int program, uint32_t confine_class);
/* Version of Landlock; 0: none. */
int view_landlock(void);

#endif
