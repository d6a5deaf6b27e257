"""The slope of CVD against its own past."""

from collections.abc import Callable
from math import isnan
from typing import Any

import numpy as np
import pytest

from undertow.domain.errors import CallerError
from undertow.flow.cvd_momentum import cvd_momentum

Make = Callable[..., Any]


def plain_score(delta: list[float], window: int, history: int) -> tuple[float, float]:
    """Slope and score straight from the definition, CVD looked up window minutes back."""
    cvd = [0.0]
    for value in delta:
        cvd.append(cvd[-1] + value)
    slopes = [(cvd[t] - cvd[t - window]) / window for t in range(window, len(cvd))]
    past = sorted(slopes[:-1][-history:])
    middle = float(np.median(past))
    spread = float(np.median([abs(s - middle) for s in past]))
    return slopes[-1], 0.6745 * (slopes[-1] - middle) / spread


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("push", [0.0, 9.0, -9.0])
def test_it_equals_the_definition(seed: int, push: float, make_series: Make) -> None:
    delta = np.random.default_rng(seed).normal(0.0, 3.0, 400)
    delta[-40:] += push
    found = cvd_momentum(make_series(np.full(400, 100.0), total=delta).total)
    slope, score = plain_score(delta.tolist(), 60, 240)
    assert found.slope_usd == pytest.approx(slope)
    assert found.z_score == pytest.approx(score, rel=1e-9)
    assert found.side == (0 if abs(score) < 2.0 else (1 if score > 0 else -1))
    assert push == 0.0 or found.side == np.sign(push)
    assert found.is_sufficient


def test_turned_over_it_answers_turned_over(make_series: Make) -> None:
    delta = np.random.default_rng(5).normal(0.0, 3.0, 200)
    up, down = (
        cvd_momentum(make_series(np.full(200, 1.0), total=sign * delta).total, threshold=0.1)
        for sign in (1, -1)
    )
    assert up.side == -down.side != 0
    assert up.z_score == pytest.approx(-down.z_score)


@pytest.mark.parametrize(("minutes", "words"), [(0, "known"), (59, "known"), (119, "earlier")])
def test_too_short_a_past_gives_no_signal(minutes: int, words: str, make_series: Make) -> None:
    delta = np.random.default_rng(1).normal(0.0, 3.0, minutes)
    found = cvd_momentum(make_series(np.full(minutes, 1.0), total=delta).total)
    assert (found.side, isnan(found.z_score), found.is_sufficient) == (0, True, False)
    assert found.shortfall is not None
    assert words in found.shortfall.reason
    assert cvd_momentum(make_series(np.ones(120), total=np.ones(120)).total).is_sufficient


def test_a_past_without_spread_has_no_score(make_series: Make) -> None:
    found = cvd_momentum(make_series(np.ones(200), total=np.ones(200)).total)
    assert (found.side, found.slope_usd) == (0, 1.0)
    assert isnan(found.z_score)


def test_missing_minutes_leave_a_window_unknown(make_series: Make) -> None:
    delta = np.random.default_rng(1).normal(0.0, 3.0, 200)
    delta[-5:] = np.nan
    assert cvd_momentum(make_series(np.ones(200), total=delta).total).is_sufficient
    delta[-9:] = np.nan
    assert not cvd_momentum(make_series(np.ones(200), total=delta).total).is_sufficient


def test_impossible_spans_are_refused(make_series: Make) -> None:
    flow = make_series(np.ones(3)).total
    with pytest.raises(CallerError, match="history of at least 60"):
        cvd_momentum(flow, history=10)
    with pytest.raises(CallerError, match="window of at least 1"):
        cvd_momentum(flow, window=0)
