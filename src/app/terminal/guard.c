// SPDX-License-Identifier: GPL-2.0-or-later
#include "guard.h"

#include <string.h>

enum {
	NUL = 0,
	BELL = 7,
	CANCEL = 0x18,
	SUBSTITUTE = 0x1a,
	ESCAPE = 0x1b,
	DELETE = 0x7f,
	LEAD = 0xc2,        /* of U+0080 to 00BF in UTF-8 */
	VTERM_NUMBERS = 16, /* CSI_ARGS_MAX of libvterm */
};

void guard_init(Guard *guard, const GuardOps *ops, void *data)
{
	*guard = (Guard){.ops = ops, .data = data, .string = g_string_new(NULL)};
}

void guard_fini(Guard *guard)
{
	g_string_free(guard->string, TRUE);
}

guint guard_count(const GuardSequence *sequence, guint index, guint fallback)
{
	guint value = index < sequence->n ? sequence->numbers[index].value : 0;

	return value ? value : fallback;
}

static void pass(Guard *guard, const char *bytes, gsize size)
{
	guard->ops->pass(guard->data, bytes, size);
}

static void pass_byte(Guard *guard, guchar byte)
{
	pass(guard, (const char *)&byte, 1);
}

/* ---- text ---- */

/* The last character of a text, for REP. A text may be the rest of one. */
static void remember(Guard *guard, const char *text, gsize size)
{
	gsize at = size;

	while (at && ((guchar)text[at - 1] & 0xc0) == 0x80)
		at--;
	if (at) {
		at--;
		guard->n_last = 0;
	}
	for (; at < size && guard->n_last < sizeof guard->last; at++)
		guard->last[guard->n_last++] = text[at];
}

static bool is_c1(guchar byte)
{
	return byte >= 0x80 && byte < 0xa0;
}

/* No text: a control character of C1, or what may be half of one. */
static bool ends_text(const Guard *guard, const char *bytes, gsize size)
{
	if (guard->latin)
		return is_c1((guchar)*bytes);
	return (guchar)*bytes == LEAD && (size == 1 || is_c1((guchar)bytes[1]));
}

static gsize text_size(const Guard *guard, const char *bytes, gsize size)
{
	gsize i = 0;

	while (i < size && (guchar)bytes[i] >= ' ' && (guchar)bytes[i] != DELETE &&
		((guchar)bytes[i] < 0x80 || !ends_text(guard, bytes + i, size - i)))
		i++;
	return i;
}

static void put_text(Guard *guard, const char *bytes, gsize size)
{
	guard->ops->text(guard->data, bytes, size);
	remember(guard, bytes, size);
}

static void put_latin(Guard *guard, const char *bytes, gsize size)
{
	g_autoptr(GString) text = g_string_sized_new(size * 2);

	for (gsize i = 0; i < size; i++)
		g_string_append_unichar(text, (guchar)bytes[i]);
	put_text(guard, text->str, text->len);
}

static void control(Guard *guard, guchar byte)
{
	guard->n_last = 0;
	pass_byte(guard, byte);
}

/* ---- escapes ---- */

static void begin_string(Guard *guard, char kind)
{
	g_string_truncate(guard->string, 0);
	guard->kind = kind;
	guard->too_long = false;
	guard->state = GUARD_IN_STRING;
}

static void begin_sequence(Guard *guard)
{
	guard->sequence = (GuardSequence){.n = 1};
	guard->malformed = false;
	guard->state = GUARD_SEQUENCE;
}

static void end_escape(Guard *guard, char final)
{
	char bytes[] = {ESCAPE, guard->intermediate, final};

	guard->state = GUARD_TEXT;
	if (guard->too_long ||
		guard->ops->escape(guard->data, guard->intermediate, final))
		return;
	if (!guard->intermediate)
		bytes[1] = final;
	pass(guard, bytes, guard->intermediate ? 3 : 2);
}

/* ---- escapes of a VT52 ---- */

static void vt52_escape(Guard *guard, guchar byte)
{
	guard->state = byte == 'Y' ? GUARD_VT52_PLACE : GUARD_TEXT;
	guard->row = -1;
	guard->n_last = 0;
	if (byte != 'Y')
		guard->ops->vt52(guard->data, (char)byte, 0, 0);
}

