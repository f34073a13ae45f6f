// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * clipboard - what is copied here and pasted elsewhere
 *
 * Text travels as Report `clipboard` and comes as ROM `clipboard`; between them stands
 * server/clipboard, whose policy says whose text comes to whom. Both carry a HID node
 * in one form only, so that it can be checked without being parsed:
 *
 *     clipboard
 *     : first line
 *     : second line
 *     -
 *
 * UTF-8 without control characters but tabs; every line of the text behind ": " (or ":"
 * if it is empty); no line at all if there is no text.
 */
#ifndef MAQ_CLIPBOARD_H
#define MAQ_CLIPBOARD_H

#include <maq/env.h>

#define MAQ_CLIPBOARD_MAX (1u << 20) /* bytes of a node */

/* The node of a text; *size (NULL is fine): its length. What the form cannot hold becomes
 * a blank, or U+FFFD if it is no UTF-8; carriage returns go. A text of which the node
 * would be too long: NULL. (transfer full) */
char *maq_clipboard_encode(const char *text, gsize *size);
/* Whether it is such a node; nothing is allocated. */
bool maq_clipboard_is_valid(const char *node, gsize size);
/* The text of a node, "" if there is none; NULL: it is no such node. (transfer full) */
char *maq_clipboard_decode(const char *node, gsize size);

typedef struct MaqClipboard MaqClipboard;

/*
 * A client of both, owned by env. Sessions are opened while the loop goes on, and again
 * when the server has gone; what has no route is done without, so that a component that
 * has neither still has a clipboard of its own. changed (NULL is fine): there is another
 * text, of somebody else's.
 */
MaqClipboard *maq_clipboard_new(MaqEnv *env, MaqHandler changed, void *data);
/* Copies; false: the text is too long, nothing is changed. */
bool maq_clipboard_set(MaqClipboard *clipboard, const char *text);
/* What is to be pasted: what was copied last, here or where policy lets one read it.
 * Never NULL; borrowed, valid until the loop goes on. */
const char *maq_clipboard_text(const MaqClipboard *clipboard);

#endif
