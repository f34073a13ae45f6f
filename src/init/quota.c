// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * quota - how our own quota is divided among the children
 *
 * A child has what its start node says, as far as there is enough. Less is taken back
 * from it as far as it can spare it, the rest is asked for by a yield request.
 */
#include "init.h"

#define OWN_RAM  (160u << 10) /* kept for ourselves, bytes: our messages and maps */
#define OWN_CAPS 20u
#define RAM_MAX  ((guint64)1 << 56) /* of an order: more is no number of bytes */

static const MaqHidNode *preserved(const Init *init, const char *what)
{
	const MaqHidNode *node = maq_hid_first(init->config, "resource");

	while (node && g_strcmp0(maq_hid_name(node), what))
		node = maq_hid_next(node, "resource");
	return node;
}

/* What is left of what we have, without what is kept. */
static guint64 left(gint64 have, guint64 own, guint64 kept)
{
	guint64 positive = (guint64)MAX(have, 0);
	guint64 rest = positive > own ? positive - own : 0;

	return rest > kept ? rest - kept : 0;
}

guint64 init_free_ram(const Init *init)
{
	return left(
		init->ram, OWN_RAM, maq_hid_bytes(preserved(init, "RAM"), "preserve", 0));
}

guint32 init_free_caps(const Init *init)
{
	return (guint32)left(
		init->caps, OWN_CAPS, maq_hid_u64(preserved(init, "CAP"), "preserve", 0));
}

void quota_assign(Start *start)
{
	Init *init = start->init;
	guint64 ram = maq_scenario_ram(init->config, start->node);
	guint32 caps = maq_scenario_caps(init->config, start->node);
	guint64 free_ram = init_free_ram(init);
	guint32 free_caps = init_free_caps(init);

	if (!ram)
		maq_log(init->env, "Warning: %s: no valid RAM quota defined",
			start->name);
	if (!caps)
		maq_log(init->env, "Warning: %s: no valid capability quota defined",
			start->name);
	if (ram > free_ram)
		maq_log(init->env,
			"Warning: %s: configured RAM exceeds available RAM, proceed with "
			"%" G_GUINT64_FORMAT " bytes",
			start->name, free_ram);
	if (caps > free_caps)
		maq_log(init->env,
			"Warning: %s: configured caps exceed available caps, proceed "
			"with %u",
			start->name, free_caps);
	start->extra_ram = start->extra_caps = 0;
	start->ram = MIN(ram, free_ram);
	start->caps = MIN(caps, free_caps);
	init->ram -= (gint64)start->ram;
	init->caps -= start->caps;
}

/* What it is to have: its start node's, and what it was given on request or by the
 * owner's order. */
static guint64 target_ram(const Start *start)
{
	gint64 ram =
		(gint64)MIN(maq_scenario_ram(start->init->config, start->node), RAM_MAX);

	return (guint64)MAX(ram + start->extra_ram, 0);
}

static guint32 target_caps(const Start *start)
{
	gint64 caps = maq_scenario_caps(start->init->config, start->node);

	return (guint32)MAX(caps + start->extra_caps, 0);
}

/* ---- less ---- */

static void lowered(void *data, bool done)
{
	Start *start = data;
	Init *init = start->init;
	guint64 ram = start->lowering_ram;
	guint32 caps = start->lowering_caps;

	bool again = start->lower_again;

	start->lowering_ram = start->lowering_caps = 0;
	start->lower_again = false;
	if (done) {
		start->ram -= ram;
		start->caps -= caps;
		init->ram += (gint64)ram;
		init->caps += caps;
	} else {
		maq_child_yield(start->child, ram, caps);
	}
	if (again)
		quota_lower(start);
	if (done)
		quota_raise_all(init);
	quota_settled(start);
}

