"""The map's style: no outside address, every layer of the catalogue, neighbours told apart."""

import itertools
import json

import pytest

from layers.catalogue import CATALOGUE, ColourClass
from maps.palette import PALETTES, Palette, Theme
from maps.style import Style, style

STYLES = {theme: style(CATALOGUE, PALETTES[theme]) for theme in Theme}


def luminance(colour: str) -> float:
    """Relative luminance of sRGB, WCAG 2.2."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("drawn", STYLES.values(), ids=STYLES)
def test_the_style_asks_nobody_for_glyphs_sprites_or_tiles(drawn: Style) -> None:
    assert not {"glyphs", "sprite"} & set(drawn)
    assert "://" not in json.dumps(drawn)


@pytest.mark.parametrize("drawn", STYLES.values(), ids=STYLES)
def test_every_layer_of_the_catalogue_has_ground_line_answer_and_label(drawn: Style) -> None:
    names = {layer["id"] for layer in drawn["layers"]}
    for entry in CATALOGUE:
        assert {f"{entry.kind}-{role}" for role in ("fill", "line", "answer", "label")} <= names


@pytest.mark.parametrize("drawn", STYLES.values(), ids=STYLES)
def test_every_map_layer_reads_a_source_of_the_style_and_every_source_is_read(drawn: Style) -> None:
    read = {layer["source"] for layer in drawn["layers"] if "source" in layer}
    assert read == set(drawn["sources"])


def test_police_and_justice_lines_differ_in_colour_and_in_dashes() -> None:
    for palette in PALETTES.values():
        police, justice = (
            palette.strokes[colour] for colour in (ColourClass.POLICE, ColourClass.JUSTICE)
        )
        assert police.colour != justice.colour
        assert police.dash
        assert justice.dash
        assert police.dash != justice.dash


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_labels_can_be_read_on_their_halo(palette: Palette) -> None:
    for colour in palette.text.values():
        assert contrast(colour, palette.halo) >= 4.5


def test_no_two_tints_are_the_same() -> None:
    for palette in PALETTES.values():
        assert all(one != other for one, other in itertools.combinations(palette.tints, 2))
