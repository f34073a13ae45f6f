// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * prompt - a line that is typed, and what fits it
 *
 * Knows nothing of what it asks for: the candidates are given to it.
 */
#ifndef WM_PROMPT_H
#define WM_PROMPT_H

#include <glib.h>
#include <stdbool.h>

#define PROMPT_MAX  256 /* bytes */
#define PROMPT_ROWS 12  /* candidates that are shown */

typedef struct {
	const char *command; /* what it is for; NULL: not shown */
	const char *title;
	GString *text;         /* owned */
	GPtrArray *candidates; /* owned, of char *: those that fit, best first */
	guint selected;
	bool free; /* what is typed counts, not what is selected */
} Prompt;

void prompt_open(Prompt *prompt, const char *command, const char *title, bool free);
void prompt_close(Prompt *prompt);
bool prompt_shown(const Prompt *prompt);
/* Takes over all (owned, of char *), and keeps what fits. */
void prompt_offer(Prompt *prompt, GPtrArray *all);
bool prompt_type(Prompt *prompt, guint32 codepoint);
bool prompt_erase(Prompt *prompt, bool everything);
void prompt_select(Prompt *prompt, int step);
/* The text becomes the selected candidate; false: there is none. */
bool prompt_complete(Prompt *prompt);
/* What was chosen; NULL: nothing. Owned by the caller. */
char *prompt_choice(const Prompt *prompt);

#endif
