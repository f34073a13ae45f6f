// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz_parse - any text, both modes: what is accepted survives printing unchanged
 */
#include <maq/hid.h>

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_all(const MaqHidNode *node)
{
	const char *tag, *value;

	for (guint i = 0; maq_hid_attr_at(node, i, &tag, &value); i++) {
		maq_hid_u64(node, tag, 0);
		maq_hid_bytes(node, tag, 0);
		maq_hid_double(node, tag, 0);
	}
	g_free(maq_hid_quoted(node));
}

static void round_trip(const MaqHidDocument *document, MaqHidFlags flags)
{
	const MaqHidNode *root = maq_hid_root(document);
	g_autofree char *text = maq_hid_to_text(root, NULL);
	g_autofree char *xml = maq_hid_to_xml(root);
	g_autoptr(GError) error = NULL;
	g_autoptr(MaqHidDocument) again = maq_hid_parse(text, -1, "again", flags, &error);
	g_autofree char *second = NULL;

	g_assert_nonnull(xml);
	g_assert_no_error(error);
	g_assert_true(maq_hid_equal(root, maq_hid_root(again)));
	second = maq_hid_to_text(maq_hid_root(again), NULL);
	g_assert_cmpstr(text, ==, second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(MaqHidDocument) lenient = maq_hid_parse(
		(const char *)data, (gssize)size, "fuzz", MAQ_HID_LENIENT, &error);
	g_autoptr(MaqHidDocument) strict = maq_hid_parse(
		(const char *)data, (gssize)size, "fuzz", MAQ_HID_STRICT, NULL);

	g_assert_true(!lenient == !!error);
	if (lenient) {
		read_all(maq_hid_root(lenient));
		g_free(maq_hid_to_text(maq_hid_root(lenient), NULL));
	}
	if (strict && lenient)
		round_trip(strict, MAQ_HID_STRICT);
	return 0;
}
