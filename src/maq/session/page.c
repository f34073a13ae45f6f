// SPDX-License-Identifier: LGPL-2.1-or-later
#include "page.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <time.h>
#include <unistd.h>

#define SPIN    200
#define IN_VAIN 16   /* spins in a row */
#define REST    2048 /* waits until the next try */

bool maq_page_supported(void)
{
	/* without words to wait for it is refused at once, but known */
	return syscall(SYS_futex_waitv, NULL, 0, 0, NULL, 0) < 0 && errno == EINVAL;
}

int maq_page_new(MaqPage **page)
{
	const int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
	maq_autofd int fd = memfd_create("calls", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0 || posix_fallocate(fd, 0, MAQ_PAGE_SIZE) ||
		fcntl(fd, F_ADD_SEALS, seals))
		return -1;
	MaqPage *mapped = maq_page_map(fd);
	if (!mapped)
		return -1;
	*page = mapped;
	return maq_steal_fd(&fd);
}

MaqPage *maq_page_map(int fd)
{
	void *page = mmap(NULL, MAQ_PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	return page == MAP_FAILED ? NULL : page;
}

void maq_page_unmap(MaqPage *page)
{
	if (page)
		munmap(page, sizeof *page);
}

unsigned maq_page_spin_begin(MaqPageSpin *spin)
{
	if (!spin->misses && get_nprocs() == 1)
		spin->misses = IN_VAIN;
	if (spin->misses < IN_VAIN)
		return SPIN;
	spin->misses = (spin->misses + 1) % REST;
	return 0;
}

void maq_page_spin_end(MaqPageSpin *spin, bool hit)
{
	spin->misses = hit ? 1 : spin->misses + 1;
}

void maq_page_relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

static void wake(const _Atomic guint32 *word, int flags)
{
	syscall(SYS_futex, word, FUTEX_WAKE | flags, 1, NULL, NULL, 0);
}

void maq_page_ring(_Atomic guint32 *word, guint32 number, const _Atomic guint32 *sleeps)
{
	/* in one order with the other side's "sleeps = 1, then look at the word" */
	atomic_store_explicit(word, number, memory_order_seq_cst);
	if (atomic_load_explicit(sleeps, memory_order_seq_cst))
		wake(word, 0);
}

void maq_page_wake_private(_Atomic guint32 *word)
{
	wake(word, FUTEX_PRIVATE_FLAG);
}

bool maq_page_take(const guint8 *room, MaqKind kind, MaqMessage *message)
{
	guint32 size = atomic_load_explicit(
		(const _Atomic guint32 *)(const void *)room, memory_order_relaxed);

	message->n_fds = 0;
	message->header.size = 0;
	if (!size)
		return true;
	if (size < sizeof(MaqHeader) || size > MAQ_PAGE_ROOM)
		return false;
	memcpy(message->data, room, size);
	message->header.size = size; /* that in the page may have changed */
	return message->header.kind == kind && !message->header.fds;
}

void maq_page_put(guint8 *room, const MaqMessage *message)
{
	memcpy(room, message->data, message->header.size);
}

int maq_page_sleep(const MaqPageWait *waits, unsigned n, guint64 until)
{
	struct futex_waitv words[MAQ_PAGE_WAITS];
	struct timespec limit = {
		(time_t)(until / 1000000000), (long)(until % 1000000000)};

	g_assert(n <= MAQ_PAGE_WAITS);
	for (unsigned i = 0; i < n; i++)
		words[i] = (struct futex_waitv){
			.val = waits[i].value,
			.uaddr = (guint64)(guintptr)waits[i].word,
			.flags = FUTEX_32 | (waits[i].shared ? 0 : FUTEX_PRIVATE_FLAG),
		};
	long got = syscall(
		SYS_futex_waitv, words, n, 0, until ? &limit : NULL, CLOCK_MONOTONIC);
	return got < 0 && errno == ETIMEDOUT ? -ETIMEDOUT : 0;
}
