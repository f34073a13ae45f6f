// SPDX-License-Identifier: GPL-2.0-or-later
#include "tries.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/io_uring.h>
#include <linux/keyctl.h>
#include <linux/perf_event.h>
#include <linux/sched.h>
#include <sched.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool is_open(long fd)
{
	if (fd < 0)
		return false;
	close((int)fd);
	return true;
}

static bool mount_something(void)
{
	return mount("none", "/", "tmpfs", 0, NULL) == 0 ||
	       mount("/", "/etc", NULL, MS_BIND, NULL) == 0;
}

static bool make_writable(void)
{
	return mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND, NULL) == 0;
}

static bool uncover(void)
{
	return umount2("/etc", MNT_DETACH) == 0 || umount2("/", MNT_DETACH) == 0;
}

static bool open_tree_of_root(void)
{
	return is_open(syscall(SYS_open_tree, AT_FDCWD, "/", 1));
}

static bool leave_root(void)
{
	return chroot("/etc") == 0 || syscall(SYS_pivot_root, "/", "/etc") == 0;
}

static bool new_users(void)
{
	return unshare(CLONE_NEWUSER) == 0;
}

static bool new_everything(void)
{
	return unshare(CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWPID) == 0;
}

/* The filter cannot see these flags: it must not let the call pass at all. */
static bool new_users_unseen(void)
{
	struct clone_args how = {.flags = CLONE_NEWUSER | CLONE_NEWNS, .exit_signal = 17};
	long pid = syscall(SYS_clone3, &how, sizeof how);

	if (pid == 0)
		_exit(0);
	return pid > 0;
}

static bool enter_namespace(void)
{
	return setns(0, 0) == 0 || errno == EINVAL; /* EINVAL: it was looked at */
}

static bool take_capabilities(void)
{
	struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
	struct __user_cap_data_struct all[2] = {{~0u, ~0u, ~0u}, {~0u, ~0u, ~0u}};

	return syscall(SYS_capset, &header, all) == 0;
}

static bool become_another(void)
{
	return syscall(SYS_setuid, 1) == 0 || syscall(SYS_setresgid, 1, 1, 1) == 0;
}

static bool allow_privileges(void)
{
	return prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0) == 0 ||
	       prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1;
}

static bool use_keys(void)
{
	return syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 1) >=
		       0 ||
	       syscall(SYS_add_key, "user", "x", "y", 1, KEY_SPEC_PROCESS_KEYRING) >= 0;
}

static bool use_io_uring(void)
{
	struct io_uring_params parameters = {0};

	return is_open(syscall(SYS_io_uring_setup, 4, &parameters));
}

static bool use_bpf(void)
{
	union bpf_attr attributes = {.map_type = BPF_MAP_TYPE_ARRAY,
		.key_size = 4,
		.value_size = 4,
		.max_entries = 1};

	return is_open(syscall(SYS_bpf, BPF_MAP_CREATE, &attributes, sizeof attributes));
}

static bool use_perf(void)
{
	struct perf_event_attr attributes = {.type = PERF_TYPE_SOFTWARE,
		.size = sizeof attributes,
		.config = PERF_COUNT_SW_TASK_CLOCK};

	return is_open(syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0));
}

static bool use_userfaultfd(void)
{
	return is_open(syscall(SYS_userfaultfd, O_CLOEXEC));
}

static bool load_module(void)
{
	return syscall(SYS_finit_module, 0, "", 0) == 0 || errno == ENOEXEC;
}

static bool reboot_machine(void)
{
	return syscall(SYS_reboot, 0, 0, 0, NULL) == 0 || errno == EINVAL;
}

static bool read_kernel_log(void)
{
	char text[16];

	return syscall(SYS_syslog, 3, text, sizeof text) >= 0;
}

static bool raise_limit(void)
{
	struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY}, old;

	return setrlimit(RLIMIT_CORE, &limit) == 0 ||
	       syscall(SYS_prlimit64, 0, RLIMIT_CORE, &limit, &old) == 0 ||
	       syscall(SYS_setrlimit, RLIMIT_NOFILE, &limit) == 0;
}

/* Input for whoever reads the terminal. */
static bool type_at_terminal(void)
{
	char key = 'x';

	/* ENOTTY: it was looked at */
	return ioctl(0, TIOCSTI, &key) == 0 || errno == ENOTTY;
}

const Try tries_kernel[] = {
	{"mount", mount_something},
	{"remount writable", make_writable},
	{"umount", uncover},
	{"open_tree", open_tree_of_root},
	{"chroot and pivot_root", leave_root},
	{"new user namespace", new_users},
	{"new namespaces", new_everything},
	{"new namespaces by clone3", new_users_unseen},
	{"setns", enter_namespace},
	{"capset", take_capabilities},
	{"setuid", become_another},
	{"no_new_privs taken back", allow_privileges},
	{"keyctl", use_keys},
	{"io_uring", use_io_uring},
	{"bpf", use_bpf},
	{"perf_event_open", use_perf},
	{"userfaultfd", use_userfaultfd},
	{"kernel module", load_module},
	{"reboot", reboot_machine},
	{"kernel log", read_kernel_log},
	{"setrlimit", raise_limit},
	{"TIOCSTI", type_at_terminal},
	{NULL, NULL},
};
