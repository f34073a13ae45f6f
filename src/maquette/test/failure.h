// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * failure - the folder that tells of a failed test
 */
#ifndef MAQUETTE_FAILURE_H
#define MAQUETTE_FAILURE_H

#include "judge.h"

#include <sys/types.h>

/* tree.json and shot.png, as far as the scenario gives them; core 0: it has ended. */
void failure_picture(const char *folder, pid_t core);
/* log.txt and expectation.txt. */
void failure_texts(const char *folder, const Judge *judge);

#endif
