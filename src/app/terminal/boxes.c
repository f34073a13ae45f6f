// SPDX-License-Identifier: GPL-2.0-or-later
#include "boxes.h"

#include <math.h>

typedef struct {
	MaqCanvas *canvas;
	MaqRect cell;
	guint32 front, back;
	int light, heavy; /* px: thickness of lines */
	int apart;        /* px from the middle to each of two lines */
} Box;

static void fill(const Box *box, int x, int y, int width, int height)
{
	MaqRect rect = maq_rect_intersect((MaqRect){x, y, width, height}, box->cell);

	if (!maq_rect_empty(rect))
		maq_canvas_fill(box->canvas, rect, box->front);
}

/* ---- lines: four arms from the edges to the middle ---- */

enum { LEFT, UP, RIGHT, DOWN };
enum { NONE, LIGHT, HEAVY, DOUBLE };

/* Of U+2500 to U+257F: arms to the left, up, to the right, down; "": something else. */
static const char arms[128][5] = {"1010", "2020", "0101", "0202", "", "", "", "", "", "",
	"", "", "0011", "0021", "0012", "0022", "1001", "2001", "1002", "2002", "0110",
	"0120", "0210", "0220", "1100", "2100", "1200", "2200", "0111", "0121", "0211",
	"0112", "0212", "0221", "0122", "0222", "1101", "2101", "1201", "1102", "1202",
	"2201", "2102", "2202", "1011", "2011", "1021", "2021", "1012", "2012", "1022",
	"2022", "1110", "2110", "1120", "2120", "1210", "2210", "1220", "2220", "1111",
	"2111", "1121", "2121", "1211", "1112", "1212", "2211", "1221", "2112", "1122",
	"2221", "2122", "2212", "1222", "2222", "", "", "", "", "3030", "0303", "0031",
	"0013", "0033", "3001", "1003", "3003", "0130", "0310", "0330", "3100", "1300",
	"3300", "0131", "0313", "0333", "3101", "1303", "3303", "3031", "1013", "3033",
	"3130", "1310", "3330", "3131", "1313", "3333", "", "", "", "", "", "", "",
	"1000", "0100", "0010", "0001", "2000", "0200", "0020", "0002", "1020", "0102",
	"2010", "0201"};

static int thickness(const Box *box, int weight)
{
	return weight == HEAVY ? box->heavy : weight ? box->light : 0;
}

/* From the edge to so many px beyond the middle, so many px beside it. */
static void stroke(const Box *box, int side, int beyond, int beside, int thick)
{
	MaqRect cell = box->cell;
	bool level = side == LEFT || side == RIGHT;
	int length = level ? cell.width : cell.height;
	int middle = length / 2;
	int from = side == LEFT || side == UP ? 0 : middle - beyond;
	int to = side == LEFT || side == UP ? middle + beyond : length;
	int at = (level ? cell.height : cell.width) / 2 + beside - thick / 2;

	if (level)
		fill(box, cell.x + from, cell.y + at, to - from, thick);
	else
		fill(box, cell.x + at, cell.y + from, thick, to - from);
}

/* One line ends at the nearer one of two that go past, goes through if it goes on, and
 * reaches the farther one at a corner. */
static void single_arm(const Box *box, const char *arm, int side)
{
	int before = arm[side % 2 ? LEFT : UP] - '0';
	int behind = arm[side % 2 ? RIGHT : DOWN] - '0';
	int thick = thickness(box, arm[side] - '0');
	int beyond = (MAX(thickness(box, before), thickness(box, behind)) + 1) / 2;
	int half = box->light / 2;

	if (before == DOUBLE && behind == DOUBLE && arm[(side + 2) % 4] == '0')
		beyond = -box->apart + half;
	else if (before == DOUBLE || behind == DOUBLE)
		beyond = box->apart + box->light - half;
	else if (!before && !behind)
		beyond = 0;
	else if (side == RIGHT || side == DOWN)
		beyond = MAX(thickness(box, before), thickness(box, behind)) / 2;
	stroke(box, side, beyond, 0, thick);
}

/* Each of both lines: around the inner corner, or to the outer one. */
static void double_arm(const Box *box, const char *arm, int side)
{
	int beside[2] = {-box->apart, box->apart};
	int around[2] = {
		arm[side % 2 ? LEFT : UP] - '0', arm[side % 2 ? RIGHT : DOWN] - '0'};
	int half = box->light / 2, rest = box->light - half;

	for (int i = 0; i < 2; i++) {
		bool first = side == LEFT || side == UP;
		int near = -box->apart + (first ? rest : half);
		int far = box->apart + (first ? rest : half);
		int beyond = first ? rest : half;

		if (around[i] == DOUBLE)
			beyond = near;
		else if (!around[i] && around[!i] == DOUBLE)
			beyond = far;
		stroke(box, side, beyond, beside[i], box->light);
	}
}

