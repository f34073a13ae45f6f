// SPDX-License-Identifier: GPL-2.0-or-later
#include "guard.h"

#include <string.h>

enum {
	NUL = 0,
	BELL = 7,
	CANCEL = 0x18,
	SUBSTITUTE = 0x1a,
	ESCAPE = 0x1b,
	DELETE = 0x7f
};

/* The settings that libvterm 0.1.4 can tell of. */
static const char *const known[] = {"$qm", "$qr", "$qs", "$q q", "$q\"q"};

static void put(GByteArray *array, const char *bytes, gsize size)
{
	g_byte_array_append(array, (const guint8 *)bytes, (guint)size);
}

static void put_byte(GByteArray *array, guchar byte)
{
	g_byte_array_append(array, &byte, 1);
}

static void hold(Guard *guard, guchar byte)
{
	if (guard->n_held < GUARD_HELD)
		guard->held[guard->n_held] = (char)byte;
	guard->n_held = MIN(guard->n_held + 1, GUARD_HELD + 1);
}

static void enter(Guard *guard, int state)
{
	guard->state = state;
	guard->n_held = 0;
}

static bool is_known(const Guard *guard)
{
	for (gsize i = 0; i < G_N_ELEMENTS(known); i++)
		if (guard->n_held == strlen(known[i]) &&
			!memcmp(guard->held, known[i], guard->n_held))
			return true;
	return false;
}

static bool is_question(const Guard *guard)
{
	return guard->n_held >= 2 && !memcmp(guard->held, "$q", 2);
}

static void end_string(Guard *guard, GByteArray *out, GByteArray *answers)
{
	if (is_known(guard)) {
		put(out, "\033P", 2);
		put(out, guard->held, guard->n_held);
	} else if (is_question(guard)) {
		put(answers, "\033P0$r\033\\", 7);
	}
	/* also after a string that was dropped: it ended the sequence before it */
	put(out, "\033\\", 2);
	enter(guard, GUARD_TEXT);
}

/* ESC was read, and held are the bytes after it. */
static void after_escape(Guard *guard, guchar byte, GByteArray *out)
{
	if (byte == 'P') {
		enter(guard, GUARD_STRING);
	} else if (byte < ' ') {
		put_byte(out, byte); /* is done at once, and the sequence goes on */
	} else if (byte < '0') {
		hold(guard, byte);
	} else if (byte >= 0x80) {
		return; /* libvterm waits on for the end of the sequence */
	} else if (guard->n_held > GUARD_HELD) {
		put_byte(out, CANCEL); /* no sequence is that long */
		enter(guard, GUARD_TEXT);
	} else {
		put_byte(out, ESCAPE);
		put(out, guard->held, guard->n_held);
		put_byte(out, byte);
		enter(guard, byte == '[' ? GUARD_SEQUENCE : GUARD_TEXT);
		guard->digits = guard->number = guard->separators = 0;
		guard->plain = true;
	}
}

static void repeat(const Guard *guard, GByteArray *out)
{
	guint times = CLAMP(guard->number, 1, GUARD_REPEAT);

	put_byte(out, CANCEL); /* what has been passed on of the sequence */
	for (guint i = 0; i < times && guard->plain; i++)
		put(out, guard->last, guard->n_last);
}

/* False: the sequence has no room for it. */
static bool count(Guard *guard, guchar byte)
{
	if (g_ascii_isdigit(byte)) {
		if (guard->digits++ >= GUARD_DIGITS)
			return false;
		guard->number = guard->number * 10 + byte - '0';
	} else if (byte < '@') {
		guard->plain = false;
		if (guard->separators == GUARD_NUMBERS - 1) {
			guard->digits = GUARD_DIGITS; /* no more of them either */
			return false;
		}
		guard->separators++;
		guard->digits = guard->number = 0;
	}
	return true;
}

static void in_sequence(Guard *guard, guchar byte, GByteArray *out)
{
	if (byte >= 0x80)
		return; /* as after ESC */
	if (byte < ' ') {
		put_byte(out, byte); /* done at once, as after ESC */
		return;
	}
	if (!count(guard, byte))
		return;
	if (byte == 'b')
		repeat(guard, out);
	else
		put_byte(out, byte);
	if (byte < '@')
		return;
	guard->region = guard->region || byte == 'r' || byte == 's';
	enter(guard, GUARD_TEXT);
	guard->n_last = byte == 'b' ? guard->n_last : 0;
}

static void in_text(Guard *guard, guchar byte, GByteArray *out)
{
	bool goes_on = byte >= 0x80 && byte < 0xc0;

	put_byte(out, byte);
	if (!goes_on)
		guard->n_last = 0;
	if (byte >= ' ' && guard->n_last < sizeof guard->last)
		guard->last[guard->n_last++] = (char)byte;
}

static void cancel(Guard *guard, guchar byte, GByteArray *out)
{
	put_byte(out, byte);
	enter(guard, GUARD_TEXT);
}

static void filter_byte(Guard *guard, guchar byte, GByteArray *out, GByteArray *answers)
{
	if (byte == NUL || byte == DELETE)
		return; /* ignored wherever they stand */
	if (byte == CANCEL || byte == SUBSTITUTE) {
		cancel(guard, byte, out);
		return;
	}
	switch (guard->state) {
	case GUARD_TEXT:
		if (byte == ESCAPE)
			enter(guard, GUARD_ESCAPE);
		else
			in_text(guard, byte, out);
		break;
	case GUARD_ESCAPE:
		if (byte == ESCAPE)
			enter(guard, GUARD_ESCAPE);
		else
			after_escape(guard, byte, out);
		break;
	case GUARD_SEQUENCE:
		if (byte == ESCAPE)
			enter(guard, GUARD_ESCAPE);
		else
			in_sequence(guard, byte, out);
		break;
	case GUARD_STRING:
		if (byte == ESCAPE)
			guard->state = GUARD_STRING_ESCAPE;
		else if (byte == BELL)
			end_string(guard, out, answers);
		else
			hold(guard, byte);
		break;
	case GUARD_STRING_ESCAPE:
		if (byte == '\\') {
			end_string(guard, out, answers);
			break;
		}
		/* another sequence began, and so the string is over */
		put(out, "\033\\", 2);
		enter(guard, GUARD_ESCAPE);
		filter_byte(guard, byte, out, answers);
		break;
	}
}

void guard_filter(
	Guard *guard, const char *bytes, gsize size, GByteArray *out, GByteArray *answers)
{
	for (gsize i = 0; i < size; i++)
		filter_byte(guard, (guchar)bytes[i], out, answers);
}
