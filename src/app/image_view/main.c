// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * image_view - pictures, one at a time
 *
 * Requires  Framebuffer, Input  where they are seen, and the keys and the mouse
 *           ROM                 config; each module that is named in it
 *           LOG
 * Config    README.md, config.hsd; changes are followed
 */
#include "folder.h"
#include "picture.h"
#include "sources.h"
#include "view.h"

#include <maq/display.h>
#include <maq/paint.h>

#include <linux/input-event-codes.h>
#include <math.h>
#include <string.h>

enum {
	COLOR_BACK = 0x101418,
	COLOR_LIGHT = 0x2a3036, /* of the board below what is transparent */
	COLOR_DARK = 0x1c2126,
	COLOR_BAR = 0x181d22,
	COLOR_TEXT = 0xd3d7cf,
	COLOR_HINT = 0x8a949c,
	COLOR_ERROR = 0xffa07a,
};

#define FONT_SIZE 13
#define MARGIN    10   /* px */
#define SQUARE    8    /* px: of the board */
#define STEP      1.25 /* of a zoom */
#define NOTCH     120
#define CRISP     3.0 /* zoom from which on pixels are squares */

typedef struct {
	MaqEnv *env;
	MaqScreen *screen;  /* closed with env */
	MaqEvents *events;  /* likewise */
	MaqFont *font;      /* owned */
	GPtrArray *sources; /* owned, of Source */
	Folder *folder;     /* owned by env */
	bool is_another;    /* the current file, since it was read */
	guint current;
	Picture *picture; /* owned; NULL: none */
	char *trouble;    /* owned; NULL: none */
	View view;
	int pointer_x, pointer_y;
	bool dragging, scheduled;
	guint64 input_seq;
} ImageView;

/* ---- drawing ---- */

static void draw_board(MaqCanvas *canvas, MaqRect area)
{
	for (int y = area.y; y < area.y + area.height; y += SQUARE)
		for (int x = area.x; x < area.x + area.width; x += SQUARE)
			maq_canvas_fill(canvas,
				maq_rect_intersect((MaqRect){x, y, SQUARE, SQUARE}, area),
				((x - area.x) / SQUARE + (y - area.y) / SQUARE) % 2
					? COLOR_LIGHT
					: COLOR_DARK);
}

/* Smaller than it is, each pixel is a mean of many. */
static void set_filter(pixman_image_t *image, double zoom)
{
	int count;

	if (zoom >= 1) {
		pixman_image_set_filter(image,
			zoom >= CRISP ? PIXMAN_FILTER_NEAREST : PIXMAN_FILTER_BILINEAR,
			NULL, 0);
		return;
	}
	pixman_fixed_t scale = pixman_double_to_fixed(1 / zoom);
	pixman_fixed_t *filter = pixman_filter_create_separable_convolution(&count, scale,
		scale, PIXMAN_KERNEL_LINEAR, PIXMAN_KERNEL_LINEAR, PIXMAN_KERNEL_BOX,
		PIXMAN_KERNEL_BOX, 4, 4);
	if (filter)
		pixman_image_set_filter(
			image, PIXMAN_FILTER_SEPARABLE_CONVOLUTION, filter, count);
	free(filter);
}

static void draw_picture(
	const ImageView *self, const MaqBuffer *buffer, MaqCanvas *canvas)
{
	const View *view = &self->view;
	pixman_image_t *image = self->picture->image;
	double left, top;
	pixman_transform_t transform;

	view_corner(view, &left, &top);
	MaqRect area = maq_rect_intersect((MaqRect){0, 0, view->width, view->height},
		(MaqRect){(int)floor(left), (int)floor(top),
			(int)ceil(self->picture->width * view->zoom),
			(int)ceil(self->picture->height * view->zoom)});
	if (maq_rect_empty(area))
		return;
	draw_board(canvas, area);
	pixman_transform_init_scale(&transform, pixman_double_to_fixed(1 / view->zoom),
		pixman_double_to_fixed(1 / view->zoom));
	transform.matrix[0][2] =
		pixman_double_to_fixed((area.x - floor(left)) / view->zoom);
	transform.matrix[1][2] =
		pixman_double_to_fixed((area.y - floor(top)) / view->zoom);
	pixman_image_set_transform(image, &transform);
	pixman_image_set_repeat(image, PIXMAN_REPEAT_PAD);
	set_filter(image, view->zoom);
	pixman_image_t *target = pixman_image_create_bits(PIXMAN_x8r8g8b8, buffer->width,
		buffer->height, buffer->pixels, (int)buffer->stride);
	pixman_image_composite32(PIXMAN_OP_OVER, image, NULL, target, 0, 0, 0, 0, area.x,
		area.y, area.width, area.height);
	pixman_image_unref(target);
}

static char *hint(const ImageView *self)
{
	if (!self->picture)
		return g_strdup_printf("%u of %u", self->current + 1, self->sources->len);
	return g_strdup_printf("%d \u00d7 %d   %d %%   %u of %u", self->picture->width,
		self->picture->height, (int)lround(self->view.zoom * 100),
		self->current + 1, self->sources->len);
}

