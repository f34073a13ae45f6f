// SPDX-License-Identifier: GPL-2.0-or-later
#include "confine.h"

#include <errno.h>
#include <fcntl.h>
#include <maq/env.h>
#include <maq/status.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define ALL        (ZYGOTE_NAMESPACES | ZYGOTE_SECCOMP | ZYGOTE_LANDLOCK)
#define VIEWS_KEPT 64
#define BRIEF_MAX  150 /* process.xml */

/* A view that the zygote keeps. */
typedef struct {
	GString *key; /* owned */
	int number;
} Kept;

struct Confine {
	int socket; /* owned */
	pid_t pid;
	unsigned layers; /* ZYGOTE_* */
	GPtrArray *kept; /* owned, of Kept; the last used one is last */
	char *text;      /* owned */
	char *brief;     /* owned: its beginning */
};

static void kept_free(gpointer data)
{
	Kept *kept = data;

	g_string_free(kept->key, TRUE);
	g_free(kept);
}

/* ---- the zygote ---- */

static char *zygote_path(void)
{
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *folder = g_path_get_dirname(self ? self : ".");

	return g_build_filename(folder, "maquette-zygote", NULL);
}

static _Noreturn void become_zygote(const char *path, int socket, pid_t core)
{
	char *const arguments[] = {(char *)"maquette-zygote", NULL};
	char *const nothing[] = {NULL};
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != core)
		_exit(111);
	/* not ended by what a terminal sends to core */
	setsid();
	if (socket == ZYGOTE_SOCKET)
		fcntl(socket, F_SETFD, 0);
	else
		dup2(socket, ZYGOTE_SOCKET);
	execve(path, arguments, nothing);
	_exit(111);
}

static bool receive(const Confine *confine, ZygoteAnswer *answer)
{
	ssize_t size;

	do
		size = recv(confine->socket, answer, sizeof *answer, 0);
	while (size < 0 && errno == EINTR);
	if (size == sizeof *answer)
		return true;
	errno = EPIPE;
	return false;
}

static void describe(Confine *confine, const ZygoteAnswer *answer)
{
	g_autoptr(GString) text = g_string_new("components are confined by");
	const char *comma = " ";
	static const struct {
		unsigned layer;
		const char *name;
	} names[] = {
		{ZYGOTE_NAMESPACES, "namespaces"},
		{ZYGOTE_SECCOMP, "seccomp"},
		{ZYGOTE_LANDLOCK, "Landlock"},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		if (!(confine->layers & names[i].layer))
			continue;
		g_string_append_printf(text, "%s%s", comma, names[i].name);
		comma = ", ";
	}
	g_string_append_printf(text, "%sno_new_privs", comma);
	if (!(confine->layers & ZYGOTE_NAMESPACES))
		g_string_append_printf(text,
			"; this machine forbids namespaces (%s: %s), and these layers "
			"stand alone: see docs/security.md",
			answer->what, g_strerror(answer->error));
	if (!(confine->layers & ZYGOTE_SECCOMP))
		g_string_append(text, "; this kernel has no seccomp");
	if (!(confine->layers & ZYGOTE_LANDLOCK))
		g_string_append(text,
			confine->layers & ZYGOTE_NAMESPACES
				? "; this kernel has no Landlock"
				: "; this kernel has no Landlock, so they may read the "
				  "host's files");
	confine->brief = g_strndup(text->str, BRIEF_MAX);
	confine->text = g_string_free(g_steal_pointer(&text), FALSE);
}

static bool start_zygote(Confine *confine, const char *zygote, GError **error)
{
	g_autofree char *path = zygote ? g_strdup(zygote) : zygote_path();
	pid_t core = getpid();
	int ends[2];
	int size = 1 << 18;
	ZygoteAnswer hello = {0};

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends)) {
		g_set_error(error, MAQ_ERROR, MAQ_FAILED, "no sockets: %s",
			g_strerror(errno));
		return false;
	}
	setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
	confine->socket = ends[0];
	confine->pid = fork();
	if (confine->pid == 0)
		become_zygote(path, ends[1], core);
	close(ends[1]);
	if (confine->pid < 0 || !receive(confine, &hello)) {
		g_set_error(error, MAQ_ERROR, MAQ_FAILED, "cannot start %s", path);
		return false;
	}
	confine->layers = (unsigned)hello.value;
	describe(confine, &hello);
	return true;
}

Confine *confine_new(const char *zygote, bool required, GError **error)
{
	Confine *confine = g_new0(Confine, 1);

	confine->socket = -1;
	confine->kept = g_ptr_array_new_with_free_func(kept_free);
	if (start_zygote(confine, zygote, error) && (!required || confine->layers == ALL))
		return confine;
	if (confine->text)
		g_set_error(error, MAQ_ERROR, MAQ_FAILED, "--require-confinement: %s",
			confine->text);
	confine_free(confine);
	return NULL;
}

