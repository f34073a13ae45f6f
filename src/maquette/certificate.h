// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * certificate - a certificate that signs itself, for who has none of an authority
 */
#ifndef MAQUETTE_CERTIFICATE_H
#define MAQUETTE_CERTIFICATE_H

#include <glib.h>
#include <stdbool.h>

/* hosts: names and addresses, NULL for this machine's. Both are PEM (transfer full). */
bool certificate_make(char **hosts, char **certificate, char **key, GError **error);
/* "ab:cd:..."; NULL: it is no certificate. (transfer full) */
char *certificate_fingerprint(const char *certificate);

#endif
