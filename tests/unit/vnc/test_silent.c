// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Browsers that come by TLS and then say nothing more: they lose their place in the end,
 * wherever they stop.
 */
#include "certificate.h"
#include "fixture.h"

#include <gnutls/gnutls.h>
#include <sys/socket.h>
#include <unistd.h>

#define UPGRADE                                                                          \
	"GET /websockify HTTP/1.1\r\nHost: x:1\r\nUpgrade: websocket\r\n"                \
	"Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"         \
	"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: binary\r\n"                \
	"Origin: https://x:1\r\n\r\n"
#define WORDS "\x82\x8c\0\0\0\0RFB 003.008\n"

static void append_quoted(GString *text, const char *node, const char *pem)
{
	g_auto(GStrv) lines = g_strsplit(pem, "\n", -1);

	g_string_append_printf(text, "+ %s\n", node);
	for (char **line = lines; *line; line++)
		g_string_append_printf(text, "  : %s\n", *line);
}

/* With a certificate, and little patience. */
static Access *make_impatient(void)
{
	g_autofree char *certificate = NULL, *key = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(GString) text = g_string_new("access\n");
	g_autoptr(MaqHidDocument) config = maq_hid_parse(
		"config | access: /memory\n-\n", -1, "config", MAQ_HID_STRICT, NULL);

	certificate_make(NULL, &certificate, &key, &error);
	g_assert_no_error(error);
	append_quoted(text, "certificate", certificate);
	append_quoted(text, "key", key);
	g_string_append(text, "-\n");
	g_autoptr(GBytes) file = g_bytes_new(text->str, text->len);
	Access *access = access_new(maq_hid_root(config), file, &error);
	g_assert_no_error(error);
	access->patience = 1000;
	return access;
}

static gnutls_session_t shake_hands(int fd, gnutls_certificate_credentials_t none)
{
	gnutls_session_t session;

	gnutls_init(&session, GNUTLS_CLIENT | GNUTLS_NO_SIGNAL);
	gnutls_priority_set_direct(session, "NORMAL", NULL);
	gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, none);
	gnutls_transport_set_int(session, fd);
	g_assert_cmpint(gnutls_handshake(session), ==, GNUTLS_E_SUCCESS);
	return session;
}

static void test_wss(Fixture *fixture, gconstpointer data)
{
	static const char words[] = UPGRADE WORDS;
	/* the upgrade alone, half a frame, a frame */
	static const gsize sizes[] = {
		sizeof UPGRADE - 1, sizeof UPGRADE + 8, sizeof words - 1};
	gnutls_certificate_credentials_t none;

	(void)data;
	gnutls_certificate_allocate_credentials(&none);
	viewers_free(fixture->viewers);
	fixture->viewers = viewers_new(64, 48, make_impatient());
	for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
		int fd = dial(fixture, 0);
		gnutls_session_t session = shake_hands(fd, none);

		/* it may be too late for a part of it already */
		gnutls_record_send(session, words, sizes[i]);
		await_gone(fixture);
		gnutls_deinit(session);
		close(fd);
	}
	gnutls_certificate_free_credentials(none);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	be_quiet();
	CASE("/vnc/silent/wss", test_wss);
	return g_test_run();
}
