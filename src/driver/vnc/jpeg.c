// SPDX-License-Identifier: GPL-2.0-or-later
#include "jpeg.h"

#include <dlfcn.h>
#include <string.h>

#define SLOTS 256       /* a power of two */
#define MOST  (4 << 20) /* bytes that are kept */

typedef struct {
	JpegKey key;
	enum { EMPTY, MADE, READY } state;
	GBytes *data; /* owned, when READY */
} Slot;

struct Jpeg {
	GMutex lock;
	GCond ready;
	Slot slots[SLOTS];
	gsize bytes;
	gint viewers; /* atomic */
	guint shared; /* atomic */
};

Jpeg *jpeg_new(void)
{
	Jpeg *jpeg = g_new0(Jpeg, 1);

	g_mutex_init(&jpeg->lock);
	g_cond_init(&jpeg->ready);
	return jpeg;
}

static void empty(Jpeg *jpeg, Slot *slot)
{
	if (slot->data)
		jpeg->bytes -= g_bytes_get_size(slot->data);
	g_clear_pointer(&slot->data, g_bytes_unref);
	slot->state = EMPTY;
}

static void empty_all(Jpeg *jpeg)
{
	for (int i = 0; i < SLOTS; i++)
		if (jpeg->slots[i].state == READY)
			empty(jpeg, &jpeg->slots[i]);
}

void jpeg_free(Jpeg *jpeg)
{
	empty_all(jpeg);
	g_mutex_clear(&jpeg->lock);
	g_cond_clear(&jpeg->ready);
	g_free(jpeg);
}

static Slot *find_slot(Jpeg *jpeg, const JpegKey *key)
{
	guint64 hash = key->generation * 0x9e3779b97f4a7c15u + key->offset;

	hash = (hash ^ hash >> 29 ^ (guint64)key->quality) * 0xff51afd7ed558ccdu;
	return &jpeg->slots[hash >> 32 & (SLOTS - 1)];
}

static bool is_same(const JpegKey *a, const JpegKey *b)
{
	return a->generation == b->generation && a->offset == b->offset &&
	       a->width == b->width && a->height == b->height &&
	       a->subsampling == b->subsampling && a->quality == b->quality &&
	       a->flags == b->flags;
}

/* It is compressed now: that is no wait for anybody's network. */
static void await(Jpeg *jpeg, const Slot *slot, const JpegKey *key)
{
	while (slot->state == MADE && is_same(&slot->key, key))
		g_cond_wait(&jpeg->ready, &jpeg->lock);
}

GBytes *jpeg_find(Jpeg *jpeg, const JpegKey *key, bool *his)
{
	GBytes *found = NULL;

	g_mutex_lock(&jpeg->lock);
	Slot *slot = find_slot(jpeg, key);
	await(jpeg, slot, key);
	*his = false;
	if (slot->state == READY && is_same(&slot->key, key)) {
		found = g_bytes_ref(slot->data);
		g_atomic_int_inc(&jpeg->shared);
	} else if (slot->state != MADE) {
		empty(jpeg, slot);
		slot->state = MADE;
		slot->key = *key;
		*his = true;
	}
	g_mutex_unlock(&jpeg->lock);
	return found;
}

void jpeg_put(Jpeg *jpeg, const JpegKey *key, GBytes *data)
{
	g_mutex_lock(&jpeg->lock);
	Slot *slot = find_slot(jpeg, key);
	g_assert(slot->state == MADE && is_same(&slot->key, key));
	slot->state = EMPTY;
	if (data && jpeg->bytes + g_bytes_get_size(data) > MOST)
		empty_all(jpeg);
	if (data) {
		slot->state = READY;
		slot->data = data;
		jpeg->bytes += g_bytes_get_size(data);
	}
	g_cond_broadcast(&jpeg->ready);
	g_mutex_unlock(&jpeg->lock);
}

void jpeg_count(Jpeg *jpeg, int viewers)
{
	if (g_atomic_int_add(&jpeg->viewers, viewers) + viewers > 1)
		return;
	g_mutex_lock(&jpeg->lock);
	empty_all(jpeg);
	g_mutex_unlock(&jpeg->lock);
}

guint jpeg_shared(const Jpeg *jpeg)
{
	return g_atomic_int_get(&jpeg->shared);
}

/* ---- in the place of libvncserver's ---- */

static _Thread_local struct {
	Jpeg *jpeg; /* NULL: nothing to share */
	const char *pixels;
	guint64 generation;
} encoded;

void jpeg_begin(Jpeg *jpeg, const void *pixels, guint64 generation)
{
	encoded.jpeg = g_atomic_int_get(&jpeg->viewers) > 1 ? jpeg : NULL;
	encoded.pixels = pixels;
	encoded.generation = generation;
}

void jpeg_end(void)
{
	encoded.jpeg = NULL;
}

typedef int Compress(void *handle, unsigned char *pixels, int width, int pitch,
	int height, int pixel_size, unsigned char *data, unsigned long *size,
	int subsampling, int quality, int flags);

Compress tjCompress;

static Compress *real_compress(void)
{
	static gsize found;

	if (g_once_init_enter(&found))
		g_once_init_leave(&found, (gsize)dlsym(RTLD_NEXT, "tjCompress"));
	return (Compress *)found;
}

/* libvncserver has room for the largest picture in data. */
int tjCompress(void *handle, unsigned char *pixels, int width, int pitch, int height,
	int pixel_size, unsigned char *data, unsigned long *size, int subsampling,
	int quality, int flags)
{
	JpegKey key = {encoded.generation, (gsize)((const char *)pixels - encoded.pixels),
		width, height, subsampling, quality, flags};
	bool his = false;
	g_autoptr(GBytes) found =
		encoded.jpeg ? jpeg_find(encoded.jpeg, &key, &his) : NULL;

	if (found) {
		*size = g_bytes_get_size(found);
		memcpy(data, g_bytes_get_data(found, NULL), *size);
		return 0;
	}
	int result = real_compress()(handle, pixels, width, pitch, height, pixel_size,
		data, size, subsampling, quality, flags);
	if (his)
		jpeg_put(encoded.jpeg, &key,
			result == 0 ? g_bytes_new(data, *size) : NULL);
	return result;
}
