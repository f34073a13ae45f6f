// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * test - component tests: a few components in one process, the same again for each seed
 *
 * The components of an init configuration run on the double (maq/double.h), each in a
 * thread of its own. The test is their client under the name `test`, and serves by tables
 * of operations what they ask of their parent. Time is the double's. See docs/testing.md.
 *
 * Where something is missing or nothing can go on, a function prints the log and who
 * waits for what, and ends the program: a test needs to check only what it is about.
 */
#ifndef MAQ_TEST_H
#define MAQ_TEST_H

#include <maq/component.h>
#include <maq/double.h>

typedef struct MaqTest MaqTest;

/* A component's main function, as maq_component_test() of the CMake package names it. */
#define MAQ_TEST_MAIN(name) int maq_main_##name(int argc, char **argv)

/*
 * config is the text of an init configuration. Beyond init's rules, a start node without
 * `provides` may provide anything; and without any rule for it a request goes to what the
 * test serves, or else to the only child that provides the service.
 */
MaqTest *maq_test_new(guint64 seed, const char *config);
/* Ends all components. */
void maq_test_free(MaqTest *test);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MaqTest, maq_test_free)

/* ---- before maq_test_begin ---- */

/* What a start node's binary is: a main function or a start function. */
void maq_test_main(MaqTest *test, const char *binary, int (*main)(int argc, char **argv));
void maq_test_start(MaqTest *test, const char *binary, MaqStart start);
/* Serves what children ask of their parent; table (a generated MaqXService) and service
 * are borrowed. Its functions run in the parent's thread, never at the same time as the
 * test. LOG and ROM are there already, and may be replaced. */
void maq_test_serve(
	MaqTest *test, const MaqSkeleton *skeleton, const void *table, void *service);

/* Starts the components. Returns the env of the test, by which it opens sessions. */
MaqEnv *maq_test_begin(MaqTest *test);

/* ---- at any time ---- */

/* The text of a ROM module; a new one is told to its readers. */
void maq_test_rom(MaqTest *test, const char *name, const char *text);
/* A new configuration: what its `config` nodes say is told to the components. */
void maq_test_configure(MaqTest *test, const char *config);
/* Runs f in the parent's thread, e.g. to send a signal from what the test serves. */
void maq_test_in_parent(MaqTest *test, void (*f)(void *data), void *data);
/* Ends a component as if its process had been killed. */
void maq_test_kill(MaqTest *test, const char *name);

/* Lines "[init -> NAME] TEXT", in order; borrowed, valid until the next function. */
const char *maq_test_log(MaqTest *test);
/* Waits for such a line, of those not waited for yet. */
void maq_test_wait_line(MaqTest *test, const char *line);
/* Whether such a line is in the log. */
bool maq_test_has_line(MaqTest *test, const char *line);
/* Waits until a component has exited; its code. */
int maq_test_wait_exit(MaqTest *test, const char *name);
/* Waits until the condition holds; checked whenever something has happened. */
void maq_test_wait(MaqTest *test, bool (*condition)(void *data), void *data);
/* Waits until nothing happens any more, but for the passing of time. */
void maq_test_settle(MaqTest *test);
/* Lets time pass, in ns. */
void maq_test_sleep(MaqTest *test, guint64 time);
guint64 maq_test_now(MaqTest *test);
/* One line for each component: what it waits for. Free with g_free. A call of the test's
 * own to which no answer can come returns MAQ_TIMEOUT. */
char *maq_test_report(MaqTest *test);

/* Runs f for the seeds 1 to count, or for that of the environment's MAQ_SEED alone; the
 * seed at work is in every message. */
void maq_test_seeds(guint64 count, void (*f)(guint64 seed));

#endif
