// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * film - what a running scenario's display shows, as an animated picture
 *
 * A frame is taken when something has changed, at most so often; as an animated WebP
 * every browser shows it. Source: libwebpmux's WebPAnimEncoder, <webp/mux.h>.
 */
#include "film.h"

#include "command.h"

#include <maq/memory.h>

#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <webp/encode.h>
#include <webp/mux.h>

#define NS_PER_MS  1000000ull
#define FRAME_NS   (100 * NS_PER_MS) /* between two frames at least */
#define FRAMES_MAX 3000u

typedef struct {
	Remote *remote;           /* borrowed */
	MaqCapture *capture;      /* owned by the remote's env */
	WebPAnimEncoder *encoder; /* owned; NULL: no frame yet */
	WebPConfig config;
	int width, height; /* of the first frame, and so of all */
	unsigned frames;
	guint64 began, last; /* ns */
	MaqTimeout *next;    /* when the next one may be taken; NULL */
	bool wrong;          /* the encoder does not take it */
} Film;

static guint64 now(const Film *film)
{
	return maq_env_binding(film->remote->env)->now();
}

static void end(void *data)
{
	const Film *film = data;

	maq_loop_quit(maq_env_loop(film->remote->env), EXIT_WELL);
}

static bool begin(Film *film, const Shot *shot)
{
	WebPAnimEncoderOptions options;

	if (!WebPAnimEncoderOptionsInit(&options) || !WebPConfigInit(&film->config) ||
		!WebPConfigLosslessPreset(&film->config, 0))
		return false;
	film->width = (int)shot->width;
	film->height = (int)shot->height;
	film->began = film->last;
	film->encoder = WebPAnimEncoderNew(film->width, film->height, &options);
	return film->encoder;
}

/* A display that has another size now is cut off or filled up. */
static bool add(Film *film, const Shot *shot)
{
	int timestamp = (int)((film->last - film->began) / NS_PER_MS);
	gsize width = MIN(shot->width, (guint32)film->width);
	WebPPicture picture;
	bool well;

	if (!WebPPictureInit(&picture))
		return false;
	picture.use_argb = 1;
	picture.width = film->width;
	picture.height = film->height;
	well = WebPPictureAlloc(&picture);
	for (int y = 0; well && y < film->height; y++) {
		guint32 *row = picture.argb + (gsize)y * (gsize)picture.argb_stride;

		memset(row, 0, (gsize)film->width * 4);
		if (y < (int)shot->height)
			memcpy(row, shot->pixels + (gsize)y * shot->width, width * 4);
		for (int x = 0; x < film->width; x++)
			row[x] |= 0xff000000;
	}
	well = well &&
	       WebPAnimEncoderAdd(film->encoder, &picture, timestamp, &film->config);
	WebPPictureFree(&picture);
	return well;
}

static void take(void *data)
{
	Film *film = data;
	g_autoptr(GError) error = NULL;
	Shot shot = {0};

	film->next = NULL;
	if (!display_capture(film->capture, &shot, &error))
		return; /* it is lost, and that is told */
	film->last = now(film);
	if ((!film->encoder && !begin(film, &shot)) || !add(film, &shot))
		film->wrong = true;
	shot_clear(&shot);
	if (film->wrong || ++film->frames == FRAMES_MAX)
		end(film);
}

static void changed(void *data)
{
	Film *film = data;

	if (!film->next)
		film->next = maq_loop_at(maq_env_loop(film->remote->env),
			MAX(film->last + FRAME_NS, now(film)), take, film);
}

static bool finish(Film *film, const char *path, GError **error)
{
	int duration = (int)((now(film) - film->began) / NS_PER_MS);
	WebPData data;

	WebPDataInit(&data);
	if (film->wrong || !film->encoder ||
		!WebPAnimEncoderAdd(film->encoder, NULL, duration, NULL) ||
		!WebPAnimEncoderAssemble(film->encoder, &data)) {
		g_set_error(error, MAQ_ERROR, MAQ_FAILED, "no film: %s",
			film->encoder ? WebPAnimEncoderGetError(film->encoder)
			: film->wrong ? "the encoder does not take the picture"
				      : "the display has shown nothing");
		return false;
	}
	bool well = g_file_set_contents(
		path, (const char *)data.bytes, (gssize)data.size, error);
	WebPDataClear(&data);
	return well;
}

static void interrupted(void *data, unsigned events)
{
	(void)events;
	end(data);
}

bool film_take(Remote *remote, const char *path, gint64 seconds, GError **error)
{
	Film film = {.remote = remote};
	MaqLoop *loop = maq_env_loop(remote->env);
	maq_autofd int signals = ends_open();

	film.capture = display_open_capture(remote, error);
	if (!film.capture)
		return false;
	maq_capture_on_changed(film.capture, changed, &film);
	maq_session_on_lost(maq_capture_session(film.capture), end, &film);
	maq_loop_watch(loop, signals, EPOLLIN, interrupted, &film);
	if (seconds > 0)
		maq_loop_at(loop, now(&film) + (guint64)seconds * 1000 * NS_PER_MS, end,
			&film);
	take(&film);
	maq_loop_run(loop);
	bool well = finish(&film, path, error);
	WebPAnimEncoderDelete(film.encoder);
	return well;
}

int maquette_film(int argc, char **argv)
{
	g_autofree char *path = NULL;
	gint64 seconds = 0;
	GOptionEntry entries[] = {
		{"output", 'o', 0, G_OPTION_ARG_FILENAME, &path,
			"animated WebP (default film.webp)", "FILE"},
		{"seconds", 0, 0, G_OPTION_ARG_INT64, &seconds,
			"end after this time (default: at Ctrl-C, or with the scenario)",
			"N"},
		{0},
	};
	g_autoptr(GOptionContext) context =
		g_option_context_new("[NAME] - film a running scenario's display");
	g_autoptr(GError) error = NULL;

	if (!options_of_one(context, entries, &argc, &argv, "NAME"))
		return EXIT_USAGE;
	g_autoptr(Remote) remote = remote_find("film", argc == 2 ? argv[1] : NULL);
	if (!remote)
		return EXIT_SCENARIO;
	if (film_take(remote, path ? path : "film.webp", seconds, &error))
		return EXIT_WELL;
	fprintf(stderr, "maquette film: %s\n", error->message);
	return EXIT_SCENARIO;
}
