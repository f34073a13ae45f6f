// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * text - the text on a running scenario's terminals, and searches in all of them
 */
#include "command.h"
#include "remote.h"

#include <maq/text.h>

#include <stdio.h>
#include <string.h>

static MaqText *open_text(Remote *remote, const char *label, GError **error)
{
	int channel = remote_session_labelled(remote, &maq_text_interface, label, error);

	return channel < 0 ? NULL : maq_text_attach(remote->env, channel);
}

static int failed(const char *label, const char *why)
{
	fprintf(stderr, "maquette text: %s: %s\n", label, why);
	return EXIT_SCENARIO;
}

static int print_rows(MaqText *text, const char *label)
{
	guint32 next = 0, end = 1;

	while (next < end) {
		const void *bytes;
		gsize size;
		guint32 before = next;
		MaqTextError status =
			maq_text_rows(text, next, &next, &end, &bytes, &size);

		if (status != MAQ_TEXT_OK)
			return failed(label, maq_status_text((int)status));
		fwrite(bytes, 1, size, stdout);
		if (next <= before)
			break;
	}
	return EXIT_WELL;
}

/* Each line with the terminal's label in front. */
static guint print_found(const char *label, const char *bytes, gsize size)
{
	guint count = 0;

	while (size) {
		const char *newline = memchr(bytes, '\n', size);
		gsize length = newline ? (gsize)(newline - bytes) + 1 : size;

		printf("%s:", label);
		fwrite(bytes, 1, length, stdout);
		bytes += length;
		size -= length;
		count++;
	}
	return count;
}

static int search_one(MaqText *text, const char *label, const char *pattern, guint *count)
{
	guint64 next = 0, end = 1;

	while (next < end) {
		const void *bytes;
		gsize size;
		guint64 before = next;
		MaqTextError status =
			maq_text_search(text, pattern, next, &next, &end, &bytes, &size);

		if (status != MAQ_TEXT_OK)
			return failed(label, maq_status_text((int)status));
		*count += print_found(label, bytes, size);
		if (next <= before)
			break;
	}
	return EXIT_WELL;
}

static int search_all(Remote *remote, char **labels, const char *pattern)
{
	int code = EXIT_WELL;
	guint count = 0;

	for (char **label = labels; *label; label++) {
		g_autoptr(GError) error = NULL;
		MaqText *text = open_text(remote, *label, &error);

		if (!text)
			code = failed(*label, error->message);
		else if (search_one(text, *label, pattern, &count) != EXIT_WELL)
			code = EXIT_SCENARIO;
	}
	return count ? code : EXIT_SCENARIO;
}

static int print_labels(char **labels)
{
	for (char **label = labels; *label; label++)
		printf("%s\n", *label);
	return EXIT_WELL;
}

static int work(Remote *remote, const char *label, const char *pattern)
{
	g_autoptr(GError) error = NULL;
	g_auto(GStrv) all =
		label ? NULL : remote_servers(remote, maq_text_interface.service, &error);
	char *one[] = {(char *)label, NULL};

	if (!label && !all)
		return failed("configuration", error->message);
	if (pattern)
		return search_all(remote, label ? one : all, pattern);
	if (!label)
		return print_labels(all);
	MaqText *text = open_text(remote, label, &error);
	return text ? print_rows(text, label) : failed(label, error->message);
}

int maquette_text(int argc, char **argv)
{
	g_autofree char *scenario = NULL, *pattern = NULL;
	GOptionEntry entries[] = {
		{"search", 'f', 0, G_OPTION_ARG_STRING, &pattern,
			"print the lines with that text, also those scrolled away",
			"TEXT"},
		{"scenario", 's', 0, G_OPTION_ARG_STRING, &scenario,
			"which one, if several run", "NAME"},
		{0},
	};
	g_autoptr(GOptionContext) context =
		g_option_context_new("[LABEL] - print the text on a terminal");
	g_autoptr(GError) error = NULL;

	g_option_context_set_summary(context, "Without LABEL: which terminals there are "
					      "or, with --search, lines of all "
					      "of\nthem, as LABEL:NUMBER and the line. "
					      "Exit code 1: nothing was found.");
	g_option_context_add_main_entries(context, entries, NULL);
	if (!g_option_context_parse(context, &argc, &argv, &error) || argc > 2 ||
		(pattern && (!*pattern || strlen(pattern) > 200))) {
		fprintf(stderr, "maquette text: %s; see maquette text --help\n",
			error      ? error->message
			: argc > 2 ? "one label at most"
				   : "1 to 200 bytes to search for");
		return EXIT_USAGE;
	}
	g_autoptr(Remote) remote = remote_find("text", scenario);
	return remote ? work(remote, argc == 2 ? argv[1] : NULL, pattern) : EXIT_SCENARIO;
}
