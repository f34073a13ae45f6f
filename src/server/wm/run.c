// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * run - lines of actions: done, and completed while they are typed
 */
#include "wm.h"

#include <string.h>

/* How many arguments there are at least; of those in brackets none. */
static int least_arguments(const Action *action)
{
	g_auto(GStrv) words = g_strsplit(action->arguments, " ", -1);
	int n = 0;

	for (char **word = words; *word; word++)
		n += **word && **word != '[';
	return n;
}

static char *run_words(Wm *wm, int argc, char **argv)
{
	for (guint i = 0; i < n_actions; i++) {
		if (strcmp(actions[i].name, argv[0]))
			continue;
		if (argc - 1 < least_arguments(&actions[i]))
			return g_strdup_printf(
				"%s needs %s", argv[0], actions[i].arguments);
		if (!*actions[i].arguments && argc > 1)
			return g_strdup_printf("%s has no arguments", argv[0]);
		return actions[i].run(wm, argc, argv);
	}
	return g_strdup_printf("there is no action \"%s\"", argv[0]);
}

char *actions_run(Wm *wm, const char *line)
{
	g_auto(GStrv) parts = g_strsplit(line, ";", 32);
	char *problem = NULL;

	g_clear_pointer(&wm->notice, g_free);
	for (char **part = parts; *part && !problem; part++) {
		g_autoptr(GError) error = NULL;
		g_auto(GStrv) argv = NULL;
		int argc = 0;

		if (!*g_strstrip(*part))
			continue;
		if (g_shell_parse_argv(*part, &argc, &argv, &error))
			problem = run_words(wm, argc, argv);
		else
			problem = g_strdup(error->message);
	}
	wm_arrange(wm);
	return problem;
}

/* ---- completion ---- */

static int by_text(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static GPtrArray *labels(const Wm *wm, const char *before)
{
	GPtrArray *all = g_ptr_array_new_with_free_func(g_free);
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, wm->tiles);
	while (g_hash_table_iter_next(&iter, NULL, &value))
		if (!layout_docked(wm->layout, ((Tile *)value)->id))
			g_ptr_array_add(
				all, g_strconcat(before, ((Tile *)value)->label, NULL));
	g_ptr_array_sort(all, by_text);
	return all;
}

static GPtrArray *workspaces(const Wm *wm, const char *before)
{
	g_autoptr(GPtrArray) names = layout_workspaces(wm->layout);
	GPtrArray *all = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < names->len; i++)
		g_ptr_array_add(all, g_strconcat(before, names->pdata[i], NULL));
	return all;
}

static GPtrArray *action_names(void)
{
	GPtrArray *all = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < n_actions; i++)
		g_ptr_array_add(all, g_strdup(actions[i].name));
	return all;
}

/* The alternatives of the first argument. */
static void add_choices(GPtrArray *all, const Action *action)
{
	g_auto(GStrv) words = g_strsplit(action->arguments, " ", 2);
	g_auto(GStrv) choices = g_strsplit(words[0] ? words[0] : "", "/", -1);

	for (char **choice = choices; *choice; choice++)
		if (**choice && !g_ascii_isupper(**choice))
			g_ptr_array_add(
				all, g_strconcat(action->name, " ", *choice, NULL));
}

static GPtrArray *of_line(const Wm *wm, const char *line)
{
	g_auto(GStrv) words = g_strsplit(line, " ", 2);
	g_autofree char *before = g_strconcat(words[0] ? words[0] : "", " ", NULL);
	GPtrArray *all;

	if (!words[0] || !words[1])
		return action_names();
	if (!strcmp(words[0], "go") || !strcmp(words[0], "dock"))
		return labels(wm, before);
	if (!strcmp(words[0], "workspace") || !strcmp(words[0], "send"))
		all = workspaces(wm, before);
	else
		all = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < n_actions; i++)
		if (!strcmp(actions[i].name, words[0]))
			add_choices(all, &actions[i]);
	return all;
}

GPtrArray *actions_complete(const Wm *wm, const char *line)
{
	const char *asked = wm->prompt.command;

	if (!g_strcmp0(asked, "go"))
		return labels(wm, "");
	if (!g_strcmp0(asked, "workspace") || !g_strcmp0(asked, "send"))
		return workspaces(wm, "");
	if (!g_strcmp0(asked, "rename"))
		return g_ptr_array_new_with_free_func(g_free);
	return of_line(wm, line);
}
