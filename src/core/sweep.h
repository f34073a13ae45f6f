// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sweep - what a scenario would leave behind if it were killed
 *
 * Processes, mounts and shared memory end with core, whatever ends it. What does not, is
 * written down before it is made, in the file left/PID of the owner's run-time folder,
 * which is locked as long as core lives. A small process, the janitor, waits for core's
 * end and removes what is still in the list. If it was killed, too, the next core sweeps
 * what those left whose lock is gone.
 */
#ifndef CORE_SWEEP_H
#define CORE_SWEEP_H

#include <stdbool.h>
#include <sys/types.h>

/* Once, early, while core has one thread: sweeps, and begins a list of our own. Without a
 * run-time folder nothing is done here. */
void sweep_begin(void);
/* kind: "socket", that listens at path; "control", the owner's; "group". */
void sweep_note(const char *kind, const char *path);
/* Everything is removed: forgets the list. */
void sweep_end(void);
/* Whether this is the janitor. */
bool sweep_is_own(pid_t pid);

#endif
