// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * peers - other ways to start bench_ready in namespaces; output: where it is to write
 */
#ifndef BENCH_CONFINE_PEERS_H
#define BENCH_CONFINE_PEERS_H

#include <stdbool.h>
#include <sys/types.h>

/* The kernel's share: clone and exec, in vfork's manner, with the namespaces of flags. */
pid_t peer_bare(unsigned long flags, int program, int output);
/* bubblewrap and crun; false: they are not installed, or do not work here. */
bool peer_has(const char *program);
pid_t peer_bubblewrap(const char *path, int output);
/* A folder (owned by the caller) for peer_crun, with the program in it; NULL: no crun. */
char *peer_crun_prepare(const char *path);
pid_t peer_crun(const char *folder, int output);
void peer_crun_remove(const char *folder);

#endif