void quota_lower(Start *start)
{
	guint64 ram = target_ram(start);
	guint32 caps = target_caps(start);
	guint64 less_ram = start->ram > ram ? start->ram - ram : 0;
	guint32 less_caps = start->caps > caps ? start->caps - caps : 0;

	if (start->lowering_ram || start->lowering_caps) {
		start->lower_again = true; /* to what is wanted by then */
		return;
	}
	if (!start->child || (!less_ram && !less_caps))
		return;
	const MaqAccount *account = maq_child_account(start->child);
	guint64 spare_ram = MIN(less_ram, maq_account_ram(account));
	guint32 spare_caps = MIN(less_caps, maq_account_caps(account));
	/* the rest has to be given back by the component itself */
	if (spare_ram < less_ram || spare_caps < less_caps)
		maq_child_yield(
			start->child, less_ram - spare_ram, less_caps - spare_caps);
	if (!spare_ram && !spare_caps)
		return;
	start->lowering_ram = spare_ram;
	start->lowering_caps = spare_caps;
	maq_child_lower(start->child, spare_ram, spare_caps, lowered, start);
}

/* ---- more ---- */

void quota_raise(Start *start)
{
	Init *init = start->init;
	guint64 ram = target_ram(start);
	guint32 caps = target_caps(start);

	if (!start->child)
		return;
	guint64 more_ram = ram > start->ram ? ram - start->ram : 0;
	guint32 more_caps = caps > start->caps ? caps - start->caps : 0;
	more_ram = MIN(more_ram, init_free_ram(init));
	more_caps = MIN(more_caps, init_free_caps(init));
	if (!more_ram && !more_caps)
		return;
	start->ram += more_ram;
	start->caps += more_caps;
	init->ram -= (gint64)more_ram;
	init->caps -= more_caps;
	start->wanted_ram = start->wanted_caps = 0;
	maq_child_raise(start->child, more_ram, more_caps);
	quota_settled(start);
}

void quota_raise_all(Init *init)
{
	for (guint i = 0; i < init->starts->len; i++)
		quota_raise(init->starts->pdata[i]);
}

/* ---- requests ---- */

/* How much more a start node lets the component have: `+ resource RAM | max: 64M`. */
static guint64 room(const Start *start, const char *what, guint64 target)
{
	const MaqHidNode *node = maq_hid_first(start->node, "resource");

	while (node && g_strcmp0(maq_hid_name(node), what))
		node = maq_hid_next(node, "resource");
	guint64 max = maq_hid_bytes(node, "max", 0);
	return max > target ? max - target : 0;
}

/* Our own parent may have what we have not. */
static void ask_parent(const Init *init, guint64 ram, guint64 caps)
{
	guint64 free_ram = init_free_ram(init);
	guint32 free_caps = init_free_caps(init);

	if (ram > free_ram || caps > free_caps)
		maq_request_resources(init->env, MAX(ram, free_ram) - free_ram,
			(guint32)(MAX(caps, free_caps) - free_caps));
}

void quota_requested(Start *start, guint64 ram, guint32 caps)
{
	guint64 more_ram = MIN(ram, room(start, "RAM", target_ram(start)));
	guint64 more_caps = MIN(caps, room(start, "CAP", target_caps(start)));

	start->wanted_ram = ram;
	start->wanted_caps = caps;
	start->extra_ram += (gint64)more_ram;
	start->extra_caps += (gint64)more_caps;
	ask_parent(start->init, more_ram, more_caps);
	quota_raise(start);
}

/* ---- the owner's orders ---- */

typedef struct {
	Init *init;
	guint32 ticket;
	char *name; /* owned */
} Order;

static void ignore_done(void *data, MaqProcessError status)
{
	(void)data;
	(void)status;
}

static void answer_order(Start *start)
{
	guint32 ticket = start->quota_order;

	start->quota_order = 0;
	if (ticket)
		maq_process_quota_done_async(start->init->process, ticket, start->ram,
			start->caps, ignore_done, NULL);
}

void quota_settled(Start *start)
{
	if (!start->lowering_ram && !start->lowering_caps)
		answer_order(start);
}

