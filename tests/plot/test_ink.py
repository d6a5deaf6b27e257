import re

from undertow.plot.ink import DARK, LIGHT, OPPOSITES, PALETTE, SEQUENCE, VENUES, Ink, venue_ink


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_every_ink_has_a_colour_that_shows_on_both_grounds() -> None:
    assert set(PALETTE) == set(Ink)
    for colour in PALETTE.values():
        assert min(_contrast(colour, LIGHT.ground), _contrast(colour, DARK.ground)) > 2.4
    assert _contrast(LIGHT.text, LIGHT.ground) > 7.0
    assert _contrast(DARK.text, DARK.ground) > 7.0


def test_colours_are_written_in_one_way() -> None:
    for colour in (*PALETTE.values(), *SEQUENCE, *OPPOSITES):
        assert re.fullmatch("#[0-9a-f]{6}", colour)
    assert len({PALETTE[ink] for ink in VENUES}) == len(VENUES)


def test_venues_repeat_after_the_last() -> None:
    assert venue_ink(0) == venue_ink(len(VENUES)) == Ink.VENUE_1
