// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * wire - strings and descriptors in messages, and the checks of the latter
 */
#include <maq/status.h>
#include <maq/wire.h>

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

GQuark maq_error_quark(void)
{
	return g_quark_from_static_string("maq-error");
}

const char *maq_status_text(int status)
{
	static const char *const texts[] = {"ok", "gone", "timeout", "busy", "invalid",
		"unsupported", "out of RAM", "out of caps", "denied", "failed"};

	if (status <= 0 && (gsize)-status < G_N_ELEMENTS(texts))
		return texts[-status];
	g_autofree char *text = g_strdup_printf("outcome %d", status);
	return g_intern_string(text);
}

void maq_put_string(MaqWriter *w, const char *text, gsize max)
{
	gsize size = text ? strlen(text) : 0;

	w->ok = w->ok && text && size <= max && g_utf8_validate(text, (gssize)size, NULL);
	maq_put_u32(w, (guint32)size);
	if (w->ok)
		maq_put_block(w, text, size + 1, 1);
}

const char *maq_get_string(MaqReader *r, gsize max)
{
	gsize size = maq_get_u32(r);
	const char *text;

	r->ok = r->ok && size <= max;
	text = r->ok ? maq_get_room(r, size + 1, 1) : NULL;
	/* g_utf8_validate refuses a zero byte inside, too */
	if (!text || text[size] || !g_utf8_validate(text, (gssize)size, NULL)) {
		r->ok = false;
		return "";
	}
	return text;
}

void maq_put_fd(MaqWriter *w, int fd)
{
	if (fd < 0 || w->n_fds == MAQ_FDS_MAX)
		w->ok = false;
	if (w->ok)
		w->fds[w->n_fds++] = fd;
}

int maq_get_fd(MaqReader *r)
{
	if (!r->ok || r->fd >= r->n_fds) {
		r->ok = false;
		return -1;
	}
	return maq_steal_fd(&r->fds[r->fd++]);
}

static bool is_dataspace(int fd, const MaqDataspaceShape *shape)
{
	const int always = F_SEAL_SHRINK | F_SEAL_SEAL;
	int seals = fcntl(fd, F_GET_SEALS);
	struct stat info;
	struct statfs system;

	if (shape->write && seals >= 0 && (seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE)))
		return false;
	if (seals < 0 || (seals & always) != always ||
		((unsigned)seals & shape->seals) != shape->seals)
		return false;
	if (fstat(fd, &info) || info.st_size < 0 || fstatfs(fd, &system) ||
		system.f_type != TMPFS_MAGIC)
		return false;
	guint64 size = (guint64)info.st_size;
	/* allocated by its maker: else who reads it first would pay for it */
	if ((guint64)info.st_blocks * 512 < size)
		return false;
	return size >= shape->min_size && (!shape->max_size || size <= shape->max_size);
}

int maq_get_dataspace(MaqReader *r, const MaqDataspaceShape *shape)
{
	int fd = maq_get_fd(r);

	if (fd >= 0 && !is_dataspace(fd, shape)) {
		r->ok = false;
		maq_clear_fd(&fd);
	}
	return fd;
}

static bool is_channel(int fd)
{
	int domain = 0, type = 0;
	socklen_t size = sizeof domain;

	return getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 &&
	       domain == AF_UNIX &&
	       getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 &&
	       type == SOCK_SEQPACKET;
}

int maq_get_channel(MaqReader *r)
{
	int fd = maq_get_fd(r);

	if (fd >= 0 && !is_channel(fd)) {
		r->ok = false;
		maq_clear_fd(&fd);
	}
	return fd;
}

void maq_clear_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}
