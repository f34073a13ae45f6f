// SPDX-License-Identifier: GPL-2.0-or-later
#include "match.h"

static bool attribute_matches(const MaqHidNode *condition, const MaqHidNode *node)
{
	const char *name = maq_hid_string(condition, "name", "");
	const char *value = maq_hid_attr(condition, "value");

	if (value)
		return !strcmp(maq_hid_string(node, name, ""), value);
	if (maq_hid_attr(condition, "higher"))
		return maq_hid_bytes(node, name, 0) >
		       maq_hid_bytes(condition, "higher", 0);
	if (maq_hid_attr(condition, "lower"))
		return maq_hid_bytes(node, name, 0) <
		       maq_hid_bytes(condition, "lower", 0);
	return false;
}

static bool some_node_matches(const MaqHidNode *condition, const MaqHidNode *node)
{
	const char *type = maq_hid_string(condition, "name", "");
	const MaqHidNode *candidate = maq_hid_first(node, type);

	while (candidate && !match(condition, candidate))
		candidate = maq_hid_next(candidate, type);
	return candidate != NULL;
}

bool match(const MaqHidNode *expected, const MaqHidNode *node)
{
	const MaqHidNode *condition = maq_hid_first(expected, NULL);
	bool well = true;

	for (; condition && well; condition = maq_hid_next(condition, NULL)) {
		const char *type = maq_hid_type(condition);

		if (!strcmp(type, "attribute"))
			well = attribute_matches(condition, node);
		else if (!strcmp(type, "node"))
			well = some_node_matches(condition, node);
		else if (!strcmp(type, "not"))
			well = !match(condition, node);
	}
	return well;
}
