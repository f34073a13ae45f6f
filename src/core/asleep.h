// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * asleep - whether a process that should be at work waits for something
 */
#ifndef CORE_ASLEEP_H
#define CORE_ASLEEP_H

#include <glib.h>
#include <stdbool.h>

/*
 * Whether its main thread sleeps or is stopped, and has not run since the last question;
 * ran is kept between them, 0 at first, when the answer is no. One that is ready to run,
 * waits for a disk or is stopped by a debugger is at work.
 */
bool asleep(int pidfd, guint64 *ran);

#endif
