// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * pool - one attached pool of a client, mapped read-only, and the check of commits
 */
#ifndef MAQ_DISPLAY_POOL_H
#define MAQ_DISPLAY_POOL_H

#include <maq/display.h>

typedef struct {
	const guint8 *pixels; /* NULL: not attached */
	gsize size;
	guint32 slots, width, height, stride;
	gsize slot_size;
	bool retired;
	int content; /* owned; -1: its owner is not the only one who may write */
} MaqPool;

bool maq_pool_attach(MaqPool *pool, int content, guint32 slots, guint32 width,
	guint32 height, guint32 stride);
void maq_pool_detach(MaqPool *pool);
/* Whether every pixel of the commit lies in its slot; fills the frame. */
bool maq_pool_frame(
	const MaqPool *pool, const MaqFramebufferCommit *commit, MaqFrame *frame);

#endif
