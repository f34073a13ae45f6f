// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * attach - pools of a screen's own: made, attached, and replaced by larger ones
 */
#include "client.h"

#include <maq/memory.h>

#include <fcntl.h>

#define ROUND_UP 64 /* px: small resizes need no new pool */

/* A pool that the server is asked to attach. */
struct Attaching {
	MaqScreen *screen; /* borrowed; NULL: it has no use for it any more */
	guint8 *pixels;    /* owned */
	gsize size;
	guint32 id;
	int width, height; /* capacity */
	int fd;            /* owned: of the pixels, as it may be asked for again; -1 */
	unsigned upgrades;
};

static void ignore(void *data, MaqFramebufferError status)
{
	(void)data, (void)status;
}

static void drop_pool(MaqScreen *screen)
{
	if (!screen->pixels)
		return;
	if (screen->patient)
		maq_framebuffer_retire_pool_async(
			screen->session, screen->pool, ignore, NULL);
	else
		maq_framebuffer_retire_pool(screen->session, screen->pool);
	maq_unmap(screen->pixels, screen->pool_size);
	screen->pixels = NULL;
}

static void use_pool(MaqScreen *screen, const Attaching *pool)
{
	screen->pixels = pool->pixels;
	screen->pool = pool->id;
	screen->pool_size = pool->size;
	screen->stride = (gsize)pool->width * 4;
	screen->slot_size = screen->stride * (gsize)pool->height;
	screen->capacity_width = pool->width;
	screen->capacity_height = pool->height;
	memset(screen->committed, 0, sizeof screen->committed);
	screen->current = -1;
}

static void attached(void *data, MaqFramebufferError status);

static void ask_to_attach(Attaching *pool)
{
	maq_framebuffer_attach_pool_async(pool->screen->session, pool->id, pool->fd,
		SLOTS, (guint16)pool->width, (guint16)pool->height,
		(guint32)pool->width * 4, attached, pool);
}

static void give_up(Attaching *pool)
{
	if (pool->screen)
		pool->screen->attaching = NULL;
	maq_unmap(pool->pixels, pool->size);
	maq_clear_fd(&pool->fd);
	g_free(pool);
}

/* Also when the session has gone, or the screen: as it is with all answers. */
static void upgraded(void *data, int status)
{
	Attaching *pool = data;

	if (pool->screen && status == MAQ_OK)
		ask_to_attach(pool);
	else
		give_up(pool);
}

static bool upgrade(Attaching *pool, MaqFramebufferError status)
{
	MaqScreen *screen = pool->screen;
	MaqSession *session = maq_framebuffer_session(screen->session);
	guint64 ram;
	guint32 caps;

	if (!maq_session_lacks(session, (int)status, pool->upgrades, &ram, &caps))
		return false;
	pool->upgrades++;
	maq_upgrade_async(screen->env, session, ram, caps, upgraded, pool);
	return true;
}

static void attached(void *data, MaqFramebufferError status)
{
	Attaching *pool = data;
	MaqScreen *screen = pool->screen;

	if (screen && upgrade(pool, status))
		return;
	if (!screen || status != MAQ_FRAMEBUFFER_OK) {
		give_up(pool);
		return;
	}
	screen->attaching = NULL;
	drop_pool(screen);
	use_pool(screen, pool);
	maq_clear_fd(&pool->fd);
	g_free(pool);
	screen->ready(screen->data);
}

/* False: not now, or not at all. */
static bool attach(MaqScreen *screen, Attaching *pool, int fd)
{
	guint16 width = (guint16)pool->width, height = (guint16)pool->height;
	guint32 stride = (guint32)pool->width * 4;

	if (screen->patient) {
		screen->attaching = g_memdup2(pool, sizeof *pool);
		screen->attaching->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
		ask_to_attach(screen->attaching);
		return false;
	}
	drop_pool(screen);
	if (maq_framebuffer_attach_pool(screen->session, pool->id, fd, SLOTS, width,
		    height, stride) != MAQ_FRAMEBUFFER_OK) {
		maq_unmap(pool->pixels, pool->size);
		return false;
	}
	use_pool(screen, pool);
	return true;
}

bool attach_new(MaqScreen *screen)
{
	int width = (screen->width + ROUND_UP - 1) / ROUND_UP * ROUND_UP;
	int height = (screen->height + ROUND_UP - 1) / ROUND_UP * ROUND_UP;
	Attaching pool = {.screen = screen,
		.id = (screen->pool + 1) % OWN_POOLS,
		.width = MIN(width, 16383),
		.height = MIN(height, 16383),
		.fd = -1};
	void *pixels = NULL;

	if (screen->attaching)
		return false; /* ready will be called */
	pool.size = (gsize)pool.width * 4 * (gsize)pool.height * SLOTS;
	maq_autofd int fd = maq_dataspace_new_readable("pool", pool.size, &pixels, NULL);
	pool.pixels = pixels;
	return pixels && attach(screen, &pool, fd);
}

void attach_abandon(MaqScreen *screen)
{
	if (screen->attaching)
		screen->attaching->screen = NULL;
	screen->attaching = NULL;
}
