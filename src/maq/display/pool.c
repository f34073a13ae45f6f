// SPDX-License-Identifier: LGPL-2.1-or-later
#include "pool.h"

#include <maq/memory.h>

#include <fcntl.h>

bool maq_pool_attach(MaqPool *pool, int content, guint32 slots, guint32 width,
	guint32 height, guint32 stride)
{
	guint64 slot_size = (guint64)stride * height;
	gsize size = 0;

	if (stride % 4 || stride < 4 * width ||
		slot_size * slots > maq_dataspace_size(content))
		return false;
	const guint8 *pixels = maq_map(content, false, &size, NULL);
	if (!pixels)
		return false;
	bool closed = fcntl(content, F_GET_SEALS) & F_SEAL_FUTURE_WRITE;
	int kept = closed ? fcntl(content, F_DUPFD_CLOEXEC, 0) : -1;
	*pool = (MaqPool){
		pixels, size, slots, width, height, stride, slot_size, false, kept};
	return true;
}

void maq_pool_detach(MaqPool *pool)
{
	if (pool->pixels)
		maq_clear_fd(&pool->content);
	maq_unmap(pool->pixels, pool->size);
	*pool = (MaqPool){0};
}

/* Whether what has moved was within the frame, as it is now. */
static bool was_within(const MaqFrame *frame, const MaqFramebufferCommit *commit)
{
	const MaqFramebufferRect *rect = &frame->rects[0];
	int x = rect->x - commit->moved_x, y = rect->y - commit->moved_y;

	return x >= 0 && y >= 0 && x + rect->width <= frame->width &&
	       y + rect->height <= frame->height;
}

static void take_move(MaqFrame *frame, const MaqFramebufferCommit *commit)
{
	const MaqFramebufferRect *first = &commit->rects[0];

	if (!commit->rect_count || !first->width || !first->height ||
		first->x >= frame->width || first->y >= frame->height ||
		!was_within(frame, commit))
		return;
	frame->moved_x = commit->moved_x;
	frame->moved_y = commit->moved_y;
}

static void clip(MaqFrame *frame, const MaqFramebufferRect *rect)
{
	MaqFramebufferRect *out = &frame->rects[frame->n_rects];

	if (rect->x >= frame->width || rect->y >= frame->height)
		return;
	*out = *rect;
	out->width = (guint16)MIN(rect->width, frame->width - rect->x);
	out->height = (guint16)MIN(rect->height, frame->height - rect->y);
	frame->n_rects += out->width && out->height;
}

bool maq_pool_frame(
	const MaqPool *pool, const MaqFramebufferCommit *commit, MaqFrame *frame)
{
	guint64 end = (guint64)commit->offset +
		      (guint64)commit->stride * (guint64)(commit->height - 1) +
		      4u * (guint64)commit->width;

	if (!pool->pixels || pool->retired || commit->slot >= pool->slots ||
		!commit->width || !commit->height || commit->width > 16383 ||
		commit->height > 16383 || commit->offset % 4 || commit->stride % 4 ||
		commit->stride < 4u * commit->width || end > pool->slot_size ||
		commit->rect_count > 8)
		return false;
	*frame = (MaqFrame){
		.pixels = (const guint32 *)(const void *)(pool->pixels +
							  commit->slot * pool->slot_size +
							  commit->offset),
		.width = commit->width,
		.height = commit->height,
		.stride = commit->stride,
		.sequence = commit->sequence,
		.input_seq = commit->input_seq,
		.mode_serial = commit->mode_serial,
	};
	MaqFramebufferRect whole = {0, 0, commit->width, commit->height};
	if (commit->flags & MAQ_FRAMEBUFFER_COMMIT_FLAGS_WHOLE) {
		clip(frame, &whole);
		return true;
	}
	for (guint32 i = 0; i < commit->rect_count; i++)
		clip(frame, &commit->rects[i]);
	take_move(frame, commit);
	return true;
}
