// SPDX-License-Identifier: GPL-2.0-or-later
#include "report.h"

#include <maq/memory.h>

#define LABEL      "init -> state"
#define MODULE     "state"
#define REPORT_MAX (1u << 20) /* bytes */

struct Report {
	Rom *rom;   /* borrowed */
	char *text; /* owned; NULL: none yet */
};

typedef struct {
	Report *report; /* borrowed */
	MaqPeer *peer;  /* borrowed */
	gsize charged;  /* bytes of its donation */
} Client;

static char *module_text(void *data)
{
	return g_strdup(((Report *)data)->text);
}

Report *report_new(Rom *rom)
{
	Report *report = g_new0(Report, 1);

	report->rom = rom;
	rom_add_live(rom, MODULE, module_text, report);
	return report;
}

void report_free(Report *report)
{
	if (report)
		g_free(report->text);
	g_free(report);
}

static MaqReportError publish(Client *client, const void *content, gsize size)
{
	Report *report = client->report;

	if (size > REPORT_MAX)
		return MAQ_REPORT_TOO_LARGE;
	/* kept at the cost of its author */
	if (size > client->charged &&
		!maq_peer_charge(client->peer, size - client->charged, 0))
		return MAQ_REPORT_OUT_OF_RAM;
	client->charged = MAX(size, client->charged);
	g_free(report->text);
	report->text = g_strndup(content, size);
	rom_live_changed(report->rom, MODULE);
	return MAQ_REPORT_OK;
}

static MaqReportError submit(void *self, const void *content, gsize size)
{
	return publish(self, content, size);
}

static MaqReportError submit_large(void *self, guint64 size, int *content)
{
	gsize mapped = 0;
	const void *text = maq_map(*content, false, &mapped, NULL);
	MaqReportError status = MAQ_REPORT_INVALID;

	if (text && size <= mapped)
		status = publish(self, text, size);
	maq_unmap(text, mapped);
	return status;
}

static MaqStatus client_open(void *self, MaqPeer *peer, void **made)
{
	Client *client;

	if (strcmp(maq_peer_label(peer), LABEL))
		return MAQ_DENIED;
	client = g_new(Client, 1);
	*client = (Client){self, peer, 0};
	*made = client;
	return MAQ_OK;
}

/* The last report stays until the next one. */
const MaqReportService report_service = {
	.ops = {.submit = submit, .submit_large = submit_large},
	.open = client_open,
	.close = g_free,
};
