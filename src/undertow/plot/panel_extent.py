"""The lowest and the highest y that the marks of a panel reach."""

import numpy as np

from undertow.plot.drawing import (
    Candles,
    Columns,
    Curve,
    Heat,
    Level,
    Mark,
    Numbers,
    Panel,
    Points,
    Region,
    Rows,
    Words,
)


def panel_extent(panel: Panel) -> tuple[float, float]:
    """Over every known value; (0, 1) when there is none, and never of height 0."""
    values = [np.asarray(part, dtype=np.float64).ravel() for part in _parts(panel)]
    known = np.concatenate([*values, np.zeros(0)])
    known = known[np.isfinite(known)]
    if not len(known):
        return 0.0, 1.0
    low, high = float(known.min()), float(known.max())
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def _parts(panel: Panel) -> list[Numbers]:
    found = [part for mark in panel.marks for part in _of(mark)]
    return [*found, np.zeros(1)] if panel.has_zero else found


def _of(mark: Mark) -> list[Numbers]:
    if isinstance(mark, Candles):
        return [mark.low, mark.high]
    if isinstance(mark, Columns):
        return [mark.heights, np.zeros(1)]
    if isinstance(mark, Rows):
        return [mark.y, mark.y + mark.height]
    if isinstance(mark, Region):
        return [np.array([edge for edge in (mark.y0, mark.y1) if edge is not None])]
    if isinstance(mark, Level):
        return [np.array([mark.y])]
    assert isinstance(mark, Curve | Heat | Points | Words)
    return [mark.y]
