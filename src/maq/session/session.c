// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * session - the client's end
 *
 * At most one call is on its way. A synchronous call waits in recvmsg for this session
 * alone; signals that arrive meanwhile are gathered and dispatched from the loop.
 * Asynchronous calls stand in line.
 */
#include "env_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>

#define ASYNC_MAX 64

typedef struct {
	unsigned bit;
	MaqHandler handler;
	void *data; /* borrowed */
} SignalHandler;

/* An asynchronous call: on its way (the first of the line) or waiting. */
typedef struct {
	MaqDecode decode;
	MaqDone done;
	void *data; /* borrowed */
	GBytes *parameters;
	guint16 opcode;
	guint32 sequence;
	guint64 parent, flow; /* the caller's, its own */
	int fds[MAQ_FDS_MAX]; /* owned duplicates while it waits */
	unsigned n_fds;
	MaqMessage *reply; /* owned: came while a synchronous call waited; NULL */
} Async;

struct MaqSession {
	MaqEnv *env; /* borrowed */
	const MaqInterface *interface;
	int channel;
	guint32 id, sequence;
	guint32 number;   /* in traces */
	unsigned version; /* that both sides know */
	guint16 opcode;   /* of the call being written */
	guint32 owed; /* sequence of a timed-out call whose reply is to come; 0 none */
	int deadline;
	bool lost, lost_told;
	MaqWatch *watch;
	MaqHandler on_lost;
	void *on_lost_data;
	GArray *signal_handlers; /* owned, of SignalHandler; NULL: none */
	guint64 signals;         /* arrived, not dispatched */
	guint64 signals_flow;    /* of the first of them */
	MaqWake wake;
	MaqFastSession fast;
	bool owed_on_page; /* where owed is to come */
	GQueue asyncs;     /* owned, of Async */
	GQueue answered;   /* owned, of Async: whose reply is to be told from the loop */
};

static void channel_ready(void *data, unsigned events);

static MaqSession *session_new(MaqEnv *env, const MaqInterface *interface,
	const char *label, int channel, guint32 id)
{
	MaqSession *session = g_new0(MaqSession, 1);

	session->env = env;
	session->interface = interface;
	session->channel = channel;
	session->id = id;
	session->number = maq_trace_session_number(id);
	session->version = interface->version;
	session->deadline = -1;
	maq_wake_init(&session->wake, env, channel);
	if (env->binding->describe)
		env->binding->describe(channel, interface->service);
	session->watch =
		maq_loop_watch(env->loop, channel, EPOLLIN, channel_ready, session);
	g_ptr_array_add(env->sessions, session);
	maq_trace_opened(MAQ_TRACE_CLIENT, session->number, interface, label);
	return session;
}

MaqSession *maq_session_attach(MaqEnv *env, const MaqInterface *interface, int channel)
{
	return session_new(env, interface, "", channel, 0);
}

MaqSession *maq_session_open(MaqEnv *env, const MaqInterface *interface,
	const char *label, const void *args, gsize args_size, GError **error)
{
	int channel = -1;
	guint32 id = 0;
	unsigned version = interface->version;

	if (!env->parent_ops) {
		g_set_error(error, MAQ_ERROR, MAQ_DENIED,
			"no parent to ask for a session with %s", interface->service);
		return NULL;
	}
	if (!env->parent_ops->open(env, interface, label, args, args_size, &channel, &id,
		    &version, error))
		return NULL;
	MaqSession *session = session_new(env, interface, label, channel, id);
	session->version = version;
	return session;
}

static void async_free(Async *async)
{
	for (unsigned i = 0; i < async->n_fds; i++)
		maq_clear_fd(&async->fds[i]);
	g_clear_pointer(&async->parameters, g_bytes_unref);
	g_free(async->reply);
	g_free(async);
}

