// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * policy - whose text comes to whom
 *
 * Labels are those of sessions, put together by the parents on the way. A component is
 * what stands before the last arrow; what stands behind it, a client chooses itself.
 */
#ifndef CLIPBOARD_POLICY_H
#define CLIPBOARD_POLICY_H

#include <maq/hid.h>

/* The label without its last part. (transfer full) */
char *policy_component(const char *label);
/* Whether what one component has copied may be read by the other; always its own. */
bool policy_flows(const MaqHidNode *config, const char *from, const char *to);
/* Whether it may copy, or read, at all: from (or to) is named by a match that allows
 * something, or everything is allowed. */
bool policy_may_write(const MaqHidNode *config, const char *component);
bool policy_may_read(const MaqHidNode *config, const char *component);

#endif
