// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * extension_leds - which locks of the keyboard are on
 *
 * rfbproto, "QEMU LED State Pseudo-encoding" and "VMware LED State Pseudo-encoding".
 */
#include "extensions.h"

#define QEMU   (-261)
#define VMWARE 0x574d5668
#define NEVER  G_MAXUINT

static rfbBool enable(rfbClientPtr client, void **data, int encoding)
{
	Extensions *extensions = &extension_viewer(client)->extensions;

	(void)data;
	if (encoding != QEMU && encoding != VMWARE)
		return FALSE;
	if (!extensions->qemu_leds && !extensions->vmware_leds)
		extensions->leds = NEVER;
	if (encoding == QEMU)
		extensions->qemu_leds = true;
	else
		extensions->vmware_leds = true;
	return TRUE;
}

/* Bits 0 to 2 are scroll, num and caps lock in both. */
void leds_update(Viewer *viewer)
{
	Extensions *extensions = &viewer->extensions;
	guint leds = (guint)g_atomic_int_get(&viewer->picture->leds);

	if ((!extensions->qemu_leds && !extensions->vmware_leds) ||
		extensions->leds == leds)
		return;
	extensions->leds = leds;
	if (extensions->qemu_leds)
		extension_send(viewer->client, 0, 0, QEMU, &(guint8){(guint8)leds}, 1);
	else
		extension_send(
			viewer->client, 0, 0, VMWARE, &(guint32){GUINT32_TO_BE(leds)}, 4);
}

static int encodings[] = {QEMU, VMWARE, 0};

rfbProtocolExtension extension_leds = {
	.pseudoEncodings = encodings,
	.enablePseudoEncoding = enable,
};
