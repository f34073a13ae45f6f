// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * tls - encryption in front of a viewer's connection
 *
 * Tls is what all connections share: keys, and the certificate if there is one. A Tunnel
 * is one connection: a thread of its own carries bytes between the encrypted socket and a
 * local one, which the RFB library reads and writes as if it were the viewer's.
 */
#ifndef VNC_TLS_H
#define VNC_TLS_H

#include <glib.h>
#include <stdbool.h>

typedef struct Tls Tls;
typedef struct Tunnel Tunnel;

/* certificate and key: PEM, NULL for none (then there is only anonymous TLS). */
Tls *tls_new(const char *certificate, const char *key, GError **error);
void tls_free(Tls *tls);
bool tls_has_certificate(const Tls *tls);
/*
 * Waits for the viewer's handshake, at most some seconds. socket is borrowed and shall
 * outlive the tunnel; *inner gets the local socket (owned by the caller). anonymous: no
 * certificate is shown, as VeNCrypt's TLS types want it. NULL: the handshake failed.
 */
Tunnel *tls_accept(Tls *tls, int socket, bool anonymous, int *inner, GError **error);
/* Waits until everything that the closed inner socket still holds was sent, or cannot be.
 */
void tunnel_free(Tunnel *tunnel);

#endif
