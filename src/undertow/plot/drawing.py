"""What a figure shows, as data: panels of marks, without a word of any drawing library.

Times are nanoseconds since 1970 UTC (int64) on panels of a drawing whose `has_time_axis` is true;
otherwise x is a plain number. Every other number is a float in the unit that the axis names. NaN
leaves a gap.
"""

from enum import StrEnum
from typing import Any, TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.plot.ink import Ink

Numbers: TypeAlias = NDArray[Any]
"""(n,) int64 or float64."""


class Shape(StrEnum):
    """Of a point."""

    UP = "up"
    DOWN = "down"
    DOT = "dot"
    CROSS = "cross"
    DIAMOND = "diamond"


class Curve(msgspec.Struct, frozen=True, eq=False):
    """A line through points; `is_step` holds each value until the next. `fill_to`: shade down to
    this value.
    """

    x: Numbers
    y: Numbers
    label: str
    ink: Ink
    width: float = 1.4
    is_dashed: bool = False
    is_step: bool = False
    fill_to: float | None = None


class Candles(msgspec.Struct, frozen=True, eq=False):
    """Bars of prices; x is the middle of a bar and `width` how much of x it may take."""

    x: Numbers
    open: Numbers
    high: Numbers
    low: Numbers
    close: Numbers
    width: float


class Columns(msgspec.Struct, frozen=True, eq=False):
    """Upright bars from zero; without `ink` those up are BUY and those down SELL."""

    x: Numbers
    heights: Numbers
    width: float
    label: str
    ink: Ink | None = None


class Rows(msgspec.Struct, frozen=True, eq=False):
    """Bars that lie on the left edge: from `y` up to y + height, as long as `lengths`. The
    emphasised ones are drawn strong, the others faint.
    """

    y: Numbers
    height: float
    lengths: Numbers
    label: str
    ink: Ink
    is_emphasised: NDArray[np.bool_]


class Region(msgspec.Struct, frozen=True):
    """A shaded rectangle; both x or both y may be None: from edge to edge. `note` stands in its
    corner.
    """

    x0: float | None
    x1: float | None
    y0: float | None
    y1: float | None
    ink: Ink
    label: str = ""
    note: str = ""
    strength: float = 0.18


class Heat(msgspec.Struct, frozen=True, eq=False):
    """A grid of values: `values[j, i]` from x[i] to x[i + 1] and y[j] to y[j + 1]. Diverging grids
    are coloured symmetrically around zero.
    """

    x: Numbers
    y: Numbers
    values: Numbers
    label: str
    is_diverging: bool = False


class Points(msgspec.Struct, frozen=True, eq=False):
    """Single points; `notes` has a word for each or is empty."""

    x: Numbers
    y: Numbers
    label: str
    ink: Ink
    shape: Shape = Shape.DOT
    size: float = 7.0
    notes: tuple[str, ...] = ()


class Level(msgspec.Struct, frozen=True):
    """A line across the panel, named at its right edge."""

    y: float
    label: str
    ink: Ink
    is_dashed: bool = True


class Words(msgspec.Struct, frozen=True, eq=False):
    """Text in the middle of places."""

    x: Numbers
    y: Numbers
    texts: tuple[str, ...]
    ink: Ink = Ink.PRICE
    size: float = 8.0


Mark: TypeAlias = Curve | Candles | Columns | Rows | Region | Heat | Points | Level | Words


class Panel(msgspec.Struct, frozen=True, eq=False):
    """One pair of axes. `y_label` names the quantity and its unit. `height`: share beside the
    other panels. `y_names`: words at places of y instead of numbers.
    """

    y_label: str
    marks: tuple[Mark, ...]
    height: float = 1.0
    x_label: str = ""
    has_zero: bool = False
    y_names: tuple[tuple[float, str], ...] = ()


class Drawing(msgspec.Struct, frozen=True, eq=False):
    """Panels one under another that share x; `side` stands right of the first and shares its y, its
    own x being a plain number.
    """

    title: str
    panels: tuple[Panel, ...]
    subtitle: str = ""
    x_label: str = "time (UTC)"
    has_time_axis: bool = True
    side: Panel | None = None
    width_px: int = 1200
    height_px: int = 700
