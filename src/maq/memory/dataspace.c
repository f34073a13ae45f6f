// SPDX-License-Identifier: LGPL-2.1-or-later
#include <maq/memory.h>
#include <maq/status.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static void set_errno(GError **error, const char *what, const char *name)
{
	g_set_error(error, MAQ_ERROR, errno == ENOMEM ? MAQ_OUT_OF_RAM : MAQ_FAILED,
		"cannot %s the dataspace '%s': %s", what, name, g_strerror(errno));
}

static int allocate(const char *name, gsize size, GError **error)
{
	maq_autofd int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0 || ftruncate(fd, (off_t)size) ||
		(size && (errno = posix_fallocate(fd, 0, (off_t)size)))) {
		set_errno(error, "allocate", name);
		return -1;
	}
	return maq_steal_fd(&fd);
}

static bool seal(int fd, int seals, const char *name, GError **error)
{
	if (fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL | seals) ==
		0)
		return true;
	set_errno(error, "seal", name);
	return false;
}

int maq_dataspace_new(const char *name, gsize size, GError **error)
{
	maq_autofd int fd = allocate(name, size, error);

	if (fd < 0 || !seal(fd, 0, name, error))
		return -1;
	return maq_steal_fd(&fd);
}

int maq_dataspace_new_readable(
	const char *name, gsize size, void **mapping, GError **error)
{
	maq_autofd int fd = allocate(name, size, error);
	void *address = fd < 0 ? NULL : maq_map(fd, true, NULL, error);

	if (!address)
		return -1;
	if (!seal(fd, F_SEAL_FUTURE_WRITE, name, error)) {
		maq_unmap(address, size);
		return -1;
	}
	*mapping = address;
	return maq_steal_fd(&fd);
}

int maq_dataspace_new_constant(
	const char *name, const void *data, gsize size, GError **error)
{
	maq_autofd int fd = allocate(name, size + 1, error);

	for (gsize at = 0; fd >= 0 && at < size;) {
		ssize_t n = pwrite(fd, (const char *)data + at, size - at, (off_t)at);
		if (n < 0 && errno != EINTR) {
			set_errno(error, "fill", name);
			return -1;
		}
		at += n > 0 ? (gsize)n : 0;
	}
	if (fd < 0 || !seal(fd, F_SEAL_WRITE, name, error))
		return -1;
	return maq_steal_fd(&fd);
}

gsize maq_dataspace_size(int fd)
{
	struct stat info;

	return fstat(fd, &info) || info.st_size < 0 ? 0 : (gsize)info.st_size;
}

void *maq_map(int fd, bool write, gsize *size, GError **error)
{
	gsize whole = maq_dataspace_size(fd);
	void *address = mmap(
		NULL, whole, PROT_READ | (write ? PROT_WRITE : 0), MAP_SHARED, fd, 0);

	if (address == MAP_FAILED) {
		set_errno(error, "map", "shared memory");
		return NULL;
	}
	if (size)
		*size = whole;
	return address;
}

void maq_unmap(const void *mapping, gsize size)
{
	if (mapping)
		munmap((void *)mapping, size);
}
