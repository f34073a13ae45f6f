// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the server says and takes, word for word; there is no socket and no TLS in it.
 */
#include "security.h"

#include <string.h>

typedef struct {
	const guint8 *in;
	gsize size, at;
	GByteArray *out; /* owned */
	int tls;         /* 0: none, 1: anonymous, 2: with a certificate */
} Line;

static bool read_line(void *data, void *to, gsize size)
{
	Line *line = data;

	if (line->size - line->at < size)
		return false;
	memcpy(to, line->in + line->at, size);
	line->at += size;
	return true;
}

static bool write_line(void *data, const void *from, gsize size)
{
	g_byte_array_append(((Line *)data)->out, from, (guint)size);
	return true;
}

static bool start_tls(void *data, bool anonymous)
{
	((Line *)data)->tls = anonymous ? 1 : 2;
	return true;
}

static Accounts *make_accounts(const char *text)
{
	g_autoptr(MaqHidDocument) document =
		maq_hid_parse(text, -1, "access", MAQ_HID_STRICT, NULL);
	const MaqHidNode *node = maq_hid_root(document);

	return accounts_new(&node, 1, NULL);
}

#define NOBODY_TEXT "access\n-\n"
#define SECRET_TEXT "access | password: secret\n-\n"
#define ALICE_TEXT                                                                       \
	"access\n+ user alice | hash: "                                                  \
	"$5$rounds=1000$salt$"                                                           \
	"x\n-\n"

typedef struct {
	SecurityOutcome outcome;
	SecurityResult result;
	Line line;
} Talk;

static Talk talk(
	SecurityOffer offer, const char *accounts_text, const char *in, gsize size)
{
	Talk talk = {.line = {(const guint8 *)in, size, 0, g_byte_array_new(), 0}};
	SecurityLink link = {read_line, write_line, start_tls, &talk.line};
	Accounts *accounts = make_accounts(accounts_text);

	offer.accounts = accounts;
	talk.outcome = security_negotiate(&offer, &link, &talk.result);
	accounts_free(accounts);
	return talk;
}

static void expect(Talk *talk, SecurityOutcome outcome, const char *out, gsize size)
{
	g_assert_cmpint(talk->outcome, ==, outcome);
	if (out)
		g_assert_cmpmem(talk->line.out->data, talk->line.out->len, out, size);
	g_byte_array_unref(talk->line.out);
}

#define BYTES(text) text, sizeof(text) - 1

static const SecurityOffer local = {
	.none = true, .plain = true, .local = true, .tls = true, .x509 = true};

static void versions(void)
{
	Talk old = talk(local, NOBODY_TEXT, BYTES("RFB 003.003\n"));
	g_assert_cmpint(old.result.minor, ==, 3);
	expect(&old, SECURITY_IN, BYTES("\0\0\0\1"));
	Talk seven = talk(local, NOBODY_TEXT, BYTES("RFB 003.007\n\1"));
	expect(&seven, SECURITY_IN, BYTES("\2\1\x13")); /* no result */
	Talk eight = talk(local, NOBODY_TEXT, BYTES("RFB 003.008\n\1"));
	g_assert_cmpstr(eight.result.type, ==, "none");
	expect(&eight, SECURITY_IN, BYTES("\2\1\x13\0\0\0\0"));
	Talk apple = talk(local, NOBODY_TEXT, BYTES("RFB 003.889\n\1"));
	g_assert_cmpint(apple.result.minor, ==, 8);
	expect(&apple, SECURITY_IN, NULL, 0);
	Talk five = talk(local, NOBODY_TEXT, BYTES("RFB 003.005\n"));
	g_assert_cmpint(five.result.minor, ==, 3);
	expect(&five, SECURITY_IN, NULL, 0);
}

static void nonsense(void)
{
	static const struct {
		const char *text;
		gsize size;
	} texts[] = {
		{BYTES("")}, {BYTES("RFB 003.00")}, {BYTES("RFB 004.001\n\1")},
		{BYTES("RFB 003.0x8\n\1")}, {BYTES("GET / HTTP/1.1\r\n")},
		{BYTES("RFB 003.008\n\2")}, /* not offered */
		{BYTES("RFB 003.008\n\x10")},
		{BYTES("RFB 003.008\n\x13\0\2\0\0\1\2")}, /* VNC without password */
		{BYTES("RFB 003.008\n\x13\0\1")},         /* another VeNCrypt */
	};

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		Talk bad = talk(local, NOBODY_TEXT, texts[i].text, texts[i].size);

		expect(&bad, SECURITY_GONE, NULL, 0);
	}
}

