// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A random tree of real inits, to which the owner does thousands of random things: after
 * each of them every byte and capability is in one account, and the kernel's limits are
 * what the accounts say.
 *
 * Uses MAQ_BIN. The number of steps is MAQ_STEPS, or less under sanitizers.
 */
#include <maq/control.h>
#include <maq/env.h>
#include <maq/hid.h>
#include <maq/memory.h>

#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef MAQ_SANITIZED
#define STEPS 500
#else
#define STEPS 10000
#endif
#define DEPTH_MAX    3
#define CHILDREN_MAX 4
#define SETTLE_TRIES 2000        /* looks until what is under way has arrived */
#define LAG_RAM      (64u << 10) /* the kernel is not told of less; also docs/decisions */
#define ALLOWANCE    (2u << 20)
#define RESERVE      (4u << 20) /* of a server */
#define ARROW        " -> "

typedef struct {
	char *folder; /* owned: also the run-time folder */
	pid_t core;
	MaqEnv *env;
	MaqControl *control; /* owned by env */
	GRand *rand;
	guint64 ram; /* of the whole tree, once it stood; 0: not yet */
	guint64 caps;
	char *fault; /* owned: what did not add up at the last look */
} Fixture;

/* ---- a random tree ---- */

static void put_children(GString *text, GRand *rand, guint depth, int indent);

static void put_init(GString *text, GRand *rand, guint depth, int indent, guint number)
{
	g_string_append_printf(text,
		"%*s+ start sub%u | ram: %dM | caps: %d\n"
		"%*s  + binary init\n"
		"%*s  + config\n",
		indent, "", number, depth == 1 ? 400 : 90, depth == 1 ? 4000 : 900,
		indent, "", indent, "");
	put_children(text, rand, depth + 1, indent + 4);
}

static void put_leaf(GString *text, GRand *rand, int indent, guint number)
{
	static const char *const binaries[] = {"hello", "elastic", "ticker"};
	const char *binary = binaries[g_rand_int_range(rand, 0, 3)];

	g_string_append_printf(text,
		"%*s+ start leaf%u | ram: %dM | caps: %d\n"
		"%*s  + binary %s\n"
		"%*s  + config | stay: yes | period_ms: 50\n",
		indent, "", number, g_rand_int_range(rand, 2, 9),
		g_rand_int_range(rand, 40, 120), indent, "", binary, indent, "");
}

static void put_children(GString *text, GRand *rand, guint depth, int indent)
{
	static const char *const lines[] = {
		"+ parent-provides",
		"  + service LOG",
		"  + service ROM",
		"  + service Process",
		"+ default-route",
		"  + service ROM | + parent",
		"  + any-service",
		"    + any-child",
		"    + parent",
		"+ start clock | ram: 2M | caps: 60",
		"  + binary timer",
		"  + provides | + service Timer",
		"+ start reports | ram: 2M | caps: 60",
		"  + binary report_rom",
		"  + provides",
		"    + service Report",
		"    + service ROM",
		"  + config",
	};
	guint inits = depth < DEPTH_MAX ? (guint)g_rand_int_range(rand, 1, 3) : 0;
	guint leaves = (guint)g_rand_int_range(rand, 1, CHILDREN_MAX);

	for (gsize i = 0; i < G_N_ELEMENTS(lines); i++)
		g_string_append_printf(text, "%*s%s\n", indent, "", lines[i]);
	for (guint i = 0; i < inits; i++)
		put_init(text, rand, depth, indent, i);
	for (guint i = 0; i < leaves; i++)
		put_leaf(text, rand, indent, i);
}

/* ---- looking ---- */

typedef struct {
	guint64 ram, caps; /* in all accounts that were added up */
} Sum;

static guint64 bytes(const MaqHidNode *node, const char *kind, const char *tag)
{
	return maq_hid_bytes(maq_hid_first(node, kind), tag, 0);
}

static const MaqHidNode *find(const MaqHidNode *tree, const char *type, const char *label)
{
	const MaqHidNode *node = maq_hid_first(tree, type);

	while (node && g_strcmp0(maq_hid_attr(node, "label"), label))
		node = maq_hid_next(node, type);
	return node;
}

G_GNUC_PRINTF(2, 3)
static void blame(Fixture *f, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	if (!f->fault)
		f->fault = g_strdup_vprintf(format, arguments);
	va_end(arguments);
}

