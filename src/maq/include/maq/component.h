// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * component - the main function of a component, its configuration, its resources
 */
#ifndef MAQ_COMPONENT_H
#define MAQ_COMPONENT_H

#include <maq/env.h>
#include <maq/hid.h>
#include <maq/parent.h>
#include <maq/rom.h>

#define MAQ_PARENT_FD 3 /* docs/protocol.md */

/* Builds what the component is; false: it can't, error says why, the program ends with 1.
 */
typedef bool (*MaqStart)(MaqEnv *env, GError **error);

/*
 * Connects to the parent, calls start, runs the loop until maq_exit() or the loss of the
 * parent. GLib's messages go to LOG. Returns the exit code for main to return. Run
 * outside of Maquette it prints how to run it, and returns 100.
 */
int maq_component_main(int argc, char **argv, MaqStart start);

/* The same for a component that is no process of its own: parent (owned) is its channel
 * to its parent. */
int maq_component_run(const MaqBinding *binding, int parent, MaqStart start);
/* Lets maq_component_main, in this thread, do that instead. */
void maq_component_embed(const MaqBinding *binding, int parent);

/* Tells the parent and leaves the loop. */
void maq_exit(MaqEnv *env, int code);

/* Writes a line to the component's LOG session. */
void maq_log(MaqEnv *env, const char *format, ...) G_GNUC_PRINTF(2, 3);

/*
 * The ROM `config`, opened at first use. The node is valid until the next change; never
 * fails: without configuration it is NULL, which all accessors of maq/hid.h accept.
 */
const MaqHidNode *maq_config(MaqEnv *env);
bool maq_config_bool(MaqEnv *env, const char *tag, bool fallback);
guint64 maq_config_u64(MaqEnv *env, const char *tag, guint64 fallback);
const char *maq_config_string(MaqEnv *env, const char *tag, const char *fallback);
/* Called from the loop after each change, when maq_config() gives the new content. */
void maq_config_on_changed(MaqEnv *env, MaqHandler handler, void *data);

/* What a ROM module contains now, followed by a zero byte; it never changes. NULL: there
 * is no content, or the server has gone. Owned by the caller (g_bytes_unref). */
GBytes *maq_rom_text(MaqRom *rom);

/* The component's own quota; false if the parent has gone. */
typedef struct {
	guint64 ram, ram_used; /* bytes */
	guint32 caps, caps_used;
} MaqQuota;
bool maq_quota(MaqEnv *env, MaqQuota *quota);
/* What of it the parent has assigned: all but the donations of clients. */
bool maq_assigned(MaqEnv *env, guint64 *ram, guint32 *caps);
void maq_assigned_async(MaqEnv *env, MaqParentAssignedDone done, void *data);
/* Takes from the own quota what the component keeps, memory and handles; false: too
 * little is left. */
bool maq_charge(MaqEnv *env, guint64 ram, guint32 caps);
void maq_refund(MaqEnv *env, guint64 ram, guint32 caps);
/* Asks the parent for more; on_resources is called when the quota was raised. */
void maq_request_resources(MaqEnv *env, guint64 ram, guint32 caps);
void maq_on_resources(MaqEnv *env, MaqHandler handler, void *data);
/* The parent would like resources back: refund what can be spared, then say yielded. */
void maq_on_yield(MaqEnv *env, MaqHandler handler, void *data);
void maq_yield_request(MaqEnv *env, guint64 *ram, guint32 *caps);
void maq_yielded(MaqEnv *env);
/*
 * Opens a session without waiting for its server; what it costs at least is donated. args
 * are encoded open parameters (maq_x_encode_args), copied. done is called once, from the
 * loop: with the session, to be cast to MaqX *, or a status and NULL. Then the opening is
 * gone. Before, it may be cancelled (NULL is fine): done will not be called.
 */
typedef struct MaqOpening MaqOpening;
typedef void (*MaqOpeningDone)(void *data, int status, MaqSession *session);
MaqOpening *maq_open_async(MaqEnv *env, const MaqInterface *interface, const char *label,
	const void *args, gsize args_size, MaqOpeningDone done, void *data);
void maq_opening_cancel(MaqOpening *opening);
/* Donates more to an own session; a MaqStatus. */
int maq_upgrade(MaqEnv *env, const MaqSession *session, guint64 ram, guint32 caps);
/* Likewise, without waiting. Done is always called: with MAQ_GONE when the env ends. */
typedef void (*MaqUpgradeDone)(void *data, int status);
void maq_upgrade_async(MaqEnv *env, const MaqSession *session, guint64 ram, guint32 caps,
	MaqUpgradeDone done, void *data);

#endif
