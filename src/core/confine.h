// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * confine - components start in a void: core's side of the zygote
 *
 * What this machine cannot do is said once, at the start; components then have what is
 * left of the confinement.
 */
#ifndef CORE_CONFINE_H
#define CORE_CONFINE_H

#include "view.h"

#include <stdbool.h>
#include <sys/types.h>

#define CONFINE_FDS_MAX ZYGOTE_FDS_MAX

typedef struct Confine Confine;

/* A descriptor (borrowed) and the number that it gets, or one of ZYGOTE_FD_*. */
typedef struct {
	int fd, target;
} ConfineFd;

typedef struct {
	const View *view;
	const ConfineFd *fds;
	unsigned n_fds;
	char *const *arguments, *const *variables;
	unsigned handles; /* how many it may have open */
} ConfineStart;

/* Early, while core is small and alone. zygote: path of the program; NULL: beside our
 * own. required: what this machine lacks is an error. NULL: there is none, or that. */
Confine *confine_new(const char *zygote, bool required, GError **error);
void confine_free(Confine *confine);
/* The process id; negative: errno says why. */
pid_t confine_start(Confine *confine, const ConfineStart *start);
/* Whether this process is the zygote. */
bool confine_is_own(const Confine *confine, pid_t pid);

/* One word: "full", "partial" or "none". */
const char *confine_level(const Confine *confine);
/* In force, and what is missing and why, in a line of plain words. */
const char *confine_text(const Confine *confine);
/* Its beginning, as much as fits into the answers of sessions. */
const char *confine_brief(const Confine *confine);

#endif
