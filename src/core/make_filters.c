// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * make_filters - writes the seccomp filters of all classes as C text, at build time
 *
 * A component's class lists what it may do, all else is refused. Host programs may do
 * anything but what is known to do harm. docs/security.md says why each is where it is.
 *
 * libseccomp knows the numbers. The code is ours: each start pays about 0.6 us for every
 * instruction, and as a search among ranges of numbers there are a quarter of them.
 */
#include "zygote.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <stddef.h>
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

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x80
#endif

/* What a component is made of. */
static const char *const harmless[] = {"read", "write", "readv", "writev", "pread64",
	"pwrite64", "preadv", "pwritev", "preadv2", "pwritev2", "close", "close_range",
	"fstat", "newfstatat", "stat", "lstat", "statx", "statfs", "fstatfs", "access",
	"faccessat", "faccessat2", "open", "openat", "openat2", "readlink", "readlinkat",
	"getdents64", "getcwd", "chdir", "fchdir", "lseek", "dup", "dup2", "dup3", "pipe",
	"pipe2", "poll", "ppoll", "select", "pselect6", "epoll_create", "epoll_create1",
	"epoll_ctl", "epoll_wait", "epoll_pwait", "epoll_pwait2", "eventfd", "eventfd2",
	"timerfd_create", "timerfd_settime", "timerfd_gettime", "signalfd4",
	"inotify_init1", "inotify_add_watch", "inotify_rm_watch", "memfd_create",
	"ftruncate", "truncate", "fsync", "fdatasync", "flock", "unlink", "unlinkat",
	"rename", "renameat", "renameat2", "mkdir", "mkdirat", "rmdir", "umask",
	"fadvise64", "readahead", "copy_file_range", "sendfile", "mmap", "munmap",
	"mprotect", "mremap", "msync", "mlock", "mlock2", "munlock", "brk", "futex",
	"futex_waitv", "set_robust_list", "get_robust_list", "rseq", "membarrier",
	"sched_yield", "sched_getaffinity", "sched_getparam", "sched_getscheduler",
	"sched_getattr", "sched_get_priority_max", "sched_get_priority_min",
	"getpriority", "getcpu", "clock_gettime", "clock_getres", "clock_nanosleep",
	"nanosleep", "gettimeofday", "time", "times", "getrusage", "getrlimit", "sysinfo",
	"uname", "getpid", "getppid", "gettid", "getuid", "geteuid", "getgid", "getegid",
	"getresuid", "getresgid", "getgroups", "getpgrp", "getpgid", "getsid",
	"getrandom", "arch_prctl", "capget", "set_tid_address", "rt_sigaction",
	"rt_sigprocmask", "rt_sigreturn", "rt_sigpending", "rt_sigsuspend",
	"rt_sigtimedwait", "sigaltstack", "tgkill", "pause", "alarm", "setitimer",
	"getitimer", "timer_create", "timer_settime", "timer_gettime", "timer_getoverrun",
	"timer_delete", "exit", "exit_group", "restart_syscall", "sendmsg", "recvmsg",
	"sendto", "recvfrom", "sendmmsg", "recvmmsg", "shutdown", "getsockopt",
	"setsockopt", "getsockname", "getpeername", "accept", "accept4", "wait4",
	"waitid", "execveat"};

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

#define NUMBERS    1024 /* of system calls: more than there are */
#define CODE_MAX   255  /* instructions: so far a jump can reach */
#define BLOCKS_MAX 24
#define RULES_MAX  16

/* What a call comes to: one of these, or the number of a block behind them. */
enum { ALLOW, REFUSE, UNKNOWN, OUTCOMES };

static void fail(const char *what)
{
	fprintf(stderr, "make_filters: %s\n", what);
	exit(1);
}

/* ---- calls whose arguments decide ---- */

/* Looks at the low half of one argument: the kernel looks at no more of them. The first
 * rule that fits decides. */
typedef struct {
	bool bits; /* any bit of value is set; else: equal to value */
	uint32_t value;
	int outcome;
} Rule;

typedef struct {
	unsigned argument;
	unsigned count;
	Rule rules[RULES_MAX];
	int otherwise;
	bool pointer; /* both halves: only 0 is allowed */
} Block;

static Block blocks[BLOCKS_MAX];
static unsigned n_blocks;
static int outcomes[NUMBERS];
static int highest;

static void set(const char *name, int outcome)
{
	int number = seccomp_syscall_resolve_name(name);

	/* names that this machine, or this libseccomp, does not know are left out */
	if (number < 0)
		return;
	if (number >= NUMBERS)
		fail(name);
	outcomes[number] = outcome;
}

#define SET_ALL(list, outcome)                                                           \
	do {                                                                             \
		for (size_t at = 0; at < sizeof(list) / sizeof *(list); at++)            \
			set((list)[at], outcome);                                        \
	} while (0)

