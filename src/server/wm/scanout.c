// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * scanout - hand the memory of a client that fills a screen to our own server
 *
 * Nothing is composed then, and nothing copied, however deep window managers lie in one
 * another. Only memory that nobody but the client can write is handed on. A slot stays
 * held for the client until our server has let go of it.
 */
#include "wm.h"

#include <string.h>

/* A client's pool, attached to our server. */
typedef struct {
	MaqView *view; /* borrowed */
	guint32 pool;  /* the client's number */
	int upstream;  /* our server's */
	guint32 slots;
	unsigned pinned;  /* a bit a slot */
	unsigned session; /* of the head's screen */
	bool retired;     /* by the client */
} Lent;

static Lent *lent_at(const Head *head, guint i)
{
	return &g_array_index(head->lent, Lent, i);
}

static bool is_lost(const Head *head, const Lent *lent)
{
	return lent->session != maq_screen_sessions(head->screen);
}

static void unpin(Lent *lent, guint32 slot)
{
	lent->pinned &= ~(1u << slot);
	maq_view_unpin(lent->view, lent->pool, slot);
}

/* Lets go of the slots that our server has let go of, and of pools that are over. */
static void release(Head *head)
{
	for (guint i = head->lent->len; i-- > 0;) {
		Lent *lent = lent_at(head, i);
		bool lost = is_lost(head, lent);

		for (guint32 slot = 0; slot < 4; slot++)
			if (lent->pinned >> slot & 1 &&
				(lost || !maq_screen_holds(
						 head->screen, lent->upstream, slot)))
				unpin(lent, slot);
		if (lost || (lent->retired && !lent->pinned))
			g_array_remove_index_fast(head->lent, i);
	}
}

/* While the client has a slot to draw into, what our server lets go of can wait; but not
 * when nothing of it is shown any more, since nobody would come back to it. */
static void listen(Head *head)
{
	bool needed = false;

	for (guint i = 0; i < head->lent->len; i++) {
		const Lent *lent = lent_at(head, i);
		unsigned all = (1u << lent->slots) - 1;

		needed = needed || lent->retired || (lent->pinned & all) == all ||
			 (lent->pinned && !head->scanning);
	}
	maq_screen_listen(head->screen, needed);
}

static void released(void *data)
{
	release(data);
	listen(data);
}

void scanout_init(Head *head)
{
	head->lent = g_array_new(false, true, sizeof(Lent));
	maq_screen_on_released(head->screen, released, head);
}

static void retire(Head *head, Lent *lent)
{
	if (!lent->retired && !is_lost(head, lent))
		maq_screen_detach(head->screen, lent->upstream);
	lent->retired = true;
}

/* Our server shows its last frame until the next one; so long that is pinned. */
void scanout_retired(Wm *wm, const MaqView *view, guint32 pool)
{
	for (guint i = 0; i < wm->n_heads; i++) {
		Head *head = wm->heads[i];

		maq_screen_listen(head->screen, true);
		for (guint j = 0; j < head->lent->len; j++)
			if (lent_at(head, j)->view == view &&
				lent_at(head, j)->pool == pool)
				retire(head, lent_at(head, j));
		release(head);
	}
}

void scanout_forget(Wm *wm, const MaqView *view)
{
	for (guint i = 0; i < wm->n_heads; i++) {
		Head *head = wm->heads[i];

		for (guint j = head->lent->len; j-- > 0;) {
			if (lent_at(head, j)->view != view)
				continue;
			retire(head, lent_at(head, j));
			g_array_remove_index_fast(head->lent, j);
		}
	}
}

/* ---- showing ---- */

static bool is_same(Area a, Area b)
{
	return a.x == b.x && a.y == b.y && a.width == b.width && a.height == b.height;
}

static bool is_decorated(const Wm *wm)
{
	return overlay_shown(wm) || wm->notice || wm->xray || wm->drag.begun ||
	       strcmp(wm->mode, KEYMAP_NORMAL) != 0;
}

/* The client whose picture is all that this screen shows; NULL. */
static const Tile *sole_tile(const Wm *wm, const Head *head, guint output)
{
	const Place *top = NULL;

	for (guint i = 0; i < wm->places->len; i++) {
		const Place *place = &g_array_index(wm->places, Place, i);

		if (place->output == output)
			top = place;
	}
	if (!top || is_decorated(wm) || !is_same(decor_of(wm, top).content, head->area))
		return NULL;
	const Tile *tile = tile_by_id(wm, top->client);
	return tile && tile->view && !tile->frozen ? tile : NULL;
}

/* The client's pool at our server; NULL: it has no room. */
static Lent *lend(Head *head, MaqView *view, const MaqSource *source)
{
	for (guint i = 0; i < head->lent->len; i++) {
		Lent *lent = lent_at(head, i);

		if (lent->view == view && lent->pool == source->pool && !lent->retired)
			return lent;
	}
	int upstream = maq_screen_attach(head->screen, source);
	Lent lent = {.view = view,
		.pool = source->pool,
		.slots = source->slots,
		.upstream = upstream,
		.session = maq_screen_sessions(head->screen)};
	if (upstream < 0)
		return NULL;
	g_array_append_val(head->lent, lent);
	return lent_at(head, head->lent->len - 1);
}

static unsigned changed_rects(Head *head, MaqFramebufferRect told[8])
{
	MaqRect rects[8];
	Area area = head->area;
	unsigned n = 0;

	maq_region_clip(
		&head->damage, (MaqRect){area.x, area.y, area.width, area.height});
	if (!head->redraw && head->scanning && !maq_region_empty(&head->damage))
		n = maq_region_rects(&head->damage, rects, G_N_ELEMENTS(rects));
	for (unsigned i = 0; i < n; i++)
		told[i] = (MaqFramebufferRect){(guint16)(rects[i].x - area.x),
			(guint16)(rects[i].y - area.y), (guint16)rects[i].width,
			(guint16)rects[i].height};
	return n;
}

static bool forward(Head *head, const Tile *tile)
{
	const MaqFrame *frame = maq_view_frame(tile->view);
	MaqFramebufferRect rects[8];
	MaqSource source;
	Lent *lent;

	release(head); /* of an earlier session */
	if (!frame || frame->alpha || !is_same(tile->picture, head->area) ||
		!maq_view_source(tile->view, &source) ||
		frame->width != head->area.width || frame->height != head->area.height)
		return false;
	lent = lend(head, tile->view, &source);
	if (!lent)
		return false;
	unsigned n = changed_rects(head, rects);
	if (!maq_screen_forward(head->screen, lent->upstream, &source, frame, rects, n,
		    head->input_seq))
		return false;
	lent->pinned |= 1u << source.slot;
	maq_view_pin(tile->view, source.pool, source.slot);
	listen(head);
	release(head); /* before we listened */
	listen(head);
	return true;
}

bool scanout_try(Head *head, guint output)
{
	Wm *wm = head->wm;
	const Tile *tile = wm->settings.scan_out ? sole_tile(wm, head, output) : NULL;
	bool scanned = tile && forward(head, tile);

	if (scanned) {
		head->redraw = false;
		maq_region_clear(&head->damage);
	} else if (head->scanning) {
		head->redraw = true; /* nothing on the screen is ours */
	}
	if (head->scanning != scanned)
		control_tell_once(wm, &wm->layout_told, "layout", "");
	bool ended = head->scanning && !scanned;
	head->scanning = scanned;
	if (ended) {
		listen(head);
		released(head); /* before we listened */
	}
	return scanned;
}