static void draw_arms(const Box *box, const char *arm)
{
	for (int side = LEFT; side <= DOWN; side++) {
		if (arm[side] - '0' == DOUBLE)
			double_arm(box, arm, side);
		else if (arm[side] != '0')
			single_arm(box, arm, side);
	}
}

static void draw_dashes(const Box *box, int count, bool upright, bool heavy)
{
	MaqRect cell = box->cell;
	int thick = heavy ? box->heavy : box->light;
	int length = upright ? cell.height : cell.width;
	int at = (upright ? cell.width : cell.height) / 2 - thick / 2;

	for (int i = 0; i < count; i++) {
		int from = length * i / count, to = length * (i + 1) / count;
		int gap = MAX((to - from) / 3, 1);

		from += gap / 2;
		to = MAX(to - (gap + 1) / 2, from + 1);
		if (upright)
			fill(box, cell.x + at, cell.y + from, thick, to - from);
		else
			fill(box, cell.x + from, cell.y + at, to - from, thick);
	}
}

/* ---- shapes: what is inside is asked for at 16 points of each pixel ---- */

typedef bool (*Inside)(const Box *box, guint32 character, double x, double y);

static guint32 faded(guint32 color, unsigned sixteenths)
{
	guint32 alpha = sixteenths * 255 / 16, out = alpha << 24;

	for (int shift = 0; shift <= 16; shift += 8)
		out |= (color >> shift & 255) * alpha / 255 << shift;
	return out;
}

static unsigned points_inside(
	const Box *box, Inside inside, guint32 character, int x, int y)
{
	unsigned count = 0;

	for (int i = 0; i < 16; i++)
		count += inside(box, character, x + (i % 4 + 0.5) / 4,
			y + (i / 4 + 0.5) / 4); /* NOLINT(bugprone-integer-division) */
	return count;
}

static void draw_shape(const Box *box, Inside inside, guint32 character)
{
	int width = box->cell.width, height = box->cell.height;
	g_autofree guint32 *pixels = g_new(guint32, (gsize)width * (gsize)height);

	for (int y = 0; y < height; y++)
		for (int x = 0; x < width; x++)
			pixels[y * width + x] = faded(
				box->front, points_inside(box, inside, character, x, y));
	g_autoptr(MaqCanvas) shape = maq_canvas_new(pixels, width, height, width * 4);
	if (shape)
		maq_canvas_blend(box->canvas, box->cell.x, box->cell.y, shape,
			(MaqRect){0, 0, width, height});
}

/* Where the middle of a light line lies. */
static double middle(const Box *box, int length)
{
	return length / 2 - box->light / 2 + box->light / 2.0;
}

/* Rounded corners: a quarter of a circle, and straight on to the edges. */
static bool in_arc(const Box *box, guint32 character, double x, double y)
{
	bool right = character == 0x256d || character == 0x2570;
	bool down = character == 0x256d || character == 0x256e;
	double radius = MAX(MIN(box->cell.width, box->cell.height) / 2.0 - box->light, 1);
	double dx = x - middle(box, box->cell.width);
	double dy = y - middle(box, box->cell.height);
	double half = box->light / 2.0;

	dx = radius - (right ? dx : -dx);
	dy = radius - (down ? dy : -dy);
	if (dx > 0 && dy > 0)
		return fabs(hypot(dx, dy) - radius) <= half;
	return dx <= 0 ? fabs(dy - radius) <= half : fabs(dx - radius) <= half;
}

static bool in_diagonal(const Box *box, guint32 character, double x, double y)
{
	double width = box->cell.width, height = box->cell.height;
	double far = box->light / 2.0 * hypot(width, height) / height;
	bool rising = fabs(x - width * (1 - y / height)) <= far;
	bool falling = fabs(x - width * y / height) <= far;

	return (character != 0x2572 && rising) || (character != 0x2571 && falling);
}

/* Separators: triangles, angles, half circles, and the halves of a cell along a diagonal.
 */
static bool in_separator(const Box *box, guint32 character, double x, double y)
{
	double across = x / box->cell.width, along = y / box->cell.height;
	double tip = 1 - fabs(2 * along - 1); /* how far the triangle reaches there */
	double thick = box->light * 1.2 / box->cell.width;
	double circle = sqrt(MAX(0, 1 - pow(2 * along - 1, 2)));

	switch (character) {
	case 0xe0b0:
		return across <= tip;
	case 0xe0b1:
		return across <= tip && across >= tip - thick;
	case 0xe0b2:
		return 1 - across <= tip;
	case 0xe0b3:
		return 1 - across <= tip && 1 - across >= tip - thick;
	case 0xe0b4:
		return across <= circle;
	case 0xe0b6:
		return 1 - across <= circle;
	case 0xe0b8:
		return across <= along;
	case 0xe0ba:
		return 1 - across <= along;
	case 0xe0bc:
		return across <= 1 - along;
	default:
		return across >= along; /* e0be */
	}
}

