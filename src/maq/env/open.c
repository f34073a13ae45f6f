// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * open - sessions that are opened while the loop goes on
 *
 * As when a session is opened at once: a server that knows only an older version is asked
 * for that, one that wants a larger donation gets it.
 */
#include "parent.h"

struct MaqOpening {
	MaqEnv *env; /* borrowed */
	const MaqInterface *interface;
	char *label; /* owned */
	_Alignas(8) guint8 args[MAQ_ARGS_MAX];
	gsize args_size;
	unsigned version, raises;
	guint64 ram;
	guint32 caps;
	MaqOpeningDone done; /* NULL: cancelled */
	void *data;          /* borrowed */
};

static void answered(void *data, MaqParentError status, guint32 id, int channel);

static void ask(MaqOpening *opening)
{
	const MaqInterface *interface = opening->interface;
	MaqRequest request = {.service = interface->service,
		.label = opening->label,
		.hash = interface->hashes[opening->version - 1],
		.args = opening->args,
		.args_size = opening->args_size,
		.ram = opening->ram,
		.caps = opening->caps};

	if (interface->args_size)
		request.args_size = interface->args_size(
			opening->args, opening->args_size, opening->version);
	maq_env_request(opening->env, &request, NULL, answered, opening);
}

/* Whether another request may be granted. */
static bool ask_otherwise(MaqOpening *opening, int status)
{
	if (status == MAQ_UNSUPPORTED && opening->version > 1)
		opening->version--;
	else if (status == MAQ_OUT_OF_RAM && opening->raises++ < MAQ_DONATION_RAISES)
		opening->ram = MAX(opening->ram * 2, 4096);
	else if (status == MAQ_OUT_OF_CAPS && opening->raises++ < MAQ_DONATION_RAISES)
		opening->caps = MAX(opening->caps * 2, 1);
	else
		return false;
	ask(opening);
	return true;
}

static void opening_free(gpointer data)
{
	MaqOpening *opening = data;

	g_free(opening->label);
	g_free(opening);
}

static void answered(void *data, MaqParentError status, guint32 id, int channel)
{
	MaqOpening *opening = data;
	MaqEnvParent *parent = opening->env->parent;
	MaqSession *session = NULL;

	if (opening->done && ask_otherwise(opening, (int)status))
		return;
	if (status == MAQ_PARENT_OK) {
		session = maq_session_attach(opening->env, opening->interface, channel);
		maq_session_set_id(session, id);
		maq_session_set_version(session, opening->version);
	}
	if (opening->done)
		opening->done(opening->data, (int)status, session);
	else
		maq_session_close(session);
	g_ptr_array_remove_fast(parent->openings, opening);
}

/* Not at once: a request may be refused at once, and done knows its opening by then. */
static void ask_first(void *data)
{
	MaqOpening *opening = data;
	MaqEnvParent *parent = opening->env->parent;

	if (opening->done)
		ask(opening);
	else
		g_ptr_array_remove_fast(parent->openings, opening);
}

MaqOpening *maq_open_async(MaqEnv *env, const MaqInterface *interface, const char *label,
	const void *args, gsize args_size, MaqOpeningDone done, void *data)
{
	MaqEnvParent *parent = env->parent;
	MaqOpening *opening = g_new0(MaqOpening, 1);

	g_assert(args_size <= sizeof opening->args);
	*opening = (MaqOpening){.env = env,
		.interface = interface,
		.label = g_strdup(label),
		.args_size = args_size,
		.version = interface->version,
		.ram = interface->ram,
		.caps = interface->caps,
		.done = done,
		.data = data};
	if (args_size)
		memcpy(opening->args, args, args_size);
	g_ptr_array_add(parent->openings, opening);
	maq_loop_defer(env->loop, ask_first, opening);
	return opening;
}

void maq_opening_cancel(MaqOpening *opening)
{
	if (opening)
		opening->done = NULL;
}

GPtrArray *maq_openings_new(void)
{
	return g_ptr_array_new_with_free_func(opening_free);
}
