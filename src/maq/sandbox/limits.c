// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * limits - the kernel's limits follow the ledger, and our parent's ledger follows ours
 *
 * Changes of one round of the loop are told together. Who gives something away waits for
 * the answer: if its memory is in use physically, the ledger is put back, and the session
 * or the trade is refused. One telling is under way at a time; what changes meanwhile is
 * of the next one.
 */
#include "internal.h"

#define AGAIN_NS 100000000u /* until one that could not be lowered is tried again */
#define LINE_NS  1000000u   /* until a full line of calls has moved on */
/* Less is not worth a call: the kernel counts memory in batches of 64 pages a processor,
 * and the allowance has more handles. */
#define LAG_RAM  (64u << 10)
#define LAG_CAPS 32u

/* A trade that waits for the kernel's word. */
typedef struct {
	MaqChild *child;
	guint64 cycle;
	guint64 ram;
	guint32 caps;
	MaqLowered done;
	void *data;
} Lowering;

static bool has_limits(const MaqSandbox *sandbox)
{
	return sandbox->process || sandbox->ops->limit;
}

/* ---- our own parent ---- */

/* A charge (positive) or a refund that is under way. */
typedef struct {
	MaqSandbox *sandbox;
	gint64 ram, caps;
} Settling;

static Settling *settling_new(MaqSandbox *sandbox, gint64 ram, gint64 caps)
{
	Settling *settling = g_new(Settling, 1);

	*settling = (Settling){sandbox, ram, caps};
	sandbox->settling++;
	return settling;
}

static void flush_soon(MaqSandbox *sandbox);

static void settle_again(void *data)
{
	MaqSandbox *sandbox = data;

	sandbox->settle_later = NULL;
	maq_sandbox_settle(sandbox);
}

/* Refused if our quota was lowered at the same moment, or if the line of calls was full:
 * then our parent's ledger is as it was, and ours of it has to say so. All answers are
 * awaited, since a refused charge takes along the refund of it. */
static void settled(void *data, MaqParentError status)
{
	g_autofree Settling *settling = data;
	MaqSandbox *sandbox = settling->sandbox;

	sandbox->settling--;
	if (status == MAQ_PARENT_BUSY && !sandbox->settle_later)
		sandbox->settle_later = maq_loop_at(sandbox->env->loop,
			sandbox->env->binding->now() + LINE_NS, settle_again, sandbox);
	if (status == MAQ_PARENT_BUSY || status == MAQ_PARENT_EXCESS ||
		status == MAQ_PARENT_OUT_OF_RAM || status == MAQ_PARENT_OUT_OF_CAPS) {
		sandbox->unsettled_ram -= settling->ram;
		sandbox->unsettled_caps -= settling->caps;
	}
	if (sandbox->settling || (!sandbox->unsettled_ram && !sandbox->unsettled_caps))
		return;
	sandbox->charged_ram += (guint64)sandbox->unsettled_ram;
	sandbox->charged_caps += (guint32)sandbox->unsettled_caps;
	/* what we hold too much there; more is asked for with the next change */
	if (!sandbox->settle_later &&
		(sandbox->unsettled_ram > 0 || sandbox->unsettled_caps > 0))
		flush_soon(sandbox);
	sandbox->unsettled_ram = sandbox->unsettled_caps = 0;
}

/* What is with the children, or was donated by them to ourselves, is not our parent's to
 * take. */
void maq_sandbox_settle(MaqSandbox *sandbox)
{
	MaqEnv *env = sandbox->env;
	guint64 ram = sandbox->local_ram;
	guint32 caps = sandbox->local_caps;

	if (!env->parent_ops)
		return;
	for (guint i = 0; i < sandbox->children->len; i++) {
		const MaqChild *child = sandbox->children->pdata[i];

		ram += maq_account_held_ram(&child->account);
		caps += maq_account_held_caps(&child->account);
	}
	guint64 less_ram = sandbox->charged_ram - MIN(ram, sandbox->charged_ram);
	guint64 more_ram = ram - MIN(ram, sandbox->charged_ram);
	guint32 less_caps = sandbox->charged_caps - MIN(caps, sandbox->charged_caps);
	guint32 more_caps = caps - MIN(caps, sandbox->charged_caps);
	sandbox->charged_ram = ram;
	sandbox->charged_caps = caps;
	if (less_ram || less_caps)
		maq_parent_refund_async(maq_env_parent(env), less_ram, less_caps, settled,
			settling_new(sandbox, -(gint64)less_ram, -(gint64)less_caps));
	if (more_ram || more_caps)
		maq_parent_charge_async(maq_env_parent(env), more_ram, more_caps, settled,
			settling_new(sandbox, (gint64)more_ram, more_caps));
}

/* ---- the end of a telling ---- */

