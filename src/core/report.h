// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * report - the state report of the first init, as the ROM module `state`
 *
 * The first init has no other parent to report to. Everybody else's reports go where
 * the scenario says, e.g. to report_rom.
 */
#ifndef CORE_REPORT_H
#define CORE_REPORT_H

#include "rom.h"

#include <maq/report.h>

typedef struct Report Report;

/* rom is borrowed, and gets the module. */
Report *report_new(Rom *rom);
void report_free(Report *report); /* NULL is fine */

/* Service of Report sessions; self is the Report. */
extern const MaqReportService report_service;

#endif