static void vt52_place(Guard *guard, guchar byte)
{
	int number = byte - ' ';

	if (byte < ' ') {
		control(guard, byte);
	} else if (guard->row < 0) {
		guard->row = number;
	} else {
		guard->state = GUARD_TEXT;
		guard->ops->vt52(guard->data, 'Y', number, guard->row);
	}
}

void guard_set_vt52(Guard *guard, bool vt52)
{
	guard->vt52 = vt52;
}

/* ---- */

static void in_escape(Guard *guard, guchar byte)
{
	if (byte < ' ') {
		control(guard, byte); /* is done at once, and the sequence goes on */
	} else if (byte >= 0x80) {
		return;
	} else if (guard->vt52) {
		vt52_escape(guard, byte);
	} else if (byte < '0') {
		guard->too_long = guard->intermediate != 0;
		guard->intermediate = (char)byte;
	} else if (!guard->intermediate && byte == '[') {
		begin_sequence(guard);
	} else if (!guard->intermediate && strchr("P]X^_", byte)) {
		begin_string(guard, (char)byte);
	} else {
		/* libvterm would begin a sequence, whatever stands between */
		guard->too_long = guard->too_long || strchr("[PNO]X^_", byte);
		end_escape(guard, (char)byte);
	}
}

/* ---- control sequences ---- */

static void repeat(Guard *guard)
{
	const GuardSequence *sequence = &guard->sequence;
	guint times = MIN(guard_count(sequence, 0, 1), GUARD_REPEAT);
	bool plain = !sequence->leader && !sequence->intermediate && sequence->n == 1;

	for (guint i = 0; plain && guard->n_last && i < times; i++)
		guard->ops->text(guard->data, guard->last, guard->n_last);
}

static void pass_sequence(Guard *guard)
{
	const GuardSequence *sequence = &guard->sequence;
	char text[VTERM_NUMBERS * 6 + 8], *to = text;

	*to++ = ESCAPE;
	*to++ = '[';
	if (sequence->leader)
		*to++ = sequence->leader;
	for (guint i = 0; i < MIN(sequence->n, VTERM_NUMBERS); i++) {
		if (i)
			*to++ = sequence->numbers[i].sub ? ':' : ';';
		if (sequence->numbers[i].given)
			to += g_snprintf(to, 6, "%u", sequence->numbers[i].value);
	}
	if (sequence->intermediate)
		*to++ = sequence->intermediate;
	*to++ = sequence->final;
	pass(guard, text, (gsize)(to - text));
}

static void end_sequence(Guard *guard, char final)
{
	guint n_last = guard->n_last;

	guard->state = GUARD_TEXT;
	guard->sequence.final = final;
	if (guard->malformed)
		return;
	if (final == 'b') {
		repeat(guard);
		return;
	}
	if (!guard->ops->sequence(guard->data, &guard->sequence))
		pass_sequence(guard);
	guard->n_last = final == 'm' ? n_last : 0;
}

/* n is 1 from the beginning on, and more than there is room for if some were dropped. */
static void number_digit(GuardSequence *sequence, guchar digit)
{
	guint last = MAX(sequence->n, 1) - 1;

	if (last >= GUARD_NUMBERS)
		return;
	guint value = sequence->numbers[last].value * 10u + digit - '0';
	sequence->numbers[last].given = true;
	sequence->numbers[last].value = (guint16)MIN(value, GUARD_NUMBER_MAX);
}

static void in_sequence(Guard *guard, guchar byte)
{
	GuardSequence *sequence = &guard->sequence;

	if (byte < ' ') {
		control(guard, byte);
	} else if (byte >= 0x80) {
		return;
	} else if (byte >= '@') {
		sequence->n = MIN(sequence->n, GUARD_NUMBERS);
		end_sequence(guard, (char)byte);
	} else if (byte < '0') {
		guard->malformed = guard->malformed || sequence->intermediate;
		sequence->intermediate = (char)byte;
	} else if (sequence->intermediate) {
		guard->malformed = true;
	} else if (g_ascii_isdigit(byte)) {
		number_digit(sequence, byte);
	} else if (byte == ';' || byte == ':') {
		sequence->n = MIN(sequence->n + 1, GUARD_NUMBERS + 1);
		if (sequence->n <= GUARD_NUMBERS)
			sequence->numbers[sequence->n - 1].sub = byte == ':';
	} else {
		guard->malformed = guard->malformed || sequence->leader ||
				   sequence->n > 1 || sequence->numbers[0].given;
		sequence->leader = (char)byte;
	}
}

