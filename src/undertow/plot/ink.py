"""The colours of figures: names by meaning, one value each that reads on white and on black.

The hues are those of Okabe & Ito (2008), which people with any of the common colour vision
deficiencies tell apart, at middle lightness; bought and sold are blue and orange, never green and
red. Where two colours could be taken for one another, shape or position says the same.
"""

from enum import StrEnum

import msgspec


class Ink(StrEnum):
    """What is drawn, not how: the palette gives the colour."""

    BUY = "buy"
    SELL = "sell"
    PRICE = "price"
    TOTAL = "total"
    SPOT = "spot"
    PERP = "perp"
    MARK = "mark"
    QUIET = "quiet"
    VENUE_1 = "venue_1"
    VENUE_2 = "venue_2"
    VENUE_3 = "venue_3"
    VENUE_4 = "venue_4"
    VENUE_5 = "venue_5"
    VENUE_6 = "venue_6"


PALETTE = {
    Ink.BUY: "#2b8cbe",
    Ink.SELL: "#e6762b",
    Ink.PRICE: "#7c8794",
    Ink.TOTAL: "#9a6fb0",
    Ink.SPOT: "#12a37f",
    Ink.PERP: "#d5699e",
    Ink.MARK: "#c79a00",
    Ink.QUIET: "#8f99a3",
    Ink.VENUE_1: "#3f8fd2",
    Ink.VENUE_2: "#dd8a1e",
    Ink.VENUE_3: "#12a37f",
    Ink.VENUE_4: "#d5699e",
    Ink.VENUE_5: "#8f7a3d",
    Ink.VENUE_6: "#7f77d0",
}

VENUES = (Ink.VENUE_1, Ink.VENUE_2, Ink.VENUE_3, Ink.VENUE_4, Ink.VENUE_5, Ink.VENUE_6)

SEQUENCE = ("#f2f6fa", "#a9cce3", "#5b9bd5", "#2b6cb0", "#123a6b")
"""Nothing to much, on a light ground; reversed on a dark one."""

OPPOSITES = ("#b3500f", "#e6762b", "#f6c9a5", "#f4f4f2", "#a9d1e6", "#2b8cbe", "#0d4f78")
"""All sold to all bought."""


class Theme(msgspec.Struct, frozen=True):
    """Grounds and greys of a figure."""

    name: str
    ground: str
    text: str
    quiet: str
    frame: str
    grid: str


LIGHT = Theme("light", "#ffffff", "#27303a", "#616d79", "#a9b3bd", "#e8ecf0")
DARK = Theme("dark", "#12161b", "#d5dbe1", "#96a1ac", "#56616c", "#262d35")
THEMES = {theme.name: theme for theme in (LIGHT, DARK)}


def venue_ink(place: int) -> Ink:
    """The colour of the venue at this place of a list; it repeats after six."""
    return VENUES[place % len(VENUES)]
