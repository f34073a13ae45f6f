// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * check - what can be known to be wrong before anything starts
 */
#include <maq/scenario.h>

#include <stdarg.h>
#include <string.h>

#define CONFIG_NODES                                                                     \
	"parent-provides default default-route alias affinity-space resource heartbeat " \
	"report service start"
#define START_NODES                                                                      \
	"binary provides route config exit restart host resource heartbeat affinity cpu"

typedef struct {
	const MaqHidNode *config;
	MaqComplaint complain;
	void *data;
	guint fatal;
} Check;

G_GNUC_PRINTF(5, 6)
static void complain(Check *check, const MaqHidNode *node, const char *tag, bool fatal,
	const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	g_autofree char *text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	check->fatal += fatal;
	check->complain(check->data, node, tag, fatal, text);
}

/* ---- values ---- */

typedef enum { VALUE_BYTES, VALUE_NUMBER, VALUE_BOOL } ValueKind;

/* Accessors answer what is no such value by their default. */
static bool is_value(const MaqHidNode *node, const char *tag, ValueKind kind)
{
	if (kind == VALUE_BOOL)
		return maq_hid_bool(node, tag, false) == maq_hid_bool(node, tag, true);
	if (kind == VALUE_BYTES)
		return maq_hid_bytes(node, tag, 0) == maq_hid_bytes(node, tag, 1);
	return maq_hid_u64(node, tag, 0) == maq_hid_u64(node, tag, 1);
}

static bool check_value(
	Check *check, const MaqHidNode *node, const char *tag, ValueKind kind)
{
	static const char *const expected[] = {
		[VALUE_BYTES] = "a number of bytes, such as 64K or 2M",
		[VALUE_NUMBER] = "a number",
		[VALUE_BOOL] = "yes or no",
	};
	const char *text = maq_hid_attr(node, tag);

	if (!text || is_value(node, tag, kind))
		return true;
	complain(check, node, tag, true, "\"%s: %s\": expected %s", tag, text,
		expected[kind]);
	return false;
}

static void check_values(Check *check, const MaqHidNode *inside)
{
	static const struct {
		const char *type, *tag;
		ValueKind kind;
	} known[] = {
		{"default", "ram", VALUE_BYTES},
		{"default", "caps", VALUE_NUMBER},
		{"resource", "preserve", VALUE_BYTES},
		{"heartbeat", "rate_ms", VALUE_NUMBER},
		{"report", "delay_ms", VALUE_NUMBER},
		{"exit", "propagate", VALUE_BOOL},
		{"resource", "max", VALUE_BYTES},
		{"cpu", "weight", VALUE_NUMBER},
		{"cpu", "realtime_us", VALUE_NUMBER},
		{"cpu", "period_us", VALUE_NUMBER},
		{"affinity-space", "width", VALUE_NUMBER},
		{"affinity-space", "height", VALUE_NUMBER},
		{"affinity", "xpos", VALUE_NUMBER},
		{"affinity", "ypos", VALUE_NUMBER},
		{"affinity", "width", VALUE_NUMBER},
		{"affinity", "height", VALUE_NUMBER},
		{"restart", "max", VALUE_NUMBER},
		{"restart", "within_ms", VALUE_NUMBER},
		{"restart", "backoff_ms", VALUE_NUMBER},
	};
	const MaqHidNode *node;

	for (node = maq_hid_first(inside, NULL); node; node = maq_hid_next(node, NULL))
		for (gsize i = 0; i < G_N_ELEMENTS(known); i++)
			if (!strcmp(known[i].type, maq_hid_type(node)))
				check_value(check, node, known[i].tag, known[i].kind);
}

static void check_known(Check *check, const MaqHidNode *inside, const char *known)
{
	g_auto(GStrv) types = g_strsplit(known, " ", -1);
	const MaqHidNode *node;

	for (node = maq_hid_first(inside, NULL); node; node = maq_hid_next(node, NULL))
		if (!g_strv_contains((const char *const *)types, maq_hid_type(node)))
			complain(check, node, NULL, true,
				"\"%s\" is not understood here: expected one of: %s",
				maq_hid_type(node), known);
}

/* ---- routes ---- */

static bool is_provided(const Check *check, const char *service)
{
	const MaqHidNode *node =
		maq_hid_first(maq_hid_first(check->config, "parent-provides"), "service");

	while (node && g_strcmp0(maq_hid_name(node), service))
		node = maq_hid_next(node, "service");
	return node != NULL;
}

/* The parent as the last chance of a rule. */
static void check_parent(Check *check, const MaqHidNode *rule, const MaqHidNode *target)
{
	const char *service = maq_hid_name(rule);

	if (g_strcmp0(maq_hid_type(rule), "service") || !service ||
		maq_hid_first(rule, NULL) != target || maq_hid_next(target, NULL) ||
		is_provided(check, service))
		return;
	complain(check, target, NULL, true,
		"the parent does not provide %s: expected \"+ parent-provides | + "
		"service "
		"%s\"",
		service, service);
}