static Block *add_block(const char *name, unsigned argument, int otherwise)
{
	Block *block = &blocks[n_blocks];

	if (n_blocks == BLOCKS_MAX)
		fail("too many blocks");
	*block = (Block){.argument = argument, .otherwise = otherwise};
	set(name, OUTCOMES + (int)n_blocks++);
	return block;
}

static void add_rule(Block *block, bool bits, uint32_t value, int outcome)
{
	if (block->count == RULES_MAX)
		fail("too many rules");
	block->rules[block->count++] = (Rule){bits, value, outcome};
}

static void add_values(Block *block, const unsigned *values, size_t n, int outcome)
{
	for (size_t i = 0; i < n; i++)
		add_rule(block, false, values[i], outcome);
}

#define ADD_VALUES(block, outcome, ...)                                                  \
	add_values(block, (const unsigned[]){__VA_ARGS__},                               \
		sizeof((const unsigned[]){__VA_ARGS__}) / sizeof(unsigned), outcome)

/* Memory that is shared is nobody's to make holes into; pages of others are not to be
 * told from ours. */
static void check_memory(void)
{
	Block *block = add_block("fallocate", 1, ALLOW);

	add_rule(block, true,
		FALLOC_FL_PUNCH_HOLE | FALLOC_FL_COLLAPSE_RANGE | FALLOC_FL_ZERO_RANGE |
			FALLOC_FL_INSERT_RANGE,
		REFUSE);
	block = add_block("madvise", 2, ALLOW);
	ADD_VALUES(block, REFUSE, MADV_REMOVE, MADV_MERGEABLE, 100 /* HWPOISON */,
		101 /* SOFT_OFFLINE */);
}

/* A process is made by clone, whose flags can be seen, or not at all. */
static void check_clone(bool processes)
{
	Block *block = add_block("clone", 0, processes ? ALLOW : REFUSE);

	add_rule(block, true, NAMESPACES, REFUSE);
	if (!processes)
		add_rule(block, true, CLONE_THREAD, ALLOW);
	set("clone3", UNKNOWN); /* libraries then use clone */
}

/* Terminals are nobody's to type at; and the kernel is not to send signals in our name to
 * whoever is said to own a descriptor. */
static void check_devices(bool owners)
{
	Block *block = add_block("ioctl", 1, ALLOW);

	ADD_VALUES(block, REFUSE, TIOCSTI, TIOCCONS, TIOCSETD, 0x541c /* TIOCLINUX */);
	if (owners)
		return;
	ADD_VALUES(block, REFUSE, FIOSETOWN, SIOCSPGRP);
	ADD_VALUES(add_block("fcntl", 1, ALLOW), REFUSE, F_SETOWN, F_SETOWN_EX, F_SETSIG);
}

/* Questions, and what concerns the caller's threads alone. */
static void check_settings(void)
{
	Block *block = add_block("prctl", 0, REFUSE);

	ADD_VALUES(block, ALLOW, PR_SET_NAME, PR_GET_NAME, PR_SET_VMA, PR_GET_DUMPABLE,
		PR_GET_PDEATHSIG, PR_GET_SECCOMP, PR_GET_NO_NEW_PRIVS,
		PR_SET_NO_NEW_PRIVS, PR_CAPBSET_READ, PR_SET_TIMERSLACK,
		PR_GET_TIMERSLACK);
	ADD_VALUES(add_block("personality", 0, REFUSE), ALLOW, 0xffffffffu);
	add_block("prlimit64", 2, REFUSE)->pointer = true;
	ADD_VALUES(add_block("socketpair", 0, REFUSE), ALLOW, AF_UNIX);
}

/* ---- classes ---- */

static void make_component(ConfineClass which)
{
	for (int number = 0; number < NUMBERS; number++)
		outcomes[number] = REFUSE;
	SET_ALL(harmless, ALLOW);
	check_memory();
	check_clone(false);
	check_devices(false);
	check_settings();
	if (which == CONFINE_SCRIPT)
		set("execve", ALLOW);
	if (which == CONFINE_LOCAL) {
		set("mincore", ALLOW); /* Mesa asks whether a pointer is one */
		ADD_VALUES(add_block("socket", 0, REFUSE), ALLOW, AF_UNIX);
		set("connect", ALLOW);
	}
}

/* No families of sockets that no network namespace holds back. */
static void make_program(ConfineClass which)
{
	for (int number = 0; number < NUMBERS; number++)
		outcomes[number] = ALLOW;
	SET_ALL(harmful, REFUSE);
	check_memory();
	check_clone(true);
	check_devices(true);
	ADD_VALUES(add_block("socket", 0, REFUSE), ALLOW, AF_UNIX, AF_INET, AF_INET6,
		AF_NETLINK);
	if (which == CONFINE_PROGRAM)
		set("ptrace", REFUSE);
}

