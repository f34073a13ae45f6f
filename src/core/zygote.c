// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * zygote - where confined components come from
 *
 * Started by core alone, with a socket to it. Static and small, so that cloning it is
 * cheap. It lives in namespaces without network, without the host's IPC and names; all
 * components share these, as there is nothing in them. Users and processes are each
 * component's own. It has no part in what happens later: a component's parent is core.
 */
#include "zygote.h"

#include "zygote_view.h"

#include "filters.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <linux/seccomp.h>
#include <linux/securebits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define SHARED                                                                           \
	(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS |      \
		CLONE_NEWCGROUP)

static ZygoteRequest request; /* the last one */
static int received[ZYGOTE_FDS_MAX];
static unsigned n_received;
static uint32_t layers;
static uid_t user; /* in the namespace that all are made in */
static gid_t group;
static uid_t outer_user;
static gid_t outer_group;

/* ---- the new process ---- */

static _Noreturn void fail(const char *what)
{
	dprintf(2, "cannot be confined: %s: %s\n", what, strerror(errno));
	_exit(111);
}

static bool write_file(int folder, const char *path, const char *text)
{
	int file = openat(folder, path, O_WRONLY | O_CLOEXEC);
	bool well = file >= 0 && write(file, text, strlen(text)) > 0;

	if (file >= 0)
		close(file);
	return well;
}

/* One user and one group, who are those who run the scenario: for programs of the host,
 * which want to be somebody. */
static bool map_users(uid_t inner, uid_t from, gid_t inner_group, gid_t from_group)
{
	char text[64];

	if (!write_file(view_proc(), "self/setgroups", "deny"))
		return false;
	snprintf(text, sizeof text, "%u %u 1", inner, from);
	if (!write_file(view_proc(), "self/uid_map", text))
		return false;
	snprintf(text, sizeof text, "%u %u 1", inner_group, from_group);
	return write_file(view_proc(), "self/gid_map", text);
}

/* Groups come first: what is done next is on the component's account already. */
static void join_groups(void)
{
	for (unsigned i = 0; i < n_received; i++)
		if (request.target[i] == ZYGOTE_FD_GROUP &&
			write(received[i], "0", 1) < 0)
			fail("a control group");
}

static int high_copy(int fd)
{
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, VIEW_FIRST);

	if (copy < 0)
		fail("a descriptor");
	return copy;
}

/* Puts all where they belong; returns the program's. */
static int place_descriptors(void)
{
	int copies[ZYGOTE_FDS_MAX], program = -1;

	for (unsigned i = 0; i < n_received; i++)
		copies[i] = high_copy(received[i]);
	for (unsigned i = 0; i < n_received; i++) {
		if (request.target[i] == ZYGOTE_FD_PROGRAM)
			program = copies[i];
		else if (request.target[i] >= 0 && dup2(copies[i], request.target[i]) < 0)
			fail("a descriptor");
	}
	return program;
}

/* Of our own and of copies nothing is left after exec. */
static void close_others(void)
{
	unsigned end = 0;

	for (unsigned i = 0; i < n_received; i++)
		if (request.target[i] >= (int)end)
			end = (unsigned)request.target[i] + 1;
	for (unsigned number = 0; number < end; number++) {
		bool given = false;

		for (unsigned i = 0; i < n_received; i++)
			given = given || request.target[i] == (int)number;
		if (!given)
			fcntl((int)number, F_SETFD, FD_CLOEXEC);
	}
	syscall(SYS_close_range, end, ~0u, CLOSE_RANGE_CLOEXEC);
}

static bool drop_capabilities(void)
{
	struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
	struct __user_cap_data_struct none[2] = {{0}};

	/* user 0 of the namespace is to have no more than others, after exec, too */
	if (prctl(PR_SET_SECUREBITS, SECURE_ALL_BITS | SECURE_ALL_LOCKS, 0, 0, 0) &&
		geteuid() == 0)
		for (int capability = 0; capability < 64; capability++)
			prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
	return syscall(SYS_capset, &header, none) == 0;
}

