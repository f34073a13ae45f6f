// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * group - the tree of groups: limits are quotas and allowances, larger limits are set
 * from the root down and smaller ones from the leaves up
 */
#include "backend.h"

#include <maq/status.h>

#include <errno.h>

#define OWN_NAME   "@"   /* of an init's own process; no component is called so here */
#define OWN_WEIGHT 1000u /* it is to answer while its children are busy */
#define SECOND_US  1000000u

struct Groups {
	const GroupBackend *backend;
	void *root;
	char *missing; /* owned */
	guint last;    /* names are unique by a number */
};

struct Group {
	Groups *groups;      /* borrowed */
	Group *parent;       /* borrowed; NULL: the scenario */
	GPtrArray *children; /* borrowed */
	char *path;          /* owned */
	void *node;          /* owned, of the back end */
	void *own;           /* owned: of an init's own process; NULL: it is no init */
	guint64 ram, limit;  /* quota; limit as set, bytes */
	guint32 caps;
	GroupTraits traits;
	guint32 handles, processes; /* as set */
	bool executed;              /* its program */
	bool scheduled;             /* otherwise than core is */
	bool ended;                 /* freed, but for the groups below */
	const char *lacking;        /* of its traits; NULL: nothing */
	pid_t pid;
};

/* ---- choosing a back end ---- */

static bool is_wanted(const GroupBackend *backend, const char *kind)
{
	return !kind || !strcmp(kind, "auto") || g_str_has_suffix(backend->name, kind) ||
	       g_str_has_prefix(backend->name, kind);
}

Groups *groups_new(const char *name, const char *kind, GError **error)
{
	static const GroupBackend *const backends[] = {
#ifndef MAQ_SANITIZED
		&group_v1, &group_v2,
#endif
		&group_ledger};
	Groups *groups = g_new0(Groups, 1);
	g_autoptr(GString) why = g_string_new(NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(backends) && !groups->root; i++) {
		g_autoptr(GError) failure = NULL;

		groups->backend = backends[i];
		if (is_wanted(backends[i], kind))
			groups->root = backends[i]->open(name, &failure);
		if (failure)
			g_string_append_printf(
				why, "%s%s", why->len ? "; " : "", failure->message);
	}
	if (!groups->root) {
		g_set_error(error, MAQ_ERROR, MAQ_FAILED, "no quotas by \"%s\"%s%s", kind,
			why->len ? ": " : "", why->str);
		g_free(groups);
		return NULL;
	}
	const char *missing = groups->backend->missing;
	groups->missing = groups_lack(groups) && why->len
				  ? g_strdup_printf("%s (%s)", missing, why->str)
				  : g_strdup(missing);
	return groups;
}

bool groups_lack(const Groups *groups)
{
	return groups->backend == &group_ledger;
}

void groups_free(Groups *groups)
{
	if (!groups)
		return;
	groups->backend->close(groups->root);
	g_free(groups->missing);
	g_free(groups);
}

const char *groups_kind(const Groups *groups)
{
	return groups->backend->name;
}

const char *groups_missing(const Groups *groups)
{
	return groups->missing;
}

/* ---- limits ---- */

static guint64 own_allowance(const Group *group)
{
	guint64 reserve = group->own             ? GROUP_RESERVE_INIT
			  : group->traits.server ? GROUP_RESERVE_RAM
						 : 0;

	return GROUP_ALLOWANCE_RAM + reserve +
	       (group->traits.wrapped ? GROUP_OF_A_TOOL : 0);
}

static guint64 allowance(const Group *group)
{
	guint64 sum = own_allowance(group);

	for (guint i = 0; i < group->children->len; i++)
		sum += allowance(group->children->pdata[i]);
	return sum;
}

static guint32 processes_inside(const Group *group)
{
	guint32 sum = GROUP_ALLOWANCE_PROCESSES;

	for (guint i = 0; i < group->children->len; i++)
		sum += processes_inside(group->children->pdata[i]);
	return sum;
}

static bool set_limit(Group *group, guint64 limit)
{
	const GroupBackend *backend = group->groups->backend;

	if (limit == group->limit)
		return true;
	if (!backend->limit_ram(group->node, limit))
		return false;
	group->limit = limit;
	return true;
}

