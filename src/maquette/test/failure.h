// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * failure - the folder that tells of a test, of a failed one above all
 */
#ifndef MAQUETTE_FAILURE_H
#define MAQUETTE_FAILURE_H

#include "judge.h"
#include "step.h"

#include <sys/types.h>

/* tree.json and shot.png, as far as the scenario gives them; core 0: it has ended. */
void failure_picture(const char *folder, pid_t core);
/* trace.txt and ctf, what the components did last: asked of core or, if that is 0, as it
 * was saved in a folder. */
void failure_trace(const char *folder, pid_t core, const char *saved);
/* film.webp, if the scenario has a display: from begin to end. */
void failure_film_begin(ChildRun *film, const char *folder, pid_t core);
void failure_film_end(ChildRun *film);
/* log.txt, expectation.txt and timeline.txt. */
void failure_texts(const char *folder, const Judge *judge, const char *timeline);

#endif
