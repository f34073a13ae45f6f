// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * thread - what all threads beside the component's own begin with
 */
#ifndef VNC_THREAD_H
#define VNC_THREAD_H

#include <pthread.h>
#include <signal.h>

/* No signals here, SIGPIPE above all, but those that tell of a fault of this thread. */
static inline void thread_quiet(void)
{
	sigset_t set;

	sigfillset(&set);
	sigdelset(&set, SIGSEGV);
	sigdelset(&set, SIGBUS);
	sigdelset(&set, SIGFPE);
	sigdelset(&set, SIGILL);
	sigdelset(&set, SIGABRT);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
}

#endif
