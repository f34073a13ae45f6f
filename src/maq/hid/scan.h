/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * scan - one line of HID into the tree
 */
#ifndef MAQ_HID_SCAN_H
#define MAQ_HID_SCAN_H

#include "tree.h"

typedef struct {
	MaqHidDocument *document; /* borrowed */
	MaqHidFlags flags;
	MaqHidNode *top;      /* the node opened last */
	const char *line;     /* start of the line */
	const char *at, *end; /* what is left of it */
	gsize wide;           /* bytes of the line so far that are no character */
	guint number;         /* of the line, from 1 */
	bool begun;           /* a token was seen on this line */
	bool below_head;      /* no sub node, quote or blank line since the head of top */
	GError **error;
} Scan;

/* false: the error is set */
bool scan_line(Scan *scan);

static inline bool strict(const Scan *scan)
{
	return scan->flags & MAQ_HID_STRICT;
}

#endif
