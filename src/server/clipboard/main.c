// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * clipboard - what one component copies is what others paste, as far as a policy lets it
 *
 * Provides  Report  clipboard  from those who copy
 *           ROM     clipboard  to those who paste
 * Requires  LOG
 * Config    README.md, config.hsd; changes are followed
 */
#include "policy.h"

#include <maq/clipboard.h>
#include <maq/component.h>
#include <maq/memory.h>
#include <maq/report.h>
#include <maq/rom.h>

#include <string.h>
#include <unistd.h>

#define PAGE 4096u

static const char nothing[] = "clipboard\n-\n";

typedef struct Writer Writer;

typedef struct {
	MaqEnv *env;
	int empty;          /* dataspace: what they get who may not read */
	int content;        /* dataspace; -1: nothing was copied yet */
	gsize size;         /* of the content */
	char *author;       /* owned: the component that copied it */
	Writer *payer;      /* borrowed; NULL: we pay, or there is no content */
	gsize charged;      /* bytes that the content takes of somebody's quota */
	GPtrArray *readers; /* of Reader, borrowed */
} Clipboard;

struct Writer {
	Clipboard *clipboard; /* borrowed */
	MaqPeer *peer;        /* borrowed */
	char *component;      /* owned */
};

typedef struct {
	Clipboard *clipboard; /* borrowed */
	MaqPeer *peer;        /* borrowed */
	char *component;      /* owned */
	bool sees;            /* the content, as it was told last */
} Reader;

/* ---- readers ---- */

static bool may_see(const Clipboard *self, const Reader *reader)
{
	return self->content >= 0 &&
	       policy_flows(maq_config(self->env), self->author, reader->component);
}

/* Who sees nothing before and after is told nothing: not even that somebody copies. */
static void tell(Clipboard *self)
{
	for (guint i = 0; i < self->readers->len; i++) {
		Reader *reader = self->readers->pdata[i];
		bool before = reader->sees;

		reader->sees = may_see(self, reader);
		if (before || reader->sees)
			maq_rom_signal_changed(reader->peer);
	}
}

static MaqRomError update(void *data, guint64 *size, int *content)
{
	Reader *reader = data;
	Clipboard *self = reader->clipboard;

	*size = reader->sees ? self->size : strlen(nothing);
	*content = dup(reader->sees ? self->content : self->empty);
	return *content < 0 ? MAQ_ROM_FAILED : MAQ_ROM_OK;
}

static MaqStatus rom_open(void *data, MaqPeer *peer, void **made)
{
	Clipboard *self = data;
	g_autofree char *component = policy_component(maq_peer_label(peer));

	if (!policy_may_read(maq_config(self->env), component))
		return MAQ_DENIED;
	Reader *reader = g_new(Reader, 1);
	*reader = (Reader){self, peer, g_steal_pointer(&component), false};
	reader->sees = may_see(self, reader);
	g_ptr_array_add(self->readers, reader);
	*made = reader;
	return MAQ_OK;
}

static void rom_close(void *data)
{
	Reader *reader = data;

	g_ptr_array_remove(reader->clipboard->readers, reader);
	g_free(reader->component);
	g_free(reader);
}

static const MaqRomService rom_service = {
	.ops = {.update = update},
	.open = rom_open,
	.close = rom_close,
};

/* ---- writers ---- */

static gsize cost(gsize size)
{
	return (size / PAGE + 1) * PAGE;
}

static gsize limit(const Clipboard *self)
{
	guint64 bytes = maq_hid_bytes(maq_config(self->env), "limit", MAQ_CLIPBOARD_MAX);

	return (gsize)MIN(bytes, MAQ_CLIPBOARD_MAX);
}

static void refund(Clipboard *self)
{
	if (self->payer)
		maq_peer_refund(self->payer->peer, self->charged, 0);
	else if (self->charged)
		maq_refund(self->env, self->charged, 0);
	self->payer = NULL;
	self->charged = 0;
}

