// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * env - what a component has: its loop, its parent, its configuration, its state
 *
 * All functions belong to the thread that made the env.
 */
#ifndef MAQ_ENV_H
#define MAQ_ENV_H

#include <maq/loop.h>
#include <maq/session.h>

/* An env without a parent, for core, tools and tests. */
MaqEnv *maq_env_new(const MaqBinding *binding);
/* Ends the sessions of all clients. */
void maq_env_end_peers(MaqEnv *env);
/* Ends those, closes all sessions. */
void maq_env_free(MaqEnv *env);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MaqEnv, maq_env_free)

MaqLoop *maq_env_loop(MaqEnv *env);
const MaqBinding *maq_env_binding(MaqEnv *env);
/* Zeroed memory of the component, the same at each call, freed with env. */
void *maq_env_state(MaqEnv *env, gsize size);

/* Hands over memory that is g_free'd with env, after all sessions and peers. */
void maq_env_own(MaqEnv *env, void *memory);
/* Likewise, freed by that function. */
void maq_env_own_by(MaqEnv *env, void *memory, GDestroyNotify free);

/* GLib's messages become plain lines on stderr: "Warning: ...". Once, early in main. */
void maq_use_plain_messages(void);

#endif
