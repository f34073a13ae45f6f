// SPDX-License-Identifier: GPL-2.0-or-later
#include "marks.h"

#include <string.h>

typedef struct {
	guint32 sequence[MARKS_PER_CELL];
} Entry;

struct Marks {
	GArray *entries;     /* owned, of Entry; the first one is empty */
	GHashTable *numbers; /* owned: GBytes -> number */
};

Marks *marks_new(void)
{
	Marks *marks = g_new(Marks, 1);

	marks->entries = g_array_new(false, true, sizeof(Entry));
	g_array_set_size(marks->entries, 1);
	marks->numbers = g_hash_table_new_full(
		g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
	return marks;
}

void marks_free(Marks *marks)
{
	g_array_unref(marks->entries);
	g_hash_table_unref(marks->numbers);
	g_free(marks);
}

guint32 marks_number(Marks *marks, const guint32 sequence[MARKS_PER_CELL])
{
	Entry entry = {0};

	for (int i = 0; i < MARKS_PER_CELL && sequence[i]; i++)
		entry.sequence[i] = sequence[i];
	if (!entry.sequence[0])
		return 0;
	g_autoptr(GBytes) key = g_bytes_new(&entry, sizeof entry);
	guint number = GPOINTER_TO_UINT(g_hash_table_lookup(marks->numbers, key));
	if (number || marks->entries->len >= MARKS_MAX)
		return number;
	number = marks->entries->len;
	g_array_append_val(marks->entries, entry);
	g_hash_table_insert(marks->numbers, g_bytes_ref(key), GUINT_TO_POINTER(number));
	return number;
}

const guint32 *marks_sequence(const Marks *marks, guint32 number)
{
	return g_array_index(
		marks->entries, Entry, number < marks->entries->len ? number : 0)
		.sequence;
}
