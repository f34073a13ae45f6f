/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * query - nodes by path
 */
#ifndef MAQ_HID_QUERY_H
#define MAQ_HID_QUERY_H

#include "tree.h"

typedef enum {
	MATCH_PRESENT, /* a condition needs the attribute */
	MATCH_ABSENT,  /* a condition holds where the attribute is missing */
} Match;

GPtrArray *query(
	const MaqHidDocument *document, const char *path, Match match, GError **error);

/* Cut 'path | : rest' at its last ' | :'; both parts (transfer full). */
bool query_split(const char *text, char **path, char **rest, GError **error);

#endif