/* In the middle, where the picture would be; what is too long begins at the left. */
static void draw_trouble(const ImageView *self, MaqCanvas *canvas, int width, int height)
{
	int x = (width - maq_font_measure(self->font, self->trouble)) / 2;
	int y = (height - maq_font_height(self->font)) / 2;

	maq_font_draw(self->font, canvas, MAX(x, MARGIN), MAX(y, MARGIN), COLOR_ERROR,
		self->trouble);
}

static void draw_bar(const ImageView *self, MaqCanvas *canvas, int y, int width)
{
	const Source *source =
		self->sources->len ? self->sources->pdata[self->current] : NULL;
	g_autofree char *right = hint(self);
	g_autofree char *name =
		source ? g_utf8_make_valid(source->name, -1) : g_strdup("no pictures");
	int height = maq_font_height(self->font);

	maq_canvas_fill(canvas, (MaqRect){0, y, width, height + MARGIN}, COLOR_BAR);
	int end = maq_font_draw(
		self->font, canvas, MARGIN, y + MARGIN / 2, COLOR_TEXT, name);
	int needed = maq_font_measure(self->font, right);
	if (source && end + needed + 2 * MARGIN < width)
		maq_font_draw(self->font, canvas, width - needed - MARGIN, y + MARGIN / 2,
			COLOR_HINT, right);
}

static void tell_title(ImageView *self)
{
	const Source *source =
		self->sources->len ? self->sources->pdata[self->current] : NULL;

	maq_screen_set_hints(
		self->screen, &(MaqHints){0}, false, source ? source->name : "");
}

static void draw(void *data)
{
	ImageView *self = data;
	int bar = maq_font_height(self->font) + MARGIN;
	MaqBuffer buffer;

	self->scheduled = false;
	if (!maq_screen_begin(self->screen, &buffer))
		return; /* ready calls again */
	g_autoptr(MaqCanvas) canvas = maq_canvas_new(
		buffer.pixels, buffer.width, buffer.height, (int)buffer.stride);
	view_set_area(&self->view, buffer.width, MAX(buffer.height - bar, 1));
	maq_canvas_fill(canvas, maq_canvas_bounds(canvas), COLOR_BACK);
	if (self->picture)
		draw_picture(self, &buffer, canvas);
	if (self->trouble)
		draw_trouble(self, canvas, buffer.width, buffer.height - bar);
	draw_bar(self, canvas, buffer.height - bar, buffer.width);
	maq_screen_commit(self->screen, NULL, 0, self->input_seq);
}

static void schedule(void *data)
{
	ImageView *self = data;

	if (!self->scheduled)
		maq_loop_defer(maq_env_loop(self->env), draw, self);
	self->scheduled = true;
}

/* ---- pictures ---- */

/* Half of what is left of the quota: the rest is for the file and the tile. */
static gsize room(ImageView *self)
{
	MaqQuota quota;

	if (!maq_quota(self->env, &quota) || quota.ram <= quota.ram_used)
		return 1u << 20;
	return (gsize)(quota.ram - quota.ram_used) / 2;
}

static void show(ImageView *self)
{
	g_autoptr(GError) error = NULL;

	g_clear_pointer(&self->picture, picture_free);
	g_clear_pointer(&self->trouble, g_free);
	if (!self->sources->len) {
		tell_title(self);
		return;
	}
	const Source *source = self->sources->pdata[self->current];
	g_autoptr(GBytes) bytes =
		source_read(self->env, maq_config(self->env), source, &error);
	if (bytes)
		self->picture = picture_decode(g_bytes_get_data(bytes, NULL),
			g_bytes_get_size(bytes), room(self), &error);
	if (self->picture) {
		view_set_picture(
			&self->view, self->picture->width, self->picture->height);
		maq_log(self->env, "%s: %d by %d", source->name, self->picture->width,
			self->picture->height);
	} else {
		self->trouble = g_utf8_make_valid(error->message, -1);
		maq_log(self->env, "%s: %s", source->name, self->trouble);
	}
	tell_title(self);
	schedule(self);
}

static void step(ImageView *self, int by)
{
	guint count = self->sources->len;

	if (!count)
		return;
	self->current = (self->current + count + (guint)by) % count;
	show(self);
}

static void read_sources(void *data)
{
	ImageView *self = data;

	g_clear_pointer(&self->sources, g_ptr_array_unref);
	/* first: what changes while it is read is told */
	folder_watch(self->folder, maq_hid_attr(maq_config(self->env), "folder"));
	self->sources = sources_list(maq_config(self->env));
	self->current = 0;
	show(self);
	schedule(self);
}

static bool is_same(const Source *one, const Source *other)
{
	return one->module == other->module && !strcmp(one->name, other->name);
}

/* name: NULL for any. */
static void file_changed(void *data, const char *name)
{
	ImageView *self = data;
	const Source *source =
		self->sources->len ? self->sources->pdata[self->current] : NULL;

	if (!source || (!source->module && (!name || !strcmp(name, source->name))))
		self->is_another = true;
}