/* Tells an outcome that came while a synchronous call waited. */
static void tell_answered(Async *async)
{
	MaqMessage *in = async->reply;
	MaqReader reply = maq_reader(
		in->data, sizeof(MaqHeader), in->header.size, in->fds, in->n_fds);

	async->decode(in->header.status, &reply, async->done, async->data);
	async_free(async);
}

/* Who is told may close the session. */
static void abandon_asyncs(MaqSession *session)
{
	GQueue answered = session->answered, asyncs = session->asyncs;
	Async *async;

	g_queue_init(&session->answered);
	g_queue_init(&session->asyncs);
	while ((async = g_queue_pop_head(&answered)))
		tell_answered(async);
	while ((async = g_queue_pop_head(&asyncs))) {
		MaqReader nothing = maq_reader(NULL, 0, 0, NULL, 0);

		async->decode(MAQ_GONE, &nothing, async->done, async->data);
		async_free(async);
	}
}

static void tell_lost(void *data)
{
	MaqSession *session = data;
	MaqEnv *env = session->env;

	if (session->lost_told)
		return;
	session->lost_told = true;
	abandon_asyncs(session);
	if (g_ptr_array_find(env->sessions, session, NULL) && session->on_lost)
		session->on_lost(session->on_lost_data);
}

static void lose(MaqSession *session)
{
	if (session->lost)
		return;
	session->lost = true;
	maq_watch_free(g_steal_pointer(&session->watch));
	maq_wake_fini(&session->wake);
	maq_fast_session_close(&session->fast, session->channel);
	session->env->binding->end(session->channel);
	maq_loop_defer(session->env->loop, tell_lost, session);
}

void maq_session_close(MaqSession *session)
{
	if (!session)
		return;
	MaqEnv *env = session->env;
	maq_trace(MAQ_TRACE_SESSION_CLOSE, MAQ_TRACE_CLIENT, session->number, maq_flow(),
		0);
	g_ptr_array_remove_fast(env->sessions, session);
	maq_loop_undefer(env->loop, session);
	session->on_lost = NULL;
	session->lost_told = true;
	abandon_asyncs(session);
	maq_watch_free(session->watch);
	maq_wake_fini(&session->wake);
	maq_fast_session_close(&session->fast, session->channel);
	env->binding->finish(session->channel);
	env->binding->close(session->channel);
	if (session->id && env->parent_ops)
		env->parent_ops->close(env, session->id);
	if (session->signal_handlers)
		g_array_unref(session->signal_handlers);
	g_free(session);
}

unsigned maq_session_version(const MaqSession *session)
{
	return session->version;
}

void maq_session_set_version(MaqSession *session, unsigned version)
{
	session->version = version;
}

bool maq_session_lost(const MaqSession *session)
{
	return session->lost;
}

#define UPGRADES_MAX 12    /* doublings for one call: 16 MiB beyond the first donation */
#define UPGRADE_RAM  4096u /* the first one, bytes */
#define UPGRADE_CAPS 1u

bool maq_session_lacks(const MaqSession *session, int status, unsigned tries,
	guint64 *ram, guint32 *caps)
{
	bool lacks_ram = status == MAQ_OUT_OF_RAM, lacks_caps = status == MAQ_OUT_OF_CAPS;

	/* a session that the parent did not open has no donation */
	if (!(lacks_ram || lacks_caps) || !session->id || !session->env->parent_ops ||
		tries >= UPGRADES_MAX)
		return false;
	*ram = lacks_ram ? UPGRADE_RAM << tries : 0;
	*caps = lacks_caps ? UPGRADE_CAPS << tries : 0;
	return true;
}

bool maq_session_afford(MaqSession *session, int status, unsigned tries)
{
	guint64 ram;
	guint32 caps;

	return maq_session_lacks(session, status, tries, &ram, &caps) &&
	       session->env->parent_ops->upgrade(session->env, session->id, ram, caps) ==
		       MAQ_OK;
}

guint32 maq_session_id(const MaqSession *session)
{
	return session->id;
}

