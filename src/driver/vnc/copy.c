// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * copy - CopyRect (RFC 6143, 7.7.2) out of moves
 *
 * libvncserver keeps for each client what is modified, and one region that was copied by
 * one distance. Its own rfbScheduleCopyRegion() is not used: it needs a soft cursor, and
 * keeps copies of copies.
 */
#include "copy.h"

#include <rfb/rfbregion.h>

static sraRegionPtr region_of(Rect rect)
{
	return sraRgnCreateRect(
		rect.x, rect.y, rect.x + rect.width, rect.y + rect.height);
}

/* What is not sent yet cannot be copied by the viewer. */
static sraRegionPtr find_stale(rfbClientPtr client, int dx, int dy)
{
	sraRegionPtr stale = sraRgnCreateRgn(client->modifiedRegion);

	sraRgnOr(stale, client->copyRegion);
	sraRgnOffset(stale, dx, dy);
	return stale;
}

void copy_mark(rfbClientPtr client, Rect rect, int dx, int dy)
{
	sraRegionPtr to = region_of(rect);
	sraRegionPtr source =
		region_of((Rect){dx, dy, client->screen->width, client->screen->height});

	/* a copy that waits already is sent as pixels, if this one is another */
	if (!sraRgnEmpty(client->copyRegion)) {
		sraRgnOr(client->modifiedRegion, client->copyRegion);
		sraRgnMakeEmpty(client->copyRegion);
	}
	sraRegionPtr stale = find_stale(client, dx, dy);

	if (client->useCopyRect) {
		/* what came from beyond the edge, or from pixels not sent yet, is sent */
		sraRegionPtr copied = sraRgnCreateRgn(to);

		sraRgnAnd(copied, source);
		sraRgnSubtract(copied, stale);
		sraRgnSubtract(to, copied);
		sraRgnSubtract(client->modifiedRegion, copied);
		sraRgnOr(client->copyRegion, copied);
		client->copyDX = dx;
		client->copyDY = dy;
		sraRgnDestroy(copied);
	}
	sraRgnOr(client->modifiedRegion, to);
	sraRgnDestroy(stale);
	sraRgnDestroy(source);
	sraRgnDestroy(to);
}
