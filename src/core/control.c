// SPDX-License-Identifier: GPL-2.0-or-later
#include "control.h"

#include "sweep.h"

#include <maq/control.h>
#include <maq/memory.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* What the owner donates to a session with a service, of the machine's and no
 * component's: enough for the largest text of a clipboard. */
#define OWNER_RAM  (2u << 20)
#define OWNER_CAPS 16u

#define BACKLOG   16
#define PEERS_MAX 64     /* more are turned away: core needs its descriptors for others */
#define TEXT_MAX  15900u /* bytes of log lines in one answer */

struct Control {
	ControlSpec spec;
	guint64 started; /* ns */
	char *path;      /* owned */
	int folder, listener;
	MaqWatch *watch;
	GPtrArray *peers; /* of MaqPeer, borrowed */
	GString *text;    /* owned: lines of the last answer */
};

typedef struct {
	Control *control; /* borrowed */
	MaqPeer *peer;    /* borrowed */
} Client;

/* ---- what is asked ---- */

static MaqControlError info(
	void *self, const char **name, const char **config, guint32 *pid, guint64 *uptime)
{
	const Control *control = ((Client *)self)->control;

	*name = control->spec.name;
	*config = control->spec.config;
	*pid = (guint32)getpid();
	*uptime = maq_env_binding(control->spec.env)->now() - control->started;
	return MAQ_CONTROL_OK;
}

/* A description in the making. */
typedef struct {
	Control *control;
	MaqCall *call;
	MaqHidBuilder *builder; /* owned */
} Description;

/* By statm: all that /proc/PID/status has takes the kernel several times as long. */
static guint64 resident(pid_t pid)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/statm", pid);
	g_autofree char *text = NULL;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		return 0;
	const char *at = strchr(text, ' '); /* behind the size */
	return at ? g_ascii_strtoull(at, NULL, 10) * (guint64)sysconf(_SC_PAGESIZE) : 0;
}

static void put_process(void *data, const char *label, pid_t pid, const char *grants,
	const GroupUsage *usage)
{
	MaqHidBuilder *builder = data;
	g_autoptr(MaqHidDocument) host =
		grants && *grants
			? maq_hid_parse(grants, -1, "host", MAQ_HID_LENIENT, NULL)
			: NULL;

	maq_hid_begin(builder, "process", NULL);
	maq_hid_put(builder, "label", label);
	maq_hid_put_u64(builder, "pid", (guint64)pid);
	maq_hid_put_u64(builder, "rss", resident(pid));
	maq_hid_put_u64(builder, "ram", usage->ram);
	maq_hid_put_u64(builder, "limit", usage->limit);
	maq_hid_put_u64(builder, "cpu", usage->cpu);
	maq_hid_put_u64(builder, "processes", usage->processes);
	if (host)
		maq_hid_append(builder, maq_hid_root(host));
	maq_hid_end(builder);
}

static void put_quotas(MaqHidBuilder *builder, const Groups *groups)
{
	maq_hid_begin(builder, "quotas", NULL);
	maq_hid_put(builder, "by", groups_kind(groups));
	maq_hid_put(builder, "missing", groups_missing(groups));
	maq_hid_end(builder);
}

static void put_confinement(MaqHidBuilder *builder, const Confine *confine)
{
	maq_hid_begin(builder, "confinement", NULL);
	maq_hid_put(builder, "level", confine_level(confine));
	maq_hid_put(builder, "text", confine_text(confine));
	maq_hid_end(builder);
}

static void finish_description(Description *description)
{
	g_autofree char *text = maq_hid_builder_finish(description->builder);
	gsize size = strlen(text);
	g_autoptr(GError) error = NULL;
	int content = maq_dataspace_new_constant("tree", text, size, &error);

	maq_control_describe_reply(description->call,
		content < 0 ? MAQ_CONTROL_FAILED : MAQ_CONTROL_OK, size, content);
	g_free(description);
}