/* ---- strings ---- */

static void in_string(Guard *guard, guchar byte)
{
	bool copied = guard->kind == ']' && g_str_has_prefix(guard->string->str, "52;");

	if (guard->string->len >= (copied ? GUARD_LONG : GUARD_STRING))
		guard->too_long = true;
	else if (byte >= ' ' && guard->latin)
		g_string_append_unichar(guard->string, byte);
	else if (byte >= ' ')
		g_string_append_c(guard->string, (char)byte);
}

static void end_string(Guard *guard)
{
	const GString *string = guard->string;

	guard->state = GUARD_TEXT;
	guard->n_last = 0;
	if (guard->kind == ']' && !guard->too_long)
		guard->ops->command(guard->data, string->str, string->len);
	else if (guard->kind == 'P' && g_str_has_prefix(string->str, "$q"))
		guard->ops->question(guard->data, string->str + 2);
	if (guard->string->allocated_len > GUARD_STRING * 2) {
		g_string_free(guard->string, TRUE);
		guard->string = g_string_new(NULL);
	}
}

/* ---- */

static void begin_escape(Guard *guard)
{
	guard->state = GUARD_ESCAPE;
	guard->intermediate = 0;
	guard->too_long = false;
}

static void feed_byte(Guard *guard, guchar byte)
{
	if (byte == NUL || byte == DELETE)
		return; /* ignored wherever they stand */
	if (byte == CANCEL || byte == SUBSTITUTE) {
		guard->state = GUARD_TEXT;
		control(guard, byte);
		return;
	}
	if (guard->state == GUARD_STRING_END) {
		end_string(guard); /* also if another sequence begins */
		if (byte == '\\')
			return;
		begin_escape(guard);
	}
	if (byte == ESCAPE) {
		if (guard->state == GUARD_IN_STRING)
			guard->state = GUARD_STRING_END;
		else
			begin_escape(guard);
		return;
	}
	switch (guard->state) {
	case GUARD_ESCAPE:
		in_escape(guard, byte);
		break;
	case GUARD_SEQUENCE:
		in_sequence(guard, byte);
		break;
	case GUARD_VT52_PLACE:
		vt52_place(guard, byte);
		break;
	case GUARD_IN_STRING:
		if (byte == BELL)
			end_string(guard);
		else
			in_string(guard, byte);
		break;
	default:
		control(guard, byte);
	}
}

static void feed_c1(Guard *guard, guchar byte)
{
	feed_byte(guard, ESCAPE);
	feed_byte(guard, byte - 0x40);
}

/* What it began is no control character. */
static void give_lead(Guard *guard)
{
	const char lead = (char)LEAD;

	guard->lead = false;
	if (guard->state == GUARD_TEXT)
		put_text(guard, &lead, 1);
	else
		feed_byte(guard, LEAD);
}

static void feed_other(Guard *guard, guchar byte)
{
	if (is_c1(byte) && (guard->latin || guard->lead)) {
		guard->lead = false;
		feed_c1(guard, byte);
		return;
	}
	if (guard->lead)
		give_lead(guard);
	if (byte == LEAD && !guard->latin)
		guard->lead = true;
	else
		feed_byte(guard, byte);
}

void guard_set_latin(Guard *guard, bool latin)
{
	guard->latin = latin;
	guard->lead = false;
}

void guard_feed(Guard *guard, const char *bytes, gsize size)
{
	gsize i = 0;

	while (i < size) {
		gsize text = 0;

		if (guard->lead && !is_c1((guchar)bytes[i]))
			give_lead(guard);
		if (guard->state == GUARD_TEXT && !guard->lead)
			text = text_size(guard, bytes + i, size - i);
		if (text && guard->latin)
			put_latin(guard, bytes + i, text);
		else if (text)
			put_text(guard, bytes + i, text);
		else
			feed_other(guard, (guchar)bytes[i++]);
		i += text;
	}
}
