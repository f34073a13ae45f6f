// SPDX-License-Identifier: GPL-2.0-or-later
#include "prompt.h"

#include <string.h>

void prompt_open(Prompt *prompt, const char *command, const char *title, bool free)
{
	prompt_close(prompt);
	prompt->command = command;
	prompt->title = title;
	prompt->text = g_string_new(NULL);
	prompt->free = free;
}

void prompt_close(Prompt *prompt)
{
	if (prompt->text)
		g_string_free(prompt->text, true);
	g_clear_pointer(&prompt->candidates, g_ptr_array_unref);
	*prompt = (Prompt){0};
}

bool prompt_shown(const Prompt *prompt)
{
	return prompt->command != NULL;
}

/* 0: begins with it, 1: has it, -1: neither; whatever the case of letters is. */
static int fit(const char *candidate, const char *text)
{
	g_autofree char *a = g_utf8_casefold(candidate, -1);
	g_autofree char *b = g_utf8_casefold(text, -1);

	if (g_str_has_prefix(a, b))
		return 0;
	return strstr(a, b) ? 1 : -1;
}

void prompt_offer(Prompt *prompt, GPtrArray *all)
{
	GPtrArray *fitting = g_ptr_array_new_with_free_func(g_free);

	for (int wanted = 0; wanted <= 1; wanted++)
		for (guint i = 0; i < all->len; i++)
			if (fit(all->pdata[i], prompt->text->str) == wanted)
				g_ptr_array_add(fitting, g_strdup(all->pdata[i]));
	g_ptr_array_unref(all);
	g_clear_pointer(&prompt->candidates, g_ptr_array_unref);
	prompt->candidates = fitting;
	prompt->selected = MIN(prompt->selected, MAX(fitting->len, 1) - 1);
}

bool prompt_type(Prompt *prompt, guint32 codepoint)
{
	if (codepoint < ' ' || codepoint == 0x7f || !g_unichar_validate(codepoint) ||
		prompt->text->len + 6 > PROMPT_MAX)
		return false;
	g_string_append_unichar(prompt->text, codepoint);
	prompt->selected = 0;
	return true;
}

bool prompt_erase(Prompt *prompt, bool everything)
{
	const char *end = prompt->text->str + prompt->text->len;

	if (!prompt->text->len)
		return false;
	end = everything ? prompt->text->str
			 : g_utf8_find_prev_char(prompt->text->str, end);
	g_string_truncate(prompt->text, (gsize)(end - prompt->text->str));
	prompt->selected = 0;
	return true;
}

void prompt_select(Prompt *prompt, int step)
{
	int n = prompt->candidates ? (int)prompt->candidates->len : 0;

	if (n)
		prompt->selected = (guint)(((int)prompt->selected + step % n + n) % n);
}

static const char *selected(const Prompt *prompt)
{
	return prompt->candidates && prompt->selected < prompt->candidates->len
		       ? prompt->candidates->pdata[prompt->selected]
		       : NULL;
}

bool prompt_complete(Prompt *prompt)
{
	const char *candidate = selected(prompt);

	if (!candidate)
		return false;
	g_string_assign(prompt->text, candidate);
	if (prompt->free)
		g_string_append_c(prompt->text, ' ');
	prompt->selected = 0;
	return true;
}

char *prompt_choice(const Prompt *prompt)
{
	const char *candidate = selected(prompt);

	if (prompt->free && prompt->text->len)
		return g_strstrip(g_strdup(prompt->text->str));
	if (candidate)
		return g_strdup(candidate);
	return prompt->text->len ? g_strdup(prompt->text->str) : NULL;
}
