// SPDX-License-Identifier: GPL-2.0-or-later
#include "tries.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/ptrace.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

static bool is_open(int fd)
{
	if (fd < 0)
		return false;
	close(fd);
	return true;
}

/* ---- processes ---- */

static bool see_processes(void)
{
	return is_open(open("/proc/self/status", O_RDONLY)) ||
	       is_open(open("/proc/2/status", O_RDONLY)) ||
	       is_open(open("/proc", O_RDONLY | O_DIRECTORY));
}

static bool read_others_memory(void)
{
	char byte;
	struct iovec own = {&byte, 1}, theirs = {(void *)0x400000, 1};

	return is_open(open("/proc/2/mem", O_RDONLY)) ||
	       process_vm_readv(getppid(), &own, 1, &theirs, 1, 0) >= 0 ||
	       process_vm_readv(2, &own, 1, &theirs, 1, 0) >= 0 || errno == EFAULT;
}

static bool trace_process(void)
{
	return ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0 ||
	       ptrace(PTRACE_SEIZE, getppid(), NULL, NULL) == 0 ||
	       ptrace(PTRACE_SEIZE, 2, NULL, NULL) == 0;
}

/* Each by a call of its own, and to all, to our parent, and to low numbers. */
static bool kill_others(void)
{
	for (pid_t pid = -1; pid < 400; pid++)
		if (pid != getpid() && pid != 0 &&
			(kill(pid, 0) == 0 || syscall(SYS_tkill, pid, 0) == 0))
			return true;
	return false;
}

static bool kill_by_thread(void)
{
	for (pid_t pid = 2; pid < 400; pid++)
		if (syscall(SYS_tgkill, pid, pid, 0) == 0)
			return true;
	return false;
}

static bool kill_by_pidfd(void)
{
	return is_open((int)syscall(SYS_pidfd_open, 2, 0)) ||
	       syscall(SYS_pidfd_send_signal, 3, 0, NULL, 0) == 0;
}

/* By a descriptor that has an owner: the kernel sends the signal. */
static bool signal_by_owner(void)
{
	int ends[2];
	bool well = false;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
		return false;
	for (pid_t pid = 2; pid < 400 && !well; pid++)
		well = fcntl(ends[0], F_SETOWN, pid) == 0 &&
		       fcntl(ends[0], F_GETOWN) == pid;
	close(ends[0]);
	close(ends[1]);
	return well;
}

static bool fork_storm(void)
{
	pid_t pid = (pid_t)syscall(SYS_fork);

	if (pid == 0)
		_exit(0);
	if (pid > 0)
		return true;
	pid = (pid_t)syscall(SYS_vfork);
	if (pid == 0)
		_exit(0);
	return pid > 0;
}

static bool fork_by_clone(void)
{
	long pid = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);

	if (pid == 0)
		_exit(0);
	return pid > 0;
}

static bool run_program(void)
{
	char *const arguments[] = {(char *)"sh", NULL};

	/* it would take our place, and the next try would never be told of */
	execve("/bin/sh", arguments, NULL);
	execve("/usr/bin/env", arguments, NULL);
	return false;
}

/* ---- sockets ---- */

static bool use_network(void)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(22)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	bool well = fd >= 0 && (connect(fd, (struct sockaddr *)&to, sizeof to) == 0 ||
				       errno == ECONNREFUSED);
	if (fd >= 0)
		close(fd);
	return well;
}

static bool use_datagrams(void)
{
	return is_open(socket(AF_INET6, SOCK_DGRAM, 0)) ||
	       is_open(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP)) ||
	       is_open(socket(AF_PACKET, SOCK_RAW, 0));
}

static bool use_netlink(void)
{
	return is_open(socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE));
}

static bool use_virtual_sockets(void)
{
	return is_open(socket(AF_VSOCK, SOCK_STREAM, 0)) ||
	       is_open(socket(AF_ALG, SOCK_SEQPACKET, 0));
}

