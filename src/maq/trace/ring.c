// SPDX-License-Identifier: LGPL-2.1-or-later
#include <maq/trace_ring.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define MASK (MAQ_TRACE_SLOTS - 1)

#define FIRST_BITS 48

/* Of a slot that has been written. */
static guint32 sequence_of(guint64 index)
{
	return (guint32)(index + 1) << 1;
}

/* ---- core ---- */

static bool allocate(int memory)
{
	if (ftruncate(memory, sizeof(MaqTraceRing)))
		return false;
	/* at once, so that core pays for its pages and no component does */
	errno = posix_fallocate(memory, 0, sizeof(MaqTraceRing));
	return !errno &&
	       fcntl(memory, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0;
}

static void put_head(MaqTraceRing *ring, guint16 component, guint64 began)
{
	ring->magic = MAQ_TRACE_MAGIC;
	ring->version = MAQ_TRACE_VERSION;
	ring->component = component;
	ring->slots = MAQ_TRACE_SLOTS;
	ring->began = began;
}

int maq_trace_ring_new(guint16 component, guint64 began, MaqTraceRing **ring)
{
	int memory = memfd_create("trace", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	void *mapped = MAP_FAILED;

	if (memory >= 0 && allocate(memory))
		mapped = mmap(NULL, sizeof **ring, PROT_READ | PROT_WRITE, MAP_SHARED,
			memory, 0);
	if (mapped == MAP_FAILED) {
		int failure = errno;

		if (memory >= 0)
			close(memory);
		errno = failure;
		return -1;
	}
	*ring = mapped;
	put_head(*ring, component, began);
	return memory;
}

void maq_trace_ring_unmap(MaqTraceRing *ring)
{
	if (ring)
		munmap(ring, sizeof *ring);
}

/* An event counts if its sequence was the same before and after. */
static void copy_events(const MaqTraceRing *ring, MaqTraceRing *copy)
{
	for (guint i = 0; i < MAQ_TRACE_SLOTS; i++) {
		guint32 before =
			atomic_load_explicit(&ring->sequences[i], memory_order_acquire);

		for (guint word = 0; word < G_N_ELEMENTS(copy->events->words); word++)
			atomic_init(&copy->events[i].words[word],
				atomic_load_explicit(&ring->events[i].words[word],
					memory_order_relaxed));
		atomic_thread_fence(memory_order_acquire);
		guint32 after =
			atomic_load_explicit(&ring->sequences[i], memory_order_relaxed);
		atomic_init(
			&copy->sequences[i], before == after ? after : MAQ_TRACE_BUSY);
	}
}

void maq_trace_ring_copy(const MaqTraceRing *ring, guint16 component, guint64 began,
	const char *label, MaqTraceRing *copy)
{
	memset(copy, 0, offsetof(MaqTraceRing, sequences));
	put_head(copy, component, began);
	g_strlcpy(copy->label, label, sizeof copy->label);
	memcpy(copy->sessions, ring->sessions, sizeof copy->sessions);
	memcpy(copy->names, ring->names, sizeof copy->names);
	copy->names[sizeof copy->names - 1] = '\0';
	copy_events(ring, copy);
	/* last, so that it is beyond all events that were taken */
	atomic_init(&copy->written, atomic_load(&ring->written));
}

/* ---- who records ---- */

/* True: nobody else writes there, and nothing newer is in it. */
static bool claim(_Atomic guint32 *sequence, guint32 done)
{
	guint32 before =
		atomic_exchange_explicit(sequence, MAQ_TRACE_BUSY, memory_order_acquire);

	if (before == MAQ_TRACE_BUSY)
		return false;
	if (before && (gint32)(before - done) > 0) {
		atomic_store_explicit(sequence, before, memory_order_release);
		return false;
	}
	/* whoever sees what is written sees that it is being written */
	atomic_thread_fence(memory_order_release);
	return true;
}

void maq_trace_ring_record(void *data, const MaqTraceEvent *event)
{
	MaqTraceRing *ring = data;
	guint64 words[4];
	guint64 index =
		atomic_fetch_add_explicit(&ring->written, 1, memory_order_relaxed);
	guint32 done = sequence_of(index);
	MaqTraceSlot *slot = &ring->events[index & MASK];

	if (!claim(&ring->sequences[index & MASK], done))
		return;
	memcpy(words, event, sizeof words);
	for (guint i = 0; i < G_N_ELEMENTS(words); i++)
		atomic_store_explicit(&slot->words[i], words[i], memory_order_relaxed);
	atomic_store_explicit(&ring->sequences[index & MASK], done, memory_order_release);
}

/* Where the interface's text is, or is put; MAQ_TRACE_NAMES: there is no room. */
static guint find_names(MaqTraceRing *ring, const char *names)
{
	guint size = (guint)strlen(names) + 1;
	guint used = MIN(atomic_load(&ring->names_used), MAQ_TRACE_NAMES);

	/* the first place names nothing */
	for (guint at = 1; at < used;
		at += (guint)strnlen(ring->names + at, used - at) + 1)
		if (size <= used - at && !memcmp(ring->names + at, names, size))
			return at;
	if (!used)
		atomic_compare_exchange_strong(&ring->names_used, &used, 1);
	if (size > MAQ_TRACE_NAMES - MAX(used, 1))
		return 0;
	guint at = atomic_fetch_add(&ring->names_used, size);
	if (at > MAQ_TRACE_NAMES - size)
		return 0;
	memcpy(ring->names + at, names, size);
	return at;
}

static guint place_of(MaqTraceSide side, guint32 number)
{
	bool own = number >> 31; /* maq_trace_session_number() */
	guint places = own ? MAQ_TRACE_OWN : MAQ_TRACE_SESSIONS - MAQ_TRACE_OWN;

	return (number % (places / 2) * 2 + (guint)side) +
	       (own ? MAQ_TRACE_SESSIONS - MAQ_TRACE_OWN : 0);
}

void maq_trace_ring_session(void *data, MaqTraceSide side, guint32 number,
	const char *names, const char *label)
{
	MaqTraceRing *ring = data;
	MaqTraceSession *session = &ring->sessions[place_of(side, number)];

	atomic_store(&session->number, 0);
	session->side = (guint16)side;
	session->names = (guint16)find_names(ring, names);
	g_strlcpy(session->label, label, sizeof session->label);
	atomic_store(&session->number, number);
}

static MaqTraceRing *map_given(int memory)
{
	struct stat status;
	void *mapped;

	if (fstat(memory, &status) || status.st_size != sizeof(MaqTraceRing))
		return NULL;
	mapped = mmap(NULL, sizeof(MaqTraceRing), PROT_READ | PROT_WRITE, MAP_SHARED,
		memory, 0);
	if (mapped == MAP_FAILED)
		return NULL;
	MaqTraceRing *ring = mapped;
	if (ring->magic == MAQ_TRACE_MAGIC && ring->version == MAQ_TRACE_VERSION &&
		ring->slots == MAQ_TRACE_SLOTS)
		return ring;
	munmap(mapped, sizeof *ring);
	return NULL;
}

void maq_trace_attach(void)
{
	static MaqTraceSink sink = {
		.record = maq_trace_ring_record, .session = maq_trace_ring_session};
	const char *text = g_getenv("MAQ_TRACE");
	guint64 memory = 0;

	if (!text || !g_ascii_string_to_unsigned(text, 10, 3, 1024, &memory, NULL))
		return;
	g_unsetenv("MAQ_TRACE"); /* not for programs that we may start */
	MaqTraceRing *ring = map_given((int)memory);
	/* of another size or version: core is not of our age, and there is no trace */
	if (ring) {
		sink.data = ring;
		sink.component = (guint16)ring->component;
		maq_trace_set_sink(&sink);
	}
	close((int)memory);
}

/* ---- who reads a copy ---- */

bool maq_trace_copy_is(const void *data, gsize size)
{
	const MaqTraceRing *copy = data;

	return size >= sizeof *copy && copy->magic == MAQ_TRACE_MAGIC &&
	       copy->version == MAQ_TRACE_VERSION && copy->slots == MAQ_TRACE_SLOTS &&
	       copy->component && copy->component <= G_MAXUINT16 &&
	       memchr(copy->label, '\0', sizeof copy->label) &&
	       !copy->names[sizeof copy->names - 1];
}

/* Flows that begin here bear our number: a component cannot make up another's. */
static bool is_possible(const MaqTraceRing *copy, const MaqTraceEvent *event)
{
	if (event->id < MAQ_TRACE_SESSION_OPEN || event->id > MAQ_TRACE_CHECKPOINT)
		return false;
	return (event->id != MAQ_TRACE_RPC_CALL && event->id != MAQ_TRACE_RPC_RETURN) ||
	       event->flow >> FIRST_BITS == copy->component;
}

guint maq_trace_copy_events(
	const MaqTraceRing *copy, MaqTraceEvent *events, guint64 *lost)
{
	guint64 written = atomic_load(&copy->written);
	guint64 there = MIN(written, MAQ_TRACE_SLOTS);
	guint n = 0;

	for (guint64 index = written - there; index != written; index++) {
		guint64 words[4];
		const MaqTraceSlot *slot = &copy->events[index & MASK];

		if (atomic_load(&copy->sequences[index & MASK]) != sequence_of(index))
			continue;
		for (guint i = 0; i < G_N_ELEMENTS(words); i++)
			words[i] = atomic_load(&slot->words[i]);
		memcpy(&events[n], words, sizeof words);
		n += is_possible(copy, &events[n]);
	}
	*lost = written - n;
	return n;
}

static bool side_of(const MaqTraceEvent *event, MaqTraceSide *side)
{
	*side = MAQ_TRACE_CLIENT;
	switch (event->id) {
	case MAQ_TRACE_RPC_CALL:
	case MAQ_TRACE_RPC_RETURN:
		return true;
	case MAQ_TRACE_RPC_DISPATCH:
	case MAQ_TRACE_RPC_REPLY:
		*side = MAQ_TRACE_SERVER;
		return true;
	case MAQ_TRACE_SESSION_OPEN:
	case MAQ_TRACE_SESSION_CLOSE:
	case MAQ_TRACE_SIGNAL_SUBMIT:
	case MAQ_TRACE_SIGNAL_DELIVER:
		*side = event->method ? MAQ_TRACE_SERVER : MAQ_TRACE_CLIENT;
		return true;
	default:
		return false;
	}
}

bool maq_trace_copy_session(const MaqTraceRing *copy, const MaqTraceEvent *event,
	const char **names, const char **label)
{
	MaqTraceSide side;

	if (!event->session || !side_of(event, &side))
		return false;
	const MaqTraceSession *session = &copy->sessions[place_of(side, event->session)];
	if (atomic_load(&session->number) != event->session || session->side != side ||
		session->names >= sizeof copy->names ||
		!memchr(session->label, '\0', sizeof session->label))
		return false;
	*names = copy->names + session->names;
	*label = session->label;
	return true;
}
