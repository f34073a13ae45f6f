// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * make_filters - writes the seccomp filters of all classes as C text, at build time
 *
 * A component's class lists what it may do; all else is answered with EPERM if it is
 * known to do harm, and with ENOSYS if not, on which a C library tries something older.
 * Host programs may do anything but what is known to do harm. docs/security.md says why
 * each is where it is.
 */
#include "zygote.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <asm/sockios.h>
#include <unistd.h>

#define NAMESPACES                                                                       \
	(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC |      \
		CLONE_NEWUTS | CLONE_NEWCGROUP | CLONE_NEWTIME)
#define LOW     0xffffffffu /* the kernel looks at no more of these arguments */
#define REFUSED SCMP_ACT_ERRNO(EPERM)

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x80
#endif

/* What a component is made of. */
static const char *const harmless[] = {"read", "write", "readv", "writev", "pread64",
	"pwrite64", "preadv", "pwritev", "preadv2", "pwritev2", "close", "close_range",
	"fstat", "newfstatat", "stat", "lstat", "statx", "statfs", "fstatfs", "access",
	"faccessat", "faccessat2", "open", "openat", "openat2", "readlink", "readlinkat",
	"getdents64", "getcwd", "chdir", "fchdir", "lseek", "fcntl", "dup", "dup2",
	"dup3", "pipe", "pipe2", "poll", "ppoll", "select", "pselect6", "epoll_create",
	"epoll_create1", "epoll_ctl", "epoll_wait", "epoll_pwait", "epoll_pwait2",
	"eventfd", "eventfd2", "timerfd_create", "timerfd_settime", "timerfd_gettime",
	"signalfd4", "inotify_init1", "inotify_add_watch", "inotify_rm_watch",
	"memfd_create", "ftruncate", "truncate", "fsync", "fdatasync", "flock", "unlink",
	"unlinkat", "rename", "renameat", "renameat2", "mkdir", "mkdirat", "rmdir",
	"umask", "fadvise64", "readahead", "copy_file_range", "sendfile", "mmap",
	"munmap", "mprotect", "mremap", "msync", "mlock", "mlock2", "munlock", "brk",
	"futex", "futex_waitv", "set_robust_list", "get_robust_list", "rseq",
	"membarrier", "sched_yield", "sched_getaffinity", "sched_getparam",
	"sched_getscheduler", "sched_getattr", "sched_get_priority_max",
	"sched_get_priority_min", "getpriority", "getcpu", "clock_gettime",
	"clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday", "time", "times",
	"getrusage", "getrlimit", "sysinfo", "uname", "getpid", "getppid", "gettid",
	"getuid", "geteuid", "getgid", "getegid", "getresuid", "getresgid", "getgroups",
	"getpgrp", "getpgid", "getsid", "getrandom", "arch_prctl", "capget",
	"set_tid_address", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn",
	"rt_sigpending", "rt_sigsuspend", "rt_sigtimedwait", "sigaltstack", "tgkill",
	"pause", "alarm", "setitimer", "getitimer", "timer_create", "timer_settime",
	"timer_gettime", "timer_getoverrun", "timer_delete", "exit", "exit_group",
	"restart_syscall", "sendmsg", "recvmsg", "sendto", "recvfrom", "sendmmsg",
	"recvmmsg", "shutdown", "getsockopt", "setsockopt", "getsockname", "getpeername",
	"accept", "accept4", "wait4", "waitid", "execveat", "clone", "ioctl", "fallocate",
	"madvise"};

/* Known to do harm: to others, to the kernel, or to the confinement. */
static const char *const harmful[] = {"mount", "umount2", "pivot_root", "chroot",
	"move_mount", "open_tree", "fsopen", "fsconfig", "fsmount", "fspick",
	"mount_setattr", "name_to_handle_at", "open_by_handle_at", "setns", "unshare",
	"bpf", "perf_event_open", "keyctl", "add_key", "request_key", "userfaultfd",
	"io_uring_setup", "io_uring_enter", "io_uring_register", "process_vm_readv",
	"process_vm_writev", "process_madvise", "kcmp", "pidfd_getfd", "init_module",
	"finit_module", "delete_module", "kexec_load", "kexec_file_load", "reboot",
	"swapon", "swapoff", "acct", "quotactl", "quotactl_fd", "syslog", "settimeofday",
	"clock_settime", "clock_adjtime", "adjtimex", "sethostname", "setdomainname",
	"iopl", "ioperm", "nfsservctl", "vhangup", "lookup_dcookie", "vmsplice",
	"fanotify_init", "move_pages", "migrate_pages", "mbind", "set_mempolicy",
	"modify_ldt", "uselib", "ustat", "sysfs", "_sysctl"};