static void check_account(Fixture *f, const char *label, const MaqHidNode *child)
{
	for (const char *const *kind = (const char *const[]){"ram", "caps", NULL}; *kind;
		kind++) {
		guint64 held = bytes(child, *kind, "quota");
		guint64 used = bytes(child, *kind, "used");
		guint64 avail = bytes(child, *kind, "avail");
		guint64 expected = bytes(child, *kind, "assigned") +
				   bytes(child, *kind, "received") -
				   bytes(child, *kind, "donated");

		if (held != expected || used + avail != held)
			blame(f,
				"%s: %s: %" G_GUINT64_FORMAT " held, %" G_GUINT64_FORMAT
				" by the accounts, %" G_GUINT64_FORMAT
				" used, %" G_GUINT64_FORMAT " left",
				label, *kind, held, expected, used, avail);
	}
}

static void check_limit(
	Fixture *f, const MaqHidNode *tree, const char *label, const MaqHidNode *child)
{
	const MaqHidNode *process = find(tree, "process", label);
	bool server =
		g_str_has_suffix(label, "clock") || g_str_has_suffix(label, "reports");
	guint64 limit = maq_hid_u64(process, "limit", 0);
	guint64 expected =
		bytes(child, "ram", "quota") + ALLOWANCE + (server ? RESERVE : 0);

	if (process && (limit + LAG_RAM < expected || limit > expected + LAG_RAM))
		blame(f,
			"%s: the kernel's limit is %" G_GUINT64_FORMAT
			" instead of %" G_GUINT64_FORMAT,
			label, limit, expected);
}

/* Adds up what an init's children have, and what it has left. */
static Sum add_up(Fixture *f, const MaqHidNode *tree, const char *label)
{
	const MaqHidNode *init = find(tree, "init", label);
	Sum sum = {bytes(init, "ram", "avail"), bytes(init, "caps", "avail")};
	Sum shares = sum;

	if (!init)
		blame(f, "%s does not answer", label);
	for (const MaqHidNode *child = maq_hid_first(init, "child"); child;
		child = maq_hid_next(child, "child")) {
		g_autofree char *below = g_strconcat(
			label, ARROW, maq_hid_string(child, "name", ""), NULL);
		guint64 ram = bytes(child, "ram", "assigned");
		guint64 caps = bytes(child, "caps", "assigned");

		if (!find(tree, "process", below))
			blame(f, "%s does not run", below);
		check_account(f, below, child);
		shares.ram += ram;
		shares.caps += caps;
		if (g_str_has_prefix(maq_hid_string(child, "name", ""), "sub")) {
			Sum inside = add_up(f, tree, below);
			const MaqHidNode *own = find(tree, "init", below);

			/* its own sessions are what it does not divide */
			if (inside.ram > ram || inside.ram != bytes(own, "ram", "quota"))
				blame(f,
					"%s was given %" G_GUINT64_FORMAT
					" and has divided %" G_GUINT64_FORMAT,
					below, ram, inside.ram);
			sum.ram += ram;
			sum.caps += caps;
		} else {
			check_limit(f, tree, below, child);
			sum.ram += ram;
			sum.caps += caps;
		}
	}
	if (shares.ram != bytes(init, "ram", "quota") ||
		shares.caps != bytes(init, "caps", "quota"))
		blame(f,
			"%s: %" G_GUINT64_FORMAT " bytes and %" G_GUINT64_FORMAT
			" caps divided, %" G_GUINT64_FORMAT " and %" G_GUINT64_FORMAT
			" there",
			label, shares.ram, shares.caps, bytes(init, "ram", "quota"),
			bytes(init, "caps", "quota"));
	return sum;
}

static void collect(const MaqHidNode *tree, const char *label, GPtrArray *labels)
{
	const MaqHidNode *init = find(tree, "init", label);

	for (const MaqHidNode *child = maq_hid_first(init, "child"); child;
		child = maq_hid_next(child, "child")) {
		char *below = g_strconcat(
			label, ARROW, maq_hid_string(child, "name", ""), NULL);

		g_ptr_array_add(labels, below);
		collect(tree, below, labels);
	}
}

static MaqHidDocument *describe(Fixture *f)
{
	maq_autofd int content = -1;
	guint64 size = 0;
	gsize mapped = 0;

	g_assert_cmpint(
		maq_control_describe(f->control, &size, &content), ==, MAQ_CONTROL_OK);
	const char *text = maq_map(content, false, &mapped, NULL);
	MaqHidDocument *tree =
		maq_hid_parse(text, (gssize)size, "tree", MAQ_HID_LENIENT, NULL);
	maq_unmap(text, mapped);
	g_assert_nonnull(tree);
	return tree;
}

