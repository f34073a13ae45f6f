// SPDX-License-Identifier: GPL-2.0-or-later
#include "security.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>

/* RFC 6143, 7.2, and VeNCrypt */
enum {
	TYPE_NONE = 1,
	TYPE_VNC = 2,
	TYPE_VENCRYPT = 19,
	SUB_PLAIN = 256,
	SUB_TLS_NONE,
	SUB_TLS_VNC,
	SUB_TLS_PLAIN,
	SUB_X509_NONE,
	SUB_X509_VNC,
	SUB_X509_PLAIN,
};

#define VERSION_SIZE  12
#define TYPES_MAX     8
#define PLAIN_MAX     1024 /* bytes of a password */
#define RESULT_OK     0
#define RESULT_FAILED 1

typedef struct {
	const SecurityOffer *offer;
	const SecurityLink *link;
	SecurityResult *result;
	guint32 types[TYPES_MAX];
	unsigned n;
} Talk;

static bool get(Talk *talk, void *to, gsize size)
{
	return talk->link->read(talk->link->data, to, size);
}

static bool put(Talk *talk, const void *from, gsize size)
{
	return talk->link->write(talk->link->data, from, size);
}

static bool get_u32(Talk *talk, guint32 *value)
{
	bool got = get(talk, value, sizeof *value);

	*value = GUINT32_FROM_BE(*value);
	return got;
}

static bool put_u32(Talk *talk, guint32 value)
{
	guint32 bytes = GUINT32_TO_BE(value);

	return put(talk, &bytes, sizeof bytes);
}

static bool put_text(Talk *talk, const char *text)
{
	return put_u32(talk, (guint32)strlen(text)) && put(talk, text, strlen(text));
}

/* ---- log-ins ---- */

static SecurityOutcome finish(Talk *talk, bool right, const char *reason)
{
	bool told = put_u32(talk, right ? RESULT_OK : RESULT_FAILED);

	if (!right && told && talk->result->minor >= 8)
		put_text(talk, reason);
	talk->result->reason = right ? "" : reason;
	if (!right)
		return SECURITY_WRONG;
	return told ? SECURITY_IN : SECURITY_GONE;
}

/* RFC 6143, 7.2.2 */
static SecurityOutcome ask_vnc(Talk *talk)
{
	guint8 challenge[ACCOUNTS_CHALLENGE], answer[ACCOUNTS_CHALLENGE];

	if (gnutls_rnd(GNUTLS_RND_NONCE, challenge, sizeof challenge) < 0 ||
		!put(talk, challenge, sizeof challenge) ||
		!get(talk, answer, sizeof answer))
		return SECURITY_GONE;
	return finish(talk,
		accounts_check_answer(talk->offer->accounts, challenge, answer,
			&talk->result->view_only),
		"wrong password");
}

/* VeNCrypt's Plain: two lengths, a name, a password. */
static SecurityOutcome ask_plain(Talk *talk)
{
	char password[PLAIN_MAX + 1] = "";
	guint32 name_size, size;
	bool right;

	if (!get_u32(talk, &name_size) || !get_u32(talk, &size) ||
		name_size >= ACCOUNTS_NAME_MAX || size > PLAIN_MAX ||
		!get(talk, talk->result->user, name_size) || !get(talk, password, size))
		return SECURITY_GONE;
	right = accounts_check_user(talk->offer->accounts, talk->result->user, password,
		&talk->result->view_only);
	explicit_bzero(password, sizeof password);
	return finish(talk, right, "wrong user or password");
}

static SecurityOutcome ask_none(Talk *talk, bool told)
{
	talk->result->open = true;
	return told ? finish(talk, true, "") : SECURITY_IN;
}

/* ---- VeNCrypt ---- */

static void add(Talk *talk, guint32 type, bool offered)
{
	if (offered)
		talk->types[talk->n++] = type;
}

/* What is stronger comes first: viewers take the first one that they know. */
static void add_subtypes(Talk *talk)
{
	const SecurityOffer *offer = talk->offer;
	bool users = accounts_has_users(offer->accounts);
	bool password = accounts_has_password(offer->accounts);

	talk->n = 0;
	add(talk, SUB_X509_PLAIN, offer->x509 && users);
	add(talk, SUB_X509_VNC, offer->x509 && password);
	add(talk, SUB_X509_NONE, offer->x509 && offer->none);
	add(talk, SUB_TLS_PLAIN, offer->tls && users);
	add(talk, SUB_TLS_VNC, offer->tls && password);
	add(talk, SUB_TLS_NONE, offer->tls && offer->none);
	add(talk, SUB_PLAIN,
		users && (offer->encrypted || (offer->plain && offer->local)));
}

static bool offers(const Talk *talk, guint32 type)
{
	for (unsigned i = 0; i < talk->n; i++)
		if (talk->types[i] == type)
			return true;
	return false;
}

static const char *type_name(guint32 type)
{
	static const char *const subtypes[] = {"plain", "tlsnone", "tlsvnc", "tlsplain",
		"x509none", "x509vnc", "x509plain"};

	if (type >= SUB_PLAIN && type < SUB_PLAIN + G_N_ELEMENTS(subtypes))
		return subtypes[type - SUB_PLAIN];
	return type == TYPE_VNC ? "vnc" : "none";
}

