// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * harness - one server, one client that sends what the fuzzer wants
 *
 * An input is a row of packets: u16 opcode (0: a signal), u16 size, u8 flags (bits 0 to
 * 2: number of descriptors, bit 7: answer a deferred call first), 4 u8 descriptors (bits
 * 0 and 1: 0 dataspace, 1 dataspace sealed against writing, 2 channel, 3 file; above:
 * pages of 4096 byte), u8 unused, size bytes of parameters.
 */
#ifndef DISPATCH_HARNESS_H
#define DISPATCH_HARNESS_H

#include <maq/session.h>

typedef void (*DispatchAnswer)(MaqCall *call);

/* Serves one input through a real session; always 0. */
int dispatch_input(
	const MaqSkeleton *skeleton, const void *table, const guint8 *data, gsize size);

/* For ops: reads every byte, so that a sanitizer sees what is not there. */
void dispatch_touch(const void *data, gsize size);
/* Ends the program if text is longer than max or no UTF-8. */
void dispatch_touch_string(const char *text, gsize max);
/* Ends the program if fd is not open; -1 is fine if optional. */
void dispatch_touch_fd(int fd, bool optional);
/* Answers call later: before some packet, or when the client has gone. */
void dispatch_defer(MaqCall *call, DispatchAnswer answer);

/* New descriptors, owned by the caller. */
int dispatch_dataspace(guint64 size, unsigned seals);
int dispatch_channel(void);
int dispatch_file(void);

#endif