static void install_filter(void)
{
	struct sock_fprog program = {filters[request.confine_class].size,
		(struct sock_filter *)filters[request.confine_class].code};

	if ((layers & ZYGOTE_SECCOMP) &&
		syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program))
		fail("seccomp");
}

static _Noreturn void execute(int program)
{
	char *arguments[256], *variables[256], *at = request.text;
	char magic[2] = "";

	for (unsigned i = 0; i < request.n_arguments; i++, at += strlen(at) + 1)
		arguments[i] = at;
	arguments[request.n_arguments] = NULL;
	for (unsigned i = 0; i < request.n_variables; i++, at += strlen(at) + 1)
		variables[i] = at;
	variables[request.n_variables] = NULL;
	bool is_script = pread(program, magic, 2, 0) == 2 && !memcmp(magic, "#!", 2);
	/* the interpreter is to find its script */
	if (is_script && !(layers & ZYGOTE_NAMESPACES))
		fcntl(program, F_SETFD, 0);
	install_filter();
	if (is_script && (layers & ZYGOTE_NAMESPACES))
		execve("/script", arguments, variables);
	syscall(SYS_execveat, program, "", arguments, variables, AT_EMPTY_PATH);
	fail("it cannot be executed");
}

/* Core may have died before it could take us with it. */
static void die_with_core(void)
{
	struct pollfd core = {.fd = ZYGOTE_SOCKET};

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (poll(&core, 1, 0) && (core.revents & (POLLHUP | POLLERR)))
		_exit(111);
}

/* Only the soft limit: core changes it while the component runs. */
static void limit_handles(void)
{
	struct rlimit limits;

	if (getrlimit(RLIMIT_NOFILE, &limits))
		return;
	if (request.handles < limits.rlim_max)
		limits.rlim_cur = request.handles;
	setrlimit(RLIMIT_NOFILE, &limits);
}

static _Noreturn void become(const View *view)
{
	static const struct rlimit none = {0, 0};
	const char *what = "";

	join_groups();
	die_with_core();
	setsid();
	int program = place_descriptors();
	close_others();
	/* without it there is nobody whom the component could be */
	if ((layers & ZYGOTE_NAMESPACES) && view_has_own(view)) {
		if (!map_users(outer_user, user, outer_group, group))
			fail("its user");
		if (!view_mount_own(view, &what))
			fail(what);
	}
	setrlimit(RLIMIT_CORE, &none);
	limit_handles();
	if (!drop_capabilities())
		fail("its capabilities");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		fail("no_new_privs");
	if (!view_restrict(view, program, request.confine_class))
		fail("Landlock");
	execute(program);
}

/* ---- requests ---- */

static void answer(int32_t value, int error, const char *what)
{
	ZygoteAnswer reply = {.value = value, .error = error};

	snprintf(reply.what, sizeof reply.what, "%s", what);
	send(ZYGOTE_SOCKET, &reply, sizeof reply, MSG_NOSIGNAL);
}

/* Not clone3: container engines refuse it. */
static pid_t clone_process(unsigned long flags)
{
	return (pid_t)syscall(SYS_clone, flags, 0, 0, 0, 0);
}

static void start(void)
{
	const View *view = view_get(request.view);
	unsigned long namespaces = 0;

	if (!view || request.confine_class >= CONFINE_CLASSES ||
		request.n_arguments > 255 || request.n_variables > 255) {
		answer(-1, EINVAL, "the request");
		return;
	}
	if (layers & ZYGOTE_NAMESPACES) {
		namespaces = CLONE_NEWUSER | CLONE_NEWPID;
		if (view_has_own(view))
			namespaces |= CLONE_NEWNS;
		if (setns(view->space, CLONE_NEWNS)) {
			answer(-1, errno, "its view");
			return;
		}
	}
	/* a sibling: core is its parent */
	pid_t pid = clone_process(CLONE_PARENT | namespaces);
	if (pid == 0)
		become(view);
	answer(pid, pid < 0 ? errno : 0, "a process");
}

static void make(void)
{
	const char *what = "";
	int number =
		view_make(request.text, request.size, layers & ZYGOTE_NAMESPACES, &what);

	answer(number, number < 0 ? errno : 0, what);
}