static void tell_lowerings(MaqSandbox *sandbox, guint64 cycle)
{
	GList *next;

	for (GList *l = sandbox->lowerings; l; l = next) {
		g_autofree Lowering *lowering = l->data;

		next = l->next;
		if (lowering->cycle > cycle) {
			lowering = NULL;
			continue;
		}
		sandbox->lowerings = g_list_delete_link(sandbox->lowerings, l);
		if (lowering->child->refused) {
			lowering->child->account.ram += lowering->ram;
			lowering->child->account.caps += lowering->caps;
			maq_child_touch(lowering->child);
		} else {
			maq_child_signal_resources(lowering->child);
		}
		lowering->done(lowering->data, !lowering->child->refused);
		next = sandbox->lowerings; /* whatever was done to the list */
	}
}

static void tell_links(MaqSandbox *sandbox, guint64 cycle)
{
	g_autoptr(GArray) ids = g_steal_pointer(&sandbox->waiting_links);

	sandbox->waiting_links = g_array_new(FALSE, FALSE, sizeof(guint32));
	for (guint i = 0; i < ids->len; i++) {
		guint32 id = g_array_index(ids, guint32, i);
		MaqLink *link = maq_link_find(sandbox, id);

		if (link && link->cycle > cycle)
			g_array_append_val(sandbox->waiting_links, id);
		else if (link)
			maq_link_limited(link, !link->payer || !link->payer->refused);
	}
}

static void flush(void *data);

static void try_again(void *data)
{
	MaqSandbox *sandbox = data;

	sandbox->again = NULL;
	for (guint i = 0; i < sandbox->children->len; i++) {
		MaqChild *child = sandbox->children->pdata[i];

		if (child->refused)
			maq_child_touch(child);
	}
}

static void cycle_over(MaqSandbox *sandbox)
{
	guint64 cycle = sandbox->cycle - 1;
	bool refused = false;

	sandbox->telling = false;
	g_ptr_array_set_size(sandbox->told, 0);
	for (guint i = 0; i < sandbox->children->len; i++)
		refused |= ((MaqChild *)sandbox->children->pdata[i])->refused;
	tell_lowerings(sandbox, cycle);
	tell_links(sandbox, cycle);
	if (refused && !sandbox->again)
		sandbox->again = maq_loop_at(sandbox->env->loop,
			sandbox->env->binding->now() + AGAIN_NS, try_again, sandbox);
	if (sandbox->dirty->len)
		maq_loop_defer(sandbox->env->loop, flush, &sandbox->cycle);
}

/* ---- telling ---- */

static void tell_some(MaqSandbox *sandbox);

static void line_free(void *data)
{
	MaqSandbox *sandbox = data;

	sandbox->line_full = NULL;
	tell_some(sandbox);
}

/* Our line of calls is full: they are told a little later. */
static void tell_later(MaqSandbox *sandbox)
{
	for (guint i = 0; i < sandbox->children->len; i++) {
		MaqChild *child = sandbox->children->pdata[i];

		for (gsize k = 0; k < sandbox->n_asked; k++)
			if (child->process == sandbox->asked[k] && !child->ending)
				g_ptr_array_add(sandbox->told, child);
	}
	sandbox->line_full = maq_loop_at(sandbox->env->loop,
		sandbox->env->binding->now() + LINE_NS, line_free, sandbox);
}

static void told_process(
	void *data, MaqProcessError status, const guint32 *refused, gsize n_refused)
{
	MaqSandbox *sandbox = data;

	for (gsize i = 0; status == MAQ_PROCESS_OK && i < n_refused; i++)
		for (guint k = 0; k < sandbox->children->len; k++) {
			MaqChild *child = sandbox->children->pdata[k];

			if (child->process == refused[i])
				child->refused = true;
		}
	if (status == MAQ_PROCESS_BUSY)
		tell_later(sandbox);
	else
		tell_some(sandbox);
}

/* As many as one call takes. */
static void tell_process(MaqSandbox *sandbox)
{
	guint32 *ids = sandbox->asked, caps[MAQ_LIMITS_MAX];
	guint64 ram[MAQ_LIMITS_MAX];
	gsize n = 0;

	while (sandbox->told->len && n < MAQ_LIMITS_MAX) {
		MaqChild *child = g_ptr_array_steal_index_fast(
			sandbox->told, sandbox->told->len - 1);

		if (!child->process)
			continue;
		ids[n] = child->process;
		ram[n] = child->told_ram = maq_account_held_ram(&child->account);
		caps[n++] = child->told_caps = maq_account_held_caps(&child->account);
	}
	sandbox->n_asked = n;
	if (n)
		maq_process_resize_async(
			sandbox->process, ids, n, ram, n, caps, n, told_process, sandbox);
	else
		cycle_over(sandbox);
}