static void got_quota_order(void *data, MaqProcessError status, guint64 ram, guint32 caps)
{
	g_autofree Order *order = data;
	g_autofree char *name = order->name;
	Init *init = order->init;
	Start *start = init_find(init, name);

	if (status != MAQ_PROCESS_OK)
		return;
	if (!start || !start->child) {
		maq_process_quota_done_async(
			init->process, order->ticket, 0, 0, ignore_done, NULL);
		return;
	}
	answer_order(start); /* an earlier order is overtaken */
	start->quota_order = order->ticket;
	if (ram != G_MAXUINT64)
		start->extra_ram = (gint64)MIN(ram, RAM_MAX) -
				   (gint64)maq_scenario_ram(init->config, start->node);
	if (caps != G_MAXUINT32)
		start->extra_caps =
			(gint64)caps - maq_scenario_caps(init->config, start->node);
	maq_log(init->env, "child \"%s\": quota changed as asked", name);
	quota_lower(start);
	quota_raise(start);
	quota_settled(start);
	report_changed(init->report);
}

void quota_ordered(Init *init, guint32 ticket, const char *name)
{
	Order *order = g_new(Order, 1);

	*order = (Order){init, ticket, g_strdup(name)};
	maq_process_quota_order_async(init->process, ticket, got_quota_order, order);
}

/* ---- our own quota ---- */

/* What we assigned while our parent took it comes back from the youngest who can spare
 * it; who cannot is asked. */
void quota_cover(Init *init)
{
	gint64 ram = -init->ram, caps = -init->caps;

	for (guint i = init->starts->len; i-- > 0 && (ram > 0 || caps > 0);) {
		Start *start = init->starts->pdata[i];

		if (!start->child || start->lowering_ram || start->lowering_caps)
			continue;
		const MaqAccount *account = maq_child_account(start->child);
		gint64 spare_ram = (gint64)MIN(maq_account_ram(account), start->ram);
		gint64 spare_caps = MIN(maq_account_caps(account), start->caps);
		gint64 less_ram = CLAMP(ram, 0, spare_ram);
		gint64 less_caps = CLAMP(caps, 0, spare_caps);
		if (!less_ram && !less_caps)
			continue;
		start->extra_ram = (gint64)start->ram - less_ram -
				   (gint64)maq_scenario_ram(init->config, start->node);
		start->extra_caps = (gint64)start->caps - less_caps -
				    maq_scenario_caps(init->config, start->node);
		ram -= less_ram;
		caps -= less_caps;
		quota_lower(start);
	}
	if (ram > 0 || caps > 0)
		maq_log(init->env,
			"Warning: own quota is less than what the children have, by "
			"%" G_GINT64_FORMAT " bytes and %" G_GINT64_FORMAT " caps",
			MAX(ram, 0), MAX(caps, 0));
}

static void got_assigned(void *data, MaqParentError status, guint64 ram, guint32 caps)
{
	Init *init = data;

	if (status != MAQ_PARENT_OK)
		return;
	gint64 more_ram = (gint64)ram - (gint64)init->assigned_ram;
	gint64 more_caps = (gint64)caps - (gint64)init->assigned_caps;
	init->assigned_ram = ram;
	init->assigned_caps = caps;
	init->total_ram = (guint64)((gint64)init->total_ram + more_ram);
	init->total_caps = (guint32)(init->total_caps + more_caps);
	init->ram += more_ram;
	init->caps += more_caps;
	quota_cover(init);
	quota_raise_all(init);
	report_changed(init->report);
}

void quota_update(Init *init)
{
	maq_assigned_async(init->env, got_assigned, init);
}

bool quota_begin(Init *init)
{
	MaqQuota quota = {0};

	if (!maq_quota(init->env, &quota) ||
		!maq_assigned(init->env, &init->assigned_ram, &init->assigned_caps))
		return false;
	init->total_ram = quota.ram - quota.ram_used;
	init->total_caps = quota.caps - quota.caps_used;
	init->ram = (gint64)init->total_ram;
	init->caps = init->total_caps;
	return true;
}