/* Until its program is executed the process has the number that spawn() gave it. */
static void set_handles(Group *group)
{
	guint32 handles = group->caps + GROUP_ALLOWANCE_HANDLES;

	if (!group->pid || handles == group->handles)
		return;
	group->executed = group->executed || group_has_executed(group->pid);
	if (!group->executed)
		return;
	group_limit_handles(group->pid, handles);
	group->handles = handles;
}

static void set_counts(Group *group)
{
	guint32 processes = group->caps + processes_inside(group);

	if (processes != group->processes)
		group->groups->backend->limit_processes(group->node, processes);
	group->processes = processes;
	set_handles(group);
}

/* The limits above, when something below has got or lost its allowance. */
static void raise_above(Group *group)
{
	if (!group)
		return;
	raise_above(group->parent);
	set_limit(group, group->ram + allowance(group));
	set_counts(group);
}

static void lower_above(Group *group)
{
	for (; group; group = group->parent) {
		set_limit(group, group->ram + allowance(group));
		set_counts(group);
	}
}

bool group_resize(Group *group, guint64 ram, guint32 caps)
{
	if (!group)
		return true;
	if (!set_limit(group, ram + allowance(group)))
		return false;
	group->ram = ram;
	group->caps = caps;
	set_counts(group);
	return true;
}

/* ---- what an init may give of what it has ---- */

/* The scenario's own init: its configuration is the owner's word. */
static bool is_outermost(const Group *group)
{
	return !group || !group->parent;
}

static guint number_below(const Group *group)
{
	guint sum = group->children->len;

	for (guint i = 0; i < group->children->len; i++)
		sum += number_below(group->children->pdata[i]);
	return sum;
}

bool group_has_room(const Group *group)
{
	for (; !is_outermost(group); group = group->parent)
		if (number_below(group) >= group->caps + GROUP_ALLOWANCE_HANDLES)
			return false;
	return true;
}

/* Bit 0 of a component's is the first that its init has. */
static guint64 cpus_of(const Group *group)
{
	guint64 above = group->parent ? cpus_of(group->parent) : 0;
	guint64 own = group->traits.cpus, cpus = 0;

	if (!above || !own)
		return above ? above : own;
	for (guint i = 0, number = 0; i < 64; i++)
		if (above >> i & 1)
			cpus |= (own >> number++ & 1) << i;
	return cpus ? cpus : above;
}

/* us of each second */
static guint64 rt_share(const GroupTraits *traits)
{
	return traits->rt_runtime ? (guint64)traits->rt_runtime * SECOND_US /
					    MAX(traits->rt_period, 1)
				  : 0;
}

static bool has_rt(const Group *group, const GroupTraits *traits)
{
	const Group *init = group->parent;
	guint64 sum = rt_share(traits);

	if (!sum || is_outermost(init))
		return true;
	for (guint i = 0; i < init->children->len; i++) {
		const Group *child = init->children->pdata[i];

		sum += child == group ? 0 : rt_share(&child->traits);
	}
	return sum <= rt_share(&init->traits);
}

/* An init's real-time budget is for its children. */
static bool schedule(Group *group, const char **what)
{
	GroupTraits traits = group->traits;
	bool well = true;

	traits.cpus = cpus_of(group);
	if (traits.rt_runtime && !group->groups->backend->real_time) {
		/* without a budget it could keep everybody else from running */
		*what = "real-time CPU";
		well = false;
		traits.rt_runtime = 0;
	}
	if (group->own)
		traits.rt_runtime = 0;
	bool usual = !traits.cpus && !traits.rt_runtime;

	if (group->pid && (!usual || group->scheduled))
		well = group_schedule(group->pid, &traits, what) && well;
	group->scheduled = group->pid && !usual;
	for (guint i = 0; i < group->children->len; i++)
		schedule(group->children->pdata[i], what);
	return well;
}

/* ---- the life of a group ---- */

