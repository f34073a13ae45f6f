// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * extension_keys - which key it is, besides its symbol
 *
 * rfbproto, "QEMU Client Message" and "QEMU Extended Key Event Pseudo-encoding".
 */
#include "extensions.h"

#include <linux/input-event-codes.h>

#define ENCODING    (-258)
#define MESSAGE     255
#define SUB_KEY     0
#define PLAIN_CODES 0x54 /* codes below are the same in Linux */

/* Codes of an XT keyboard, set 1; those with a prefix 0xe0 have bit 7 instead. */
static const guint16 others[256] = {
	[0x54] = KEY_SYSRQ,
	[0x56] = KEY_102ND,
	[0x57] = KEY_F11,
	[0x58] = KEY_F12,
	[0x59] = KEY_KPEQUAL,
	[0x70] = KEY_KATAKANAHIRAGANA,
	[0x73] = KEY_RO,
	[0x79] = KEY_HENKAN,
	[0x7b] = KEY_MUHENKAN,
	[0x7d] = KEY_YEN,
	[0x7e] = KEY_KPCOMMA,
	[0x90] = KEY_PREVIOUSSONG,
	[0x99] = KEY_NEXTSONG,
	[0x9c] = KEY_KPENTER,
	[0x9d] = KEY_RIGHTCTRL,
	[0xa0] = KEY_MUTE,
	[0xa1] = KEY_CALC,
	[0xa2] = KEY_PLAYPAUSE,
	[0xa4] = KEY_STOPCD,
	[0xae] = KEY_VOLUMEDOWN,
	[0xb0] = KEY_VOLUMEUP,
	[0xb2] = KEY_HOMEPAGE,
	[0xb5] = KEY_KPSLASH,
	[0xb7] = KEY_SYSRQ,
	[0xb8] = KEY_RIGHTALT,
	[0xc6] = KEY_PAUSE,
	[0xc7] = KEY_HOME,
	[0xc8] = KEY_UP,
	[0xc9] = KEY_PAGEUP,
	[0xcb] = KEY_LEFT,
	[0xcd] = KEY_RIGHT,
	[0xcf] = KEY_END,
	[0xd0] = KEY_DOWN,
	[0xd1] = KEY_PAGEDOWN,
	[0xd2] = KEY_INSERT,
	[0xd3] = KEY_DELETE,
	[0xdb] = KEY_LEFTMETA,
	[0xdc] = KEY_RIGHTMETA,
	[0xdd] = KEY_COMPOSE,
	[0xde] = KEY_POWER,
	[0xdf] = KEY_SLEEP,
	[0xe3] = KEY_WAKEUP,
	[0xe5] = KEY_SEARCH,
	[0xe6] = KEY_BOOKMARKS,
	[0xe7] = KEY_REFRESH,
	[0xe8] = KEY_STOP,
	[0xe9] = KEY_FORWARD,
	[0xea] = KEY_BACK,
	[0xeb] = KEY_COMPUTER,
	[0xec] = KEY_MAIL,
	[0xed] = KEY_MEDIA,
	[0xf1] = KEY_HANJA,
	[0xf2] = KEY_HANGEUL,
};

typedef struct {
	guint8 sub;
	guint16 down;
	guint32 keysym, code;
} __attribute__((packed)) KeyMessage;

static guint16 find_code(guint32 code)
{
	if (code < PLAIN_CODES)
		return (guint16)code;
	return code < G_N_ELEMENTS(others) ? others[code] : 0;
}

static rfbBool enable(rfbClientPtr client, void **data, int encoding)
{
	Viewer *viewer = extension_viewer(client);

	(void)data;
	if (encoding != ENCODING)
		return FALSE;
	if (!viewer->extensions.qemu_keys)
		extension_send(client, 0, 0, ENCODING, NULL, 0);
	viewer->extensions.qemu_keys = true;
	return TRUE;
}

static rfbBool handle(
	rfbClientPtr client, void *data, const rfbClientToServerMsg *message)
{
	Viewer *viewer = extension_viewer(client);
	KeyMessage key;

	(void)data;
	if (message->type != MESSAGE)
		return FALSE;
	if (!extension_read(client, &key, sizeof key))
		return TRUE;
	if (key.sub !=
		SUB_KEY) { /* audio, which was not offered: its length is unknown */
		rfbCloseClient(client);
		return TRUE;
	}
	if (!client->viewOnly)
		events_post(viewer->events,
			&(Event){.type = EVENT_KEY,
				.viewer = viewer->number,
				.keysym = GUINT32_FROM_BE(key.keysym),
				.code = find_code(GUINT32_FROM_BE(key.code)),
				.down = key.down != 0});
	return TRUE;
}

static int encodings[] = {ENCODING, 0};

rfbProtocolExtension extension_keys = {
	.pseudoEncodings = encodings,
	.enablePseudoEncoding = enable,
	.handleMessage = handle,
};