static void take_descriptors(struct msghdr *message)
{
	struct cmsghdr *header = CMSG_FIRSTHDR(message);

	n_received = 0;
	if (!header || header->cmsg_type != SCM_RIGHTS)
		return;
	n_received = (unsigned)((header->cmsg_len - CMSG_LEN(0)) / sizeof(int));
	memcpy(received, CMSG_DATA(header), n_received * sizeof(int));
}

/* False: core has gone. */
static bool serve(void)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof received)];
	struct iovec part = {&request, sizeof request};
	struct msghdr message = {.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof control};
	ssize_t size = recvmsg(ZYGOTE_SOCKET, &message, MSG_CMSG_CLOEXEC);

	if (size < 0 && errno == EINTR)
		return true;
	if (size <= 0)
		return false;
	take_descriptors(&message);
	if (request.kind == ZYGOTE_VIEW)
		make();
	else if (request.kind == ZYGOTE_START)
		start();
	else
		view_forget(request.view);
	for (unsigned i = 0; i < n_received; i++)
		close(received[i]);
	return true;
}

/* ---- the beginning ---- */

/* Whether users and processes can be had anew, as each component does. */
static bool try_clone(void)
{
	pid_t pid = clone_process(CLONE_NEWUSER | CLONE_NEWPID | SIGCHLD);
	int status = 1;

	if (pid == 0)
		_exit(!map_users(outer_user, user, outer_group, group));
	if (pid > 0 && waitpid(pid, &status, 0) == pid && status)
		errno = EPERM;
	return pid > 0 && status == 0;
}

static bool enter_namespaces(const char **what)
{
	int folder = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	char text[64];

	*what = "user namespaces";
	if (unshare(SHARED))
		return false;
	snprintf(text, sizeof text, "0 %u 1", outer_user);
	if (!write_file(folder, "self/setgroups", "deny") ||
		!write_file(folder, "self/uid_map", text))
		return false;
	snprintf(text, sizeof text, "0 %u 1", outer_group);
	if (!write_file(folder, "self/gid_map", text))
		return false;
	close(folder);
	user = 0;
	group = 0;
	if (!view_begin(what))
		return false;
	sethostname("maquette", 8);
	*what = "namespaces of processes";
	return try_clone();
}

static bool has_seccomp(void)
{
	uint32_t action = SECCOMP_RET_ERRNO;

	return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

/* In a process of its own: what has half succeeded cannot be taken back. */
static bool may_enter(const char **what, int *failure)
{
	static ZygoteAnswer found;
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return false;
	pid_t pid = fork();
	if (pid == 0) {
		static const char view[] = "r/etc\0/etc";
		const char *text = "";
		bool well = enter_namespaces(&text) &&
			    view_make(view, sizeof view, true, &text) >= 0;

		found.error = well ? 0 : errno;
		strncpy(found.what, text, sizeof found.what - 1);
		_exit(write(ends[1], &found, sizeof found) != sizeof found);
	}
	close(ends[1]);
	bool told = read(ends[0], &found, sizeof found) == sizeof found;
	close(ends[0]);
	waitpid(pid, NULL, 0);
	*what = found.what;
	*failure = told ? found.error : EPERM;
	return told && !found.error;
}

int main(int argc, char **argv)
{
	const char *what = "";
	int failure = 0;

	(void)argv;
	if (argc != 1 || prctl(PR_SET_PDEATHSIG, SIGKILL))
		return 100;
	syscall(SYS_close_range, ZYGOTE_SOCKET + 1, ~0u, 0);
	user = outer_user = getuid();
	group = outer_group = getgid();
	if (may_enter(&what, &failure) && enter_namespaces(&what))
		layers |= ZYGOTE_NAMESPACES;
	if (has_seccomp())
		layers |= ZYGOTE_SECCOMP;
	if (view_landlock())
		layers |= ZYGOTE_LANDLOCK;
	answer((int32_t)layers, failure, what);
	while (serve())
		;
	return 0;
}