static SecurityOutcome log_in(Talk *talk, guint32 type)
{
	switch (type) {
	case SUB_PLAIN:
	case SUB_TLS_PLAIN:
	case SUB_X509_PLAIN:
		return ask_plain(talk);
	case SUB_TLS_VNC:
	case SUB_X509_VNC:
	case TYPE_VNC:
		return ask_vnc(talk);
	case TYPE_NONE: /* version 3.8 is the first to say how it ended */
		return ask_none(talk, talk->result->minor >= 8);
	default:
		return ask_none(talk, true);
	}
}

static SecurityOutcome encrypt(Talk *talk, guint32 type)
{
	static const guint8 go_on = 1;

	if (type == SUB_PLAIN)
		return log_in(talk, type);
	if (!put(talk, &go_on, 1) ||
		!talk->link->start_tls(talk->link->data, type < SUB_X509_NONE))
		return SECURITY_GONE;
	return log_in(talk, type);
}

static SecurityOutcome vencrypt(Talk *talk)
{
	static const guint8 ours[2] = {0, 2};
	guint8 theirs[2], status = 0, n;
	guint32 type;

	add_subtypes(talk);
	n = (guint8)talk->n;
	if (!put(talk, ours, sizeof ours) || !get(talk, theirs, sizeof theirs))
		return SECURITY_GONE;
	status = memcmp(ours, theirs, sizeof ours) ? 0xff : 0;
	if (!put(talk, &status, 1) || status || !put(talk, &n, 1))
		return SECURITY_GONE;
	for (unsigned i = 0; i < talk->n; i++)
		if (!put_u32(talk, talk->types[i]))
			return SECURITY_GONE;
	if (!get_u32(talk, &type) || !offers(talk, type))
		return SECURITY_GONE;
	talk->result->type = type_name(type);
	return encrypt(talk, type);
}

/* ---- version and type ---- */

/* Versions that are in nobody's book count as 3.3 (RFC 6143, 7.1.1); later ones as 3.8.
 */
static bool get_version(Talk *talk)
{
	char text[VERSION_SIZE + 1] = "";

	if (!get(talk, text, VERSION_SIZE) || memcmp(text, "RFB 003.", 8) ||
		!g_ascii_isdigit(text[8]) || !g_ascii_isdigit(text[9]) ||
		!g_ascii_isdigit(text[10]) || text[11] != '\n')
		return false;
	int minor = (text[8] - '0') * 100 + (text[9] - '0') * 10 + text[10] - '0';

	talk->result->minor = minor >= 8 ? 8 : minor == 7 ? 7 : 3;
	return true;
}

static SecurityOutcome refuse(Talk *talk, const char *reason)
{
	static const guint8 no_types = 0;

	talk->result->reason = reason;
	if (talk->result->minor == 3 ? put_u32(talk, 0) : put(talk, &no_types, 1))
		put_text(talk, reason);
	return SECURITY_REFUSED;
}

static void add_types(Talk *talk)
{
	const SecurityOffer *offer = talk->offer;
	bool plain = offer->plain || offer->encrypted;
	bool password = accounts_has_password(offer->accounts);

	add_subtypes(talk);
	bool sub = talk->n > 0 && talk->result->minor >= 7;
	talk->n = 0;
	/* libvncclient takes the first, and within TLS waits for messages that it has
	 * read already */
	add(talk, TYPE_NONE, plain && offer->none);
	add(talk, TYPE_VENCRYPT, sub);
	add(talk, TYPE_VNC, plain && password);
}

static bool agree(Talk *talk, guint32 *type)
{
	guint8 bytes[1 + TYPES_MAX] = {(guint8)talk->n}, chosen;

	if (talk->result->minor == 3) { /* the server says which one */
		*type = talk->types[0];
		return put_u32(talk, *type);
	}
	for (unsigned i = 0; i < talk->n; i++)
		bytes[1 + i] = (guint8)talk->types[i];
	if (!put(talk, bytes, 1 + talk->n) || !get(talk, &chosen, 1))
		return false;
	*type = chosen;
	return offers(talk, chosen);
}

SecurityOutcome security_negotiate(
	const SecurityOffer *offer, const SecurityLink *link, SecurityResult *result)
{
	Talk talk = {.offer = offer, .link = link, .result = result};
	guint32 type;

	*result = (SecurityResult){.type = "", .reason = ""};
	if (!get_version(&talk))
		return SECURITY_GONE;
	if (offer->wait)
		return refuse(&talk, "too many failed log-ins from there, try later");
	add_types(&talk);
	if (!talk.n)
		return refuse(&talk, "there is no password yet, or the viewer knows no "
				     "encryption");
	if (!agree(&talk, &type))
		return SECURITY_GONE;
	if (type == TYPE_VENCRYPT)
		return vencrypt(&talk);
	result->type = type_name(type);
	return log_in(&talk, type);
}
