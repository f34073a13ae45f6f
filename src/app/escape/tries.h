// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * tries - ways out of the confinement, each tried once
 */
#ifndef ESCAPE_TRIES_H
#define ESCAPE_TRIES_H

#include <stdbool.h>

/* One way out. False: it was refused, and errno may say how. What it gained it gives
 * back, as it goes on to the next one. */
typedef struct {
	const char *name;
	bool (*escape)(void);
} Try;

/* Each list ends with an entry without a name. */
extern const Try tries_kernel[]; /* more rights, or parts of the kernel */
extern const Try tries_others[]; /* processes, sockets, files of others */
extern const Try tries_memory[]; /* what is shared with others */

#endif
