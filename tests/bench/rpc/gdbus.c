// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench.h"
#include "peers.h"

#include <gio/gio.h>
#include <sys/socket.h>

typedef struct {
	int end, cpu;
	GMainLoop *loop;
} Side;

static void now(GDBusConnection *connection, const char *sender, const char *path,
	const char *interface, const char *method, GVariant *parameters,
	GDBusMethodInvocation *invocation, gpointer data)
{
	(void)connection, (void)sender, (void)path, (void)interface, (void)method;
	(void)parameters, (void)data;
	g_dbus_method_invocation_return_value(
		invocation, g_variant_new("(t)", (guint64)1));
}

static const GDBusInterfaceVTable vtable = {.method_call = now};

static GDBusConnection *connect_end(int end, GDBusConnectionFlags flags)
{
	g_autoptr(GSocket) raw = g_socket_new_from_fd(end, NULL);
	g_autoptr(GSocketConnection) stream =
		g_socket_connection_factory_create_connection(raw);
	g_autofree char *guid = g_dbus_generate_guid();
	bool server = flags & G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_SERVER;

	return g_dbus_connection_new_sync(
		G_IO_STREAM(stream), server ? guid : NULL, flags, NULL, NULL, NULL);
}

static void closed(
	GDBusConnection *connection, gboolean remote, GError *error, gpointer loop)
{
	(void)connection, (void)remote, (void)error;
	g_main_loop_quit(loop);
}

static gpointer serve(gpointer data)
{
	static const char xml[] =
		"<node><interface name='bench.Clock'><method name='Now'>"
		"<arg type='t' direction='out'/></method></interface></node>";
	Side *side = data;
	g_autoptr(GMainContext) context = g_main_context_new();
	g_autoptr(GDBusNodeInfo) node = g_dbus_node_info_new_for_xml(xml, NULL);

	bench_pin(side->cpu);
	g_main_context_push_thread_default(context);
	g_autoptr(GMainLoop) loop = g_main_loop_new(context, FALSE);
	g_autoptr(GDBusConnection) connection = connect_end(side->end,
		G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_SERVER |
			G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_ALLOW_ANONYMOUS |
			G_DBUS_CONNECTION_FLAGS_DELAY_MESSAGE_PROCESSING);
	if (connection) {
		g_dbus_connection_set_exit_on_close(connection, FALSE);
		g_signal_connect(connection, "closed", G_CALLBACK(closed), loop);
		g_dbus_connection_register_object(connection, "/bench",
			node->interfaces[0], &vtable, NULL, NULL, NULL);
		g_dbus_connection_start_message_processing(connection);
		g_main_loop_run(loop);
	}
	g_main_context_pop_thread_default(context);
	return NULL;
}

static bool call(GDBusConnection *connection)
{
	g_autoptr(GVariant) reply =
		g_dbus_connection_call_sync(connection, NULL, "/bench", "bench.Clock",
			"Now", NULL, G_VARIANT_TYPE("(t)"), 0, -1, NULL, NULL);

	return reply != NULL;
}

/* GDBus reads and writes in a thread of its own, which inherits the CPU of the first
 * user. */
double gdbus(int rounds, int client_cpu, int server_cpu)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
		return -1;
	Side side = {.end = ends[1], .cpu = server_cpu};
	bench_pin(client_cpu);
	GThread *thread = g_thread_new("server", serve, &side);
	g_autoptr(GDBusConnection) connection =
		connect_end(ends[0], G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT);
	bool well = connection && call(connection);
	guint64 start = bench_now();
	for (int i = 0; well && i < rounds; i++)
		well = call(connection);
	double time = (double)(bench_now() - start) / 1000.0 / rounds;
	if (connection)
		g_dbus_connection_close_sync(connection, NULL, NULL);
	g_thread_join(thread);
	return well ? time : -1;
}
