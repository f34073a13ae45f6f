// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz_xml - any XML: what can be read is a document like any other
 */
#include <maq/hid.h>

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(MaqHidDocument) document =
		maq_hid_from_xml((const char *)data, (gssize)size, "fuzz", &error);

	g_assert_true(!document == !!error);
	if (error)
		/* what was converted is always HID */
		g_assert_false(error->domain == MAQ_HID_ERROR &&
			       error->code == MAQ_HID_ERROR_SYNTAX);
	if (document)
		g_free(maq_hid_to_xml(maq_hid_root(document)));
	return 0;
}
