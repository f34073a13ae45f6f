// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * needle - waits for a picture on the display, or makes it
 */
#include "needle.h"

#include "../command.h"
#include "picture.h"

#include <stdio.h>
#include <string.h>

#define NS_PER_S  1000000000ull
#define SETTLE_MS 500 /* the display is quiet for so long before a needle is made */

typedef struct {
	Remote *remote; /* borrowed */
	const Step *step;
	const StepPlace *place;
	MaqCapture *capture; /* owned by the remote's env */
	char *path;          /* owned */
	guint32 x, y;        /* px */
	guint64 tolerance, pixels;
	GArray *masks;    /* owned, of Mask */
	Shot wanted, got; /* owned; got: the region alone */
} Needle;

static void end(Needle *needle, int code)
{
	maq_loop_quit(maq_env_loop(needle->remote->env), code);
}

static guint32 number(const MaqHidNode *node, const char *tag, guint32 otherwise)
{
	return (guint32)MIN(maq_hid_u64(node, tag, otherwise), G_MAXINT32);
}

static void read_step(Needle *needle)
{
	const MaqHidNode *node = needle->step->node, *mask = maq_hid_first(node, "mask");

	needle->path =
		g_build_filename(needle->place->scenario, maq_hid_name(node), NULL);
	needle->x = number(node, "x", 0);
	needle->y = number(node, "y", 0);
	needle->tolerance = maq_hid_u64(node, "tolerance", 0);
	needle->pixels = maq_hid_u64(node, "pixels", 0);
	needle->masks = g_array_new(FALSE, FALSE, sizeof(Mask));
	for (; mask; mask = maq_hid_next(mask, "mask")) {
		Mask one = {number(mask, "x", 0), number(mask, "y", 0),
			number(mask, "width", G_MAXINT32),
			number(mask, "height", G_MAXINT32)};

		g_array_append_val(needle->masks, one);
	}
}

static guint64 compare(const Needle *needle, Shot *difference)
{
	return picture_compare(&needle->wanted, &needle->got,
		(guint)MIN(needle->tolerance, 255), (const Mask *)needle->masks->data,
		needle->masks->len, difference);
}

/* ---- failure ---- */

static void leave(const Needle *needle, const Shot *shot, const char *what)
{
	g_autofree char *base = g_path_get_basename(needle->path);
	g_autofree char *stem =
		g_strndup(base, strlen(base) - 4 * g_str_has_suffix(base, ".png"));
	g_autofree char *file = g_strdup_printf("%s-%s.png", stem, what);
	g_autofree char *path = g_build_filename(needle->place->failure, file, NULL);
	g_autoptr(GError) error = NULL;

	if (shot->width && shot->height && !picture_write(shot, path, &error))
		fprintf(stderr, "%s\n", error->message);
}

static void give_up(Needle *needle, const char *why)
{
	Shot difference = {0};
	guint64 different = compare(needle, &difference);

	fprintf(stderr,
		"%s: %s; %" G_GUINT64_FORMAT " of %u pixels differ by more than "
		"%" G_GUINT64_FORMAT "\n",
		needle->path, why, different,
		needle->wanted.width * needle->wanted.height, needle->tolerance);
	g_mkdir_with_parents(needle->place->failure, 0755);
	leave(needle, &needle->wanted, "expected");
	leave(needle, &needle->got, "got");
	leave(needle, &difference, "difference");
	shot_clear(&difference);
	end(needle, EXIT_SCENARIO);
}

static void time_over(void *data)
{
	give_up(data, "the display has not shown it");
}

static void lost(void *data)
{
	give_up(data, "the display has gone before it showed it");
}

/* ---- comparing ---- */

static bool take(Needle *needle, guint32 width, guint32 height, GError **error)
{
	Shot whole = {0};

	if (!display_capture(needle->capture, &whole, error))
		return false;
	shot_clear(&needle->got);
	needle->got = picture_crop(&whole, needle->x, needle->y, width, height);
	shot_clear(&whole);
	return true;
}

/* Changes are told after a capture only. */
static void changed(void *data)
{
	Needle *needle = data;

	if (take(needle, needle->wanted.width, needle->wanted.height, NULL) &&
		compare(needle, NULL) <= needle->pixels)
		end(needle, EXIT_WELL);
}

static int await(Needle *needle, GError **error)
{
	MaqLoop *loop = maq_env_loop(needle->remote->env);
	guint64 now = maq_env_binding(needle->remote->env)->now();

	if (!picture_read(needle->path, &needle->wanted, error)) {
		g_prefix_error(error, "maquette test --update-needles makes it: ");
		return EXIT_SCENARIO;
	}
	maq_capture_on_changed(needle->capture, changed, needle);
	maq_session_on_lost(maq_capture_session(needle->capture), lost, needle);
	maq_loop_at(loop, now + (guint64)MAX(needle->place->seconds, 1) * NS_PER_S,
		time_over, needle);
	changed(needle);
	return maq_loop_run(loop);
}

/* ---- making ---- */

static int make(Needle *needle, GError **error)
{
	const MaqHidNode *node = needle->step->node;
	Shot old = {0};
	bool is_known = picture_read(needle->path, &old, NULL);
	guint32 width = number(node, "width", is_known ? old.width : G_MAXINT32),
		height = number(node, "height", is_known ? old.height : G_MAXINT32);

	shot_clear(&old);
	/* a remote of its own: its loop ends with the silence */
	g_autofree char *pid = g_strdup_printf("%d", needle->place->core);
	g_autoptr(Remote) remote = remote_find("test", pid);
	if (!remote || display_wait_quiet(remote, SETTLE_MS, needle->place->seconds))
		return EXIT_SCENARIO;
	if (!take(needle, width, height, error))
		return EXIT_SCENARIO;
	if (needle->got.width && needle->got.height)
		return picture_write(&needle->got, needle->path, error) ? EXIT_WELL
									: EXIT_SCENARIO;
	g_set_error(error, MAQ_ERROR, MAQ_INVALID, "its region lies beside the display");
	return EXIT_SCENARIO;
}

int needle_await(Remote *remote, const Step *step, const StepPlace *place)
{
	Needle needle = {.remote = remote, .step = step, .place = place};
	g_autoptr(GError) error = NULL;
	int code = EXIT_SCENARIO;

	read_step(&needle);
	needle.capture = display_open_capture(remote, &error);
	if (needle.capture)
		code = place->update_needles ? make(&needle, &error)
					     : await(&needle, &error);
	if (error)
		fprintf(stderr, "%s\n", error->message);
	shot_clear(&needle.wanted);
	shot_clear(&needle.got);
	g_array_unref(needle.masks);
	g_free(needle.path);
	return code;
}
