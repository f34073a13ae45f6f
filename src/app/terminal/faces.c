// SPDX-License-Identifier: GPL-2.0-or-later
#include "faces.h"

static const char *const names[FACE_COUNT] = {"", ":bold", ":italic", ":bold:italic"};

static MaqFont *load_face(const char *font, int face, int size, MaqFont *instead)
{
	g_autofree char *name = g_strconcat(font, names[face], NULL);
	MaqFont *loaded = maq_font_new(name, size, NULL);

	return loaded ? loaded : instead;
}

static void free_all(MaqFont *fonts[FACE_COUNT])
{
	for (int i = FACE_COUNT - 1; i >= 0; i--)
		if (!i || fonts[i] != fonts[0])
			maq_font_free(fonts[i]);
}

bool faces_load(Faces *faces, const char *font, int size, GError **error)
{
	MaqFont *regular = maq_font_new(font, size, error);

	if (!regular)
		return false;
	faces_free(faces);
	faces->font = g_strdup(font);
	faces->size = size;
	faces->faces[0] = regular;
	for (int i = 1; i < FACE_COUNT; i++)
		faces->faces[i] = load_face(font, i, size, regular);
	return true;
}

void faces_free(Faces *faces)
{
	free_all(faces->faces);
	free_all(faces->large);
	g_free(faces->font);
	*faces = (Faces){0};
}

int faces_width(const Faces *faces)
{
	return maq_font_cell_width(faces->faces[0]);
}

int faces_height(const Faces *faces)
{
	return maq_font_height(faces->faces[0]);
}

/* Few programs ever need them. The first one is what others are instead. */
static void load_large(Faces *faces, int face)
{
	if (!faces->large[0])
		faces->large[0] = load_face(faces->font, 0, 2 * faces->size, NULL);
	if (!faces->large[face])
		faces->large[face] =
			load_face(faces->font, face, 2 * faces->size, faces->large[0]);
}

MaqFont *faces_get(Faces *faces, int face, bool large)
{
	if (large)
		load_large(faces, face);
	return large && faces->large[face] ? faces->large[face] : faces->faces[face];
}
