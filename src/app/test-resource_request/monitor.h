// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * monitor - whoever answers resource requests by the configuration of an init
 *
 * Requires  ROM (state), Report (init.config)
 */
#ifndef TEST_RESOURCE_REQUEST_MONITOR_H
#define TEST_RESOURCE_REQUEST_MONITOR_H

#include <maq/component.h>

bool monitor_start(MaqEnv *env, GError **error);

#endif