/* What was begun arrives soon: the accounts of two inits are read one after the other. */
static GPtrArray *settle(Fixture *f)
{
	for (guint i = 0; i < SETTLE_TRIES; i++) {
		g_autoptr(MaqHidDocument) tree = describe(f);
		GPtrArray *labels = g_ptr_array_new_with_free_func(g_free);
		Sum sum;

		g_clear_pointer(&f->fault, g_free);
		sum = add_up(f, maq_hid_root(tree), "init");
		collect(maq_hid_root(tree), "init", labels);
		if (f->ram && (sum.ram != f->ram || sum.caps != f->caps))
			blame(f,
				"the whole was %" G_GUINT64_FORMAT
				", is %" G_GUINT64_FORMAT,
				f->ram, sum.ram);
		if (!f->fault) {
			f->ram = sum.ram;
			f->caps = sum.caps;
			return labels;
		}
		g_ptr_array_unref(labels);
		g_usleep(i < 20 ? 500 : 5000); /* it is processes that are waited for */
	}
	g_error("%s", f->fault);
}

/* ---- doing ---- */

static void step(Fixture *f, const GPtrArray *labels)
{
	const char *label = labels->pdata[g_rand_int_range(f->rand, 0, (int)labels->len)];
	bool init =
		g_strrstr(label, ARROW "sub") && !strchr(g_strrstr(label, "sub"), '>');
	guint64 ram =
		(guint64)g_rand_int_range(f->rand, init ? 800 : 24, init ? 9000 : 240)
		<< 16;
	guint32 caps =
		(guint32)g_rand_int_range(f->rand, init ? 500 : 50, init ? 6000 : 200);
	guint64 has_ram;
	guint32 has_caps;
	MaqControlError status;

	if (g_rand_int_range(f->rand, 0, 40) == 0) {
		g_test_message("restart %s", label);
		status = maq_control_restart(f->control, label);
	} else {
		g_test_message("%s gets %" G_GUINT64_FORMAT " %u", label, ram, caps);
		status = maq_control_set_quota(
			f->control, label, ram, caps, &has_ram, &has_caps);
	}
	g_assert_cmpint(status, ==, MAQ_CONTROL_OK);
}

/* ---- the scenario ---- */

static int connect_to(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int channel = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	g_assert_cmpuint(strlen(path), <, sizeof address.sun_path);
	g_strlcpy(address.sun_path, path, sizeof address.sun_path);
	for (guint i = 0; i < 3000; i++) {
		if (!connect(channel, (struct sockaddr *)&address, sizeof address))
			return channel;
		g_usleep(10000);
	}
	g_error("no scenario at %s", path);
}

static void start(Fixture *f, const char *config)
{
	const char *folder = g_getenv("MAQ_BIN");
	g_autofree char *core = g_build_filename(folder, "maquette-core", NULL);

	g_assert_nonnull(folder);
	f->core = fork();
	if (f->core)
		return;
	g_setenv("XDG_RUNTIME_DIR", f->folder, TRUE);
	execl(core, core, "--config", config, "--path", folder, "--caps", "100000",
		"--die-with-parent", NULL);
	_exit(111);
}

static void set_up(Fixture *f, gconstpointer data)
{
	g_autoptr(GString) text = g_string_new("config\n");
	guint32 seed = (guint32)g_test_rand_int();

	(void)data;
	f->rand = g_rand_new_with_seed(seed);
	g_test_message("seed %u", seed);
	f->folder = g_dir_make_tmp("maq-XXXXXX", NULL);
	put_children(text, f->rand, 1, 0);
	g_string_append(text, "-\n");
	g_autofree char *config = g_build_filename(f->folder, "tree", NULL);
	g_file_set_contents(config, text->str, -1, NULL);
	start(f, config);
	g_autofree char *path =
		g_strdup_printf("%s/maquette/tree.%d", f->folder, (int)f->core);
	f->env = maq_env_new(&maq_binding_linux);
	f->control = maq_control_attach(f->env, connect_to(path));
}

static void tear_down(Fixture *f, gconstpointer data)
{
	const char *const remove[] = {"rm", "-rf", f->folder, NULL};
	int status = 1;

	(void)data;
	g_assert_cmpint(maq_control_stop(f->control, 0), ==, MAQ_CONTROL_OK);
	g_assert_cmpint(waitpid(f->core, &status, 0), ==, f->core);
	g_assert_cmpint(status, ==, 0);
	maq_env_free(f->env);
	g_rand_free(f->rand);
	g_spawn_sync(NULL, (char **)remove, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
		NULL, NULL, NULL);
	g_free(f->fault);
	g_free(f->folder);
}

static void test_conservation(Fixture *f, gconstpointer data)
{
	const char *wish = g_getenv("MAQ_STEPS");
	guint steps = wish ? (guint)atoi(wish) : STEPS;

	(void)data;
	for (guint i = 0; i < steps; i++) {
		g_autoptr(GPtrArray) labels = settle(f);

		step(f, labels);
	}
	g_ptr_array_unref(settle(f));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add("/quota/conservation", Fixture, NULL, set_up, test_conservation,
		tear_down);
	return g_test_run();
}