/* The new text is paid before the old one is given up, unless they are the same one's. */
static bool pay(Clipboard *self, Writer *writer, gsize size)
{
	if (self->payer == writer) {
		if (size > self->charged &&
			!maq_peer_charge(writer->peer, size - self->charged, 0))
			return false;
		if (size < self->charged)
			maq_peer_refund(writer->peer, self->charged - size, 0);
	} else {
		if (!maq_peer_charge(writer->peer, size, 0))
			return false;
		refund(self);
	}
	self->payer = writer;
	self->charged = size;
	return true;
}

static MaqReportError publish(Writer *writer, const char *node, gsize size)
{
	Clipboard *self = writer->clipboard;

	if (!size) {
		node = nothing;
		size = strlen(nothing);
	}
	if (size > limit(self))
		return MAQ_REPORT_TOO_LARGE;
	if (!maq_clipboard_is_valid(node, size))
		return MAQ_REPORT_INVALID;
	if (!pay(self, writer, cost(size)))
		return MAQ_REPORT_OUT_OF_RAM;
	int content = maq_dataspace_new_constant("clipboard", node, size, NULL);
	if (content < 0)
		return MAQ_REPORT_OUT_OF_RAM; /* the old text stays, at its new cost */
	maq_clear_fd(&self->content);
	self->content = content;
	self->size = size;
	g_free(self->author);
	self->author = g_strdup(writer->component);
	tell(self);
	return MAQ_REPORT_OK;
}

static MaqReportError submit(void *data, const void *content, gsize size)
{
	return publish(data, content, size);
}

/* The sealed dataspace can't change any more, but for holes that would be read as zeros:
 * so what is checked is a copy. */
static MaqReportError submit_large(void *data, guint64 size, int *content)
{
	Writer *writer = data;
	gsize mapped = 0;

	if (size > limit(writer->clipboard))
		return MAQ_REPORT_TOO_LARGE;
	const void *text = maq_map(*content, false, &mapped, NULL);
	MaqReportError status = MAQ_REPORT_INVALID;
	if (text && size <= mapped) {
		g_autofree char *copy = g_memdup2(text, (gsize)size);

		status = publish(writer, copy, (gsize)size);
	}
	maq_unmap(text, mapped);
	return status;
}

static MaqStatus report_open(void *data, MaqPeer *peer, void **made)
{
	Clipboard *self = data;
	g_autofree char *component = policy_component(maq_peer_label(peer));

	if (!policy_may_write(maq_config(self->env), component))
		return MAQ_DENIED;
	Writer *writer = g_new(Writer, 1);
	*writer = (Writer){self, peer, g_steal_pointer(&component)};
	*made = writer;
	return MAQ_OK;
}

/* What it has copied stays when it goes, at our cost, if we can afford it. */
static void inherit(Clipboard *self)
{
	self->payer = NULL;
	if (maq_charge(self->env, self->charged, 0))
		return;
	maq_log(self->env, "Warning: no quota to keep the text of %s, which has gone",
		self->author);
	self->charged = 0;
	maq_clear_fd(&self->content);
	tell(self);
}

static void report_close(void *data)
{
	Writer *writer = data;

	if (writer->clipboard->payer == writer)
		inherit(writer->clipboard);
	g_free(writer->component);
	g_free(writer);
}

static const MaqReportService report_service = {
	.ops = {.submit = submit, .submit_large = submit_large},
	.open = report_open,
	.close = report_close,
};

/* ---- start ---- */

static void config_changed(void *data)
{
	tell(data);
}

static void clipboard_free(gpointer data)
{
	Clipboard *self = data;

	maq_clear_fd(&self->empty);
	maq_clear_fd(&self->content);
	g_ptr_array_unref(self->readers);
	g_free(self->author);
	g_free(self);
}

static bool clipboard_start(MaqEnv *env, GError **error)
{
	Clipboard *self = g_new0(Clipboard, 1);

	maq_env_own_by(env, self, clipboard_free);
	self->env = env;
	self->content = -1;
	self->readers = g_ptr_array_new();
	self->empty =
		maq_dataspace_new_constant("nothing", nothing, strlen(nothing), error);
	if (self->empty < 0)
		return false;
	maq_config_on_changed(env, config_changed, self);
	return maq_report_provide(env, &report_service, self, error) &&
	       maq_rom_provide(env, &rom_service, self, error);
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, clipboard_start);
}
