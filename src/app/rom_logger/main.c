// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rom_logger - write each content of a ROM module to the log
 *
 * Requires  ROM, LOG
 * Config    rom: name of the module (default "content")
 */
#include <maq/component.h>
#include <maq/memory.h>
#include <maq/rom.h>

typedef struct {
	MaqEnv *env;
	MaqRom *rom;
} RomLogger;

static void show(void *data)
{
	RomLogger *logger = data;
	maq_autofd int content = -1;
	guint64 size = 0;
	gsize mapped = 0;

	if (maq_rom_update(logger->rom, &size, &content) != MAQ_ROM_OK)
		return;
	const char *text = maq_map(content, false, &mapped, NULL);
	if (text && size <= mapped)
		maq_log(logger->env, "%.*s", (int)MIN(size, 4000), text);
	maq_unmap(text, mapped);
}

static bool rom_logger_start(MaqEnv *env, GError **error)
{
	RomLogger *logger = maq_env_state(env, sizeof *logger);

	logger->env = env;
	logger->rom = maq_rom_open(env, maq_config_string(env, "rom", "content"), error);
	if (!logger->rom)
		return false;
	maq_rom_on_changed(logger->rom, show, logger);
	show(logger);
	return true;
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, rom_logger_start);
}
