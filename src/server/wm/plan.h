// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * plan - the layout that the configuration wants at the start
 *
 *     + columns | share: 70
 *       + frame | focus: yes
 *         + client terminal
 *       + rows
 *         + frame
 *           + client status
 *         + frame
 *           + client log_view
 *
 * columns and rows have two sub nodes each, the first with share percent (default 50).
 */
#ifndef WM_PLAN_H
#define WM_PLAN_H

#include "layout.h"

#include <maq/hid.h>

/* layout has one frame. */
void plan_apply(Layout *layout, const MaqHidNode *config);

#endif