/* ---- blocks ---- */

/* A part of the cell, in cells of a grid of so many. */
static void fill_part(const Box *box, int columns, int rows, MaqRect part)
{
	MaqRect cell = box->cell;
	int left = cell.width * part.x / columns, top = cell.height * part.y / rows;
	int right = cell.width * (part.x + part.width) / columns;
	int below = cell.height * (part.y + part.height) / rows;

	fill(box, cell.x + left, cell.y + top, MAX(right - left, 1), MAX(below - top, 1));
}

/* A bit each, from the left to the right and from above to below. */
static void fill_bits(const Box *box, int rows, unsigned bits)
{
	for (int i = 0; i < 2 * rows; i++)
		if (bits >> i & 1)
			fill_part(box, 2, rows, (MaqRect){i % 2, i / 2, 1, 1});
}

static void draw_shade(Box *box, int quarters)
{
	guint32 out = 0;

	for (int shift = 0; shift <= 16; shift += 8)
		out |= ((box->front >> shift & 255) * (guint32)quarters +
			       (box->back >> shift & 255) * (4 - (guint32)quarters)) /
			       4
		       << shift;
	maq_canvas_fill(box->canvas, box->cell, out);
}

static void draw_block(Box *box, guint32 character)
{
	static const guint8 quadrants[] = {4, 8, 1, 13, 9, 7, 11, 2, 6, 14};
	int eighths = (int)character - 0x2580;

	if (character == 0x2580)
		fill_part(box, 1, 2, (MaqRect){0, 0, 1, 1});
	else if (character <= 0x2588)
		fill_part(box, 1, 8, (MaqRect){0, 8 - eighths, 1, eighths});
	else if (character <= 0x258f)
		fill_part(box, 8, 1, (MaqRect){0, 0, 16 - eighths, 1});
	else if (character == 0x2590)
		fill_part(box, 2, 1, (MaqRect){1, 0, 1, 1});
	else if (character <= 0x2593)
		draw_shade(box, (int)character - 0x2590);
	else if (character == 0x2594)
		fill_part(box, 1, 8, (MaqRect){0, 0, 1, 1});
	else if (character == 0x2595)
		fill_part(box, 8, 1, (MaqRect){7, 0, 1, 1});
	else
		fill_bits(box, 2, quadrants[character - 0x2596]);
}

/* All patterns of six but none, all, and the halves, which are blocks. */
static void draw_sextant(const Box *box, guint32 character)
{
	unsigned bits = character - 0x1fb00 + 1;

	bits += bits >= 21;
	bits += bits >= 42;
	fill_bits(box, 3, bits);
}

static void draw_braille(const Box *box, unsigned bits)
{
	static const guint8 places[] = {0, 2, 4, 1, 3, 5, 6, 7};
	MaqRect cell = box->cell;
	int side = MAX(MIN(cell.width / 2, cell.height / 4) / 2, 1);

	for (int i = 0; i < 8; i++) {
		int x = cell.width * (2 * (places[i] % 2) + 1) / 4 - side / 2;
		int y = cell.height * (2 * (places[i] / 2) + 1) / 8 - side / 2;

		if (bits >> i & 1)
			fill(box, cell.x + x, cell.y + y, side, side);
	}
}

/* ---- all of it ---- */

static bool draw_line(const Box *box, guint32 character)
{
	guint32 i = character - 0x2500;

	if (*arms[i])
		draw_arms(box, arms[i]);
	else if (character <= 0x250b)
		draw_dashes(box, i >= 8 ? 4 : 3, i & 2, i & 1);
	else if (character <= 0x254f)
		draw_dashes(box, 2, i & 2, i & 1);
	else if (character <= 0x2570)
		draw_shape(box, in_arc, character);
	else
		draw_shape(box, in_diagonal, character);
	return true;
}

static bool is_separator(guint32 character)
{
	return (character >= 0xe0b0 && character <= 0xe0b4) || character == 0xe0b6 ||
	       (character >= 0xe0b8 && character <= 0xe0be && !(character & 1));
}

bool box_draw(
	MaqCanvas *canvas, MaqRect cell, guint32 character, guint32 front, guint32 back)
{
	int light = MAX((MIN(cell.width, cell.height) + 3) / 8, 1);
	Box box = {canvas, cell, front, back, light, 2 * light,
		MAX(light + light / 2, (cell.width + 2) / 5)};

	if (character < 0x2500 || maq_rect_empty(cell))
		return false;
	if (character <= 0x257f)
		return draw_line(&box, character);
	if (character <= 0x259f)
		draw_block(&box, character);
	else if (character >= 0x2800 && character <= 0x28ff)
		draw_braille(&box, character & 255);
	else if (character >= 0x1fb00 && character <= 0x1fb3b)
		draw_sextant(&box, character);
	else if (is_separator(character))
		draw_shape(&box, in_separator, character);
	else
		return false;
	return true;
}
