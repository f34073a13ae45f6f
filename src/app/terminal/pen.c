// SPDX-License-Identifier: GPL-2.0-or-later
#include "pen.h"

#include <string.h>

static void set_underline(Style *pen, guint underline)
{
	pen->flags &= (guint16) ~(15u << GLYPH_UNDERLINE_SHIFT);
	if (underline <= UNDERLINE_DASHED)
		pen->flags |= (guint16)(underline << GLYPH_UNDERLINE_SHIFT);
}

Underline pen_underline(const Style *pen)
{
	return (Underline)(pen->flags >> GLYPH_UNDERLINE_SHIFT);
}

static bool is_sub(const GuardSequence *sequence, guint i)
{
	return i < sequence->n && sequence->numbers[i].sub;
}

static guint32 rgb(const GuardSequence *sequence, guint i)
{
	guint32 color = 0;

	for (guint part = i; part < i + 3; part++)
		color = color << 8 |
			(part < sequence->n ? MIN(sequence->numbers[part].value, 255u)
					    : 0);
	return COLOR_RGB | color;
}

/* 38;5;N, 38;2;R;G;B, with colons also 38:5:N, 38:2:R:G:B and 38:2:SPACE:R:G:B. Returns
 * the number of numbers behind the first one. */
static guint extended(const GuardSequence *sequence, guint i, guint32 *color)
{
	bool subs = is_sub(sequence, i + 1);
	guint end = i + 1, kind = guard_count(sequence, i + 1, 0);

	while (is_sub(sequence, end))
		end++;
	if (kind == 5) {
		if (i + 2 < sequence->n)
			*color =
				COLOR_INDEXED | MIN(sequence->numbers[i + 2].value, 255u);
		return subs ? end - i - 1 : 2;
	}
	if (kind == 2)
		*color = rgb(sequence, subs && end - i > 5 ? i + 3 : i + 2);
	return subs ? end - i - 1 : kind == 2 ? 4 : 1;
}

static const struct {
	guint8 number;
	guint16 set, clear;
} flags[] = {
	{1, GLYPH_BOLD, 0},
	{2, GLYPH_DIM, 0},
	{3, GLYPH_ITALIC, 0},
	{5, GLYPH_BLINK, 0},
	{6, GLYPH_BLINK, 0},
	{7, GLYPH_REVERSE, 0},
	{8, GLYPH_HIDDEN, 0},
	{9, GLYPH_STRIKE, 0},
	{22, 0, GLYPH_BOLD | GLYPH_DIM},
	{23, 0, GLYPH_ITALIC},
	{25, 0, GLYPH_BLINK},
	{27, 0, GLYPH_REVERSE},
	{28, 0, GLYPH_HIDDEN},
	{29, 0, GLYPH_STRIKE},
	{53, GLYPH_OVERLINE, 0},
	{55, 0, GLYPH_OVERLINE},
};

static void apply_flag(Style *pen, guint number)
{
	for (gsize i = 0; i < G_N_ELEMENTS(flags); i++) {
		if (flags[i].number != number)
			continue;
		pen->flags &= (guint16)~flags[i].clear;
		pen->flags |= flags[i].set;
	}
}

static void apply_color(Style *pen, guint number)
{
	guint32 color = number % 10 == 9 ? 0 : COLOR_INDEXED | number % 10;

	if (number >= 90)
		color += 8;
	if (number / 10 == 3 || number / 10 == 9)
		pen->front = color;
	else
		pen->back = color;
}

static void reset(Style *pen)
{
	guint16 kept = pen->flags & GLYPH_PROTECTED;

	*pen = (Style){.link = pen->link, .flags = kept};
}

void pen_apply(Style *pen, const GuardSequence *sequence)
{
	for (guint i = 0; i < sequence->n; i++) {
		guint number = sequence->numbers[i].value;

		if (number == 0)
			reset(pen);
		else if (number == 4)
			set_underline(pen, is_sub(sequence, i + 1)
						   ? sequence->numbers[++i].value
						   : UNDERLINE_SINGLE);
		else if (number == 21 || number == 24)
			set_underline(
				pen, number == 21 ? UNDERLINE_DOUBLE : UNDERLINE_NONE);
		else if (number == 38)
			i += extended(sequence, i, &pen->front);
		else if (number == 48)
			i += extended(sequence, i, &pen->back);
		else if (number == 58)
			i += extended(sequence, i, &pen->line);
		else if (number == 59)
			pen->line = 0;
		else if ((number >= 30 && number < 50) || (number >= 90 && number < 98) ||
			 (number >= 100 && number < 108))
			apply_color(pen, number);
		else
			apply_flag(pen, number);
		while (is_sub(sequence, i + 1))
			i++;
	}
}

static void put_color(GString *text, guint base, guint32 color)
{
	guint index = color & 255;

	if ((color & COLOR_KIND) == COLOR_RGB)
		g_string_append_printf(text, ";%u:2::%u:%u:%u", base + 8,
			color >> 16 & 255, color >> 8 & 255, color & 255);
	else if (color && (index > 15 || base == 50))
		g_string_append_printf(text, ";%u:5:%u", base + 8, index);
	else if (color)
		g_string_append_printf(
			text, ";%u", index < 8 ? base + index : base + 52 + index);
}

char *pen_text(const Style *pen)
{
	GString *text = g_string_new("0");

	for (gsize i = 0; i < G_N_ELEMENTS(flags); i++)
		if (flags[i].number != 6 && pen->flags & flags[i].set)
			g_string_append_printf(text, ";%u", flags[i].number);
	if (pen_underline(pen) == UNDERLINE_SINGLE)
		g_string_append(text, ";4");
	else if (pen_underline(pen))
		g_string_append_printf(text, ";4:%u", (guint)pen_underline(pen));
	put_color(text, 30, pen->front);
	put_color(text, 40, pen->back);
	put_color(text, 50, pen->line);
	return g_string_free(text, FALSE);
}
