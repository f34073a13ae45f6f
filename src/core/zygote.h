// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * zygote - what core and the zygote say to each other
 *
 * The zygote is the small static program from which all confined components are cloned.
 * It shares nothing with core but a socket: a request is one packet, and so is its
 * answer. Core waits for each answer; nothing else does the zygote ever wait for.
 *
 * A *view* is what a component sees of the file system: a mount namespace with a root of
 * its own, made once and entered by each component that has the same one.
 */
#ifndef CORE_ZYGOTE_H
#define CORE_ZYGOTE_H

#include <stdint.h>

#define ZYGOTE_FDS_MAX  40
#define ZYGOTE_TEXT_MAX 65536
#define ZYGOTE_SOCKET   3 /* the zygote's end */

typedef enum {
	ZYGOTE_VIEW = 1, /* make a view; answered with its number */
	ZYGOTE_FORGET,   /* let it go */
	ZYGOTE_START,    /* start a component in it; answered with its process id */
} ZygoteKind;

/* Which system calls it may make; filters.c says more. */
typedef enum {
	CONFINE_COMPONENT, /* sessions, memory, threads, files of its view */
	CONFINE_SCRIPT,    /* also: to execute by path */
	CONFINE_LOCAL,     /* also: local sockets, of a display or for sound */
	CONFINE_PROGRAM,   /* programs of the host: all that does no harm */
	CONFINE_SANITIZED, /* what the sanitizers need beyond that */
	CONFINE_CLASSES
} ConfineClass;

/* How an entry of a view comes to be; a view's text has one character, source and target,
 * each ended by a zero byte, for each. Sources are free of symbolic links. */
#define VIEW_READ   'r' /* the host's file or folder, to be read and executed */
#define VIEW_WRITE  'w' /* likewise, to be written as well */
#define VIEW_DEVICE 'd' /* likewise, a device, or a folder of such */
#define VIEW_LINK   'l' /* a symbolic link whose text is the source */
#define VIEW_FOLDER 'f' /* an empty folder */
#define VIEW_OWN    'o' /* made anew for each component: proc, tmpfs or devpts */

typedef struct {
	uint32_t kind; /* ZygoteKind */
	int32_t view;  /* of FORGET and START; negative: none, the host's files */
	uint32_t confine_class;
	uint32_t handles;               /* of START: how many it may have open */
	uint32_t n_fds;                 /* of START; they come with the packet */
	int32_t target[ZYGOTE_FDS_MAX]; /* the number of each, or one of those below */
	uint32_t n_arguments, n_variables;
	uint32_t size; /* of text: paths, or arguments and then variables */
	char text[ZYGOTE_TEXT_MAX];
} ZygoteRequest;

#define ZYGOTE_FD_PROGRAM (-1) /* what is executed */
#define ZYGOTE_FD_GROUP   (-2) /* "0" is written to it: it joins a control group */

/* Layers of confinement, as the answer to nothing, once, at the start. */
#define ZYGOTE_NAMESPACES 1u
#define ZYGOTE_SECCOMP    2u
#define ZYGOTE_LANDLOCK   4u

typedef struct {
	int32_t value;  /* what was asked for; at the start the layers */
	int32_t error;  /* errno; 0: well */
	char what[120]; /* in words, if there was an error */
} ZygoteAnswer;

#endif
