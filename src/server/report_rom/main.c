// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * report_rom - what some components report is what others read
 *
 * Provides  Report  from components
 *           ROM     the last report that a policy names, for other components
 * Requires  LOG
 * Config    + policy | label: WHO READS | report: WHO REPORTS
 *           (label_prefix, label_suffix instead of label); verbose: yes|no
 */
#include <maq/component.h>
#include <maq/memory.h>
#include <maq/report.h>
#include <maq/rom.h>

#include <unistd.h>

#define REPORT_MAX (1u << 20) /* bytes of one report */
#define PAGE       4096u

typedef struct {
	MaqEnv *env;
	GHashTable *modules; /* owned: label of the report -> Module */
} ReportRom;

/* One report; stays when its author goes. */
typedef struct {
	int content; /* dataspace; -1: none yet */
	gsize size;
	gsize left;         /* bytes that we pay for, since the author has gone */
	GPtrArray *readers; /* of MaqPeer, borrowed */
} Module;

typedef struct {
	ReportRom *service; /* borrowed */
	MaqPeer *peer;      /* borrowed */
	Module *module;     /* borrowed */
	gsize charged;      /* bytes of its donation that its report takes */
} Client;

static Module *get_module(ReportRom *self, const char *label)
{
	Module *module = g_hash_table_lookup(self->modules, label);

	if (!module) {
		module = g_new0(Module, 1);
		module->content = -1;
		module->readers = g_ptr_array_new();
		g_hash_table_insert(self->modules, g_strdup(label), module);
	}
	return module;
}

static Client *client_new(ReportRom *self, MaqPeer *peer, Module *module)
{
	Client *client = g_new(Client, 1);

	*client = (Client){self, peer, module, 0};
	return client;
}

/* ---- Report ---- */

/* The report is kept at the cost of its author. */
static bool pay(Client *client, gsize size)
{
	gsize needed = (size / PAGE + 1) * PAGE;

	if (needed > client->charged &&
		!maq_peer_charge(client->peer, needed - client->charged, 0))
		return false;
	if (needed < client->charged)
		maq_peer_refund(client->peer, client->charged - needed, 0);
	client->charged = needed;
	if (client->module->left)
		maq_refund(client->service->env, client->module->left, 0);
	client->module->left = 0;
	return true;
}

static MaqReportError publish(Client *client, const void *text, gsize size)
{
	Module *module = client->module;
	g_autoptr(GError) error = NULL;

	if (!pay(client, size))
		return MAQ_REPORT_OUT_OF_RAM;
	int content = maq_dataspace_new_constant("report", text, size, &error);

	if (content < 0)
		return MAQ_REPORT_OUT_OF_RAM;
	if (maq_config_bool(client->service->env, "verbose", false))
		maq_log(client->service->env, "%s: %.*s", maq_peer_label(client->peer),
			(int)MIN(size, 2000), (const char *)text);
	maq_clear_fd(&module->content);
	module->content = content;
	module->size = size;
	for (guint i = 0; i < module->readers->len; i++)
		maq_rom_signal_changed(module->readers->pdata[i]);
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

	if (text && size <= mapped && size <= REPORT_MAX)
		status = publish(self, text, size);
	maq_unmap(text, mapped);
	return status;
}

static MaqStatus report_open(void *self, MaqPeer *peer, void **client)
{
	*client = client_new(self, peer, get_module(self, maq_peer_label(peer)));
	return MAQ_OK;
}

/* The donation goes with the author, its last report stays: at our cost, if we can. */
static void report_close(void *self)
{
	Client *client = self;
	Module *module = client->module;

	if (client->charged && maq_charge(client->service->env, client->charged, 0)) {
		module->left += client->charged;
	} else if (client->charged) {
		maq_log(client->service->env,
			"Warning: no quota to keep the report of %s, which has gone",
			maq_peer_label(client->peer));
		maq_clear_fd(&module->content);
	}
	g_free(client);
}

static const MaqReportService report_service = {
	.ops = {.submit = submit, .submit_large = submit_large},
	.open = report_open,
	.close = report_close,
};

/* ---- ROM ---- */

static const char *report_for(ReportRom *self, const char *label)
{
	const MaqHidNode *policy = maq_hid_first(maq_config(self->env), "policy");

	for (; policy; policy = maq_hid_next(policy, "policy")) {
		const char *exact = maq_hid_attr(policy, "label");
		const char *prefix = maq_hid_attr(policy, "label_prefix");
		const char *suffix = maq_hid_attr(policy, "label_suffix");

		if ((exact || prefix || suffix) && (!exact || !strcmp(exact, label)) &&
			(!prefix || g_str_has_prefix(label, prefix)) &&
			(!suffix || g_str_has_suffix(label, suffix)))
			return maq_hid_attr(policy, "report");
	}
	return NULL;
}

static MaqRomError update(void *self, guint64 *size, int *content)
{
	Module *module = ((Client *)self)->module;

	if (module->content < 0)
		return MAQ_ROM_NO_CONTENT;
	*size = module->size;
	*content = dup(module->content);
	return *content < 0 ? MAQ_ROM_FAILED : MAQ_ROM_OK;
}

static MaqStatus rom_open(void *self, MaqPeer *peer, void **made)
{
	const char *report = report_for(self, maq_peer_label(peer));

	if (!report)
		return MAQ_DENIED;
	Client *client = client_new(self, peer, get_module(self, report));
	g_ptr_array_add(client->module->readers, peer);
	*made = client;
	return MAQ_OK;
}

static void rom_close(void *self)
{
	Client *client = self;

	g_ptr_array_remove(client->module->readers, client->peer);
	g_free(client);
}

static const MaqRomService rom_service = {
	.ops = {.update = update},
	.open = rom_open,
	.close = rom_close,
};

static bool report_rom_start(MaqEnv *env, GError **error)
{
	ReportRom *self = maq_env_state(env, sizeof *self);

	self->env = env;
	self->modules = g_hash_table_new(g_str_hash, g_str_equal);
	return maq_report_provide(env, &report_service, self, error) &&
	       maq_rom_provide(env, &rom_service, self, error);
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, report_rom_start);
}
