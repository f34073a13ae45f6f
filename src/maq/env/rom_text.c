// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * rom_text - the content of a ROM module as one piece of memory
 */
#include <maq/component.h>
#include <maq/memory.h>

typedef struct {
	const char *text; /* mapped */
	gsize size;       /* of the mapping */
} Mapping;

static void unmap(gpointer data)
{
	Mapping *mapping = data;

	maq_unmap(mapping->text, mapping->size);
	g_free(mapping);
}

GBytes *maq_rom_text(MaqRom *rom)
{
	maq_autofd int content = -1;
	guint64 size = 0;
	gsize mapped = 0;

	if (maq_rom_update(rom, &size, &content) != MAQ_ROM_OK)
		return NULL;
	const char *text = maq_map(content, false, &mapped, NULL);
	/* the server's word is not enough for what follows the text */
	if (!text || size >= mapped || text[size]) {
		maq_unmap(text, mapped);
		return NULL;
	}
	Mapping *mapping = g_new(Mapping, 1);
	*mapping = (Mapping){text, mapped};
	return g_bytes_new_with_free_func(text, (gsize)size, unmap, mapping);
}
