// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rom - files as ROM modules
 *
 * A module is named by the last part of a session's label. The first init's `config` is
 * the scenario's; other names are looked up in a list of folders. A file that changes
 * while it is used is told to the clients.
 */
#ifndef CORE_ROM_H
#define CORE_ROM_H

#include <maq/env.h>
#include <maq/rom.h>

typedef struct Rom Rom;

/* folders: NULL-terminated, borrowed. */
Rom *rom_new(MaqEnv *env, const char *config_path, const char *const *folders);
/* After env has been freed; NULL is fine. */
void rom_free(Rom *rom);

extern const MaqRomService rom_service;

#endif