static void check_target(Check *check, const MaqHidNode *rule, const MaqHidNode *target)
{
	const char *type = maq_hid_type(target);
	const char *name = maq_hid_name(target);
	const char *service = maq_hid_name(rule);
	const MaqHidNode *alias, *server;

	if (!g_strcmp0(type, "parent"))
		check_parent(check, rule, target);
	if (!g_strcmp0(type, "parent") || !g_strcmp0(type, "any-child"))
		return;
	if (g_strcmp0(type, "child")) {
		complain(check, target, NULL, true,
			"\"%s\" is no target: expected parent, child or any-child", type);
		return;
	}
	for (alias = maq_hid_first(check->config, "alias"); alias;
		alias = maq_hid_next(alias, "alias"))
		if (!g_strcmp0(maq_hid_name(alias), name))
			name = maq_hid_attr(alias, "child");
	server = maq_scenario_start(check->config, name);
	if (!server)
		complain(check, target, NULL, true,
			"there is no start node \"%s\" to route to", name ? name : "");
	else if (!g_strcmp0(maq_hid_type(rule), "service") &&
		 !maq_scenario_provides(server, service))
		complain(check, target, NULL, true,
			"\"%s\" does not provide %s: expected \"+ provides | + service "
			"%s\" in it",
			name, service, service);
}

static void check_routes(Check *check, const MaqHidNode *routes)
{
	const MaqHidNode *rule, *target;

	for (rule = maq_hid_first(routes, NULL); rule; rule = maq_hid_next(rule, NULL)) {
		const char *type = maq_hid_type(rule);

		if (g_strcmp0(type, "service") && g_strcmp0(type, "any-service")) {
			complain(check, rule, NULL, true,
				"\"%s\" is no rule: expected service or any-service",
				type);
			continue;
		}
		if (!g_strcmp0(type, "service") && !maq_hid_name(rule))
			complain(check, rule, NULL, true, "service without a name");
		for (target = maq_hid_first(rule, NULL); target;
			target = maq_hid_next(target, NULL))
			check_target(check, rule, target);
	}
}

/* ---- start nodes ---- */

/* Two of one socket: the second one would not get it. */
static void check_port(Check *check, const MaqHidNode *node, const MaqListen *listen)
{
	const MaqHidNode *start = maq_hid_first(check->config, "start"), *other;
	MaqListen taken;

	for (; start; start = maq_hid_next(start, "start")) {
		other = maq_hid_first(maq_hid_first(start, "host"), "listen");
		for (; other && other != node; other = maq_hid_next(other, "listen")) {
			if (maq_scenario_listen(other, &taken) ||
				g_strcmp0(taken.path, listen->path) ||
				(!listen->path &&
					(!listen->port || taken.port != listen->port ||
						strcmp(taken.address, listen->address))))
				continue;
			complain(check, node, listen->path ? "path" : "port", true,
				"\"%s\" listens there already", maq_hid_name(start));
			return;
		}
		if (other)
			return;
	}
}

/* Names are those of descriptors, whatever they are of. */
static void check_names(Check *check, const MaqHidNode *node)
{
	const MaqHidNode *other = maq_hid_next(node, NULL);

	for (; other && maq_hid_name(node); other = maq_hid_next(other, NULL))
		if (!g_strcmp0(maq_hid_name(node), maq_hid_name(other)))
			complain(check, other, NULL, true,
				"there are two grants \"%s\": expected another name",
				maq_hid_name(node));
}

static void check_host(Check *check, const MaqHidNode *host)
{
	const MaqHidNode *node = maq_hid_first(host, NULL);
	MaqListen listen;

	check_known(check, host, MAQ_GRANTS);
	for (; node; node = maq_hid_next(node, NULL)) {
		g_autofree char *fault = maq_scenario_grant_fault(node);

		if (fault && strstr(MAQ_GRANTS, maq_hid_type(node)))
			complain(check, node, NULL, true, "%s", fault);
		else if (!fault && !strcmp(maq_hid_type(node), "listen") &&
			 !maq_scenario_listen(node, &listen))
			check_port(check, node, &listen);
		check_names(check, node);
	}
}

/* What each component needs for its first step. */
static void check_needs(Check *check, const MaqHidNode *start)
{
	const char *program = maq_scenario_binary(start);
	const MaqHidNode *binary = maq_hid_first(start, "binary");
	MaqRoute route;

	maq_scenario_route_binary(check->config, start, &route);
	if (route.kind == MAQ_ROUTE_NONE)
		complain(check, binary ? binary : start, NULL, true,
			"there is no route to the program \"%s\": expected one of \"%s\" "
			"for ROM",
			program, maq_hid_name(start));
	maq_scenario_route(check->config, start, "LOG", "", &route);
	if (route.kind == MAQ_ROUTE_NONE)
		complain(check, start, NULL, true, "\"%s\" has no route to LOG",
			maq_hid_name(start));
}