static void described(void *data, const char *label, const char *text)
{
	Description *description = data;
	MaqHidBuilder *builder = description->builder;

	if (!label) {
		launcher_visit(description->control->spec.launcher, put_process, builder);
		finish_description(description);
		return;
	}
	g_autoptr(MaqHidDocument) state =
		text ? maq_hid_parse(text, -1, "state", MAQ_HID_LENIENT, NULL) : NULL;
	maq_hid_begin(builder, state ? "init" : "silent", NULL);
	maq_hid_put(builder, "label", label);
	for (const MaqHidNode *node = state ? maq_hid_first(maq_hid_root(state), NULL)
					    : NULL;
		node; node = maq_hid_next(node, NULL))
		maq_hid_append(builder, node);
	maq_hid_end(builder);
}

static void describe(void *self, MaqCall *call)
{
	Control *control = ((Client *)self)->control;
	Description *description = g_new(Description, 1);

	*description = (Description){control, call, maq_hid_builder_new("tree")};
	maq_hid_put(description->builder, "scenario", control->spec.name);
	put_quotas(description->builder, launcher_groups(control->spec.launcher));
	put_confinement(description->builder, launcher_confine(control->spec.launcher));
	inits_describe(control->spec.launcher, described, description);
}

static MaqControlError read_log(void *self, guint64 from, guint64 *next, guint64 *end,
	const void **text, gsize *size)
{
	Control *control = ((Client *)self)->control;

	g_string_truncate(control->text, 0);
	*next = log_read(control->spec.log, from, control->text, TEXT_MAX);
	*end = log_end(control->spec.log);
	*text = control->text->str;
	*size = control->text->len;
	return MAQ_CONTROL_OK;
}

static MaqControlError stop(void *self, gint32 code)
{
	const Control *control = ((Client *)self)->control;

	control->spec.stop(control->spec.data, code);
	return MAQ_CONTROL_OK;
}

static MaqControlError restart(void *self, const char *label)
{
	const Control *control = ((Client *)self)->control;

	return inits_restart(control->spec.launcher, label) ? MAQ_CONTROL_OK
							    : MAQ_CONTROL_UNKNOWN;
}

static void quota_set(void *data, bool answered, guint64 ram, guint32 caps)
{
	MaqControlError status = !answered     ? MAQ_CONTROL_SILENT
				 : ram || caps ? MAQ_CONTROL_OK
					       : MAQ_CONTROL_UNKNOWN;

	maq_control_set_quota_reply(data, status, ram, caps);
}

static void set_quota(
	void *self, MaqCall *call, const char *label, guint64 ram, guint32 caps)
{
	const Control *control = ((Client *)self)->control;

	if (!inits_set_quota(control->spec.launcher, label, ram, caps, quota_set, call))
		maq_control_set_quota_reply(call, MAQ_CONTROL_UNKNOWN, 0, 0);
}

static void opened(void *data, int status, int channel)
{
	maq_control_open_session_reply(data, (MaqControlError)status, channel);
}

static void open_session(void *self, MaqCall *call, const char *service,
	const char *label, guint64 hash, const void *args, gsize args_size)
{
	const Control *control = ((Client *)self)->control;
	g_autofree char *whole =
		*label ? g_strconcat("control -> ", label, NULL) : g_strdup("control");

	maq_sandbox_open_export(control->spec.sandbox, service, whole, hash, args,
		args_size, OWNER_RAM, OWNER_CAPS, opened, call);
}

static MaqControlError read_trace(void *self, guint32 from, guint32 *next, int *content)
{
	const Traces *traces = launcher_traces(((Client *)self)->control->spec.launcher);
	g_autoptr(GError) error = NULL;

	*next = 0;
	*content = traces ? traces_copy(traces, from, next, &error) : -1;
	if (*content >= 0)
		return MAQ_CONTROL_OK;
	return error ? MAQ_CONTROL_FAILED : MAQ_CONTROL_NO_TRACE;
}

static MaqStatus client_open(void *self, MaqPeer *peer, void **made)
{
	Control *control = self;
	Client *client = g_new(Client, 1);

	*client = (Client){control, peer};
	g_ptr_array_add(control->peers, peer);
	*made = client;
	return MAQ_OK;
}

