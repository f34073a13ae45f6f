// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * value - attribute values as types
 *
 * The spellings are those that Genode's components accept, except that a number that
 * does not fit is refused rather than wrapped around.
 */
#include "private.h"
#include <errno.h>

bool maq_hid_to_bool(const char *text, bool *value)
{
	static const char *const words[] = {"no", "yes", "false", "true", "off", "on"};

	for (unsigned i = 0; i < G_N_ELEMENTS(words); i++) {
		if (!strcmp(text, words[i])) {
			*value = i & 1;
			return true;
		}
	}
	return false;
}

/* Reads digits up to the first other character, which `end` then points to. */
static bool read_uint(const char *text, const char **end, uint64_t *value)
{
	bool hexadecimal = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	char *stop;

	if (!(hexadecimal ? g_ascii_isxdigit(text[2]) : g_ascii_isdigit(text[0])))
		return false;
	errno = 0;
	*value = g_ascii_strtoull(text, &stop, hexadecimal ? 16 : 10);
	*end = stop;
	return errno == 0;
}

bool maq_hid_to_uint(const char *text, uint64_t *value)
{
	const char *end;
	uint64_t number;

	if (!read_uint(text, &end, &number) || *end)
		return false;
	*value = number;
	return true;
}

bool maq_hid_to_int(const char *text, int64_t *value)
{
	bool negative = text[0] == '-';
	uint64_t number;

	if (!maq_hid_to_uint(text + (negative || text[0] == '+'), &number))
		return false;
	if (number > (uint64_t)INT64_MAX + negative)
		return false;
	*value = negative ? (int64_t)(0 - number) : (int64_t)number;
	return true;
}

bool maq_hid_to_double(const char *text, double *value)
{
	const char *digits = text + (*text == '-');
	size_t whole = strspn(digits, "0123456789");
	size_t fraction =
		digits[whole] == '.' ? strspn(digits + whole + 1, "0123456789") : 0;

	if (!whole && !fraction)
		return false;
	if (digits[whole + (digits[whole] == '.' ? 1 + fraction : 0)])
		return false;
	*value = g_ascii_strtod(text, NULL);
	return true;
}

static unsigned suffix_shift(char suffix)
{
	switch (suffix) {
	case 'K':
		return 10;
	case 'M':
		return 20;
	case 'G':
		return 30;
	default:
		return 0;
	}
}

bool maq_hid_to_size(const char *text, uint64_t *value)
{
	const char *end;
	uint64_t number;
	unsigned shift;

	if (!read_uint(text, &end, &number))
		return false;
	shift = suffix_shift(*end);
	if (end[shift ? 1 : 0] || number > UINT64_MAX >> shift)
		return false;
	*value = number << shift;
	return true;
}

const char *maq_hid_string(const MaqHidNode *node, const char *tag, const char *fallback)
{
	const MaqHidAttr *attr = maq_hid_attr(node, tag);

	return attr ? attr->value : fallback;
}

#define TYPED(type, name) \
	type maq_hid_##name(const MaqHidNode *node, const char *tag, type fallback) \
	{ \
		type value = fallback; \
\
		maq_hid_to_##name(maq_hid_string(node, tag, ""), &value); \
		return value; \
	}

TYPED(bool, bool)
TYPED(uint64_t, uint)
TYPED(int64_t, int)
TYPED(double, double)
TYPED(uint64_t, size)