void maq_session_set_id(MaqSession *session, guint32 id)
{
	session->id = id;
}

void maq_session_set_deadline(MaqSession *session, int milliseconds)
{
	session->deadline = milliseconds;
}

void maq_session_on_lost(MaqSession *session, MaqHandler handler, void *data)
{
	session->on_lost = handler;
	session->on_lost_data = data;
}

/* ---- signals ---- */

void maq_session_on_signal(
	MaqSession *session, unsigned bit, MaqHandler handler, void *data)
{
	SignalHandler entry = {bit, handler, data};

	if (!session->signal_handlers)
		session->signal_handlers =
			g_array_new(FALSE, FALSE, sizeof(SignalHandler));
	g_array_append_val(session->signal_handlers, entry);
}

static void dispatch_signals(void *data)
{
	MaqSession *session = data;
	MaqEnv *env = session->env;
	guint64 bits = session->signals;
	guint64 flow = session->signals_flow;

	session->signals = 0;
	maq_trace(
		MAQ_TRACE_SIGNAL_DELIVER, MAQ_TRACE_CLIENT, session->number, flow, bits);
	guint64 before = maq_flow_swap(flow);
	for (guint i = 0; session->signal_handlers && i < session->signal_handlers->len;
		i++) {
		SignalHandler entry =
			g_array_index(session->signal_handlers, SignalHandler, i);

		if (!(bits >> entry.bit & 1))
			continue;
		entry.handler(entry.data);
		/* the handler may have closed the session */
		if (!g_ptr_array_find(env->sessions, session, NULL))
			break;
	}
	maq_flow_swap(before);
}

static bool take_signal(MaqSession *session, const MaqMessage *message)
{
	guint64 bits;

	if (message->header.size != sizeof(MaqHeader) + sizeof bits || message->n_fds)
		return false;
	memcpy(&bits, message->data + sizeof(MaqHeader), sizeof bits);
	if (bits & ~session->interface->from_server)
		return false;
	if (!session->signals) {
		maq_loop_defer(session->env->loop, dispatch_signals, session);
		session->signals_flow = message->header.flow;
	}
	session->signals |= bits;
	return true;
}

void maq_session_signal(MaqSession *session, guint64 bits)
{
	if (session->lost)
		return;
	maq_trace(MAQ_TRACE_SIGNAL_SUBMIT, MAQ_TRACE_CLIENT, session->number, maq_flow(),
		bits);
	maq_wake_send(&session->wake, bits);
}

/* ---- calls ---- */

static void drop_fds(MaqMessage *message)
{
	for (unsigned i = 0; i < message->n_fds; i++)
		maq_clear_fd(&message->fds[i]);
	message->n_fds = 0;
}

/* The flow of a call: the caller's own, and one of its own while it is traced. */
static guint64 trace_call(MaqSession *session, guint16 opcode, guint64 parent)
{
	if (!maq_trace_is_on())
		return parent;
	guint64 flow = maq_trace_new_flow();
	maq_trace_record(MAQ_TRACE_RPC_CALL, opcode, session->number, flow, parent);
	return flow;
}

static void trace_return(MaqSession *session, guint16 opcode, guint64 flow, int status)
{
	maq_trace(MAQ_TRACE_RPC_RETURN, opcode, session->number, flow,
		(guint64)(gint64)status);
}

MaqWriter *maq_session_begin(MaqSession *session, guint16 opcode)
{
	MaqEnv *env = session->env;

	session->opcode = opcode;
	env->writer = maq_writer(
		env->out->data, sizeof(MaqHeader), MAQ_MESSAGE_MAX, env->out->fds);
	env->writer.version = session->version;
	return &env->writer;
}

