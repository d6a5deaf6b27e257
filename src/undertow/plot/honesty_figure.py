"""Figures of the study of honesty: false alarms of each test, power by the size of the edge."""

from math import nan, sqrt

import numpy as np
from numpy.typing import NDArray

from undertow.backtest.honesty.honesty_plan import EDGES, Part
from undertow.backtest.honesty.honesty_study import HonestyResults
from undertow.backtest.honesty.honesty_tables import SIZE
from undertow.backtest.honesty.measured import Measured
from undertow.backtest.honesty.significance_battery import WORDS
from undertow.plot.drawing import Curve, Drawing, Panel, Points
from undertow.plot.figure import Figure
from undertow.plot.ink import VENUES

_YEARS = 3
_CURVES = {
    "t": "t test",
    "lw_boot": "Ledoit-Wolf bootstrap",
    "random_entries": "random entries",
    "holm": "Holm, 20 tried",
    "dsr": "deflated Sharpe, 20 tried",
}
_PERCENT = 100.0


def alarm_figure(results: HonestyResults) -> Figure:
    """A dot for each test and law at a size of 5 %, beside the line where it should be."""
    tests = [name for name in WORDS if name != "naive"]
    places = np.arange(len(tests), dtype=np.float64)[::-1]
    marks = [
        Points(_shares(found, tests), places - 0.15 * number, law, ink)
        for number, ((law, found), ink) in enumerate(
            zip(results.of(Part.NOISE).items(), VENUES, strict=False)
        )
    ]
    aim = np.full(2, SIZE * _PERCENT)
    line = Curve(aim, np.array([-1.0, float(len(tests))]), "5 %", VENUES[-1], is_dashed=True)
    names = tuple(
        (float(place), name.removesuffix("_entries"))
        for place, name in zip(places, tests, strict=True)
    )
    return Figure(
        Drawing(
            title="False alarms on pure noise, tests at 5 %",
            panels=(Panel("", (*marks, line), y_names=names),),
            subtitle="a test that keeps its word lies on the line, one to its right cries wolf; "
            f"by chance alone dots scatter by about {_scatter(results):.1f}",
            x_label="samples in which the test saw an edge (%)",
            has_time_axis=False,
            width_px=1000,
            height_px=560,
        )
    )


def power_figure(results: HonestyResults) -> Figure:
    """How often some tests see an edge over three years, by its yearly Sharpe ratio."""
    cases = results.of(Part.POWER)
    edges = [edge for edge in EDGES if edge > 0.0]
    found = [cases.get(f"Sharpe {edge:g}, {_YEARS} years", {}) for edge in edges]
    curves = tuple(
        Curve(np.array(edges), _column(found, name), words, ink)
        for (name, words), ink in zip(_CURVES.items(), VENUES, strict=False)
    )
    return Figure(
        Drawing(
            title="Power over three years of days, tests at 5 %",
            panels=(Panel("seen (%)", curves, has_zero=True),),
            subtitle="how often an edge of that size is seen; of 20 tried, it is the only one",
            x_label="true yearly Sharpe ratio",
            has_time_axis=False,
            width_px=1000,
            height_px=480,
        )
    )


def _scatter(results: HonestyResults) -> float:
    # Standard error, in percent, of a test that keeps its word, in the smallest case.
    counts = [case[f"t@{SIZE:g}"].count for case in results.of(Part.NOISE).values()]
    return _PERCENT * sqrt(SIZE * (1.0 - SIZE) / min(counts)) if counts else nan


def _shares(found: dict[str, Measured], tests: list[str]) -> NDArray[np.float64]:
    return np.array([_PERCENT * found[f"{name}@{SIZE:g}"].mean for name in tests])


def _column(cases: list[dict[str, Measured]], name: str) -> NDArray[np.float64]:
    key = f"{name}@{SIZE:g}"
    return np.array([_PERCENT * one.get(key, Measured()).mean for one in cases])
