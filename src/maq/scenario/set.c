// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * set - a configuration with some of its values replaced
 */
#include <maq/hid_edit.h>
#include <maq/scenario.h>

#include <string.h>

/* PATH=VALUE: the '=' that counts is the one behind the tag. */
static bool split(const char *setting, char **path, const char **value, GError **error)
{
	const char *tag = g_strrstr(setting, " | : ");
	const char *equals = tag ? strchr(tag, '=') : NULL;

	if (!equals || strpbrk(equals, "|\n")) {
		g_set_error(error, MAQ_ERROR, MAQ_INVALID,
			"\"%s\": expected PATH=VALUE, such as 'config | + start vnc | + "
			"config | : width=800'",
			setting);
		return false;
	}
	*path = g_strchomp(g_strndup(setting, (gsize)(equals - setting)));
	*value = equals + 1;
	return true;
}

/* An edit of nothing is none: the path leads nowhere. */
static bool has_value(const MaqHidDocument *document, const char *path)
{
	g_autoptr(GPtrArray) values = maq_hid_get(document, path, NULL);

	return values && values->len;
}

static MaqHidDocument *set_one(
	const MaqHidDocument *document, const char *setting, GError **error)
{
	g_autofree char *path = NULL;
	g_autoptr(MaqHidDocument) edited = NULL;
	const char *value;

	if (!split(setting, &path, &value, error))
		return NULL;
	g_autofree char *edit = g_strdup_printf("%s: %s", path, value);
	g_autofree char *text = maq_hid_edit_set(document, edit, error);
	if (text)
		edited = maq_hid_parse(text, -1, maq_hid_source_name(document),
			MAQ_HID_STRICT | MAQ_HID_DUPLICATES, error);
	if (!edited)
		return NULL;
	if (has_value(edited, path))
		return g_steal_pointer(&edited);
	g_set_error(error, MAQ_ERROR, MAQ_INVALID, "\"%s\": there is no such node in %s",
		setting, maq_hid_source_name(document));
	return NULL;
}

char *maq_scenario_set(const char *text, gsize size, const char *name,
	const char *const *settings, GError **error)
{
	g_autoptr(MaqHidDocument) document = maq_hid_parse(
		text, (gssize)size, name, MAQ_HID_STRICT | MAQ_HID_DUPLICATES, error);

	for (; document && settings && *settings; settings++) {
		MaqHidDocument *edited = set_one(document, *settings, error);

		maq_hid_free(document);
		document = edited;
	}
	return document ? g_strdup(maq_hid_source(document, NULL)) : NULL;
}
