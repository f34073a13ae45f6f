// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * viewer - a VNC client of this machine's servers
 */
#ifndef BENCH_VIEWER_H
#define BENCH_VIEWER_H

#include <rfb/rfbclient.h>

/* NULL: nobody answers there. The caller ends it by rfbClientCleanup(). */
rfbClient *bench_viewer_connect(int port, GotFrameBufferUpdateProc updated);

#endif
