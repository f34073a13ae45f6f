/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * value - attributes as booleans and numbers; what doesn't fit is the default
 */
#include <maq/hid.h>

#include <errno.h>
#include <string.h>

const char *maq_hid_string(
	const MaqHidNode *node, const char *tag, const char *default_value)
{
	const char *value = maq_hid_attr(node, tag);

	return value ? value : default_value;
}

bool maq_hid_bool(const MaqHidNode *node, const char *tag, bool default_value)
{
	static const char *const yes[] = {"yes", "true", "on", "1", NULL};
	static const char *const no[] = {"no", "false", "off", "0", NULL};
	const char *value = maq_hid_attr(node, tag);

	if (!value)
		return default_value;
	if (g_strv_contains(yes, value))
		return true;
	return g_strv_contains(no, value) ? false : default_value;
}

/* Digits up to 'rest'; false if there are none or too many. */
static bool number(const char *text, guint64 *value, const char **rest)
{
	bool hex = g_str_has_prefix(text, "0x");
	char *end;

	if (hex)
		text += 2;
	if (hex ? !g_ascii_isxdigit(*text) : !g_ascii_isdigit(*text))
		return false;
	errno = 0;
	*value = g_ascii_strtoull(text, &end, hex ? 16 : 10);
	*rest = end;
	return errno == 0;
}

guint64 maq_hid_u64(const MaqHidNode *node, const char *tag, guint64 default_value)
{
	const char *text = maq_hid_attr(node, tag);
	const char *rest;
	guint64 value;

	return text && number(text, &value, &rest) && !*rest ? value : default_value;
}

guint64 maq_hid_bytes(const MaqHidNode *node, const char *tag, guint64 default_value)
{
	static const char units[] = "KMG";
	const char *text = maq_hid_attr(node, tag);
	const char *rest, *unit;
	guint64 value;
	guint shift;

	if (!text || !number(text, &value, &rest))
		return default_value;
	if (!*rest)
		return value;
	unit = strchr(units, *rest);
	if (!unit || rest[1])
		return default_value;
	shift = (guint)(unit - units + 1) * 10;
	return value >> (64 - shift) ? default_value : value << shift;
}

double maq_hid_double(const MaqHidNode *node, const char *tag, double default_value)
{
	const char *text = maq_hid_attr(node, tag);
	double value;
	char *end;

	if (!text || !(g_ascii_isdigit(*text) || strchr("+-.", *text)) || !*text)
		return default_value;
	errno = 0;
	value = g_ascii_strtod(text, &end);
	return errno || *end || end == text ? default_value : value;
}
