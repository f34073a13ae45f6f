// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fixture - a client whose loop runs in another one, and a server in a thread
 *
 * The client sets timers, calls, and waits for signals. stop() is called when all of it
 * has come.
 */
#ifndef TEST_ATTACH_FIXTURE_H
#define TEST_ATTACH_FIXTURE_H

#ifdef __cplusplus
extern "C" {
#endif

void fixture_begin(void (*stop)(void *data), void *data);
/* What the other loop waits for, and what it calls then. */
int fixture_fd(void);
void fixture_dispatch(void);
/* Checks and frees. */
void fixture_end(void);

#ifdef __cplusplus
}
#endif

#endif
