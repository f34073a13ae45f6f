// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * clipboard - what is copied in a running scenario, or copies a text there
 */
#include "clipboard.h"

#include "command.h"

#include <maq/clipboard.h>
#include <maq/memory.h>
#include <maq/report.h>
#include <maq/rom.h>

#include <stdio.h>
#include <string.h>

#define NS_PER_S  1000000000ull
#define LABEL     "clipboard"
#define SHORT_MAX 16000u /* bytes of a report that needs no dataspace: report.xml */

static bool set_error(GError **error, int status, const char *what)
{
	if (status)
		g_set_error(error, MAQ_ERROR, status, "the clipboard does not %s: %s",
			what, maq_status_text(status));
	return !status;
}

bool clipboard_copy(Remote *remote, const char *text, GError **error)
{
	gsize size = 0;
	g_autofree char *node = maq_clipboard_encode(text, &size);
	int channel = node ? remote_session_labelled(
				     remote, &maq_report_interface, LABEL, error)
			   : -1;

	if (!node)
		g_set_error(error, MAQ_ERROR, MAQ_INVALID,
			"the text is longer than a clipboard can hold");
	if (channel < 0)
		return false;
	MaqReport *report = maq_report_attach(remote->env, channel);
	if (size <= SHORT_MAX)
		return set_error(
			error, (int)maq_report_submit(report, node, size), "take it");
	maq_autofd int content = maq_dataspace_new_constant(LABEL, node, size, error);
	return content >= 0 &&
	       set_error(error, (int)maq_report_submit_large(report, size, content),
		       "take it");
}

static MaqRom *open_rom(Remote *remote, GError **error)
{
	int channel = remote_session_labelled(remote, &maq_rom_interface, LABEL, error);

	return channel < 0 ? NULL : maq_rom_attach(remote->env, channel);
}

/* NULL: it is lost. */
static char *read_text(MaqRom *rom)
{
	maq_autofd int content = -1;
	guint64 size = 0;
	gsize mapped = 0;
	MaqRomError status = maq_rom_update(rom, &size, &content);

	if (status == MAQ_ROM_NO_CONTENT)
		return g_strdup("");
	if (status != MAQ_ROM_OK)
		return NULL;
	const char *node = maq_map(content, false, &mapped, NULL);
	char *text =
		node && size <= mapped ? maq_clipboard_decode(node, (gsize)size) : NULL;
	maq_unmap(node, mapped);
	return text;
}

/* ---- waiting for a text ---- */

typedef struct {
	Remote *remote; /* borrowed */
	MaqRom *rom;    /* owned by the remote's env */
	const char *wanted;
} Wait;

static void end(const Wait *wait, int code)
{
	maq_loop_quit(maq_env_loop(wait->remote->env), code);
}

static void look(void *data)
{
	const Wait *wait = data;
	g_autofree char *text = read_text(wait->rom);

	if (text && strstr(text, wait->wanted))
		end(wait, EXIT_WELL);
}

static void give_up(void *data)
{
	const Wait *wait = data;
	g_autofree char *text = read_text(wait->rom);

	fprintf(stderr, "the clipboard has: %s\n", text ? text : "");
	end(wait, EXIT_SCENARIO);
}

int clipboard_await(Remote *remote, const char *text, gint64 seconds)
{
	g_autoptr(GError) error = NULL;
	Wait wait = {remote, open_rom(remote, &error), text};
	MaqLoop *loop = maq_env_loop(remote->env);

	if (!wait.rom) {
		fprintf(stderr, "%s\n", error->message);
		return EXIT_SCENARIO;
	}
	maq_rom_on_changed(wait.rom, look, &wait);
	maq_loop_at(loop,
		maq_env_binding(remote->env)->now() + (guint64)MAX(seconds, 1) * NS_PER_S,
		give_up, &wait);
	look(&wait);
	return maq_loop_run(loop);
}

/* ---- the command ---- */

static bool print(Remote *remote, GError **error)
{
	MaqRom *rom = open_rom(remote, error);
	g_autofree char *text = rom ? read_text(rom) : NULL;

	if (rom && !text)
		return set_error(error, MAQ_GONE, "answer");
	if (text)
		fputs(text, stdout);
	return text != NULL;
}

int maquette_clipboard(int argc, char **argv)
{
	g_autofree char *text = NULL;
	GOptionEntry entries[] = {
		{"copy", 'c', 0, G_OPTION_ARG_STRING, &text,
			"copy this text there, instead of printing what is copied",
			"TEXT"},
		{0},
	};
	g_autoptr(GOptionContext) context = g_option_context_new(
		"[NAME] - print what is copied in a running scenario");
	g_autoptr(GError) error = NULL;

	g_option_context_set_summary(context, "The scenario exports Report and ROM of "
					      "its clipboard, and the clipboard's "
					      "policy\nsays whose text is to be seen.");
	if (!options_of_one(context, entries, &argc, &argv, "NAME"))
		return EXIT_USAGE;
	g_autoptr(Remote) remote = remote_find("clipboard", argc == 2 ? argv[1] : NULL);
	if (!remote)
		return EXIT_SCENARIO;
	if (text ? clipboard_copy(remote, text, &error) : print(remote, &error))
		return EXIT_WELL;
	fprintf(stderr, "maquette clipboard: %s\n", error->message);
	return EXIT_SCENARIO;
}