static void client_close(void *self)
{
	Client *client = self;

	g_ptr_array_remove(client->control->peers, client->peer);
	g_free(client);
}

static const MaqControlService control_service = {
	.ops =
		{
			.info = info,
			.describe = describe,
			.read_log = read_log,
			.stop = stop,
			.restart = restart,
			.open_session = open_session,
			.set_quota = set_quota,
			.read_trace = read_trace,
		},
	.open = client_open,
	.close = client_close,
};

void control_logged(Control *control)
{
	for (guint i = 0; control && i < control->peers->len; i++)
		maq_control_signal_logged(control->peers->pdata[i]);
}

/* ---- the socket ---- */

static bool is_owner(int channel)
{
	struct ucred peer = {0};
	socklen_t size = sizeof peer;

	return getsockopt(channel, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
	       (peer.uid == getuid() || peer.uid == 0);
}

static void connection(void *data, unsigned events)
{
	Control *control = data;
	int channel = accept4(control->listener, NULL, NULL, SOCK_CLOEXEC);

	(void)events;
	if (channel < 0)
		return;
	if (!is_owner(channel) || control->peers->len >= PEERS_MAX) {
		close(channel);
		return;
	}
	schedule_note_outside(control->spec.schedule, "commands of the owner");
	maq_control_serve(
		control->spec.env, &control_service, control, "control", channel);
}

/* By the folder's descriptor: its path may be longer than an address can be. */
static struct sockaddr_un address_in(int folder, const char *name)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/%s", folder,
		name);
	return address;
}

static int open_folder(char **path)
{
	g_autofree char *wanted =
		g_build_filename(g_get_user_runtime_dir(), "maquette", NULL);
	struct stat status;

	g_mkdir_with_parents(wanted, 0700);
	int folder = open(wanted, O_DIRECTORY | O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (folder >= 0 && (fstat(folder, &status) || status.st_uid != getuid() ||
				   (status.st_mode & 077))) {
		close(folder);
		folder = -1;
		errno = EPERM;
	}
	*path = g_steal_pointer(&wanted);
	return folder;
}

static bool start_listening(Control *control)
{
	g_autofree char *folder = NULL;
	g_autofree char *name = g_strdup_printf("%s.%d", control->spec.name, getpid());

	control->folder = open_folder(&folder);
	control->path = g_build_filename(folder, name, NULL);
	if (control->folder < 0)
		return false;
	struct sockaddr_un address = address_in(control->folder, name);
	control->listener =
		socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (control->listener < 0)
		return false;
	unlinkat(control->folder, name, 0);
	sweep_note("control", control->path);
	return bind(control->listener, (struct sockaddr *)&address, sizeof address) ==
		       0 &&
	       listen(control->listener, BACKLOG) == 0;
}

Control *control_new(const ControlSpec *spec)
{
	Control *control = g_new0(Control, 1);

	control->spec = *spec;
	control->started = maq_env_binding(spec->env)->now();
	control->folder = control->listener = -1;
	control->peers = g_ptr_array_new();
	control->text = g_string_new(NULL);
	if (!start_listening(control)) {
		g_warning("no control socket %s (%s): maquette ps, log and stop will not "
			  "find this scenario",
			control->path, g_strerror(errno));
		control_free(control);
		return NULL;
	}
	control->watch = maq_loop_watch(
		maq_env_loop(spec->env), control->listener, EPOLLIN, connection, control);
	return control;
}

void control_free(Control *control)
{
	if (!control)
		return;
	while (control->peers->len)
		maq_peer_close(control->peers->pdata[0]);
	maq_watch_free(control->watch);
	if (control->listener >= 0)
		unlink(control->path);
	maq_clear_fd(&control->listener);
	maq_clear_fd(&control->folder);
	g_ptr_array_unref(control->peers);
	g_string_free(control->text, TRUE);
	g_free(control->path);
	g_free(control);
}

const char *control_path(const Control *control)
{
	return control->path;
}
