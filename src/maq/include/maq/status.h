// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * status - the outcomes that every operation of every interface shares
 *
 * Positive values are outcomes that an interface documents; see docs/protocol.md.
 */
#ifndef MAQ_STATUS_H
#define MAQ_STATUS_H

#include <glib.h>
#include <stdbool.h>

typedef enum {
	MAQ_OK = 0,
	MAQ_GONE = -1,        /* the session has ended; open anew */
	MAQ_TIMEOUT = -2,     /* the deadline passed; the server still owes its reply */
	MAQ_BUSY = -3,        /* another call of this session is pending */
	MAQ_INVALID = -4,     /* a parameter outside its range */
	MAQ_UNSUPPORTED = -5, /* the server is older than this operation */
	MAQ_OUT_OF_RAM = -6,  /* upgrade the session, call again */
	MAQ_OUT_OF_CAPS = -7,
	MAQ_DENIED = -8, /* no route, or the policy of the server */
	MAQ_FAILED = -9, /* the environment of the server failed */
} MaqStatus;

/* GError domain; the codes are MaqStatus. */
#define MAQ_ERROR (maq_error_quark())
GQuark maq_error_quark(void);

/* "gone", "timeout", ...; "outcome N" for positive values. Static or interned. */
const char *maq_status_text(int status);

#endif