/* Of those that host programs may do: for a component they would do harm as well. */
static const char *const foreign[] = {"socket", "connect", "bind", "listen", "kill",
	"tkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "pidfd_open",
	"pidfd_send_signal", "setrlimit", "fork", "vfork", "execve", "shmget", "shmat",
	"shmctl", "semget", "semop", "semctl", "msgget", "msgsnd", "msgrcv", "mq_open",
	"symlink", "symlinkat", "link", "linkat", "mknod", "mknodat", "chmod", "fchmod",
	"fchmodat", "chown", "fchown", "lchown", "fchownat", "setxattr", "fsetxattr",
	"lsetxattr", "setuid", "setgid", "setresuid", "setresgid", "setreuid", "setregid",
	"setgroups", "capset", "setpriority", "sched_setscheduler", "sched_setparam",
	"sched_setattr", "sched_setaffinity", "mlockall", "mincore", "remap_file_pages",
	"seccomp", "setsid", "setpgid", "sync", "syncfs", "ptrace"};

static void check(int status, const char *what)
{
	if (status) {
		fprintf(stderr, "make_filters: %s: %d\n", what, status);
		exit(1);
	}
}

/* Names that this machine, or this libseccomp, does not know are left out. */
static void add(scmp_filter_ctx filter, uint32_t action, const char *name)
{
	int number = seccomp_syscall_resolve_name(name);

	if (number >= 0)
		check(seccomp_rule_add(filter, action, number, 0), name);
}

#define ADD_ALL(filter, action, list)                                                    \
	do {                                                                             \
		for (size_t at = 0; at < sizeof(list) / sizeof *(list); at++)            \
			add(filter, action, (list)[at]);                                 \
	} while (0)

#define ADD_IF(filter, action, name, ...)                                                \
	check(seccomp_rule_add(filter, action, SCMP_SYS(name), 1, __VA_ARGS__), #name)

/* ---- what is refused, by its arguments or at all; the rest is left to the next ---- */

static void refuse_holes(scmp_filter_ctx filter)
{
	static const unsigned modes[] = {FALLOC_FL_PUNCH_HOLE, FALLOC_FL_COLLAPSE_RANGE,
		FALLOC_FL_ZERO_RANGE, FALLOC_FL_INSERT_RANGE};
	static const unsigned advice[] = {
		MADV_REMOVE, MADV_MERGEABLE, 100 /* HWPOISON */, 101 /* SOFT_OFFLINE */};

	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
		ADD_IF(filter, REFUSED, fallocate,
			SCMP_A1(SCMP_CMP_MASKED_EQ, modes[i], modes[i]));
	for (size_t i = 0; i < sizeof advice / sizeof *advice; i++)
		ADD_IF(filter, REFUSED, madvise,
			SCMP_A2(SCMP_CMP_MASKED_EQ, LOW, advice[i]));
}

/* Input for someone else's terminal. */
static void refuse_terminals(scmp_filter_ctx filter)
{
	static const unsigned requests[] = {
		TIOCSTI, TIOCCONS, TIOCSETD, 0x541c /* TIOCLINUX */};

	for (size_t i = 0; i < sizeof requests / sizeof *requests; i++)
		ADD_IF(filter, REFUSED, ioctl,
			SCMP_A1(SCMP_CMP_MASKED_EQ, LOW, requests[i]));
}

/* Families that no network namespace holds back, or that only few have looked at. */
static void refuse_families(scmp_filter_ctx filter)
{
	for (unsigned family = 0; family < AF_MAX; family++)
		if (family != AF_UNIX && family != AF_INET && family != AF_INET6 &&
			family != AF_NETLINK)
			ADD_IF(filter, REFUSED, socket,
				SCMP_A0(SCMP_CMP_MASKED_EQ, LOW, family));
}

/* The kernel would send signals in our name to whoever is said to own a descriptor. */
static void refuse_owners(scmp_filter_ctx filter)
{
	static const unsigned commands[] = {F_SETOWN, F_SETOWN_EX, F_SETSIG};
	static const unsigned requests[] = {FIOSETOWN, SIOCSPGRP};

	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		ADD_IF(filter, REFUSED, fcntl,
			SCMP_A1(SCMP_CMP_MASKED_EQ, LOW, commands[i]));
	for (size_t i = 0; i < sizeof requests / sizeof *requests; i++)
		ADD_IF(filter, REFUSED, ioctl,
			SCMP_A1(SCMP_CMP_MASKED_EQ, LOW, requests[i]));
}

static void refuse_processes(scmp_filter_ctx filter)
{
	ADD_IF(filter, REFUSED, clone, SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0));
}

static void refuse_namespaces(scmp_filter_ctx filter)
{
	for (unsigned bit = 0; bit < 32; bit++)
		if (NAMESPACES >> bit & 1)
			ADD_IF(filter, REFUSED, clone,
				SCMP_A0(SCMP_CMP_MASKED_EQ, 1u << bit, 1u << bit));
	/* its flags cannot be seen: libraries then use clone */
	add(filter, SCMP_ACT_ERRNO(ENOSYS), "clone3");
}

