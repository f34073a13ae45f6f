// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * watcher - a thread that tells one which sleeps on words what epoll has seen
 *
 * A thread that waits for shared words cannot wait in epoll as well. So a helper does,
 * and turns what it sees into changes of two private words.
 */
#ifndef MAQ_SESSION_WATCHER_H
#define MAQ_SESSION_WATCHER_H

#include <glib.h>
#include <stdatomic.h>
#include <stdbool.h>

typedef struct MaqWatcher MaqWatcher;

MaqWatcher *maq_watcher_new(void); /* NULL: no thread or descriptor left */
void maq_watcher_free(MaqWatcher *watcher);

/* Counted up whenever a watched channel was hung up. */
const _Atomic guint32 *maq_watcher_hangups(const MaqWatcher *watcher);
bool maq_watcher_add_channel(MaqWatcher *watcher, int channel);
void maq_watcher_remove_channel(MaqWatcher *watcher, int channel);

/* 1 from when the set of handles has something ready until it is armed again. */
const _Atomic guint32 *maq_watcher_ready(const MaqWatcher *watcher);
bool maq_watcher_set_loop(MaqWatcher *watcher, int set);
void maq_watcher_arm(MaqWatcher *watcher);

#endif
