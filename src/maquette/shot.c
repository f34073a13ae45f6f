// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * shot - a picture of a running scenario's display as a PNG file
 */
#include "command.h"
#include "display.h"
#include "remote.h"
#include "test/picture.h"
#include "test/tile.h"

#include <maq/memory.h>

#include <stdio.h>
#include <string.h>

bool display_capture(MaqCapture *capture, Shot *shot, GError **error)
{
	maq_autofd int pixels = -1;
	guint32 width = 0, height = 0;
	MaqCaptureError status = maq_capture_capture(capture, &width, &height, &pixels);
	gsize size = 0;

	if (status != MAQ_CAPTURE_OK) {
		g_set_error(error, MAQ_ERROR, (int)status, "no picture: %s",
			maq_status_text((int)status));
		return false;
	}
	const void *mapped = maq_map(pixels, false, &size, error);
	if (!mapped)
		return false;
	if ((guint64)width * height * 4 > size) {
		g_set_error(error, MAQ_ERROR, MAQ_INVALID, "the picture is cut off");
		maq_unmap(mapped, size);
		return false;
	}
	*shot = (Shot){width, height, g_memdup2(mapped, (gsize)width * height * 4)};
	maq_unmap(mapped, size);
	return true;
}

void shot_clear(Shot *shot)
{
	g_clear_pointer(&shot->pixels, g_free);
}

MaqCapture *display_open_capture(Remote *remote, GError **error)
{
	int channel = remote_session(remote, &maq_capture_interface, error);

	return channel < 0 ? NULL : maq_capture_attach(remote->env, channel);
}

MaqEvent *display_open_event(Remote *remote, GError **error)
{
	int channel = remote_session(remote, &maq_event_interface, error);

	return channel < 0 ? NULL : maq_event_attach(remote->env, channel);
}

static bool take(Remote *remote, const char *label, Shot *shot, GError **error)
{
	guint32 place[4];
	MaqCapture *capture = display_open_capture(remote, error);
	Shot whole = {0};

	if (!capture || (label && !tile_picture(remote, label, place, error)) ||
		!display_capture(capture, &whole, error))
		return false;
	if (!label) {
		*shot = whole;
		return true;
	}
	*shot = picture_crop(&whole, place[0], place[1], place[2], place[3]);
	shot_clear(&whole);
	return true;
}

int maquette_shot(int argc, char **argv)
{
	g_autofree char *path = NULL, *label = NULL;
	GOptionEntry entries[] = {
		{"output", 'o', 0, G_OPTION_ARG_FILENAME, &path,
			"PNG file (default shot.png; -: standard output)", "FILE"},
		{"label", 'l', 0, G_OPTION_ARG_STRING, &label,
			"only the tile of this component, as the window manager names it",
			"LABEL"},
		{0},
	};
	g_autoptr(GOptionContext) context = g_option_context_new(
		"[NAME] - a picture of a running scenario's display");
	g_autoptr(GError) error = NULL;

	if (!options_of_one(context, entries, &argc, &argv, "NAME"))
		return EXIT_USAGE;
	g_autoptr(Remote) remote = remote_find("shot", argc == 2 ? argv[1] : NULL);
	if (!remote)
		return EXIT_SCENARIO;
	Shot shot = {0};
	bool well = take(remote, label, &shot, &error) &&
		    picture_write(&shot, path ? path : "shot.png", &error);
	if (!well)
		fprintf(stderr, "maquette shot: %s\n", error->message);
	shot_clear(&shot);
	return well ? EXIT_WELL : EXIT_SCENARIO;
}