static void tell_some(MaqSandbox *sandbox)
{
	if (sandbox->process) {
		tell_process(sandbox);
		return;
	}
	for (guint i = 0; sandbox->ops->limit && i < sandbox->told->len; i++) {
		MaqChild *child = sandbox->told->pdata[i];

		child->told_ram = maq_account_held_ram(&child->account);
		child->told_caps = maq_account_held_caps(&child->account);
		child->refused = !sandbox->ops->limit(
			sandbox->owner, child, child->told_ram, child->told_caps);
	}
	cycle_over(sandbox);
}

static void flush(void *data)
{
	MaqSandbox *sandbox =
		(MaqSandbox *)((char *)data - G_STRUCT_OFFSET(MaqSandbox, cycle));

	maq_sandbox_settle(sandbox);
	if (sandbox->telling || !sandbox->dirty->len)
		return;
	sandbox->telling = true;
	sandbox->cycle++;
	for (guint i = 0; i < sandbox->dirty->len; i++) {
		MaqChild *child = sandbox->dirty->pdata[i];

		child->dirty = child->refused = false;
		g_ptr_array_add(sandbox->told, child);
	}
	g_ptr_array_set_size(sandbox->dirty, 0);
	tell_some(sandbox);
}

static void flush_soon(MaqSandbox *sandbox)
{
	maq_loop_undefer(sandbox->env->loop, &sandbox->cycle);
	maq_loop_defer(sandbox->env->loop, flush, &sandbox->cycle);
}

/* Whether the kernel's limits are so far off that they are to be told. */
static bool is_off(const MaqChild *child)
{
	guint64 ram = maq_account_held_ram(&child->account);
	guint32 caps = maq_account_held_caps(&child->account);

	return child->refused ||
	       MAX(ram, child->told_ram) - MIN(ram, child->told_ram) >= LAG_RAM ||
	       MAX(caps, child->told_caps) - MIN(caps, child->told_caps) >= LAG_CAPS;
}

static void mark(MaqChild *child)
{
	if (!child->dirty)
		g_ptr_array_add(child->sandbox->dirty, child);
	child->dirty = true;
	flush_soon(child->sandbox);
}

void maq_child_touch(MaqChild *child)
{
	if (child->ending)
		return;
	if (has_limits(child->sandbox) && is_off(child))
		mark(child);
	else if (child->sandbox->env->parent_ops)
		flush_soon(child->sandbox);
}

void maq_link_await_limits(MaqLink *link)
{
	MaqSandbox *sandbox = link->sandbox;

	if (!link->payer->dirty)
		return;
	link->cycle = sandbox->cycle;
	g_array_append_val(sandbox->waiting_links, link->id);
}

void maq_limits_forget(MaqChild *child)
{
	MaqSandbox *sandbox = child->sandbox;
	GList *next;

	child->ending = true;
	g_ptr_array_remove(sandbox->dirty, child);
	g_ptr_array_remove(sandbox->told, child);
	for (GList *l = sandbox->lowerings; l; l = next) {
		Lowering *lowering = l->data;

		next = l->next;
		if (lowering->child != child)
			continue;
		sandbox->lowerings = g_list_delete_link(sandbox->lowerings, l);
		g_free(lowering);
	}
	flush_soon(sandbox); /* what it held is ours again */
}

/* ---- trades ---- */

void maq_child_lower(
	MaqChild *child, guint64 ram, guint32 caps, MaqLowered done, void *data)
{
	MaqSandbox *sandbox = child->sandbox;
	Lowering *lowering;

	if (maq_account_can_spare(&child->account, ram, caps) != MAQ_OK) {
		done(data, false);
		return;
	}
	child->account.ram -= ram;
	child->account.caps -= caps;
	if (has_limits(sandbox))
		mark(child); /* a trade is told in any case */
	maq_sandbox_changed(sandbox);
	if (!child->dirty) {
		maq_child_signal_resources(child);
		done(data, true);
		return;
	}
	lowering = g_new(Lowering, 1);
	*lowering = (Lowering){child, sandbox->cycle, ram, caps, done, data};
	sandbox->lowerings = g_list_append(sandbox->lowerings, lowering);
}

void maq_child_raise(MaqChild *child, guint64 ram, guint32 caps)
{
	child->account.ram += ram;
	child->account.caps += caps;
	maq_child_touch(child);
	maq_child_signal_resources(child);
	maq_sandbox_changed(child->sandbox);
}

void maq_child_set_process(MaqChild *child, guint32 process, guint64 ram, guint32 caps)
{
	child->process = process;
	child->told_ram = ram;
	child->told_caps = caps;
	maq_child_touch(child);
}

void maq_sandbox_use_process(MaqSandbox *sandbox, MaqProcess *process)
{
	sandbox->process = process;
}
