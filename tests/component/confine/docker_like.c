// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * docker_like COMMAND... - runs a command with what a plain container leaves: the
 * capabilities and the system calls of Docker's default profile, as far as they matter
 *
 * No namespaces, no mounts. clone3 is not there: its flags could not be seen.
 */
#include <errno.h>
#include <linux/capability.h>
#include <sched.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define NAMESPACES                                                                       \
	(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC |      \
		CLONE_NEWUTS | CLONE_NEWCGROUP)

static const char *const refused[] = {"mount", "umount2", "pivot_root", "setns",
	"unshare", "open_tree", "move_mount", "fsopen", "fsconfig", "fsmount", "fspick",
	"mount_setattr", "bpf", "perf_event_open", "keyctl", "add_key", "request_key",
	"userfaultfd", "kexec_load", "init_module", "finit_module", "delete_module",
	"open_by_handle_at", "name_to_handle_at", "acct", "quotactl", "swapon", "swapoff",
	"reboot", "settimeofday", "clock_settime", "move_pages", "migrate_pages",
	"io_uring_setup", "io_uring_enter", "io_uring_register"};

/* Those that Docker leaves to root. */
static const int left[] = {CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_FSETID, CAP_FOWNER, CAP_MKNOD,
	CAP_NET_RAW, CAP_SETGID, CAP_SETUID, CAP_SETFCAP, CAP_SETPCAP,
	CAP_NET_BIND_SERVICE, CAP_SYS_CHROOT, CAP_KILL, CAP_AUDIT_WRITE};

static void drop_capabilities(void)
{
	for (int capability = 0; capability <= CAP_LAST_CAP; capability++) {
		int kept = 0;

		for (unsigned i = 0; i < sizeof left / sizeof *left; i++)
			kept = kept || left[i] == capability;
		if (!kept)
			prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
	}
}

static int install(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int status = 0;

	for (unsigned i = 0; i < sizeof refused / sizeof *refused; i++)
		status |= seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM),
			seccomp_syscall_resolve_name(refused[i]), 0);
	for (unsigned bit = 0; bit < 32; bit++)
		if (NAMESPACES >> bit & 1)
			status |= seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM),
				SCMP_SYS(clone), 1,
				SCMP_A0(SCMP_CMP_MASKED_EQ, 1u << bit, 1u << bit));
	status |= seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
	return status ? status : seccomp_load(filter);
}

int main(int argc, char **argv)
{
	drop_capabilities();
	if (argc < 2 || install()) {
		fprintf(stderr, "docker_like: no command, or no filter\n");
		return 111;
	}
	execvp(argv[1], argv + 1);
	fprintf(stderr, "docker_like: %s: %s\n", argv[1], strerror(errno));
	return 111;
}