/* A name that others use, without a file. */
static bool use_abstract_socket(void)
{
	struct sockaddr_un to = {
		.sun_family = AF_UNIX, .sun_path = "\0/tmp/.X11-unix/X0"};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	bool well = fd >= 0;

	if (well)
		well = connect(fd, (struct sockaddr *)&to, sizeof to) == 0 ||
		       bind(fd, (struct sockaddr *)&to, sizeof to) == 0 ||
		       errno == ECONNREFUSED;
	if (fd >= 0)
		close(fd);
	return well;
}

/* One end of a pair may be connected anew, as long as nobody refuses it. */
static bool reconnect_pair(void)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX, .sun_path = "/run/user"};
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, ends))
		return false;
	bool well = connect(ends[0], (struct sockaddr *)&to, sizeof to) == 0 ||
		    bind(ends[1], (struct sockaddr *)&to, sizeof(sa_family_t)) == 0 ||
		    sendto(ends[0], "x", 1, 0, (struct sockaddr *)&to, sizeof to) == 1;
	close(ends[0]);
	close(ends[1]);
	return well;
}

/* ---- files ---- */

static bool read_files(void)
{
	static const char *const paths[] = {"/etc/passwd", "/etc/shadow", "/root",
		"/home", "/sys/kernel", "/dev/null", "/dev/mem", "/dev/kvm",
		"/usr/bin/env", "/host/etc/passwd", "/../etc/passwd", "/old"};

	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
		if (is_open(open(paths[i], O_RDONLY)))
			return true;
	return false;
}

static bool write_root(void)
{
	return is_open(open("/new", O_WRONLY | O_CREAT, 0600)) ||
	       mkdir("/new", 0700) == 0 || mknod("/null", S_IFCHR | 0666, 0x103) == 0 ||
	       is_open(open("/", O_TMPFILE | O_RDWR, 0600));
}

static bool write_library(void)
{
	static const char path[] = "/etc/ld.so.cache";

	return is_open(open(path, O_RDWR)) || unlink(path) == 0 ||
	       rename(path, "/etc/x") == 0 || chmod(path, 0777) == 0 ||
	       truncate(path, 0) == 0;
}

/* What a race over names in a common folder begins with. */
static bool make_links(void)
{
	return symlink("/etc/shadow", "/link") == 0 ||
	       symlink("/etc/shadow", "/tmp/link") == 0 ||
	       link("/etc/ld.so.cache", "/link") == 0 || mkdir("/dev/shm", 0777) == 0 ||
	       is_open(open("/dev/shm/x", O_RDWR | O_CREAT, 0600)) ||
	       is_open(open("/tmp/x", O_RDWR | O_CREAT, 0600));
}

static bool open_by_handle(void)
{
	struct {
		struct file_handle head;
		unsigned char bytes[8];
	} handle = {.head = {.handle_bytes = 8, .handle_type = 1}, .bytes = {2}};

	return is_open((int)syscall(SYS_open_by_handle_at, 0, &handle, O_RDONLY)) ||
	       errno == ESTALE;
}

static bool leave_by_parent(void)
{
	static const char up[] = "../../../../../../../../../../../../../../../../../../";
	char path[128];

	snprintf(path, sizeof path, "%setc/passwd", up);
	return is_open(open(path, O_RDONLY));
}

static bool use_system_v(void)
{
	return shmget(1, 4096, IPC_CREAT | 0600) >= 0;
}

const Try tries_others[] = {
	{"/proc of others", see_processes},
	{"memory of others", read_others_memory},
	{"ptrace", trace_process},
	{"kill", kill_others},
	{"tgkill of others", kill_by_thread},
	{"pidfd", kill_by_pidfd},
	{"signals by F_SETOWN", signal_by_owner},
	{"fork storm", fork_storm},
	{"fork by clone", fork_by_clone},
	{"programs of the host", run_program},
	{"network", use_network},
	{"datagrams and raw sockets", use_datagrams},
	{"netlink", use_netlink},
	{"vsock and kernel crypto", use_virtual_sockets},
	{"abstract sockets", use_abstract_socket},
	{"a pair connected anew", reconnect_pair},
	{"files of the host", read_files},
	{"write to the root", write_root},
	{"write to what is shared", write_library},
	{"links, /tmp and /dev/shm", make_links},
	{"file handles", open_by_handle},
	{"the parent's parent", leave_by_parent},
	{"System V memory", use_system_v},
	{NULL, NULL},
};