/* The server offers a page: later calls may go through it. */
static bool take_page(MaqSession *session, MaqMessage *in)
{
	static const MaqDataspaceShape shape = {.write = true,
		.seals = F_SEAL_GROW,
		.min_size = MAQ_PAGE_SIZE,
		.max_size = MAQ_PAGE_SIZE};
	MaqReader reader = maq_reader(
		in->data, sizeof(MaqHeader), in->header.size, in->fds, in->n_fds);
	maq_autofd int page = maq_get_dataspace(&reader, &shape);

	if (!maq_reader_done(&reader) || session->fast.page)
		return false;
	in->n_fds = 0;
	maq_fast_session_open(&session->fast, session->env, page, session->channel);
	return true;
}

/* A reply without its descriptors is an outcome; a page is done without. */
static bool lacks_handles(int got, MaqMessage *in)
{
	if (got == -EMFILE && in->header.kind == MAQ_KIND_REPLY)
		in->header.status = MAQ_OUT_OF_CAPS;
	return got == -EMFILE && in->header.kind == MAQ_KIND_PAGE;
}

/* Waits for the reply to sequence; MAQ_OK, MAQ_GONE or MAQ_TIMEOUT. */
static int await(MaqSession *session, guint32 sequence, guint64 until)
{
	MaqEnv *env = session->env;
	MaqMessage *in = env->reply;

	if (!maq_wake_settle(&session->wake, until))
		return MAQ_TIMEOUT;
	for (;;) {
		int timeout = -1;

		if (until) {
			guint64 now = env->binding->now();
			timeout = now < until ? (int)((until - now) / 1000000 + 1) : 0;
		}
		int got = env->binding->receive(session->channel, in, timeout);
		if (got == -ETIMEDOUT || got == -EAGAIN)
			return MAQ_TIMEOUT;
		if (lacks_handles(got, in))
			continue;
		if (got <= 0 && got != -EMFILE) {
			lose(session);
			return MAQ_GONE;
		}
		if (in->header.kind == MAQ_KIND_SIGNAL && take_signal(session, in))
			continue;
		if (in->header.kind == MAQ_KIND_PAGE && take_page(session, in))
			continue;
		if (in->header.kind == MAQ_KIND_REPLY && in->header.sequence == sequence)
			return MAQ_OK;
		drop_fds(in);
		lose(session);
		return MAQ_GONE;
	}
}

/* As await, for a call that was made through the page. */
static int await_page(MaqSession *session, guint32 sequence, guint64 until)
{
	MaqMessage *in = session->env->reply;
	int status = maq_fast_session_await(&session->fast, session->channel, until, in);

	if (status == MAQ_TIMEOUT)
		return status;
	if (status == MAQ_OK && !in->header.size)
		return await(session, sequence, until);
	if (status == MAQ_OK && in->header.sequence == sequence)
		return status;
	lose(session);
	return MAQ_GONE;
}

/* Takes what the server still owes from a call that timed out. */
static int settle(MaqSession *session, guint64 until)
{
	if (!session->owed)
		return MAQ_OK;
	int status = session->owed_on_page ? await_page(session, session->owed, until)
					   : await(session, session->owed, until);
	if (status == MAQ_OK) {
		drop_fds(session->env->reply);
		session->owed = 0;
	}
	return status;
}

static guint32 next_sequence(MaqSession *session)
{
	if (++session->sequence == 0)
		session->sequence = 1;
	return session->sequence;
}

static void send_first(MaqSession *session);

static void tell_all_answered(void *data)
{
	MaqSession *session = data;
	MaqEnv *env = session->env;
	Async *async;

	while ((async = g_queue_pop_head(&session->answered))) {
		tell_answered(async);
		/* it may have closed the session */
		if (!g_ptr_array_find(env->sessions, session, NULL))
			return;
	}
}

