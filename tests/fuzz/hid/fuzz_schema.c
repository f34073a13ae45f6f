// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz_schema - a schema up to its line '-', a document behind it
 */
#include <maq/hid_schema.h>

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	const char *end = g_strstr_len(text, (gssize)size, "\n-\n");
	g_autoptr(MaqHidSchema) schema = NULL;
	g_autoptr(MaqHidDocument) document = NULL;
	g_autoptr(GError) error = NULL;
	MaqHidDocument *definition;
	gsize split;

	if (!end)
		return 0;
	split = (gsize)(end + 3 - text);
	definition = maq_hid_parse(text, (gssize)split, "schema", MAQ_HID_STRICT, NULL);
	if (!definition)
		return 0;
	schema = maq_hid_schema_new(definition, &error);
	g_assert_true(!schema == !!error);
	document = maq_hid_parse(
		text + split, (gssize)(size - split), "fuzz", MAQ_HID_LENIENT, NULL);
	if (schema && document)
		g_ptr_array_unref(maq_hid_schema_check(schema, document));
	return 0;
}
