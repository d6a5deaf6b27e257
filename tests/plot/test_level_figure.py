from typing import Any

import pytest

from undertow.domain.errors import CallerError
from undertow.flow.instrument_flow import InstrumentFlow
from undertow.flow.magnetic_levels import MagneticLevels, magnetic_levels
from undertow.plot import levels
from undertow.plot.drawing import Level, Region, Rows


def test_bands_names_and_strengths_are_those_of_the_levels(
    perp: InstrumentFlow, marks_of: Any
) -> None:
    found = magnetic_levels(perp)
    drawing = levels(perp, found, minutes=30).drawing
    named = sorted(found.levels, key=lambda level: -level.strength)[:14]
    (panel,) = drawing.panels
    assert [mark.y for mark in marks_of(panel, Level)] == [level.price for level in named]
    assert len(marks_of(panel, Region)) == len(named)
    assert drawing.side is not None
    (rows,) = marks_of(drawing.side, Rows)
    assert rows.lengths.tolist() == [level.strength for level in named]


def test_no_levels_is_said(perp: InstrumentFlow) -> None:
    with pytest.raises(CallerError, match="found none"):
        levels(perp, MagneticLevels(1.0, ()))
