// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * arena - memory that is given piece by piece and freed as a whole
 */
#include "private.h"

#define CHUNK_SIZE 16384u
#define ALIGNMENT  sizeof(void *)

struct ArenaChunk {
	ArenaChunk *next; /* owned */
	size_t used, size;
	max_align_t data[];
};

/* Chunks double, so that small documents stay small and large ones are few chunks. */
static ArenaChunk *arena_grow(Arena *arena, size_t needed)
{
	size_t size = arena->chunks ? MIN(arena->chunks->size * 2, 64 * CHUNK_SIZE)
				    : CHUNK_SIZE / 8;
	ArenaChunk *chunk = g_malloc(sizeof *chunk + MAX(size, needed));

	chunk->next = arena->chunks;
	chunk->used = 0;
	chunk->size = MAX(size, needed);
	arena->chunks = chunk;
	return chunk;
}

void *maq_hid_arena_alloc(Arena *arena, size_t size)
{
	size_t needed = (size + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
	ArenaChunk *chunk = arena->chunks;

	if (!chunk || chunk->size - chunk->used < needed)
		chunk = arena_grow(arena, needed);
	void *memory = (char *)chunk->data + chunk->used;
	chunk->used += needed;
	return memset(memory, 0, size);
}

char *maq_hid_arena_strndup(Arena *arena, const char *text, size_t size)
{
	char *copy = maq_hid_arena_alloc(arena, size + 1);

	if (size)
		memcpy(copy, text, size);
	return copy;
}

void maq_hid_arena_clear(Arena *arena)
{
	while (arena->chunks) {
		ArenaChunk *chunk = arena->chunks;

		arena->chunks = chunk->next;
		g_free(chunk);
	}
}
