// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * act - a user's hands on a running scenario's display: `type`, `click` and `resize`
 */
#include "command.h"
#include "display.h"

#include <maq/console.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static MaqEvent *open_event(const char *command, Remote *remote)
{
	g_autoptr(GError) error = NULL;
	MaqEvent *event = display_open_event(remote, &error);

	if (!event)
		fprintf(stderr, "maquette %s: %s\n", command, error->message);
	return event;
}

static bool done(const char *command, MaqEventError status)
{
	if (status != MAQ_EVENT_OK)
		fprintf(stderr, "maquette %s: the display does not take it: %s\n",
			command, maq_status_text((int)status));
	return status == MAQ_EVENT_OK;
}

/* ---- type ---- */

static bool press(MaqEvent *event, guint32 keysym)
{
	return done("type", maq_event_key(event, keysym, true)) &&
	       done("type", maq_event_key(event, keysym, false));
}

static bool type_text(MaqEvent *event, const char *text)
{
	if (!g_utf8_validate(text, -1, NULL)) {
		fprintf(stderr, "maquette type: the text is not UTF-8\n");
		return false;
	}
	for (; *text; text = g_utf8_next_char(text))
		if (!press(event, maq_keysym_of_character(g_utf8_get_char(text))))
			return false;
	return true;
}

static bool press_combination(MaqEvent *event, const char *text)
{
	guint32 keys[8];
	g_autofree char *wrong = NULL;
	guint n = maq_keysyms_of_combination(text, keys, &wrong);
	bool well = n > 0;

	if (!well)
		fprintf(stderr,
			"maquette type: \"%s\" is no key; expected e.g. Return, F1, "
			"Ctrl+c, Super+Left\n",
			wrong ? wrong : "");
	for (guint i = 0; i < n && well; i++)
		well = done("type", maq_event_key(event, keys[i], true));
	for (guint i = n; i-- > 0 && well;)
		well = done("type", maq_event_key(event, keys[i], false));
	return well;
}

int maquette_type(int argc, char **argv)
{
	g_auto(GStrv) keys = NULL;
	g_autofree char *scenario = NULL;
	GOptionEntry entries[] = {
		{"key", 'k', 0, G_OPTION_ARG_STRING_ARRAY, &keys,
			"press a key or combination, e.g. Return, Ctrl+c; after the "
			"text; "
			"may be repeated",
			"KEY"},
		{"scenario", 's', 0, G_OPTION_ARG_STRING, &scenario,
			"which one, if several run", "NAME"},
		{0},
	};
	g_autoptr(GOptionContext) context =
		g_option_context_new("[TEXT] - type into a running scenario");
	g_autoptr(GError) error = NULL;

	g_option_context_set_summary(context,
		"A newline in the text is the Return key: maquette type $'ls\\n'");
	g_option_context_add_main_entries(context, entries, NULL);
	if (!g_option_context_parse(context, &argc, &argv, &error) || argc > 2 ||
		(argc < 2 && !keys)) {
		fprintf(stderr, "maquette type: %s; see maquette type --help\n",
			error ? error->message : "expected one TEXT, or --key");
		return EXIT_USAGE;
	}
	g_autoptr(Remote) remote = remote_find("type", scenario);
	MaqEvent *event = remote ? open_event("type", remote) : NULL;
	bool well = event && (argc < 2 || type_text(event, argv[1]));
	for (char **key = keys; key && *key && well; key++)
		well = press_combination(event, *key);
	return well ? EXIT_WELL : EXIT_SCENARIO;
}

/* ---- click ---- */

static bool read_number(const char *text, gint32 *value)
{
	char *end;
	gint64 number = g_ascii_strtoll(text, &end, 10);

	*value = (gint32)number;
	return end != text && !*end && number >= 0 && number <= 16383;
}

static bool point(MaqEvent *event, gint32 x, gint32 y, guint32 buttons)
{
	return done("click", maq_event_pointer(event, x, y, buttons));
}

static bool click(
	MaqEvent *event, const gint32 at[4], bool drag, guint32 buttons, int times)
{
	bool well = point(event, at[0], at[1], 0);

	for (int i = 0; i < times && well; i++) {
		well = point(event, at[0], at[1], buttons);
		if (drag && well)
			well = point(event, at[2], at[3], buttons);
		well = well && (drag ? point(event, at[2], at[3], 0)
				     : point(event, at[0], at[1], 0));
	}
	return well;
}

int maquette_click(int argc, char **argv)
{
	int button = 1, times = 1;
	g_autofree char *scenario = NULL;
	GOptionEntry entries[] = {
		{"button", 'b', 0, G_OPTION_ARG_INT, &button,
			"1 left (default), 2 middle, 3 right, 4 to 7 wheel up, down, "
			"left, "
			"right; 0: only move",
			"N"},
		{"times", 't', 0, G_OPTION_ARG_INT, &times, "e.g. 2 for a double click",
			"N"},
		{"scenario", 's', 0, G_OPTION_ARG_STRING, &scenario,
			"which one, if several run", "NAME"},
		{0},
	};
	g_autoptr(GOptionContext) context = g_option_context_new(
		"X Y [TO_X TO_Y] - click in a running scenario, or drag");
	g_autoptr(GError) error = NULL;
	gint32 at[4] = {0};

	g_option_context_add_main_entries(context, entries, NULL);
	bool understood = g_option_context_parse(context, &argc, &argv, &error) &&
			  (argc == 3 || argc == 5) && button >= 0 && button <= 7 &&
			  times > 0 && times < 100;
	for (int i = 1; i < argc && understood; i++)
		understood = read_number(argv[i], &at[i - 1]);
	if (!understood) {
		fprintf(stderr, "maquette click: %s; see maquette click --help\n",
			error ? error->message : "expected X Y in pixels");
		return EXIT_USAGE;
	}
	g_autoptr(Remote) remote = remote_find("click", scenario);
	MaqEvent *event = remote ? open_event("click", remote) : NULL;
	bool well = event &&
		    click(event, at, argc == 5, button ? 1u << (button - 1) : 0, times);
	return well ? EXIT_WELL : EXIT_SCENARIO;
}

/* ---- resize ---- */

int maquette_resize(int argc, char **argv)
{
	g_autofree char *scenario = NULL;
	GOptionEntry entries[] = {
		{"scenario", 's', 0, G_OPTION_ARG_STRING, &scenario,
			"which one, if several run", "NAME"},
		{0},
	};
	g_autoptr(GOptionContext) context = g_option_context_new(
		"WIDTH HEIGHT - change the size of a running scenario's display");
	g_autoptr(GError) error = NULL;
	gint32 width = 0, height = 0;

	g_option_context_add_main_entries(context, entries, NULL);
	if (!g_option_context_parse(context, &argc, &argv, &error) || argc != 3 ||
		!read_number(argv[1], &width) || !read_number(argv[2], &height) ||
		!width || !height) {
		fprintf(stderr, "maquette resize: %s; see maquette resize --help\n",
			error ? error->message : "expected WIDTH HEIGHT in pixels");
		return EXIT_USAGE;
	}
	g_autoptr(Remote) remote = remote_find("resize", scenario);
	MaqEvent *event = remote ? open_event("resize", remote) : NULL;
	bool well = event && done("resize", maq_event_resize(event, (guint32)width,
						    (guint32)height));
	return well ? EXIT_WELL : EXIT_SCENARIO;
}
