// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * usage - the ROM module `usage`: what each component's processes take of memory and CPU
 *
 *     usage
 *     + component init -> terminal | ram: 5242880 | cpu: 31000000
 *     -
 *
 * Made whenever it is read; nobody is told of changes, which never end. ram: bytes, cpu:
 * ns since the process began. Labels are core's, which no component can choose.
 */
#ifndef CORE_USAGE_H
#define CORE_USAGE_H

#include "process.h"
#include "rom.h"

void usage_provide(Rom *rom, Launcher *launcher);

#endif
