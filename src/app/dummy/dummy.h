// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef DUMMY_DUMMY_H
#define DUMMY_DUMMY_H

#include <maq/component.h>
#include <maq/log.h>

typedef struct {
	MaqEnv *env;
	bool verbose;
	guint64 delay_close_ms;
} LogService;

extern const MaqLogService log_service; /* service: a LogService */

#endif