static int drain_asyncs(MaqSession *session, guint64 until)
{
	bool was_owed = session->owed;
	int status = settle(session, until);
	Async *async;

	if (status == MAQ_OK && was_owed)
		send_first(session);
	while (status == MAQ_OK && (async = g_queue_peek_head(&session->asyncs))) {
		MaqMessage *in = session->env->reply;

		status = await(session, async->sequence, until);
		if (status != MAQ_OK)
			break;
		if (in->header.status)
			drop_fds(in);
		trace_return(session, async->opcode, async->flow, in->header.status);
		async->reply = g_memdup2(in, sizeof *in);
		in->n_fds = 0;
		if (!session->answered.length)
			maq_loop_defer(session->env->loop, tell_all_answered, session);
		g_queue_push_tail(&session->answered, g_queue_pop_head(&session->asyncs));
		send_first(session);
	}
	return status;
}

/* The asynchronous calls before a synchronous one are answered first; their outcomes are
 * told from the loop. What was written for the call is kept meanwhile. */
static int let_asyncs_pass(MaqSession *session, guint64 until)
{
	MaqEnv *env = session->env;
	MaqWriter writer = env->writer;
	guint16 opcode = session->opcode;
	g_autofree guint8 *written = g_memdup2(env->out->data, writer.at);
	int fds[MAQ_FDS_MAX];

	memcpy(fds, env->out->fds, sizeof fds);
	int status = drain_asyncs(session, until);
	memcpy(env->out->data, written, writer.at);
	memcpy(env->out->fds, fds, sizeof fds);
	env->writer = writer;
	session->opcode = opcode;
	return status;
}

/* Signals that the server may not have read yet shall not be overtaken. */
static bool fits_page(MaqSession *session)
{
	const MaqWriter *writer = &session->env->writer;

	return session->fast.page && !writer->n_fds && writer->at <= MAQ_PAGE_ROOM &&
	       maq_wake_is_read(&session->wake);
}

/* Sends what was begun; false: the session is lost. */
static bool send_call(MaqSession *session, guint32 sequence, bool on_page, guint64 flow)
{
	MaqEnv *env = session->env;
	guint64 before = maq_flow_swap(flow);
	int sent = 0;

	if (on_page) {
		maq_env_compose(
			env, MAQ_KIND_CALL, session->opcode, sequence, 0, &env->writer);
		maq_fast_session_call(&session->fast, env->out);
	} else {
		sent = maq_env_send(&session->wake, MAQ_KIND_CALL, session->opcode,
			sequence, 0, &env->writer);
	}
	maq_flow_swap(before);
	if (sent < 0)
		lose(session);
	return sent >= 0;
}

int maq_session_call(MaqSession *session, MaqReader *reply)
{
	MaqEnv *env = session->env;
	guint64 until = 0;
	int status;

	if (session->lost)
		return MAQ_GONE;
	if (!env->writer.ok)
		return MAQ_INVALID;
	if (session->deadline >= 0)
		until = env->binding->now() + (guint64)session->deadline * 1000000;
	status = session->asyncs.length ? let_asyncs_pass(session, until)
					: settle(session, until);
	if (status != MAQ_OK)
		return status;
	guint32 sequence = next_sequence(session);
	bool on_page = fits_page(session);
	guint64 flow = trace_call(session, session->opcode, maq_flow());
	if (!send_call(session, sequence, on_page, flow))
		status = MAQ_GONE;
	else
		status = on_page ? await_page(session, sequence, until)
				 : await(session, sequence, until);
	trace_return(session, session->opcode, flow,
		status == MAQ_OK ? env->reply->header.status : status);
	if (status == MAQ_TIMEOUT) {
		session->owed = sequence;
		session->owed_on_page = on_page;
	}
	if (status != MAQ_OK)
		return status;
	MaqMessage *in = env->reply;
	*reply = maq_reader(
		in->data, sizeof(MaqHeader), in->header.size, in->fds, in->n_fds);
	if (in->header.status)
		drop_fds(in);
	in->n_fds = 0; /* the reader's caller owns them now */
	return in->header.status;
}

/* ---- asynchronous calls ---- */

