// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * spawn - how a process begins: from the request to exec
 */
#ifndef CORE_SPAWN_H
#define CORE_SPAWN_H

#include "confine.h"
#include "process.h"

/* What a process gets of core itself; descriptors are borrowed. */
typedef struct {
	const Slot *slot; /* NULL: none */
	int output;       /* what it prints goes there */
	int trace;        /* what it records goes there; -1: nowhere */
} SpawnGifts;

/* The zygote starts it confined, or, if wrap is a command, it is run by that one, and not
 * confined; NULL: none. group: it enters first of all. Negative: errno says why. */
pid_t spawn(Confine *confine, const LaunchSpec *spec, Group *group,
	const SpawnGifts *gifts, char **wrap);
/* The path of a program's file; NULL: it has none, or none that we see. */
char *spawn_path(int program);

#endif
