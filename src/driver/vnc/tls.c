// SPDX-License-Identifier: GPL-2.0-or-later
#include "tls.h"
#include "thread.h"

#include <errno.h>
#include <fcntl.h>
#include <gnutls/gnutls.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HANDSHAKE_MS 10000
#define FLUSH_MS     10000 /* for the last bytes, when the inner side has closed */
#define PART         16384 /* bytes: what one record holds */

struct Tls {
	gnutls_anon_server_credentials_t anonymous;
	gnutls_certificate_credentials_t certificate; /* NULL: none */
};

typedef struct {
	guint8 bytes[PART];
	gsize begin, end;
} Part;

struct Tunnel {
	gnutls_session_t session;
	int socket; /* borrowed */
	int inner;  /* owned: our end of the pair */
	GThread *thread;
	Part in, out; /* towards the inner side, towards the viewer */
};

/* ---- what all share ---- */

static bool use_certificate(
	Tls *tls, const char *certificate, const char *key, GError **error)
{
	gnutls_datum_t cert = {
		(unsigned char *)certificate, (unsigned)strlen(certificate)};
	gnutls_datum_t secret = {(unsigned char *)key, (unsigned)strlen(key)};
	int status;

	gnutls_certificate_allocate_credentials(&tls->certificate);
	status = gnutls_certificate_set_x509_key_mem(
		tls->certificate, &cert, &secret, GNUTLS_X509_FMT_PEM);
	if (status < 0) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
			"certificate and key cannot be used: %s",
			gnutls_strerror(status));
		return false;
	}
	gnutls_certificate_set_known_dh_params(tls->certificate, GNUTLS_SEC_PARAM_MEDIUM);
	return true;
}

Tls *tls_new(const char *certificate, const char *key, GError **error)
{
	Tls *tls = g_new0(Tls, 1);

	gnutls_anon_allocate_server_credentials(&tls->anonymous);
	gnutls_anon_set_server_known_dh_params(tls->anonymous, GNUTLS_SEC_PARAM_MEDIUM);
	if (certificate && key && !use_certificate(tls, certificate, key, error)) {
		tls_free(tls);
		return NULL;
	}
	return tls;
}

void tls_free(Tls *tls)
{
	if (!tls)
		return;
	gnutls_anon_free_server_credentials(tls->anonymous);
	if (tls->certificate)
		gnutls_certificate_free_credentials(tls->certificate);
	g_free(tls);
}

bool tls_has_certificate(const Tls *tls)
{
	return tls->certificate != NULL;
}

/* ---- a connection ---- */

static gnutls_session_t open_session(Tls *tls, int socket, bool anonymous)
{
	/* there is no key exchange without a certificate in TLS 1.3 */
	static const char anonymous_only[] =
		"NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+ANON-ECDH:+ANON-DH";
	gnutls_session_t session;

	if (gnutls_init(&session, GNUTLS_SERVER | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL) < 0)
		return NULL;
	gnutls_priority_set_direct(session, anonymous ? anonymous_only : "NORMAL", NULL);
	if (anonymous)
		gnutls_credentials_set(session, GNUTLS_CRD_ANON, tls->anonymous);
	else
		gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, tls->certificate);
	gnutls_transport_set_int(session, socket);
	return session;
}

/* The whole handshake has a time to be over, so that no byte now and then prolongs it. */
static int shake_hands(gnutls_session_t session, int socket)
{
	gint64 until = g_get_monotonic_time() + HANDSHAKE_MS * 1000;
	int status;

	while ((status = gnutls_handshake(session)) < 0 &&
		!gnutls_error_is_fatal(status)) {
		gint64 left = until - g_get_monotonic_time();
		bool writes = gnutls_record_get_direction(session);
		struct pollfd fd = {socket, writes ? POLLOUT : POLLIN, 0};

		if (left <= 0)
			return GNUTLS_E_TIMEDOUT;
		if (status == GNUTLS_E_AGAIN)
			poll(&fd, 1, (int)(left / 1000) + 1);
	}
	return status;
}

/* False: this side has ended. */
static bool take_from_viewer(Tunnel *tunnel)
{
	Part *part = &tunnel->in;
	ssize_t got = gnutls_record_recv(tunnel->session, part->bytes, PART);

	part->begin = 0;
	part->end = got > 0 ? (gsize)got : 0;
	return got > 0 || (got < 0 && !gnutls_error_is_fatal((int)got));
}

static bool give_to_viewer(Tunnel *tunnel)
{
	Part *part = &tunnel->out;
	ssize_t sent = gnutls_record_send(
		tunnel->session, part->bytes + part->begin, part->end - part->begin);

	if (sent > 0)
		part->begin += (gsize)sent;
	return sent >= 0 || !gnutls_error_is_fatal((int)sent);
}