static void send_first(MaqSession *session)
{
	Async *async = g_queue_peek_head(&session->asyncs);
	MaqEnv *env = session->env;
	gsize size;

	if (!async || session->lost)
		return;
	const void *parameters = g_bytes_get_data(async->parameters, &size);
	MaqWriter writer = maq_writer(
		env->out->data, sizeof(MaqHeader) + size, MAQ_MESSAGE_MAX, env->out->fds);
	if (size)
		memcpy(env->out->data + sizeof(MaqHeader), parameters, size);
	memcpy(env->out->fds, async->fds, sizeof async->fds);
	writer.n_fds = async->n_fds;
	async->sequence = next_sequence(session);
	async->flow = trace_call(session, async->opcode, async->parent);
	guint64 before = maq_flow_swap(async->flow);
	if (maq_env_send(&session->wake, MAQ_KIND_CALL, async->opcode, async->sequence, 0,
		    &writer) < 0)
		lose(session);
	maq_flow_swap(before);
}

void maq_session_call_async(
	MaqSession *session, MaqDecode decode, MaqDone done, void *data)
{
	MaqWriter *writer = &session->env->writer;
	MaqReader nothing = maq_reader(NULL, 0, 0, NULL, 0);
	bool full = session->asyncs.length >= ASYNC_MAX;

	/* the loop is not told when a reply comes through the page */
	if (!session->lost && session->owed && session->owed_on_page)
		full = settle(session, 1) == MAQ_TIMEOUT || full;
	if (!writer->ok || session->lost || full) {
		decode(!writer->ok      ? MAQ_INVALID
			: session->lost ? MAQ_GONE
					: MAQ_BUSY,
			&nothing, done, data);
		return;
	}
	Async *async = g_new0(Async, 1);
	*async = (Async){.decode = decode, .done = done, .data = data};
	async->opcode = session->opcode;
	async->parent = maq_flow();
	async->parameters = g_bytes_new(
		writer->base + sizeof(MaqHeader), writer->at - sizeof(MaqHeader));
	for (unsigned i = 0; i < writer->n_fds; i++)
		async->fds[async->n_fds++] = fcntl(writer->fds[i], F_DUPFD_CLOEXEC, 0);
	g_queue_push_tail(&session->asyncs, async);
	if (session->asyncs.length == 1 && !session->owed)
		send_first(session);
}

static bool take_reply(MaqSession *session, MaqMessage *in)
{
	Async *async = g_queue_peek_head(&session->asyncs);

	if (session->owed && in->header.sequence == session->owed) {
		session->owed = 0;
		drop_fds(in);
		send_first(session);
		return true;
	}
	if (!async || in->header.sequence != async->sequence)
		return false;
	g_queue_pop_head(&session->asyncs);
	send_first(session);
	if (in->header.status)
		drop_fds(in);
	MaqReader reply = maq_reader(
		in->data, sizeof(MaqHeader), in->header.size, in->fds, in->n_fds);
	in->n_fds = 0;
	trace_return(session, async->opcode, async->flow, in->header.status);
	guint64 before = maq_flow_swap(async->parent);
	async->decode(in->header.status, &reply, async->done, async->data);
	maq_flow_swap(before);
	async_free(async);
	return true;
}

static void channel_ready(void *data, unsigned events)
{
	MaqSession *session = data;
	MaqMessage *in = session->env->in;
	int got = session->env->binding->receive(session->channel, in, 0);

	(void)events;
	if (got == -EAGAIN || lacks_handles(got, in))
		return;
	if (got == -EMFILE)
		got = 1;
	if (got > 0 && in->header.kind == MAQ_KIND_SIGNAL && take_signal(session, in))
		return;
	if (got > 0 && in->header.kind == MAQ_KIND_REPLY && take_reply(session, in))
		return;
	if (got > 0 && in->header.kind == MAQ_KIND_PAGE && take_page(session, in))
		return;
	if (got > 0)
		drop_fds(in);
	lose(session);
}
