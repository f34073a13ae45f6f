// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * copy - CopyRect (RFC 6143, 7.7.2) out of moves
 *
 * libvncserver keeps for each client what is modified, and one region that was copied by
 * one distance. Its own rfbScheduleCopyRegion() is not used: it needs a soft cursor, and
 * keeps copies of copies.
 */
#include "copy.h"

static sraRegionPtr region_of(Rect rect)
{
	return sraRgnCreateRect(
		rect.x, rect.y, rect.x + rect.width, rect.y + rect.height);
}

static guint64 area_of(sraRegionPtr region)
{
	sraRectangleIterator *all = sraRgnGetIterator(region);
	guint64 area = 0;
	sraRect rect;

	while (sraRgnIteratorNext(all, &rect))
		area += (guint64)(rect.x2 - rect.x1) * (guint64)(rect.y2 - rect.y1);
	sraRgnReleaseIterator(all);
	return area;
}

static sraRegionPtr moved(sraRegionPtr region, int dx, int dy)
{
	sraRegionPtr copy = sraRgnCreateRgn(region);

	sraRgnOffset(copy, dx, dy);
	return copy;
}

/* The part of to that the viewer can copy from what it shows: it comes from within the
 * screen, and from nothing that is not sent yet. */
static sraRegionPtr find_direct(rfbClientPtr client, sraRegionPtr to, int dx, int dy)
{
	sraRegionPtr copied = sraRgnCreateRgn(to);
	sraRegionPtr source =
		region_of((Rect){dx, dy, client->screen->width, client->screen->height});
	sraRegionPtr modified = moved(client->modifiedRegion, dx, dy);
	sraRegionPtr waiting = moved(client->copyRegion, dx, dy);

	sraRgnAnd(copied, source);
	sraRgnSubtract(copied, modified);
	sraRgnSubtract(copied, waiting);
	sraRgnDestroy(source);
	sraRgnDestroy(modified);
	sraRgnDestroy(waiting);
	return copied;
}

/* The part of to that comes from a copy which waits: both moves together are one. */
static sraRegionPtr find_further(rfbClientPtr client, sraRegionPtr to, int dx, int dy)
{
	sraRegionPtr copied = moved(client->copyRegion, dx, dy);
	sraRegionPtr modified = moved(client->modifiedRegion, dx, dy);

	sraRgnAnd(copied, to);
	sraRgnSubtract(copied, modified);
	sraRgnDestroy(modified);
	return copied;
}

/* There can be one distance only: what had to be copied otherwise is sent. */
static void set_copy(rfbClientPtr client, sraRegionPtr copied, int dx, int dy)
{
	sraRgnOr(client->modifiedRegion, client->copyRegion);
	sraRgnSubtract(client->modifiedRegion, copied);
	sraRgnMakeEmpty(client->copyRegion);
	sraRgnOr(client->copyRegion, copied);
	client->copyDX = dx;
	client->copyDY = dy;
}

void copy_mark(rfbClientPtr client, Rect rect, int dx, int dy)
{
	sraRegionPtr to = region_of(rect);

	if (client->useCopyRect) {
		sraRegionPtr direct = find_direct(client, to, dx, dy);
		sraRegionPtr further = find_further(client, to, dx, dy);
		bool is_further = area_of(further) > area_of(direct);
		sraRegionPtr copied = is_further ? further : direct;

		if (is_further)
			set_copy(
				client, copied, client->copyDX + dx, client->copyDY + dy);
		else
			set_copy(client, copied, dx, dy);
		sraRgnSubtract(to, copied);
		sraRgnDestroy(direct);
		sraRgnDestroy(further);
	}
	sraRgnOr(client->modifiedRegion, to);
	sraRgnDestroy(to);
}

sraRegionPtr copy_region_of_pixels(rfbClientPtr client)
{
	sraRegionPtr pixels = sraRgnCreateRgn(client->modifiedRegion);
	sraRegionPtr copied = sraRgnCreateRgn(client->copyRegion);
	sraRegionPtr source =
		moved(client->requestedRegion, client->copyDX, client->copyDY);

	sraRgnOr(pixels, copied);
	sraRgnAnd(pixels, client->requestedRegion);
	/* what is copied comes from what was asked for */
	sraRgnSubtract(copied, client->modifiedRegion);
	sraRgnAnd(copied, client->requestedRegion);
	sraRgnAnd(copied, source);
	sraRgnSubtract(pixels, copied);
	sraRgnDestroy(copied);
	sraRgnDestroy(source);
	return pixels;
}
