// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ring - packets of 1500 bytes through the rings of a Block session, beside a bare ring
 *
 * Both copy each packet in and out. Ours: a request and an answer for each packet in two
 * rings, checked, and the session's signals for a side that sleeps. The bare one: two
 * cursors, nothing checked, a futex for a side that sleeps, two wake-ups a round at most.
 */
#include "bench.h"

#include <maq/block.h>
#include <maq/env.h>

#include <linux/futex.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PACKET  1500
#define SLOT    1536
#define SLOTS   256
#define PACKETS (8192 * 128)
#define REPEATS 9

static void *shared(gsize size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	if (memory == MAP_FAILED)
		abort();
	return memory;
}

static double gbits(guint64 start)
{
	return (double)PACKETS * PACKET * 8 / (double)(bench_now() - start);
}

/* ---- bare ---- */

typedef struct {
	_Alignas(64) _Atomic guint32 write;
	_Atomic guint32 writer_sleeps;
	_Alignas(64) _Atomic guint32 read;
	_Atomic guint32 reader_sleeps;
	int cpu; /* of the reader */
	_Alignas(64) guint8 slots[SLOTS][SLOT];
} Bare;

/* Sleeps while the other's cursor has this value. */
static void bare_sleep(_Atomic guint32 *word, guint32 value, _Atomic guint32 *sleeps)
{
	atomic_store(sleeps, 1);
	if (atomic_load(word) == value)
		syscall(SYS_futex, word, FUTEX_WAIT, value, NULL, NULL, 0);
	atomic_store_explicit(sleeps, 0, memory_order_relaxed);
}