static scmp_filter_ctx make_refusals(ConfineClass which)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

	ADD_ALL(filter, REFUSED, harmful);
	refuse_holes(filter);
	refuse_terminals(filter);
	refuse_namespaces(filter);
	if (which == CONFINE_PROGRAM || which == CONFINE_SANITIZED) {
		refuse_families(filter);
	} else {
		refuse_processes(filter);
		refuse_owners(filter);
	}
	if (which == CONFINE_PROGRAM)
		add(filter, REFUSED, "ptrace");
	return filter;
}

/* ---- what is allowed ---- */

static void allow_by_argument(scmp_filter_ctx filter)
{
	static const unsigned options[] = {PR_SET_NAME, PR_GET_NAME, PR_GET_DUMPABLE,
		PR_GET_PDEATHSIG, PR_GET_SECCOMP, PR_GET_NO_NEW_PRIVS,
		PR_SET_NO_NEW_PRIVS, PR_CAPBSET_READ, PR_SET_TIMERSLACK,
		PR_GET_TIMERSLACK, PR_SET_VMA};

	for (size_t i = 0; i < sizeof options / sizeof *options; i++)
		ADD_IF(filter, SCMP_ACT_ALLOW, prctl,
			SCMP_A0(SCMP_CMP_MASKED_EQ, LOW, options[i]));
	/* questions: the personality, and limits */
	ADD_IF(filter, SCMP_ACT_ALLOW, personality,
		SCMP_A0(SCMP_CMP_MASKED_EQ, LOW, LOW));
	ADD_IF(filter, SCMP_ACT_ALLOW, prlimit64, SCMP_A2(SCMP_CMP_EQ, 0));
	ADD_IF(filter, SCMP_ACT_ALLOW, socketpair,
		SCMP_A0(SCMP_CMP_MASKED_EQ, LOW, AF_UNIX));
}

static scmp_filter_ctx make_list(ConfineClass which)
{
	scmp_filter_ctx filter;

	if (which == CONFINE_PROGRAM || which == CONFINE_SANITIZED)
		return seccomp_init(SCMP_ACT_ALLOW);
	filter = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
	ADD_ALL(filter, SCMP_ACT_ALLOW, harmless);
	allow_by_argument(filter);
	if (which == CONFINE_SCRIPT)
		add(filter, SCMP_ACT_ALLOW, "execve");
	if (which == CONFINE_LOCAL) {
		ADD_IF(filter, SCMP_ACT_ALLOW, socket,
			SCMP_A0(SCMP_CMP_MASKED_EQ, LOW, AF_UNIX));
		add(filter, SCMP_ACT_ALLOW, "connect");
	}
	for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
		bool taken = (which == CONFINE_SCRIPT && !strcmp(foreign[i], "execve")) ||
			     (which == CONFINE_LOCAL &&
				     (!strcmp(foreign[i], "socket") ||
					     !strcmp(foreign[i], "connect")));

		if (!taken)
			add(filter, REFUSED, foreign[i]);
	}
	return filter;
}

/* ---- as text ---- */

static size_t export_filter(scmp_filter_ctx filter, struct sock_filter *code, size_t max)
{
	int file = memfd_create("filter", MFD_CLOEXEC);

	/* a binary tree: the kernel asks it of every number when it is installed */
	check(seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2), "optimize");
	check(seccomp_export_bpf(filter, file), "export");
	seccomp_release(filter);
	ssize_t size = pread(file, code, max * sizeof *code, 0);
	close(file);
	if (size <= 0 || (size_t)size == max * sizeof *code)
		check(1, "too large");
	return (size_t)size / sizeof *code;
}

/* One after the other: where the first one allows, the second one begins. */
static size_t join(struct sock_filter *code, size_t first)
{
	for (size_t i = 0; i < first; i++)
		if (code[i].code == (BPF_RET | BPF_K) && code[i].k == SECCOMP_RET_ALLOW)
			code[i] = (struct sock_filter)BPF_STMT(
				BPF_JMP | BPF_JA, (unsigned)(first - i - 1));
	return first;
}

static void print_filter(ConfineClass which)
{
	static struct sock_filter code[8192];
	size_t first = export_filter(make_refusals(which), code, 4096);
	size_t size =
		join(code, first) + export_filter(make_list(which), code + first, 4096);

	if (size > BPF_MAXINSNS)
		check(1, "too large");
	printf("static const struct sock_filter filter_%u[] = {", which);
	for (size_t i = 0; i < size; i++)
		printf("%s{%u, %u, %u, %uu},", i % 4 ? " " : "\n\t", code[i].code,
			code[i].jt, code[i].jf, code[i].k);
	printf("\n};\n");
}

int main(void)
{
	printf("/* made by make_filters.c */\n#include <linux/filter.h>\n");
	for (unsigned which = 0; which < CONFINE_CLASSES; which++)
		print_filter(which);
	printf("static const struct {\n\tconst struct sock_filter *code;\n"
	       "\tunsigned short size;\n} filters[] = {\n");
	for (unsigned which = 0; which < CONFINE_CLASSES; which++)
		printf("\t{filter_%u, sizeof filter_%u / sizeof *filter_%u},\n", which,
			which, which);
	printf("};\n");
	return 0;
}
