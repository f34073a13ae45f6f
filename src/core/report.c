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

static MaqReportError submit(void *self, const void *content, gsize size)
{
	Report *report = self;

	if (size > REPORT_MAX)
		return MAQ_REPORT_TOO_LARGE;
	g_free(report->text);
	report->text = g_strndup(content, size);
	rom_live_changed(report->rom, MODULE);
	return MAQ_REPORT_OK;
}

static MaqReportError submit_large(void *self, guint64 size, int *content)
{
	gsize mapped = 0;
	const void *text = maq_map(*content, false, &mapped, NULL);
	MaqReportError status = MAQ_REPORT_INVALID;

	if (text && size <= mapped)
		status = submit(self, text, size);
	maq_unmap(text, mapped);
	return status;
}

static MaqStatus client_open(void *self, MaqPeer *peer, void **client)
{
	if (strcmp(maq_peer_label(peer), LABEL))
		return MAQ_DENIED;
	*client = self;
	return MAQ_OK;
}

static void client_close(void *self)
{
	(void)self; /* the last report stays */
}

const MaqReportService report_service = {
	.ops = {.submit = submit, .submit_large = submit_large},
	.open = client_open,
	.close = client_close,
};
