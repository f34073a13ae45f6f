// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy.h"

#include <string.h>

#define ARROW " -> "

char *policy_component(const char *label)
{
	const char *last = g_strrstr(label, ARROW);

	return last ? g_strndup(label, (gsize)(last - label)) : g_strdup("");
}

/* Whole parts count: "terminal" does not stand for "terminal_2". */
static bool begins(const char *component, const char *prefix)
{
	gsize size = prefix ? strlen(prefix) : 0;

	return !size ||
	       (g_str_has_prefix(component, prefix) &&
		       (!component[size] || g_str_has_prefix(component + size, ARROW)));
}

static bool by_default(const MaqHidNode *config)
{
	return maq_hid_bool(maq_hid_first(config, "default-policy"), "allow", false);
}

bool policy_flows(const MaqHidNode *config, const char *from, const char *to)
{
	const MaqHidNode *match = maq_hid_first(config, "match");

	if (!strcmp(from, to))
		return true;
	for (; match; match = maq_hid_next(match, "match"))
		if (begins(from, maq_hid_attr(match, "from")) &&
			begins(to, maq_hid_attr(match, "to")))
			return maq_hid_bool(match, "allow", true);
	return by_default(config);
}

static bool named(const MaqHidNode *config, const char *side, const char *component)
{
	const MaqHidNode *match = maq_hid_first(config, "match");

	for (; match; match = maq_hid_next(match, "match"))
		if (maq_hid_bool(match, "allow", true) &&
			begins(component, maq_hid_attr(match, side)))
			return true;
	return by_default(config);
}

bool policy_may_write(const MaqHidNode *config, const char *component)
{
	return named(config, "from", component);
}

bool policy_may_read(const MaqHidNode *config, const char *component)
{
	return named(config, "to", component);
}
