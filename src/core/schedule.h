// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * schedule - time that passes only when all wait, and turns drawn from a seed
 *
 * Core's loop waits through schedule_binding(). When nothing is left to do for core
 * itself, the schedule looks at the pages that the components keep (maq/schedule.h): with
 * --virtual-time it moves the clock to the next deadline once all of them wait; with
 * --serialize it lets one of those that can go on run, until that one waits again.
 */
#ifndef CORE_SCHEDULE_H
#define CORE_SCHEDULE_H

#include "log.h"

#include <maq/schedule.h>

typedef struct Schedule Schedule;
typedef struct Slot Slot; /* a process's place in it */

/* At least one of both. One a process: its binding is for the main thread alone. */
Schedule *schedule_new(bool virtual_time, bool serialize, guint64 seed);
void schedule_free(Schedule *schedule);
/* For core's own env. */
const MaqBinding *schedule_binding(Schedule *schedule);
/* Where it says who is left out; borrowed. schedule may be NULL. */
void schedule_set_log(Schedule *schedule, Log *log);
/* A handle of core's loop that is served even while a component has its turn. */
void schedule_urgent(Schedule *schedule, int handle);

/* For a process that is to be started; NULL: no descriptors are left. */
Slot *slot_new(Schedule *schedule, const char *label);
/* Those that the new process is to have from MAQ_SCHEDULE_PAGE on; borrowed. */
#define SLOT_FDS 5
void slot_descriptors(const Slot *slot, int fds[SLOT_FDS]);
/* The process runs; pidfd is borrowed until slot_free. */
void slot_started(Slot *slot, int pidfd);
/* It is being killed: nothing goes on before it has ended. */
void slot_killed(Slot *slot);
void slot_free(Slot *slot);

/* Something from outside has had a part in the run. schedule may be NULL. */
void schedule_note_outside(Schedule *schedule, const char *what);
/* Who had part in the run that is not decided here, separated by commas; NULL: nobody.
 * Free with g_free. */
char *schedule_outside(Schedule *schedule);

#endif
