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

static const MaqHidNode *preserved(const Init *init, const char *what)
{
	const MaqHidNode *node = maq_hid_first(init->config, "resource");

	while (node && g_strcmp0(maq_hid_name(node), what))
		node = maq_hid_next(node, "resource");
	return node;
}

guint64 init_free_ram(const Init *init)
{
	guint64 kept = OWN_RAM + maq_hid_bytes(preserved(init, "RAM"), "preserve", 0);

	return init->ram > kept ? init->ram - kept : 0;
}

guint32 init_free_caps(const Init *init)
{
	guint64 kept = OWN_CAPS + maq_hid_u64(preserved(init, "CAP"), "preserve", 0);

	return init->caps > kept ? init->caps - (guint32)kept : 0;
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
	start->ram = MIN(ram, free_ram);
	start->caps = MIN(caps, free_caps);
	init->ram -= start->ram;
	init->caps -= start->caps;
}

/* Positive: to the child. */
static void transfer(Start *start, gint64 ram, gint64 caps)
{
	Init *init = start->init;

	if ((!ram && !caps) || !maq_child_transfer(start->child, ram, caps))
		return;
	start->ram = (guint64)((gint64)start->ram + ram);
	start->caps = (guint32)(start->caps + caps);
	init->ram = (guint64)((gint64)init->ram - ram);
	init->caps = (guint32)(init->caps - caps);
	if (ram > 0 || caps > 0)
		start->wanted_ram = start->wanted_caps = 0;
}

void quota_lower(Start *start)
{
	Init *init = start->init;
	guint64 ram = maq_scenario_ram(init->config, start->node);
	guint32 caps = maq_scenario_caps(init->config, start->node);

	if (!start->child)
		return;
	const MaqAccount *account = maq_child_account(start->child);
	guint64 less_ram = start->ram > ram ? start->ram - ram : 0;
	guint32 less_caps = start->caps > caps ? start->caps - caps : 0;
	transfer(start, -(gint64)MIN(less_ram, maq_account_ram(account)),
		-(gint64)MIN(less_caps, maq_account_caps(account)));
	less_ram = start->ram > ram ? start->ram - ram : 0;
	less_caps = start->caps > caps ? start->caps - caps : 0;
	if (less_ram || less_caps)
		maq_child_yield(start->child, less_ram, less_caps);
}

void quota_raise(Start *start)
{
	Init *init = start->init;
	guint64 ram = maq_scenario_ram(init->config, start->node);
	guint32 caps = maq_scenario_caps(init->config, start->node);

	if (!start->child)
		return;
	guint64 more_ram = ram > start->ram ? ram - start->ram : 0;
	guint32 more_caps = caps > start->caps ? caps - start->caps : 0;
	transfer(start, (gint64)MIN(more_ram, init_free_ram(init)),
		(gint64)MIN(more_caps, init_free_caps(init)));
}

void quota_update(Init *init)
{
	MaqQuota quota = {0};

	if (!maq_quota(init->env, &quota))
		return;
	guint64 ram = quota.ram - quota.ram_used;
	guint32 caps = quota.caps - quota.caps_used;
	if (ram > init->total_ram)
		init->ram += ram - init->total_ram;
	if (caps > init->total_caps)
		init->caps += caps - init->total_caps;
	init->total_ram = MAX(ram, init->total_ram);
	init->total_caps = MAX(caps, init->total_caps);
}
