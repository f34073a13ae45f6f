// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * memory - dataspaces: memory that can be shared with a peer
 */
#ifndef MAQ_MEMORY_H
#define MAQ_MEMORY_H

#include <maq/wire.h>

/*
 * A new dataspace of size bytes, allocated at once (so that its maker pays), sealed
 * SHRINK, GROW and SEAL. Returns the descriptor, owned by the caller, or -1.
 */
int maq_dataspace_new(const char *name, gsize size, GError **error);

/*
 * Likewise, for the other side to read only: *mapping (unmapped by maq_unmap) is the only
 * way to write to it.
 */
int maq_dataspace_new_readable(
	const char *name, gsize size, void **mapping, GError **error);

/* A dataspace that holds a copy of data, one zero byte or more behind it, that nobody can
 * change. */
int maq_dataspace_new_constant(
	const char *name, const void *data, gsize size, GError **error);

gsize maq_dataspace_size(int fd); /* 0 on failure */

/* Maps the whole dataspace; NULL and error on failure. */
void *maq_map(int fd, bool write, gsize *size, GError **error);
void maq_unmap(const void *mapping, gsize size);

#endif
