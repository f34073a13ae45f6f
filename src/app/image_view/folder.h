// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * folder - tells when files of a folder are written, come or go
 */
#ifndef IMAGE_VIEW_FOLDER_H
#define IMAGE_VIEW_FOLDER_H

#include <maq/component.h>

typedef struct Folder Folder;

/* name: a file that is another one now, or has gone; NULL: there were more of them than
 * could be told. */
typedef void (*FolderChanged)(void *data, const char *name);
/* done is called after all that was changed for now. Owned by env. */
Folder *folder_new(MaqEnv *env, FolderChanged changed, MaqHandler done, void *data);
/* This one from now on; NULL: none. The log says once if it cannot be watched. */
void folder_watch(Folder *folder, const char *path);

#endif
