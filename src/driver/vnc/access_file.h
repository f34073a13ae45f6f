// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * access_file - the file with log-ins, also when it is written anew
 *
 * Who writes a file anew mostly puts another one in its place. In our view of the file
 * system is the one that was there at our start; core, as a ROM module of its path, has
 * the one that is there now.
 */
#ifndef VNC_ACCESS_FILE_H
#define VNC_ACCESS_FILE_H

#include <maq/component.h>

typedef struct AccessFile AccessFile;

/* changed is called when there is something else to be read than what was read last.
 * Owned by env. */
AccessFile *access_file_new(MaqEnv *env, MaqHandler changed, void *data);
/* This one from now on; NULL: none. */
void access_file_set(AccessFile *file, const char *path);
/* What is in it; NULL: there is none, or error is set. (transfer full) */
GBytes *access_file_read(AccessFile *file, GError **error);

#endif
