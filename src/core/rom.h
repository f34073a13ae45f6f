// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rom - files as ROM modules
 *
 * A module is named by the last part of a session's label. The first init's `config` is
 * the scenario's; other names are those of live modules, which core makes, of files in a
 * list of folders, and, if they begin with /, of files that the host node of the
 * session's component grants. What changes while it is used is told to the clients.
 */
#ifndef CORE_ROM_H
#define CORE_ROM_H

#include "process.h"

#include <maq/env.h>
#include <maq/rom.h>

typedef struct Rom Rom;

/* folders: NULL-terminated, borrowed. */
Rom *rom_new(MaqEnv *env, const char *config_path, const char *const *folders);
/* Values that the scenario's configuration has whatever its file says; see
 * maq_scenario_set(). settings: NULL for none, copied; log is borrowed, and told of a
 * changed file in which they find no place: then the configuration stays as it was. */
void rom_set(Rom *rom, char **settings, Log *log);
/* Who knows what components are granted; borrowed. Before that, nothing is. */
void rom_set_launcher(Rom *rom, Launcher *launcher);
/* After env has been freed; NULL is fine. */
void rom_free(Rom *rom);

/* A module whose text (owned by the caller; NULL: none yet) is made when it is read. name
 * and data are borrowed. */
typedef char *(*RomText)(void *data);
void rom_add_live(Rom *rom, const char *name, RomText text, void *data);
/* Its text is another one now; any name is fine. */
void rom_live_changed(Rom *rom, const char *name);

extern const MaqRomService rom_service;

#endif