static void check_quota(Check *check, const MaqHidNode *start)
{
	const char *name = maq_hid_name(start);
	const MaqHidNode *other = maq_hid_first(check->config, "default");
	bool ram_well = check_value(check, start, "ram", VALUE_BYTES);
	bool caps_well = check_value(check, start, "caps", VALUE_NUMBER);

	/* a default that is there, but none, is told of itself */
	ram_well =
		ram_well && (maq_hid_attr(start, "ram") || !maq_hid_attr(other, "ram"));
	caps_well = caps_well &&
		    (maq_hid_attr(start, "caps") || !maq_hid_attr(other, "caps"));
	if (ram_well && !maq_scenario_ram(check->config, start))
		complain(check, start, NULL, true,
			"\"%s\" has no RAM quota: expected \"ram: 2M\" or the like, here "
			"or in \"+ default\"",
			name);
	if (caps_well && !maq_scenario_caps(check->config, start))
		complain(check, start, NULL, true,
			"\"%s\" has no capability quota: expected \"caps: 100\" or the "
			"like, here or in \"+ default\"",
			name);
}

static void check_start(Check *check, const MaqHidNode *start)
{
	const char *name = maq_hid_name(start);

	if (!name) {
		complain(check, start, NULL, true, "start node without a name");
		return;
	}
	if (strlen(name) > 64)
		complain(check, start, NULL, true,
			"the name is longer than 64 bytes: expected a shorter one");
	if (maq_scenario_start(check->config, name) != start) {
		complain(check, start, NULL, true,
			"there is a start node \"%s\" already: expected another name",
			name);
		return;
	}
	check_known(check, start, START_NODES);
	check_values(check, start);
	check_quota(check, start);
	guint before = check->fatal;
	check_routes(check, maq_hid_first(start, "route"));
	if (check->fatal == before) /* else it is told where it comes from */
		check_needs(check, start);
	check_host(check, maq_hid_first(start, "host"));
}

/* ---- quotas ---- */

/* The fault is told of the start node with which it is too much. */
static void check_quotas(Check *check, guint64 ram, guint32 caps)
{
	const MaqHidNode *start;
	guint64 ram_sum = 0, caps_sum = 0;

	for (start = maq_hid_first(check->config, "start"); start;
		start = maq_hid_next(start, "start")) {
		guint64 more = maq_scenario_ram(check->config, start);
		guint64 before = ram_sum, caps_before = caps_sum;

		ram_sum = more > G_MAXUINT64 - ram_sum ? G_MAXUINT64 : ram_sum + more;
		caps_sum += maq_scenario_caps(check->config, start);
		if (before <= ram && ram_sum > ram)
			complain(check, start, "ram", true,
				"with this the start nodes' RAM quotas sum up to "
				"%" G_GUINT64_FORMAT " KiB, but there are "
				"%" G_GUINT64_FORMAT
				" KiB: lower them, or give more by --ram",
				ram_sum >> 10, ram >> 10);
		if (caps_before <= caps && caps_sum > caps)
			complain(check, start, "caps", true,
				"with this the start nodes' capability quotas sum up to "
				"%" G_GUINT64_FORMAT
				", but there are %u: lower them, or give more by --caps",
				caps_sum, caps);
	}
}

/* ---- circles ---- */

/* Follows one explicit service rule from server to server; a component that asks, however
 * indirectly, itself can wait for ever. */
static void check_circle(Check *check, const MaqHidNode *start, const MaqHidNode *rule)
{
	const char *service = maq_hid_name(rule);
	const char *first = maq_hid_name(start);
	const MaqHidNode *at = start;
	MaqRoute route;

	for (guint hops = 0; hops < 1000; hops++) {
		maq_scenario_route(check->config, at, service,
			maq_hid_string(rule, "label", ""), &route);
		if (route.kind != MAQ_ROUTE_CHILD)
			return;
		if (!strcmp(route.child, first)) {
			complain(check, rule, NULL, true,
				"the route of %s leads back to \"%s\"", service, first);
			return;
		}
		at = maq_scenario_start(check->config, route.child);
	}
}

static void check_circles(Check *check)
{
	const MaqHidNode *start, *rule;

	for (start = maq_hid_first(check->config, "start"); start;
		start = maq_hid_next(start, "start")) {
		const MaqHidNode *routes = maq_hid_first(start, "route");

		for (rule = maq_hid_first(routes, "service"); rule;
			rule = maq_hid_next(rule, "service"))
			if (maq_hid_name(rule) && maq_hid_name(start))
				check_circle(check, start, rule);
	}
}

guint maq_scenario_check(const MaqHidNode *config, guint64 ram, guint32 caps,
	MaqComplaint complaint, void *data)
{
	Check check = {config, complaint, data, 0};
	const MaqHidNode *node;

	if (g_strcmp0(maq_hid_type(config), "config"))
		complain(&check, config, NULL, true,
			"the top-level node is \"%s\": expected config",
			maq_hid_type(config) ? maq_hid_type(config) : "");
	check_known(&check, config, CONFIG_NODES);
	check_values(&check, config);
	for (node = maq_hid_first(config, "start"); node;
		node = maq_hid_next(node, "start"))
		check_start(&check, node);
	check_routes(&check, maq_hid_first(config, "default-route"));
	check_quotas(&check, ram, caps);
	check_circles(&check);
	return check.fatal;
}
