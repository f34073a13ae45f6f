// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz_edit - a path on the first line, a text below: edits leave HID behind
 */
#include <maq/hid_edit.h>

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(char *edited, const GError *error)
{
	g_assert_true(!edited == !!error);
	/* the path, the attributes, the bounds: never the result */
	if (error)
		g_assert_false(g_str_has_prefix(error->message, "(edited):"));
	g_free(edited);
}

static void disable_and_enable(const MaqHidDocument *document, const char *path)
{
	g_autofree char *off = maq_hid_edit_disable(document, path, true, NULL);
	g_autofree char *on = maq_hid_edit_disable(document, path, false, NULL);

	if (!off)
		return;
	g_autoptr(MaqHidDocument) disabled =
		maq_hid_parse(off, -1, "off", MAQ_HID_STRICT | MAQ_HID_DUPLICATES, NULL);
	g_autofree char *again = maq_hid_edit_disable(disabled, path, false, NULL);

	g_assert_cmpstr(again, ==, on);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *newline = memchr(data, '\n', size);
	gsize length = newline ? (gsize)(newline - data) : 0;
	g_autofree char *path = g_strndup((const char *)data, length);
	g_autoptr(MaqHidDocument) document = NULL;
	g_autoptr(GError) error = NULL;

	if (newline)
		document = maq_hid_parse((const char *)newline + 1,
			(gssize)(size - length - 1), "fuzz",
			MAQ_HID_STRICT | MAQ_HID_DUPLICATES, NULL);
	if (!document)
		return 0;
	g_autoptr(GPtrArray) found G_GNUC_UNUSED = maq_hid_get(document, path, NULL);
	char *edited = maq_hid_edit_set(document, path, &error);

	check(edited, error);
	g_clear_error(&error);
	edited = maq_hid_edit_remove(document, path, &error);
	check(edited, error);
	disable_and_enable(document, path);
	return 0;
}
