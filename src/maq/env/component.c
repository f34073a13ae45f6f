// SPDX-License-Identifier: LGPL-2.1-or-later
#include "parent.h"

#include <maq/component.h>
#include <maq/schedule.h>
#include <maq/trace_ring.h>

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct {
	MaqRom *rom; /* owned by env; NULL: there is none */
	MaqHidDocument *document;
	MaqHandler changed;
	void *changed_data;
} Config;

/* ---- log ---- */

void maq_log(MaqEnv *env, const char *format, ...)
{
	MaqEnvParent *parent = env->parent;
	va_list arguments;

	va_start(arguments, format);
	g_autofree char *text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	if (parent && !parent->log)
		parent->log = maq_log_open(env, "", NULL);
	if (!parent || !parent->log || maq_log_write(parent->log, text) != MAQ_LOG_OK)
		fprintf(stderr, "%s\n", text);
}

/* ---- configuration ---- */

static void read_config(MaqEnv *env)
{
	Config *config = env->config;
	g_autoptr(GBytes) bytes = config->rom ? maq_rom_text(config->rom) : NULL;
	g_autoptr(GError) error = NULL;
	gsize size;

	g_clear_pointer(&config->document, maq_hid_free);
	if (!bytes)
		return;
	const char *text = g_bytes_get_data(bytes, &size);
	config->document =
		maq_hid_parse(text, (gssize)size, "config", MAQ_HID_STRICT, &error);
	if (config->document)
		return;
	g_warning("%s", error->message);
	/* what can be understood of it counts nevertheless, as in Genode */
	config->document =
		maq_hid_parse(text, (gssize)size, "config", MAQ_HID_LENIENT, NULL);
}

static void config_changed(void *data)
{
	MaqEnv *env = data;
	Config *config = env->config;

	read_config(env);
	if (config->changed)
		config->changed(config->changed_data);
}

static Config *get_config(MaqEnv *env)
{
	if (!env->config) {
		Config *config = g_new0(Config, 1);

		env->config = config;
		config->rom = maq_rom_open(env, "config", NULL);
		if (config->rom)
			maq_rom_on_changed(config->rom, config_changed, env);
		read_config(env);
	}
	return env->config;
}

const MaqHidNode *maq_config(MaqEnv *env)
{
	Config *config = get_config(env);

	return config->document ? maq_hid_root(config->document) : NULL;
}

bool maq_config_bool(MaqEnv *env, const char *tag, bool fallback)
{
	return maq_hid_bool(maq_config(env), tag, fallback);
}

guint64 maq_config_u64(MaqEnv *env, const char *tag, guint64 fallback)
{
	return maq_hid_u64(maq_config(env), tag, fallback);
}

const char *maq_config_string(MaqEnv *env, const char *tag, const char *fallback)
{
	return maq_hid_string(maq_config(env), tag, fallback);
}

void maq_config_on_changed(MaqEnv *env, MaqHandler handler, void *data)
{
	Config *config = get_config(env);

	config->changed = handler;
	config->changed_data = data;
}

/* ---- main ---- */

static bool is_component(void)
{
	int type = 0;
	socklen_t size = sizeof type;

	return getsockopt(MAQ_PARENT_FD, SOL_SOCKET, SO_TYPE, &type, &size) == 0 &&
	       type == SOCK_SEQPACKET && fcntl(MAQ_PARENT_FD, F_SETFD, FD_CLOEXEC) == 0;
}

static void disconnect(MaqEnv *env)
{
	Config *config = env->config;
	MaqEnvParent *parent = env->parent;

	env->parent_ops =
		NULL; /* the end of the process closes everything at the parent */
	if (config)
		maq_hid_free(config->document);
	g_free(config);
	env->config = NULL;
	maq_env_end_upgrades(parent);
	maq_env_free(env);
	maq_env_parent_free(parent);
}

int maq_component_run(const MaqBinding *binding, int parent, MaqStart start)
{
	g_autoptr(GError) error = NULL;
	int code = 1;
	MaqEnv *env = maq_env_new(binding);

	maq_env_connect(env, parent);
	if (start(env, &error)) {
		code = maq_loop_run(env->loop);
	} else {
		g_printerr("Error: %s\n", error ? error->message : "start failed");
		maq_exit(env, 1);
	}
	disconnect(env);
	return code;
}

static _Thread_local struct {
	const MaqBinding *binding; /* NULL: this is a process */
	int parent;
} embedded;

void maq_component_embed(const MaqBinding *binding, int parent)
{
	embedded.binding = binding;
	embedded.parent = parent;
}

int maq_component_main(int argc, char **argv, MaqStart start)
{
	(void)argc;
	if (embedded.binding)
		return maq_component_run(embedded.binding, embedded.parent, start);
	if (!is_component()) {
		fprintf(stderr,
			"%s is a component of Maquette: name it in a scenario and start "
			"that by "
			"\"maquette run SCENARIO\"\n",
			argv[0]);
		return 100;
	}
	maq_use_plain_messages();
	maq_crash_install();
	maq_host_keep();
	maq_trace_attach();
	return maq_component_run(maq_schedule_attach(), MAQ_PARENT_FD, start);
}
