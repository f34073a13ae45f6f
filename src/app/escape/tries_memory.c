// SPDX-License-Identifier: GPL-2.0-or-later
#include "tries.h"

#include <errno.h>
#include <fcntl.h>
#include <maq/memory.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* As one that a peer has sent: sealed, shared. */
static int shared(void)
{
	return maq_dataspace_new("shared", 16384, NULL);
}

static bool punch_hole(void)
{
	maq_autofd int fd = shared();

	return fd >= 0 &&
	       (fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096) == 0 ||
		       fallocate(fd, FALLOC_FL_ZERO_RANGE, 0, 4096) == 0);
}

static bool remove_pages(void)
{
	maq_autofd int fd = shared();
	void *mapping = mmap(NULL, 16384, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (mapping == MAP_FAILED)
		return false;
	bool well = madvise(mapping, 4096, MADV_REMOVE) == 0;
	munmap(mapping, 16384);
	return well;
}

static bool shrink(void)
{
	maq_autofd int fd = shared();

	return fd >= 0 && (ftruncate(fd, 4096) == 0 || ftruncate(fd, 1 << 20) == 0);
}

static bool unseal(void)
{
	maq_autofd int fd = shared();

	return fd >= 0 && fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE) == 0;
}

static bool can_write(const char *path)
{
	maq_autofd int fd = open(path, O_RDWR | O_CLOEXEC);
	void *mapping =
		fd < 0 ? MAP_FAILED
		       : mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (mapping != MAP_FAILED)
		munmap(mapping, 4096);
	return mapping != MAP_FAILED || (fd >= 0 && pwrite(fd, "x", 1, 0) == 1);
}

/* A descriptor for reading, opened again for writing by its name in /proc. */
static bool reopen(void)
{
	void *mapping = NULL;
	maq_autofd int fd = maq_dataspace_new_readable("readable", 4096, &mapping, NULL);
	char path[64], other[64];

	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	snprintf(other, sizeof other, "/dev/fd/%d", fd);
	bool well = can_write(path) || can_write(other);
	maq_unmap(mapping, 4096);
	return well;
}

static bool others_descriptors(void)
{
	maq_autofd int one = open("/proc/1/fd/4", O_RDWR);
	maq_autofd int two = open("/proc/2/fd/4", O_RDWR);

	return one >= 0 || two >= 0;
}

/* Equal pages of others are told by the time that a write takes. */
static bool merge_pages(void)
{
	void *mapping = mmap(
		NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	bool well = madvise(mapping, 4096, MADV_MERGEABLE) == 0;

	munmap(mapping, 4096);
	return well;
}

const Try tries_memory[] = {
	{"hole in a shared memfd", punch_hole},
	{"MADV_REMOVE of a shared memfd", remove_pages},
	{"shrink a sealed memfd", shrink},
	{"further seals on a sealed memfd", unseal},
	{"reopen a memfd for writing", reopen},
	{"memfds of others", others_descriptors},
	{"merge pages", merge_pages},
	{NULL, NULL},
};