static char *make_path(Groups *groups, const Group *parent, const char *name)
{
	g_autofree char *plain = g_strcanon(
		g_strndup(name, 64), G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_", '_');

	return g_strdup_printf("%s%s%s.%u", parent ? parent->path : "", parent ? "/" : "",
		plain, ++groups->last);
}

Group *group_new(Groups *groups, Group *parent, const char *name, guint64 ram,
	guint32 caps, const GroupTraits *traits, GError **error)
{
	g_autofree char *path = make_path(groups, parent, name);
	const char *what = NULL;
	void *node = groups->backend->make(groups->root, path, error);

	if (!node)
		return NULL;
	Group *group = g_new0(Group, 1);
	*group = (Group){.groups = groups,
		.parent = parent,
		.children = g_ptr_array_new(),
		.path = g_steal_pointer(&path),
		.node = node,
		.ram = ram,
		.caps = caps,
		.handles = caps + GROUP_ALLOWANCE_HANDLES,
		.traits = GROUP_TRAITS_USUAL};
	if (parent)
		g_ptr_array_add(parent->children, group);
	if (!group_configure(group, traits, &what))
		group->lacking = what;
	return group;
}

/* The kernel removes no group with groups below: what has ended stays until they have. */
static void release(Group *group)
{
	Group *parent = group->parent;

	group->groups->backend->remove(group->node);
	if (parent)
		g_ptr_array_remove_fast(parent->children, group);
	g_ptr_array_unref(group->children);
	g_free(group->path);
	g_free(group);
	if (parent && parent->ended && !parent->children->len)
		release(parent);
	else
		lower_above(parent);
}

void group_free(Group *group)
{
	if (!group)
		return;
	const GroupBackend *backend = group->groups->backend;

	backend->kill(group->node);
	if (group->own)
		backend->remove(g_steal_pointer(&group->own));
	group->ended = true;
	group->pid = 0;
	if (!group->children->len)
		release(group);
}

unsigned group_entries(Group *group, int entries[GROUP_ENTRIES_MAX])
{
	return group->groups->backend->entries(group->node, entries);
}

void group_entered(Group *group, pid_t pid)
{
	const char *what = NULL;

	group->pid = pid;
	group->groups->backend->entered(group->node, pid);
	if (!schedule(group, &what))
		group->lacking = what;
	set_counts(group);
}

bool group_divide(Group *group, GError **error)
{
	const GroupBackend *backend = group->groups->backend;
	g_autofree char *path = g_build_filename(group->path, OWN_NAME, NULL);
	GroupTraits traits = {.weight = OWN_WEIGHT};
	const char *what = NULL;

	if (group->own)
		return true;
	group->own = backend->make(group->groups->root, path, error);
	if (!group->own)
		return false;
	raise_above(group);
	schedule(group, &what);
	if (!backend->enter(group->own, group->pid)) {
		g_set_error(error, MAQ_ERROR, MAQ_FAILED,
			"an init cannot be moved to a group of its own: %s",
			g_strerror(errno));
		return false;
	}
	backend->configure(group->own, &traits, &what);
	return true;
}

/* ---- what is asked of it ---- */

guint64 group_ram(const Group *group)
{
	return group->ram;
}

guint32 group_caps(const Group *group)
{
	return group->caps;
}

const GroupTraits *group_traits(const Group *group)
{
	return &group->traits;
}

bool group_configure(Group *group, const GroupTraits *traits, const char **what)
{
	const char *of_time = NULL;
	bool granted = has_rt(group, traits);

	group->traits = *traits;
	if (!granted)
		group->traits.rt_runtime = 0;
	bool well =
		group->groups->backend->configure(group->node, &group->traits, &of_time);
	if (!schedule(group, &of_time))
		well = false;
	*what = granted ? of_time : "real-time CPU";
	raise_above(group);
	return well && granted;
}

const char *group_lacks(const Group *group)
{
	return group->lacking;
}

void group_usage(Group *group, GroupUsage *usage)
{
	set_handles(group);
	*usage = (GroupUsage){0};
	group->groups->backend->usage(group->node, usage);
	usage->limit = group->limit;
}

bool group_freeze(Group *group, bool frozen)
{
	return group->groups->backend->freeze(group->node, frozen);
}

void group_kill(Group *group)
{
	group->groups->backend->kill(group->node);
}

int group_pressure(Group *group, unsigned *events)
{
	return group->groups->backend->pressure(group->node, events);
}

bool group_is_pressed(Group *group)
{
	return group->groups->backend->is_pressed(group->node);
}
