// SPDX-License-Identifier: GPL-2.0-or-later
#include "viewer.h"

#include <stdlib.h>
#include <string.h>

rfbClient *bench_viewer_connect(int port, GotFrameBufferUpdateProc updated)
{
	rfbClient *client = rfbGetClient(8, 3, 4);

	rfbEnableClientLogging = FALSE;
	free(client->serverHost);
	client->serverHost = strdup("127.0.0.1");
	client->serverPort = port;
	client->appData.encodingsString = "raw copyrect";
	client->GotFrameBufferUpdate = updated;
	return rfbInitClient(client, NULL, NULL) ? client : NULL; /* that frees it */
}
