// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz_security - what a viewer says before it has logged in
 *
 * The first byte chooses what is offered, the rest is the viewer's.
 */
#include "security.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct {
	const uint8_t *at;
	size_t left;
	unsigned tls;
	bool spoiled; /* by now nothing more may be read */
} Line;

static bool read_line(void *data, void *to, gsize size)
{
	Line *line = data;

	g_assert_false(line->spoiled);
	line->spoiled = line->left < size;
	if (line->spoiled)
		return false;
	memcpy(to, line->at, size);
	line->at += size;
	line->left -= size;
	return true;
}

static bool write_line(void *data, const void *from, gsize size)
{
	(void)data, (void)from;
	return size < 100000;
}

static bool start_tls(void *data, bool anonymous)
{
	Line *line = data;

	(void)anonymous;
	g_assert_cmpuint(line->tls++, ==, 0);
	return true;
}

static Accounts *make_accounts(bool password, bool users)
{
	g_autofree char *text =
		g_strdup_printf("access%s\n%s-\n", password ? " | password: secret" : "",
			users ? "+ user a | hash: $5$rounds=1000$s$x\n" : "");
	g_autoptr(MaqHidDocument) document =
		maq_hid_parse(text, -1, "access", MAQ_HID_STRICT, NULL);
	const MaqHidNode *node = maq_hid_root(document);

	return accounts_new(&node, 1, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static Accounts *accounts[4];
	SecurityResult result;

	if (!accounts[0])
		for (int i = 0; i < 4; i++)
			accounts[i] = make_accounts(i & 1, i & 2);
	if (!size)
		return 0;
	Line line = {data + 1, size - 1, 0, false};
	SecurityLink link = {read_line, write_line, start_tls, &line};
	SecurityOffer offer = {.accounts = accounts[*data & 3],
		.none = *data & 4,
		.plain = *data & 8,
		.encrypted = *data & 16,
		.local = *data & 32,
		.tls = *data & 64,
		.x509 = *data & 128};
	SecurityOutcome outcome = security_negotiate(&offer, &link, &result);

	/* nobody comes in without an account, but by what asks for none */
	if (outcome == SECURITY_IN)
		g_assert_true(offer.none);
	g_assert_cmpuint(strlen(result.user), <, ACCOUNTS_NAME_MAX);
	return 0;
}
