// SPDX-License-Identifier: GPL-2.0-or-later
#include "certificate.h"

#include <arpa/inet.h>
#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <string.h>
#include <time.h>

#define SERIAL_SIZE 16
#define YEARS       5
#define YEAR        (365 * 24 * 3600)
#define LEEWAY      3600 /* s: clocks differ */

static void add_host(gnutls_x509_crt_t crt, const char *host)
{
	guint8 address[sizeof(struct in6_addr)];
	unsigned size = 0;

	if (inet_pton(AF_INET, host, address) == 1)
		size = sizeof(struct in_addr);
	else if (inet_pton(AF_INET6, host, address) == 1)
		size = sizeof(struct in6_addr);
	if (size)
		gnutls_x509_crt_set_subject_alt_name(
			crt, GNUTLS_SAN_IPADDRESS, address, size, GNUTLS_FSAN_APPEND);
	else
		gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_DNSNAME, host,
			(unsigned)strlen(host), GNUTLS_FSAN_APPEND);
}

static void add_hosts(gnutls_x509_crt_t crt, char **hosts)
{
	const char *own[] = {g_get_host_name(), "localhost", "127.0.0.1", "::1", NULL};
	const char *const *names = hosts ? (const char *const *)hosts : own;

	gnutls_x509_crt_set_dn_by_oid(crt, GNUTLS_OID_X520_COMMON_NAME, 0, names[0],
		(unsigned)strlen(names[0]));
	for (; *names; names++)
		add_host(crt, *names);
}

static int fill(gnutls_x509_crt_t crt, gnutls_x509_privkey_t key, char **hosts)
{
	guint8 serial[SERIAL_SIZE];
	time_t now = time(NULL);
	int status = gnutls_rnd(GNUTLS_RND_NONCE, serial, sizeof serial);

	serial[0] &= 0x7f; /* it is a positive number */
	if (status >= 0)
		status = gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA,
			GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0);
	if (status < 0)
		return status;
	add_hosts(crt, hosts);
	gnutls_x509_crt_set_version(crt, 3);
	gnutls_x509_crt_set_serial(crt, serial, sizeof serial);
	gnutls_x509_crt_set_activation_time(crt, now - LEEWAY);
	gnutls_x509_crt_set_expiration_time(crt, now + (time_t)YEARS * YEAR);
	gnutls_x509_crt_set_basic_constraints(crt, 0, -1);
	gnutls_x509_crt_set_key_usage(crt, GNUTLS_KEY_DIGITAL_SIGNATURE);
	gnutls_x509_crt_set_key_purpose_oid(crt, GNUTLS_KP_TLS_WWW_SERVER, 0);
	gnutls_x509_crt_set_key(crt, key);
	return gnutls_x509_crt_sign2(crt, crt, key, GNUTLS_DIG_SHA256, 0);
}

static char *take_text(gnutls_datum_t *datum)
{
	char *text = g_strndup((char *)datum->data, datum->size);

	gnutls_memset(datum->data, 0, datum->size);
	gnutls_free(datum->data);
	return g_strchomp(text);
}

bool certificate_make(char **hosts, char **certificate, char **key, GError **error)
{
	gnutls_x509_crt_t crt;
	gnutls_x509_privkey_t secret;
	gnutls_datum_t crt_text = {0}, key_text = {0};
	int status;

	gnutls_x509_crt_init(&crt);
	gnutls_x509_privkey_init(&secret);
	status = fill(crt, secret, hosts);
	if (status >= 0)
		status = gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_PEM, &crt_text);
	if (status >= 0)
		status = gnutls_x509_privkey_export2_pkcs8(
			secret, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN, &key_text);
	if (status >= 0) {
		*certificate = take_text(&crt_text);
		*key = take_text(&key_text);
	} else {
		gnutls_free(crt_text.data);
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED,
			"no certificate could be made: %s", gnutls_strerror(status));
	}
	gnutls_x509_crt_deinit(crt);
	gnutls_x509_privkey_deinit(secret);
	return status >= 0;
}

char *certificate_fingerprint(const char *certificate)
{
	gnutls_datum_t pem = {
		(unsigned char *)certificate, (unsigned)strlen(certificate)};
	guint8 digest[32];
	size_t size = sizeof digest;
	gnutls_x509_crt_t crt;
	GString *text = g_string_new(NULL);

	gnutls_x509_crt_init(&crt);
	bool well = gnutls_x509_crt_import(crt, &pem, GNUTLS_X509_FMT_PEM) >= 0 &&
		    gnutls_x509_crt_get_fingerprint(
			    crt, GNUTLS_DIG_SHA256, digest, &size) >= 0;
	gnutls_x509_crt_deinit(crt);
	for (size_t i = 0; well && i < size; i++)
		g_string_append_printf(text, "%s%02x", i ? ":" : "", digest[i]);
	return g_string_free(text, !well);
}