/* The one that is seen stays, wherever it is now; if it has gone, the next one. */
static void folder_changed(void *data)
{
	ImageView *self = data;
	g_autoptr(GPtrArray) before = g_steal_pointer(&self->sources);
	guint at = 0;

	self->sources = sources_list(maq_config(self->env));
	while (before->len && at < self->sources->len &&
		!is_same(self->sources->pdata[at], before->pdata[self->current]))
		at++;
	bool found = before->len && at < self->sources->len;
	if (found)
		self->current = at;
	else
		self->current = self->sources->len
					? MIN(self->current, self->sources->len - 1)
					: 0;
	if (self->is_another || !found)
		show(self);
	self->is_another = false;
	schedule(self);
}

/* ---- keys and mouse ---- */

static void zoom(ImageView *self, double times)
{
	view_zoom(&self->view, times, self->view.width / 2.0, self->view.height / 2.0);
}

/* A picture that is seen whole has nothing to pan to. */
static void arrow(ImageView *self, int x, int y)
{
	if (self->view.fits && x)
		step(self, x);
	else
		view_pan(&self->view, x * self->view.width / 8.0,
			y * self->view.height / 8.0);
}

static bool key(ImageView *self, guint16 code)
{
	switch (code) {
	case KEY_EQUAL:
	case KEY_KPPLUS:
		zoom(self, STEP);
		return true;
	case KEY_MINUS:
	case KEY_KPMINUS:
		zoom(self, 1 / STEP);
		return true;
	case KEY_0:
	case KEY_F:
		view_fit(&self->view);
		return true;
	case KEY_1:
		view_zoom_to(&self->view, 1);
		return true;
	case KEY_LEFT:
		arrow(self, -1, 0);
		return true;
	case KEY_RIGHT:
		arrow(self, 1, 0);
		return true;
	case KEY_UP:
		arrow(self, 0, -1);
		return true;
	case KEY_DOWN:
		arrow(self, 0, 1);
		return true;
	case KEY_PAGEUP:
	case KEY_BACKSPACE:
	case KEY_P:
		step(self, -1);
		return true;
	case KEY_PAGEDOWN:
	case KEY_SPACE:
	case KEY_N:
		step(self, 1);
		return true;
	default:
		return false;
	}
}

static bool move(ImageView *self, const MaqInputEvent *event)
{
	if (self->dragging)
		view_pan(&self->view, self->pointer_x - event->x,
			self->pointer_y - event->y);
	self->pointer_x = event->x;
	self->pointer_y = event->y;
	return self->dragging;
}

static bool handle(ImageView *self, const MaqInputEvent *event)
{
	switch (event->type) {
	case MAQ_INPUT_TYPE_PRESS:
	case MAQ_INPUT_TYPE_REPEAT:
		if (event->code != BTN_LEFT)
			return key(self, event->code);
		self->dragging = true;
		self->pointer_x = event->x;
		self->pointer_y = event->y;
		return false;
	case MAQ_INPUT_TYPE_RELEASE:
		self->dragging = self->dragging && event->code != BTN_LEFT;
		return false;
	case MAQ_INPUT_TYPE_SNAPSHOT:
	case MAQ_INPUT_TYPE_FOCUS_LEAVE:
		self->dragging = false;
		return false;
	case MAQ_INPUT_TYPE_MOTION:
		return move(self, event);
	case MAQ_INPUT_TYPE_WHEEL:
		view_zoom(&self->view, pow(STEP, (double)event->y / NOTCH),
			self->pointer_x, self->pointer_y);
		return true;
	default:
		return false;
	}
}

static void event_arrived(void *data, const MaqInputEvent *event)
{
	ImageView *self = data;

	if (!handle(self, event))
		return;
	self->input_seq = event->sequence;
	schedule(self);
}

/* ---- start ---- */

static void display_lost(void *data)
{
	maq_log(data, "the display has gone, and does not come back");
	maq_exit(data, 1);
}

static void image_view_free(gpointer data)
{
	ImageView *self = data;

	picture_free(self->picture);
	g_clear_pointer(&self->sources, g_ptr_array_unref);
	maq_font_free(self->font);
	g_free(self->trouble);
	g_free(self);
}

static bool image_view_start(MaqEnv *env, GError **error)
{
	ImageView *self = g_new0(ImageView, 1);

	maq_env_own_by(env, self, image_view_free);
	self->env = env;
	self->sources = g_ptr_array_new();
	self->font = maq_font_new("sans-serif", FONT_SIZE, error);
	self->screen =
		self->font ? maq_screen_open(env, "", 0, 0, schedule, self, error) : NULL;
	if (!self->screen)
		return false;
	self->events = maq_events_open(env, "", event_arrived, self, error);
	if (!self->events)
		return false;
	maq_screen_on_lost(self->screen, display_lost, env);
	maq_config_on_changed(env, read_sources, self);
	self->folder = folder_new(env, file_changed, folder_changed, self);
	read_sources(self);
	return true;
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, image_view_start);
}