void confine_free(Confine *confine)
{
	if (!confine)
		return;
	maq_clear_fd(&confine->socket);
	if (confine->pid > 0) {
		kill(confine->pid, SIGKILL);
		waitpid(confine->pid, NULL, 0);
	}
	g_ptr_array_unref(confine->kept);
	g_free(confine->text);
	g_free(confine->brief);
	g_free(confine);
}

bool confine_is_own(const Confine *confine, pid_t pid)
{
	return confine && confine->pid == pid;
}

const char *confine_level(const Confine *confine)
{
	return !confine || !confine->layers ? "none"
	       : confine->layers == ALL     ? "full"
					    : "partial";
}

const char *confine_text(const Confine *confine)
{
	return confine->text;
}

const char *confine_brief(const Confine *confine)
{
	return confine->brief;
}

/* ---- requests ---- */

static gsize request_size(const ZygoteRequest *request)
{
	return offsetof(ZygoteRequest, text) + request->size;
}

static bool send_request(
	const Confine *confine, ZygoteRequest *request, const ConfineFd *fds)
{
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int[ZYGOTE_FDS_MAX]))];
	} control = {0};
	struct iovec part = {request, request_size(request)};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
	int numbers[ZYGOTE_FDS_MAX] = {0};

	if (fds && request->n_fds) {
		for (unsigned i = 0; i < request->n_fds; i++) {
			numbers[i] = fds[i].fd;
			request->target[i] = fds[i].target;
		}
		message.msg_control = &control;
		message.msg_controllen = CMSG_SPACE(request->n_fds * sizeof(int));
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(request->n_fds * sizeof(int));
		memcpy(CMSG_DATA(&control.header), numbers, request->n_fds * sizeof(int));
	}
	return sendmsg(confine->socket, &message, MSG_NOSIGNAL) >= 0;
}

/* The value answered; negative: errno, and what. */
static int ask(Confine *confine, ZygoteRequest *request, const ConfineFd *fds,
	ZygoteAnswer *answer)
{
	if (!send_request(confine, request, fds) || !receive(confine, answer))
		return -1;
	if (answer->value < 0)
		errno = answer->error;
	return answer->value;
}

/* ---- views ---- */

static void forget_oldest(Confine *confine)
{
	g_autofree ZygoteRequest *request = g_new0(ZygoteRequest, 1);
	const Kept *kept = confine->kept->pdata[0];

	request->kind = ZYGOTE_FORGET;
	request->view = kept->number;
	send_request(confine, request, NULL);
	g_ptr_array_remove_index(confine->kept, 0);
}

static GString *key_of(const View *view)
{
	GString *key = g_string_new_len(view->text->str, (gssize)view->text->len);

	return g_string_append(key, view->identity->str);
}

static int make_view(Confine *confine, const View *view)
{
	g_autofree ZygoteRequest *request = g_new0(ZygoteRequest, 1);
	ZygoteAnswer answer = {0};

	if (view->text->len > sizeof request->text) {
		errno = E2BIG;
		return -1;
	}
	if (confine->kept->len >= VIEWS_KEPT)
		forget_oldest(confine);
	request->kind = ZYGOTE_VIEW;
	request->size = (guint32)view->text->len;
	memcpy(request->text, view->text->str, view->text->len);
	int number = ask(confine, request, NULL, &answer);
	if (number < 0) {
		g_warning("no view of the file system: %s: %s", answer.what,
			g_strerror(errno));
		return -1;
	}
	Kept *kept = g_new(Kept, 1);
	*kept = (Kept){key_of(view), number};
	g_ptr_array_add(confine->kept, kept);
	return number;
}

static int find_view(Confine *confine, const View *view)
{
	GString *key = key_of(view);
	int number = -1;

	for (guint i = 0; i < confine->kept->len && number < 0; i++) {
		Kept *kept = confine->kept->pdata[i];

		if (!g_string_equal(kept->key, key))
			continue;
		g_ptr_array_insert(
			confine->kept, -1, g_ptr_array_steal_index(confine->kept, i));
		number = kept->number;
	}
	g_string_free(key, TRUE);
	return number < 0 ? make_view(confine, view) : number;
}

/* ---- starts ---- */

static bool append(ZygoteRequest *request, char *const *list, guint32 *count)
{
	for (; list && *list; list++) {
		gsize size = strlen(*list) + 1;

		if (request->size + size > sizeof request->text)
			return false;
		memcpy(request->text + request->size, *list, size);
		request->size += (guint32)size;
		++*count;
	}
	return true;
}

pid_t confine_start(Confine *confine, const ConfineStart *start)
{
	g_autofree ZygoteRequest *request = g_new0(ZygoteRequest, 1);
	ZygoteAnswer answer = {0};

	request->kind = ZYGOTE_START;
	request->view = find_view(confine, start->view);
	if (request->view < 0)
		return -1;
	request->confine_class = start->view->class;
	request->n_fds = start->n_fds;
	request->handles = start->handles;
	if (start->n_fds > ZYGOTE_FDS_MAX ||
		!append(request, start->arguments, &request->n_arguments) ||
		!append(request, start->variables, &request->n_variables)) {
		errno = E2BIG;
		return -1;
	}
	return ask(confine, request, start->fds, &answer);
}