/* A wake-up for each packet would be dear: once in half a ring is enough. */
static void bare_move(_Atomic guint32 *word, guint32 value, _Atomic guint32 *sleeps)
{
	atomic_store_explicit(word, value, memory_order_release);
	if (value % (SLOTS / 2))
		return;
	atomic_thread_fence(memory_order_seq_cst);
	if (atomic_load_explicit(sleeps, memory_order_relaxed))
		syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static void *bare_reader(void *data)
{
	Bare *ring = data;
	guint8 packet[PACKET];

	bench_pin(ring->cpu);
	for (guint32 at = 0; at < PACKETS;) {
		guint32 written =
			atomic_load_explicit(&ring->write, memory_order_acquire);

		if (written == at) { /* PACKETS is a multiple of half a ring */
			bare_sleep(&ring->write, at, &ring->reader_sleeps);
			continue;
		}
		memcpy(packet, ring->slots[at % SLOTS], PACKET);
		__asm__ volatile("" ::"r"(packet) : "memory");
		bare_move(&ring->read, ++at, &ring->writer_sleeps);
	}
	return NULL;
}

static double bare(int reader_cpu)
{
	Bare *ring = shared(sizeof *ring);
	guint8 packet[PACKET] = {1};
	pthread_t thread;

	ring->cpu = reader_cpu;
	bench_pin(0);
	pthread_create(&thread, NULL, bare_reader, ring);
	guint64 start = bench_now();
	for (guint32 at = 0; at < PACKETS;) {
		guint32 read = atomic_load_explicit(&ring->read, memory_order_acquire);

		if (at - read == SLOTS) {
			bare_sleep(&ring->read, read, &ring->writer_sleeps);
			continue;
		}
		memcpy(ring->slots[at % SLOTS], packet, PACKET);
		bare_move(&ring->write, ++at, &ring->reader_sleeps);
	}
	pthread_join(thread, NULL);
	double rate = gbits(start);
	munmap(ring, sizeof *ring);
	return rate;
}

/* ---- ours ---- */

typedef struct {
	MaqBlockClientPage *client;
	MaqBlockServerPage *server;
	guint8 *payload;
	int channel, cpu;
	MaqEnv *env; /* the server's */
	MaqPeer *peer;
	MaqRingReader requests;
	MaqRingWriter answers;
	guint32 served;
} Shared;

static void wake_client(Shared *shared)
{
	if (shared->peer && maq_ring_reader_sleeps(&shared->answers))
		maq_block_signal_answered(shared->peer);
}

static void serve_request(Shared *shared, const MaqBlockRequest *request)
{
	guint8 packet[PACKET];
	MaqBlockAnswer answer = {.tag = request->tag};

	if (!maq_block_request_valid(request) || request->offset > (SLOTS - 1) * SLOT)
		abort();
	memcpy(packet, shared->payload + request->offset, PACKET);
	__asm__ volatile("" ::"r"(packet) : "memory");
	if (maq_ring_push(&shared->answers, &answer) != 1)
		abort();
	/* so that both work at once where there are two CPUs; for each packet it would be
	 * dear */
	if (shared->cpu && ++shared->served % (SLOTS / 2) == 0)
		wake_client(shared);
}

static void submitted(void *client)
{
	Shared *shared = client;
	MaqBlockRequest request;

	maq_ring_wake(&shared->requests);
	do {
		while (maq_ring_pop(&shared->requests, &request) == 1)
			serve_request(shared, &request);
		wake_client(shared);
	} while (!maq_ring_sleep(&shared->requests));
}

static MaqStatus opened(void *service, MaqPeer *peer, void **client)
{
	((Shared *)service)->peer = peer;
	*client = service;
	return MAQ_OK;
}

static void closed(void *client)
{
	maq_loop_quit(maq_env_loop(((Shared *)client)->env), 0);
}

static const MaqBlockService service = {
	.ops = {.submitted = submitted}, .open = opened, .close = closed};

static void *serve(void *data)
{
	Shared *shared = data;

	bench_pin(shared->cpu);
	shared->env = maq_env_new(&maq_binding_linux);
	maq_block_requests_reader(&shared->requests, shared->server, shared->client);
	maq_block_answers_writer(&shared->answers, shared->server, shared->client);
	maq_block_serve(shared->env, &service, shared, "bench", shared->channel);
	submitted(shared);
	maq_loop_run(maq_env_loop(shared->env));
	maq_env_free(shared->env);
	return NULL;
}

static void answered(void *data)
{
	maq_ring_wake(data);
}

/* Puts in what there is room for. */
static guint64 submit(MaqBlock *block, MaqRingWriter *ring, guint8 *payload, guint64 at,
	guint64 until, bool early)
{
	static const guint8 packet[PACKET] = {1};

	for (; at < until; at++) {
		guint64 offset = at % SLOTS * SLOT;
		MaqBlockRequest request = {.tag = at,
			.offset = offset,
			.count = 1,
			.operation = MAQ_BLOCK_OPERATION_WRITE};

		memcpy(payload + offset, packet, PACKET);
		if (maq_ring_push(ring, &request) != 1)
			abort();
		if (!early || (at + 1) % (SLOTS / 2))
			continue;
		if (maq_ring_reader_sleeps(ring))
			maq_block_signal_submitted(block);
	}
	if (maq_ring_reader_sleeps(ring))
		maq_block_signal_submitted(block);
	return at;
}

static double ours(int server_cpu)
{
	Shared s = {.client = shared(sizeof *s.client),
		.server = shared(sizeof *s.server),
		.payload = shared(SLOTS * SLOT),
		.cpu = server_cpu};
	MaqRingWriter requests;
	MaqRingReader answers;
	MaqBlockAnswer answer;
	pthread_t thread;
	int ends[2];

	if (maq_binding_linux.pair(ends))
		return -1;
	s.channel = ends[1];
	bench_pin(0);
	maq_block_requests_writer(&requests, s.client, s.server);
	maq_block_answers_reader(&answers, s.client, s.server);
	pthread_create(&thread, NULL, serve, &s);
	MaqEnv *env = maq_env_new(&maq_binding_linux);
	MaqBlock *block = maq_block_attach(env, ends[0]);
	maq_block_on_answered(block, answered, &answers);
	guint64 start = bench_now(), at = 0, done = 0;
	while (done < PACKETS) {
		at = submit(block, &requests, s.payload, at, MIN(done + SLOTS, PACKETS),
			server_cpu != 0);
		while (maq_ring_pop(&answers, &answer) == 1)
			done++;
		if (at == MIN(done + SLOTS, PACKETS) && done < PACKETS &&
			maq_ring_sleep(&answers))
			maq_loop_step(maq_env_loop(env), -1);
	}
	double rate = gbits(start);
	maq_env_free(env);
	pthread_join(thread, NULL);
	munmap(s.client, sizeof *s.client);
	munmap(s.server, sizeof *s.server);
	munmap(s.payload, SLOTS * SLOT);
	return rate;
}

static void compare_on(const char *name, int cpu)
{
	double mine[REPEATS], limit[REPEATS];

	for (int i = 0; i < REPEATS; i++) {
		limit[i] = bare(cpu);
		mine[i] = ours(cpu);
	}
	bench_pin(-1);
	bench_print(&(BenchFigure){name, "Gbit/s", bench_median(mine, REPEATS),
		"bare ring", bench_median(limit, REPEATS), BENCH_RATIO_LEAST, 0.8, {{0}},
		NULL});
}

int main(int argc, char **argv)
{
	bench_init(argc, argv);
	compare_on("ring of 1500-byte packets, one CPU", 0);
	if (bench_cpus() > 1)
		compare_on("ring of 1500-byte packets, two CPUs", 1);
	return 0;
}