static bool take_from_inner(Tunnel *tunnel)
{
	ssize_t got = recv(tunnel->inner, tunnel->out.bytes, PART, MSG_DONTWAIT);

	tunnel->out.begin = 0;
	tunnel->out.end = got > 0 ? (gsize)got : 0;
	return got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR));
}

static bool give_to_inner(Tunnel *tunnel)
{
	Part *part = &tunnel->in;
	ssize_t sent = send(tunnel->inner, part->bytes + part->begin,
		part->end - part->begin, MSG_DONTWAIT | MSG_NOSIGNAL);

	if (sent > 0)
		part->begin += (gsize)sent;
	return sent > 0 || errno == EAGAIN || errno == EINTR;
}

static bool empty(const Part *part)
{
	return part->begin == part->end;
}

/* One round: waits, and moves what can be moved. False: it is over. */
static bool carry(Tunnel *tunnel)
{
	bool full_in = !empty(&tunnel->in), full_out = !empty(&tunnel->out);
	bool pending = !full_in && gnutls_record_check_pending(tunnel->session);
	/* with nothing to do there, a viewer that has gone would keep poll() from waiting
	 */
	int socket = full_in && !full_out ? -1 : tunnel->socket;
	struct pollfd fds[] = {
		{socket, (full_in ? 0 : POLLIN) | (full_out ? POLLOUT : 0), 0},
		{tunnel->inner, (full_in ? POLLOUT : 0) | (full_out ? 0 : POLLIN), 0},
	};

	if (!pending && poll(fds, G_N_ELEMENTS(fds), -1) < 0)
		return errno == EINTR;
	if (full_in && (fds[1].revents & (POLLOUT | POLLERR)) && !give_to_inner(tunnel))
		return false;
	if (!full_in && (pending || fds[0].revents & ~POLLOUT) &&
		!take_from_viewer(tunnel))
		return false;
	if (!full_out && fds[1].revents & (POLLIN | POLLHUP) && !take_from_inner(tunnel))
		return false;
	if (!full_out && empty(&tunnel->out))
		return true;
	if ((fds[0].revents & (POLLERR | POLLHUP)) && full_out)
		return false;
	/* what was just taken is sent at once */
	if ((!full_out || fds[0].revents & POLLOUT) && !give_to_viewer(tunnel))
		return false;
	/* the inner side is gone and the viewer does not read: it gets its time */
	if (full_out && fds[1].revents & POLLHUP && !(fds[0].revents & POLLOUT)) {
		struct pollfd fd = {tunnel->socket, POLLOUT, 0};

		return poll(&fd, 1, FLUSH_MS) > 0;
	}
	return true;
}

static gpointer run(gpointer data)
{
	Tunnel *tunnel = data;

	thread_quiet();
	while (carry(tunnel))
		;
	gnutls_bye(tunnel->session, GNUTLS_SHUT_WR);
	shutdown(tunnel->inner, SHUT_RDWR);
	return NULL;
}

static bool set_nonblocking(int socket)
{
	int flags = fcntl(socket, F_GETFL);

	return flags >= 0 && fcntl(socket, F_SETFL, flags | O_NONBLOCK) == 0;
}

Tunnel *tls_accept(Tls *tls, int socket, bool anonymous, int *inner, GError **error)
{
	gnutls_session_t session = NULL;
	int pair[2], status = GNUTLS_E_INTERNAL_ERROR;

	if (set_nonblocking(socket))
		session = open_session(tls, socket, anonymous);
	if (session)
		status = shake_hands(session, socket);
	if (status >= 0 && socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		status = GNUTLS_E_INTERNAL_ERROR;
	if (status < 0) {
		if (session)
			gnutls_deinit(session);
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "TLS: %s",
			gnutls_strerror(status));
		return NULL;
	}
	Tunnel *tunnel = g_new0(Tunnel, 1);
	tunnel->session = session;
	tunnel->socket = socket;
	tunnel->inner = pair[0];
	tunnel->thread = g_thread_try_new("tls", run, tunnel, error);
	if (!tunnel->thread) {
		gnutls_deinit(session);
		close(pair[0]);
		close(pair[1]);
		g_free(tunnel);
		return NULL;
	}
	*inner = pair[1];
	return tunnel;
}

void tunnel_free(Tunnel *tunnel)
{
	if (!tunnel)
		return;
	g_thread_join(tunnel->thread);
	gnutls_deinit(tunnel->session);
	close(tunnel->inner);
	g_free(tunnel);
}
