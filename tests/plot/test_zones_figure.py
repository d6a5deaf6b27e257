from typing import Any

from undertow.flow.change_of_character import change_of_character, structure_breaks
from undertow.flow.instrument_flow import InstrumentFlow
from undertow.flow.swings import swings
from undertow.flow.zones import ZoneRules, find_zones
from undertow.plot import zones
from undertow.plot.drawing import Curve, Level, Points, Region

LOOSE = ZoneRules(volume_period=5, volume_multiple=0.5, wick_share=0.1)


def test_structure_is_what_the_measures_say(perp: InstrumentFlow, marks_of: Any) -> None:
    rows = perp.bars(60, 35)
    (panel,) = zones(perp, 60, 35, rules=LOOSE, least_gap=9.0).drawing.panels
    regions, found = marks_of(panel, Region), find_zones(rows, LOOSE)
    assert [region.x0 for region in regions] == [zone.created_ns for zone in found]
    assert len(found) > 0
    breaks, points = structure_breaks(rows), swings(rows)
    assert len(marks_of(panel, Curve)) == len(breaks)
    drawn = {mark.label: len(mark.x) for mark in marks_of(panel, Points)}
    assert drawn["swing high"] == sum(point.side > 0 for point in points)
    level_ticks = change_of_character(rows).level_ticks
    assert [mark.y for mark in marks_of(panel, Level)] == (
        [] if level_ticks is None else [perp.instrument.price_float(level_ticks)]
    )


def test_gaps_say_how_far_they_are_filled(perp: InstrumentFlow, marks_of: Any) -> None:
    (panel,) = zones(perp, 60, 35, least_gap=1e-6).drawing.panels
    notes = [mark.note for mark in marks_of(panel, Region) if "filled" in mark.note]
    assert all(note.endswith("% filled") for note in notes)
    labels = [mark.label for mark in marks_of(panel, Region) if mark.label == "fair value gap"]
    assert len(labels) <= 1
