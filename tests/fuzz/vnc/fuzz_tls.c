// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz_tls - what reaches the server as TLS, and what comes out of it
 *
 * As the first byte says, the rest is garbage in the place of a handshake or of records,
 * or what a client of GnuTLS has encrypted: requests of a browser, frames of a websocket,
 * messages of a viewer. The server has a certificate. It shall neither fail nor wait.
 */
#include "certificate.h"
#include "server.h"

#include <errno.h>
#include <gnutls/gnutls.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define SIZE_MAX_HERE 60000 /* what the sockets take without a reader */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	BROWSER_GARBAGE,
	TLS_GARBAGE, /* after VeNCrypt's words */
	X509_GARBAGE,
	BROWSER, /* any request */
	WEBSOCKET,
	WEBSOCKET_FRAMES, /* as they like it */
	VIEWER,           /* messages after a log-in; the bit X509 says by which type */
	RECORD_GARBAGE,
	KINDS,
	X509 = 8,
};

/* RFC 6143, 7.1.1, VeNCrypt 0.2, and its types TLSNone and X509None */
static const char tls_none[] = "RFB 003.008\n\x13\0\2\0\0\1\1";
static const char x509_none[] = "RFB 003.008\n\x13\0\2\0\0\1\4";
#define WORDS (sizeof tls_none - 1)
/* version; two types; version and its status; two sub-types; that it begins */
#define ANSWER (12 + 3 + 3 + 9 + 1)

static gnutls_certificate_credentials_t no_certificate;
static gnutls_anon_client_credentials_t anonymous;

/* The file of passwords and certificate of the driver, in memory. */
static char *make_access(void)
{
	g_autofree char *certificate = NULL, *key = NULL;
	g_autoptr(GError) error = NULL;
	int fd = memfd_create("access", 0);

	certificate_make(NULL, &certificate, &key, &error);
	g_assert_no_error(error);
	g_autoptr(GString) lines = g_string_new("access\n+ certificate\n");
	g_auto(GStrv) first = g_strsplit(certificate, "\n", -1);
	g_auto(GStrv) second = g_strsplit(key, "\n", -1);

	for (char **line = first; *line; line++)
		g_string_append_printf(lines, "  : %s\n", *line);
	g_string_append(lines, "+ key\n");
	for (char **line = second; *line; line++)
		g_string_append_printf(lines, "  : %s\n", *line);
	g_string_append(lines, "-\n");
	g_assert_cmpint(write(fd, lines->str, lines->len), ==, (gssize)lines->len);
	return g_strdup_printf("/proc/self/fd/%d", fd);
}

static void start(void)
{
	g_autofree char *access = make_access();

	gnutls_certificate_allocate_credentials(&no_certificate);
	gnutls_anon_allocate_client_credentials(&anonymous);
	server_start(FUZZ_PAGE, access);
}

static void put(int fd, const void *data, size_t size)
{
	send(fd, data, size, MSG_NOSIGNAL);
}

/* Until it is encrypted; the server's certificate is taken as it is. */
static gnutls_session_t shake_hands(int fd, bool x509)
{
	gnutls_session_t session;

	gnutls_init(&session, GNUTLS_CLIENT | GNUTLS_NO_SIGNAL);
	gnutls_priority_set_direct(session,
		x509 ? "NORMAL" : "NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+ANON-ECDH",
		NULL);
	if (x509)
		gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, no_certificate);
	else
		gnutls_credentials_set(session, GNUTLS_CRD_ANON, anonymous);
	gnutls_transport_set_int(session, fd);
	int status = GNUTLS_E_AGAIN;
	/* libFuzzer's clock interrupts */
	while (status < 0 && !gnutls_error_is_fatal(status))
		status = gnutls_handshake(session);
	g_assert_cmpint(status, ==, GNUTLS_E_SUCCESS);
	return session;
}

static gnutls_session_t negotiate(int fd, bool x509)
{
	char answer[ANSWER];

	put(fd, x509 ? x509_none : tls_none, WORDS);
	for (size_t at = 0; at < ANSWER;) {
		ssize_t got = recv(fd, answer + at, ANSWER - at, 0);

		g_assert_true(got > 0 || (got < 0 && errno == EINTR));
		at += got > 0 ? (size_t)got : 0;
	}
	g_assert_cmpint(answer[ANSWER - 1], ==, 1);
	return shake_hands(fd, x509);
}

static void encrypt(gnutls_session_t session, const void *data, size_t size)
{
	const char *at = data;

	while (size) {
		ssize_t sent = gnutls_record_send(session, at, size);

		if (sent <= 0)
			return; /* the server has had enough */
		at += sent;
		size -= (size_t)sent;
	}
}

static void encrypt_frame(gnutls_session_t session, const void *data, size_t size)
{
	g_autoptr(GByteArray) frame = server_frame(data, size);

	encrypt(session, frame->data, frame->len);
}

static void put_encrypted(int fd, uint8_t kind, const uint8_t *data, size_t size)
{
	bool viewer = kind % KINDS == VIEWER, x509 = !viewer || kind & X509;
	gnutls_session_t session = viewer ? negotiate(fd, x509) : shake_hands(fd, true);

	switch (kind % KINDS) {
	case WEBSOCKET:
	case WEBSOCKET_FRAMES:
		encrypt(session, server_upgrade, strlen(server_upgrade));
		encrypt_frame(session, server_hello, strlen(server_hello));
		break;
	case VIEWER:
		encrypt(session, "\1", 1);
		break;
	}
	if (kind % KINDS == WEBSOCKET)
		encrypt_frame(session, data, size);
	else if (kind % KINDS == RECORD_GARBAGE)
		put(fd, data, size);
	else
		encrypt(session, data, size);
	if (kind % KINDS != RECORD_GARBAGE)
		gnutls_bye(session, GNUTLS_SHUT_WR);
	gnutls_deinit(session);
}

static void put_all(int fd, uint8_t kind, const uint8_t *data, size_t size)
{
	switch (kind % KINDS) {
	case BROWSER_GARBAGE:
		put(fd, "\x16", 1); /* the record of a handshake */
		break;
	case TLS_GARBAGE:
		put(fd, tls_none, WORDS);
		break;
	case X509_GARBAGE:
		put(fd, x509_none, WORDS);
		break;
	default:
		put_encrypted(fd, kind, data, size);
		return;
	}
	put(fd, data, size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool started;

	if (!started)
		start();
	started = true;
	if (!size)
		return 0;
	int fd = server_dial();
	put_all(fd, data[0], data + 1, MIN(size - 1, SIZE_MAX_HERE));
	shutdown(fd, SHUT_WR);
	server_await_end(fd);
	close(fd);
	return 0;
}
