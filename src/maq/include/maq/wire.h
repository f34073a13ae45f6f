// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * wire - messages, and the reading and writing of parameters (docs/protocol.md)
 *
 * For generated code. A writer that runs out of room, or is given a value outside its
 * bound, is no longer ok and writes nothing more; a reader likewise. So callers check
 * once, at the end. Pointers got from a reader point into the message.
 */
#ifndef MAQ_WIRE_H
#define MAQ_WIRE_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define MAQ_MESSAGE_MAX 16384 /* bytes, header included */
#define MAQ_FDS_MAX     4     /* descriptors a message */
#define MAQ_ARGS_MAX    256   /* bytes of encoded open parameters */
#define MAQ_LABEL_MAX   160   /* bytes of a label, as in Genode */

typedef enum {
	MAQ_KIND_CALL = 1,
	MAQ_KIND_REPLY = 2,
	MAQ_KIND_SIGNAL = 3,
	MAQ_KIND_PAGE = 4, /* server to client: a page for fast calls */
} MaqKind;

typedef struct {
	guint32 size;
	guint8 kind; /* MaqKind */
	guint8 fds;
	guint16 opcode;
	guint32 sequence;
	gint32 status;
	guint64 flow;
} MaqHeader;
G_STATIC_ASSERT(sizeof(MaqHeader) == 24);

typedef struct {
	union {
		MaqHeader header;
		guint8 data[MAQ_MESSAGE_MAX];
	};
	int fds[MAQ_FDS_MAX]; /* owned by the message; -1 once taken */
	unsigned n_fds;
} MaqMessage;

typedef struct {
	guint8 *base; /* borrowed */
	gsize at, capacity;
	int *fds; /* borrowed; the descriptors written are not owned */
	unsigned n_fds;
	unsigned version; /* of the interface that the reader knows */
	bool ok;
} MaqWriter;

typedef struct {
	const guint8 *base; /* borrowed, aligned to 8 */
	gsize at, size;
	int *fds; /* borrowed; those taken are replaced by -1 */
	unsigned fd, n_fds;
	bool ok;
} MaqReader;

static inline MaqWriter maq_writer(void *base, gsize at, gsize capacity, int *fds)
{
	return (MaqWriter){base, at, capacity, fds, 0, G_MAXUINT, true};
}

static inline MaqReader maq_reader(
	const void *base, gsize at, gsize size, int *fds, unsigned n_fds)
{
	return (MaqReader){base, at, size, fds, 0, n_fds, true};
}

/* Room for size bytes at an alignment, the gap zeroed; NULL if there is none. */
static inline void *maq_put_room(MaqWriter *w, gsize size, gsize alignment)
{
	gsize at = (w->at + alignment - 1) & ~(alignment - 1);

	if (!w->ok || at > w->capacity || size > w->capacity - at) {
		w->ok = false;
		return NULL;
	}
	memset(w->base + w->at, 0, at - w->at);
	w->at = at + size;
	return w->base + at;
}

/* The next size bytes at an alignment; NULL if the message ends before. */
static inline const void *maq_get_room(MaqReader *r, gsize size, gsize alignment)
{
	gsize at = (r->at + alignment - 1) & ~(alignment - 1);

	if (!r->ok || at > r->size || size > r->size - at) {
		r->ok = false;
		return NULL;
	}
	r->at = at + size;
	return r->base + at;
}

#define MAQ_WIRE_SCALAR(name, type)                                                      \
	static inline void maq_put_##name(MaqWriter *w, type value)                      \
	{                                                                                \
		void *room = maq_put_room(w, sizeof value, sizeof value);                \
		if (room)                                                                \
			memcpy(room, &value, sizeof value);                              \
	}                                                                                \
	static inline type maq_get_##name(MaqReader *r)                                  \
	{                                                                                \
		type value = 0;                                                          \
		const void *room = maq_get_room(r, sizeof value, sizeof value);          \
		if (room)                                                                \
			memcpy(&value, room, sizeof value);                              \
		return value;                                                            \
	}
MAQ_WIRE_SCALAR(u8, guint8)
MAQ_WIRE_SCALAR(u16, guint16)
MAQ_WIRE_SCALAR(u32, guint32)
MAQ_WIRE_SCALAR(u64, guint64)
MAQ_WIRE_SCALAR(i8, gint8)
MAQ_WIRE_SCALAR(i16, gint16)
MAQ_WIRE_SCALAR(i32, gint32)
MAQ_WIRE_SCALAR(i64, gint64)
MAQ_WIRE_SCALAR(f32, float)
MAQ_WIRE_SCALAR(f64, double)
#undef MAQ_WIRE_SCALAR

static inline void maq_put_bool(MaqWriter *w, bool value)
{
	maq_put_u8(w, value);
}

static inline bool maq_get_bool(MaqReader *r)
{
	guint8 value = maq_get_u8(r);

	r->ok = r->ok && value <= 1;
	return value == 1;
}

/* Structs and their arrays have the same layout on the wire as in C, without gaps. */
static inline void maq_put_block(
	MaqWriter *w, const void *data, gsize size, gsize alignment)
{
	void *room = maq_put_room(w, size, alignment);

	if (room && size)
		memcpy(room, data, size);
}

static inline void maq_put_array(MaqWriter *w, const void *data, gsize count, gsize max,
	gsize element, gsize alignment)
{
	w->ok = w->ok && count <= max;
	maq_put_u32(w, (guint32)count);
	if (w->ok)
		maq_put_block(w, data, count * element, alignment);
}

static inline const void *maq_get_array(
	MaqReader *r, gsize *count, gsize max, gsize element, gsize alignment)
{
	*count = maq_get_u32(r);
	r->ok = r->ok && *count <= max;
	if (!r->ok)
		*count = 0;
	return maq_get_room(r, *count * element, alignment);
}

void maq_put_string(MaqWriter *w, const char *text, gsize max);
const char *maq_get_string(MaqReader *r, gsize max);

/* Writes a descriptor (borrowed); fd < 0 is an error. */
void maq_put_fd(MaqWriter *w, int fd);
/* The next descriptor, owned by the caller; -1 if there is none. */
int maq_get_fd(MaqReader *r);

/* Shape of a dataspace, as an interface definition states it. */
typedef struct {
	bool write;     /* the receiver may write */
	unsigned seals; /* F_SEAL_* required besides SHRINK and SEAL */
	guint64 min_size, max_size;
} MaqDataspaceShape;

/* As maq_get_fd, checked: a memfd, sealed, of a permitted size, not of huge pages. */
int maq_get_dataspace(MaqReader *r, const MaqDataspaceShape *shape);
/* As maq_get_fd, checked: an AF_UNIX SOCK_SEQPACKET socket. */
int maq_get_channel(MaqReader *r);

/* Whether all went well and nothing is left over. */
static inline bool maq_reader_done(const MaqReader *r)
{
	return r->ok && r->at == r->size && r->fd == r->n_fds;
}

/* Hands the descriptor over: the variable becomes -1. */
static inline int maq_steal_fd(int *fd)
{
	int stolen = *fd;

	*fd = -1;
	return stolen;
}

/* Closes what is open and sets it to -1; for scoped clean-up: maq_autofd int fd = -1; */
void maq_clear_fd(int *fd);
#define maq_autofd __attribute__((cleanup(maq_clear_fd)))

#endif
