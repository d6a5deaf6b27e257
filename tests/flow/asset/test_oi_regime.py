"""Regimes of price, CVD and open interest."""

from collections.abc import Callable
from math import isnan
from typing import Any

import numpy as np
import pytest

from undertow.domain.errors import CallerError
from undertow.flow.oi_regime import SIDES, Regime, RegimeRules, oi_regime
from undertow.stats.robust import robust_scale

Make = Callable[..., Any]
MINUTES = 300


def market(make_series: Make, price: float, cvd: float, opened: float, start: float = 0.0) -> Any:
    """Noise, a slide by `start` before, and a push of the last 20 minutes in deviations."""
    rng = np.random.default_rng(8)
    columns = []
    for push in (price, cvd, opened):
        values = rng.normal(0.0, 1.0, MINUTES)
        values -= values.mean()
        values[-20:] = push + 0.01 * values[-20:]
        columns.append(values)
    steps, delta, change = columns
    steps *= 1e-4
    steps[-80:-20] += start / 60
    return make_series(100 * np.exp(np.cumsum(steps)), perp=delta, open_interest_change=change)


@pytest.mark.parametrize(
    ("pushes", "regime"),
    [
        ((0.0, -1.0, 1.0, -0.02), Regime.ABSORPTION),
        ((0.0, 1.0, 1.0, 0.02), Regime.DISTRIBUTION),
        ((1.0, 1.0, 1.0, 0.0), Regime.LONG_BUILD),
        ((-1.0, -1.0, 1.0, 0.0), Regime.SHORT_BUILD),
        ((-1.0, -1.0, -1.0, 0.0), Regime.LONG_UNWIND),
        ((1.0, 1.0, -1.0, 0.0), Regime.SHORT_COVERING),
        ((0.0, -1.0, 1.0, 0.02), Regime.NONE),
        ((0.0, 1.0, 1.0, -0.02), Regime.NONE),
        ((1.0, -1.0, 1.0, 0.0), Regime.NONE),
        ((0.0, 0.0, 0.0, 0.0), Regime.NONE),
        ((1.0, -1.0, -1.0, 0.0), Regime.NONE),
    ],
)
def test_each_cell_of_the_table(
    pushes: tuple[float, float, float, float], regime: Regime, make_series: Make
) -> None:
    found = oi_regime(market(make_series, *pushes))
    assert found.regime is found.candidate is regime
    assert found.side == SIDES[regime]
    assert found.minutes == (3 if regime is not Regime.NONE else 0)
    assert 0.0 <= found.location <= 1.0


def test_sizes_are_changes_over_their_usual_ones(make_series: Make) -> None:
    series = market(make_series, 0.0, -1.0, 1.0, -0.02)
    found = oi_regime(series)
    sums = np.convolve(series.perp.delta_usd, np.ones(15), "valid")
    assert found.cvd == pytest.approx(sums[-1] / robust_scale(sums[-241:-1]))
    moves = np.log(series.price[15:] / series.price[:-15])
    assert found.price == pytest.approx(moves[-1] / robust_scale(moves[-241:-1]), rel=1e-6)
    recent = series.price[-240:]
    place = (series.price[-1] - recent.min()) / (recent.max() - recent.min())
    assert found.location == pytest.approx(place)


def test_a_regime_must_last(make_series: Make) -> None:
    series = market(make_series, 1.0, 1.0, 1.0)
    waiting = oi_regime(series, RegimeRules(persistence=19))
    assert waiting.regime is Regime.NONE
    assert waiting.candidate is Regime.LONG_BUILD
    assert 3 <= waiting.minutes < 19
    assert waiting.side == 0


def test_a_value_area_takes_the_place_of_the_range(make_series: Make) -> None:
    series = market(make_series, 0.0, -1.0, 1.0, -0.02)
    last = float(series.price[-1])
    inside = oi_regime(series, value_area=(last * 0.9, last * 1.01))
    assert inside.regime is Regime.NONE
    below = oi_regime(series, value_area=(last * 1.001, last * 1.01))
    assert below.regime is Regime.ABSORPTION
    assert below.location < 0.0
    nowhere = oi_regime(series, value_area=(last, last))
    assert isnan(nowhere.location)
    assert nowhere.regime is Regime.NONE


def test_turned_over_it_answers_turned_over(make_series: Make) -> None:
    for push in ((0.0, -1.0, 1.0, -0.02), (1.0, 1.0, 1.0, 0.0), (1.0, 1.0, -1.0, 0.0)):
        up = oi_regime(market(make_series, *push))
        down = oi_regime(market(make_series, -push[0], -push[1], push[2], -push[3]))
        assert up.side == -down.side != 0


def test_too_short_a_past_gives_no_signal(make_series: Make) -> None:
    empty = oi_regime(make_series(np.ones(200)))
    assert (empty.side, empty.is_sufficient, isnan(empty.price)) == (0, False, True)
    short = oi_regime(make_series(np.ones(70), perp=np.ones(70), open_interest_change=np.ones(70)))
    assert short.shortfall is not None
    assert "earlier windows" in short.shortfall.metric
    assert not oi_regime(make_series([])).is_sufficient
    with pytest.raises(CallerError, match="edge within"):
        RegimeRules(edge=0.5)
    with pytest.raises(CallerError, match="spans of at least 1"):
        RegimeRules(window=0)
