// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sources - where pictures come from: ROM modules, and the files of a folder
 */
#ifndef IMAGE_VIEW_SOURCES_H
#define IMAGE_VIEW_SOURCES_H

#include <maq/component.h>

typedef struct {
	char *name;  /* owned: of the module, or the file */
	bool module; /* a ROM module, no file */
} Source;

/* By the nodes and the attribute of the configuration, in this order; files by name.
 * (transfer full: of Source) */
GPtrArray *sources_list(const MaqHidNode *config);
/* What it has now; NULL and error. (transfer full) */
GBytes *source_read(
	MaqEnv *env, const MaqHidNode *config, const Source *source, GError **error);

#endif
