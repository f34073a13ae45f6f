// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * crash - the back trace of a component that dies by a signal, on its standard error
 *
 * First a line "#! signal N", then one for each frame, "#N MODULE+0xOFFSET": core knows
 * the files, and puts names to them (src/core/crash.c). MODULE is "program" or the path
 * of a library.
 *
 * The unwinder is linked into the program (-static-libgcc). The C library's backtrace()
 * would load it from a file, at each start: that has to be done before the crash.
 */
#include "parent.h"

#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <unwind.h>

#define FRAMES_MAX 40
#define STACK_SIZE 65536

typedef struct {
	void *list[FRAMES_MAX];
	int count;
} Frames;

static void *program_base;

static _Unwind_Reason_Code add_frame(struct _Unwind_Context *context, void *data)
{
	Frames *frames = data;

	if (frames->count == FRAMES_MAX)
		return _URC_END_OF_STACK;
	frames->list[frames->count++] = (void *)_Unwind_GetIP(context);
	return _URC_NO_REASON;
}

static void write_frame(int number, void *address)
{
	char line[512];
	Dl_info info = {0};
	const char *module = "?";
	size_t base = 0;

	if (dladdr(address, &info) && info.dli_fbase) {
		base = (size_t)info.dli_fbase;
		module = info.dli_fbase == program_base ? "program" : info.dli_fname;
	}
	int size = snprintf(line, sizeof line, "#%d %s+0x%zx\n", number, module,
		(size_t)address - base);
	if (size > 0 && write(2, line, MIN((size_t)size, sizeof line - 1)) < 0)
		return;
}

/* The first process of a namespace, as a confined component is, cannot end itself by
 * abort; but a fault ends it. Core takes the signal from the line written before. */
static _Noreturn void end_by_fault(void)
{
	struct sigaction plain = {.sa_handler = SIG_DFL};

	sigaction(SIGILL, &plain, NULL);
	__builtin_trap();
}

/* The frames of this handler and of the kernel's return from it are left out. */
static void crashed(int signal)
{
	Frames frames = {.count = 0};
	char line[32];
	int size = snprintf(line, sizeof line, "#! signal %d\n", signal);

	_Unwind_Backtrace(add_frame, &frames);
	if (write(2, line, (size_t)size) == size)
		for (int i = 2; i < frames.count; i++)
			write_frame(i - 2, frames.list[i]);
	if (signal == SIGABRT && getpid() == 1)
		end_by_fault();
	/* the handler was reset: the fault comes again, or abort goes on */
}

void maq_crash_install(void)
{
	static char stack[STACK_SIZE];
	/* the sanitizers tell of faults themselves, with more detail */
	static const int signals[] = {
		SIGABRT,
#ifndef MAQ_SANITIZED
		SIGSEGV,
		SIGBUS,
		SIGFPE,
		SIGILL,
#endif
	};
	stack_t alternative = {.ss_sp = stack, .ss_size = sizeof stack};
	struct sigaction action = {.sa_handler = crashed,
		.sa_flags = (int)(SA_RESETHAND | SA_ONSTACK | SA_NODEFER)};
	Dl_info info = {0};

	if (dladdr((void *)(size_t)&maq_crash_install, &info))
		program_base = info.dli_fbase;
#ifndef MAQ_SANITIZED
	sigaltstack(&alternative, NULL);
#else
	(void)alternative;
#endif
	for (gsize i = 0; i < G_N_ELEMENTS(signals); i++)
		sigaction(signals[i], &action, NULL);
}