/* What is newer than this list is answered as by an older kernel. */
static void find_highest(void)
{
	highest = 0;
	for (int number = 0; number < NUMBERS; number++) {
		char *name =
			seccomp_syscall_resolve_num_arch(seccomp_arch_native(), number);

		if (name)
			highest = number;
		free(name);
	}
	for (int number = highest + 1; number < NUMBERS; number++)
		outcomes[number] = UNKNOWN;
}

/* ---- code ---- */

static struct sock_filter code[CODE_MAX + 1];
static unsigned size;
static int starts[NUMBERS]; /* of ranges with one outcome */
static unsigned n_ranges;
/* Jumps to be set when it is known where an outcome's code is. */
static struct {
	unsigned at;
	bool otherwise;
	int outcome;
} jumps[2 * CODE_MAX];
static unsigned n_jumps;

static unsigned emit(unsigned short operation, uint32_t value)
{
	if (size == CODE_MAX)
		fail("too much code");
	code[size] = (struct sock_filter)BPF_STMT(operation, value);
	return size++;
}

static void jump_to(unsigned at, bool otherwise, int outcome)
{
	jumps[n_jumps].at = at;
	jumps[n_jumps].otherwise = otherwise;
	jumps[n_jumps++].outcome = outcome;
}

static void find_ranges(void)
{
	n_ranges = 0;
	for (int number = 0; number < NUMBERS; number++)
		if (number == 0 || outcomes[number] != outcomes[number - 1])
			starts[n_ranges++] = number;
}

static void emit_search(unsigned first, unsigned last);

/* One side of a comparison: further ones, or an outcome. */
static void emit_side(unsigned at, bool otherwise, unsigned first, unsigned last)
{
	if (first == last) {
		jump_to(at, otherwise, outcomes[starts[first]]);
		return;
	}
	if (otherwise)
		code[at].jf = (unsigned char)(size - at - 1);
	else
		code[at].jt = (unsigned char)(size - at - 1);
	emit_search(first, last);
}

static void emit_search(unsigned first, unsigned last)
{
	unsigned middle = (first + last + 1) / 2;
	unsigned at = emit(BPF_JMP | BPF_JGE | BPF_K, (uint32_t)starts[middle]);

	emit_side(at, false, middle, last);
	emit_side(at, true, first, middle - 1);
}

static uint32_t offset_of(unsigned argument, bool high)
{
	bool big = *(const unsigned short *)"\0\1" == 1;

	return (uint32_t)(offsetof(struct seccomp_data, args) + argument * 8 +
			  (high != big ? 4 : 0));
}

static void emit_block(const Block *block)
{
	unsigned at = emit(BPF_LD | BPF_W | BPF_ABS, offset_of(block->argument, false));

	if (block->pointer) {
		at = emit(BPF_JMP | BPF_JEQ | BPF_K, 0);
		jump_to(at, true, REFUSE);
		emit(BPF_LD | BPF_W | BPF_ABS, offset_of(block->argument, true));
		at = emit(BPF_JMP | BPF_JEQ | BPF_K, 0);
		jump_to(at, false, ALLOW);
		jump_to(at, true, REFUSE);
		return;
	}
	for (unsigned i = 0; i < block->count; i++) {
		const Rule *rule = &block->rules[i];

		at = emit((unsigned short)(BPF_JMP | BPF_K |
					   (rule->bits ? BPF_JSET : BPF_JEQ)),
			rule->value);
		jump_to(at, false, rule->outcome);
	}
	jump_to(at, true, block->otherwise);
}

static void resolve_jumps(const unsigned *places)
{
	for (unsigned i = 0; i < n_jumps; i++) {
		unsigned distance = places[jumps[i].outcome] - jumps[i].at - 1;

		if (distance > 255)
			fail("too far to jump");
		if (jumps[i].otherwise)
			code[jumps[i].at].jf = (unsigned char)distance;
		else
			code[jumps[i].at].jt = (unsigned char)distance;
	}
}

static void make_code(void)
{
	unsigned places[OUTCOMES + BLOCKS_MAX];

	size = n_jumps = 0;
	emit(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
	unsigned arch = emit(BPF_JMP | BPF_JEQ | BPF_K, seccomp_arch_native());
	jump_to(arch, true, UNKNOWN);
	emit(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
	find_ranges();
	emit_search(0, n_ranges - 1);
	for (unsigned i = 0; i < n_blocks; i++) {
		places[OUTCOMES + i] = size;
		emit_block(&blocks[i]);
	}
	places[ALLOW] = emit(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	places[REFUSE] = emit(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
	places[UNKNOWN] = emit(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS);
	resolve_jumps(places);
}

static void print_filter(ConfineClass which)
{
	n_blocks = 0;
	if (which == CONFINE_PROGRAM || which == CONFINE_SANITIZED)
		make_program(which);
	else
		make_component(which);
	find_highest();
	make_code();
	printf("static const struct sock_filter filter_%d[] = {", (int)which);
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