/* A password is asked for even where nobody else listens; it is wrong. */
static void vnc_password(void)
{
	static const char in[] = "RFB 003.008\n\2"
				 "0123456789abcdef";
	SecurityOffer offer = local;

	offer.none = false;
	Talk wrong = talk(offer, SECRET_TEXT, BYTES(in));
	g_assert_cmpstr(wrong.result.type, ==, "vnc");
	g_assert_cmpmem(wrong.line.out->data, 3, "\2\x13\2", 3);
	/* types, challenge, result, reason */
	g_assert_cmpuint(
		wrong.line.out->len, ==, 3 + 16 + 4 + 4 + strlen("wrong password"));
	g_assert_cmpmem(wrong.line.out->data + 19, 4, "\0\0\0\1", 4);
	expect(&wrong, SECURITY_WRONG, NULL, 0);
}

static void refused(void)
{
	SecurityOffer offer = local;

	offer.wait = 1;
	Talk wait = talk(offer, NOBODY_TEXT, BYTES("RFB 003.008\n\1"));
	g_assert_cmpuint(wait.line.out->data[0], ==, 0);
	expect(&wait, SECURITY_REFUSED, NULL, 0);
	offer = (SecurityOffer){.plain = true, .tls = true};
	Talk nothing = talk(offer, NOBODY_TEXT, BYTES("RFB 003.003\n"));
	g_assert_cmpmem(nothing.line.out->data, 4, "\0\0\0\0", 4);
	expect(&nothing, SECURITY_REFUSED, NULL, 0);
}

/* With `encrypt`, old viewers have nothing to take, and others nothing but VeNCrypt. */
static void encrypted_only(void)
{
	SecurityOffer offer = local;

	offer.plain = false;
	Talk old = talk(offer, NOBODY_TEXT, BYTES("RFB 003.003\n"));
	expect(&old, SECURITY_REFUSED, NULL, 0);
	Talk none = talk(offer, NOBODY_TEXT, BYTES("RFB 003.008\n\x13\0\2\0\0\1\1"));
	g_assert_cmpint(none.line.tls, ==, 1);
	g_assert_cmpstr(none.result.type, ==, "tlsnone");
	expect(&none, SECURITY_IN, BYTES("\1\x13\0\2\0\2\0\0\1\4\0\0\1\1\1\0\0\0\0"));
	Talk x509 = talk(offer, NOBODY_TEXT, BYTES("RFB 003.008\n\x13\0\2\0\0\1\4"));
	g_assert_cmpint(x509.line.tls, ==, 2);
	expect(&x509, SECURITY_IN, NULL, 0);
}

static void plain_log_in(void)
{
	static const char in[] = "RFB 003.008\n\x13\0\2\0\0\1\3\0\0\0\5\0\0\0\3"
				 "alicexyz";
	static const char huge[] = "RFB 003.008\n\x13\0\2\0\0\1\3\0\0\0\5\x7f\0\0\0"
				   "alicexyz";
	SecurityOffer far = {.plain = true, .tls = true};

	Talk wrong = talk(far, ALICE_TEXT, BYTES(in));
	g_assert_cmpstr(wrong.result.user, ==, "alice");
	expect(&wrong, SECURITY_WRONG, NULL, 0);
	Talk long_one = talk(far, ALICE_TEXT, BYTES(huge));
	expect(&long_one, SECURITY_GONE, NULL, 0);
	/* in the clear it is offered on this machine alone */
	Talk clear = talk(far, ALICE_TEXT, BYTES("RFB 003.008\n\x13\0\2\0\0\1\0"));
	expect(&clear, SECURITY_GONE, NULL, 0);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/vnc/security/versions", versions);
	g_test_add_func("/vnc/security/nonsense", nonsense);
	g_test_add_func("/vnc/security/vnc-password", vnc_password);
	g_test_add_func("/vnc/security/refused", refused);
	g_test_add_func("/vnc/security/encrypted-only", encrypted_only);
	g_test_add_func("/vnc/security/plain-log-in", plain_log_in);
	return g_test_run();
}
