from collections.abc import Callable
from math import isnan
from typing import Any

import numpy as np
import pytest

from undertow.domain.errors import CallerError
from undertow.flow.absorption import AbsorptionOutcome, absorption

Make = Callable[..., Any]
QUIET = [(1000, 1001, 999, 1000, 2, 2)] * 600


def _flow(flow_of: Make, bars_of: Make, recent: list[tuple[int, ...]]) -> Any:
    return flow_of(closed={1: bars_of(QUIET + recent, 1)})


def test_heavy_selling_that_goes_nowhere_is_absorbed(flow_of: Make, bars_of: Make) -> None:
    flow = _flow(flow_of, bars_of, [(1000, 1000, 999, 1000, 1, 9)] * 30)
    found = absorption(flow, 999, 20.0)
    assert (found.outcome, found.side) == (AbsorptionOutcome.ABSORBED, 1)
    assert found.heaviness == pytest.approx(270 / 60)
    assert (found.move_atr, found.is_sufficient) == (0.0, True)


def test_heavy_selling_that_goes_through_is_a_breakout(flow_of: Make, bars_of: Make) -> None:
    flow = _flow(flow_of, bars_of, [(1000, 1000, 980, 985, 1, 9)] * 30)
    found = absorption(flow, 999, 20.0)
    assert (found.outcome, found.side) == (AbsorptionOutcome.BROKEN, -1)


@pytest.mark.parametrize("close", [1000, 985])
def test_the_mirror_has_the_other_side(close: int, flow_of: Make, bars_of: Make) -> None:
    flow = _flow(flow_of, bars_of, [(1000, 1000, 980, close, 1, 9)] * 30)
    found, mirror = absorption(flow, 999, 20.0), absorption(flow.mirrored(), -999, 20.0)
    assert mirror.outcome is found.outcome is not AbsorptionOutcome.NONE
    assert (mirror.side, mirror.move_atr) == (-found.side, -found.move_atr)
    assert mirror.heaviness == found.heaviness


@pytest.mark.parametrize(
    ("row", "level"),
    [
        ((1000, 1000, 999, 1000, 1, 1), 999),  # ordinary volume, no aggressor
        ((1000, 1000, 999, 1000, 0, 1), 999),  # light
        ((1000, 1000, 999, 1000, 1, 9), 990),  # the level was not reached
        ((1000, 1000, 991, 996, 1, 9), 996),  # pressing: moved with the aggressor, not through
    ],
)
def test_everything_else_is_neither(
    row: tuple[int, ...], level: int, flow_of: Make, bars_of: Make
) -> None:
    found = absorption(_flow(flow_of, bars_of, [row] * 30), level, 20.0)
    assert (found.outcome, found.side) == (AbsorptionOutcome.NONE, 0)


def test_too_little_history_or_no_atr_says_nothing(flow_of: Make, bars_of: Make) -> None:
    short = flow_of(closed={1: bars_of(QUIET[:329], 1)})
    long = flow_of(closed={1: bars_of(QUIET, 1)})
    for found in (absorption(short, 999, 20.0), absorption(long, 999, 0.0)):
        assert not found.is_sufficient
        assert isnan(found.heaviness)


@pytest.mark.parametrize("quantile", [0.0, 0.35, 0.5, 0.9, 0.99, 1.0])
def test_heaviness_is_over_the_quantile_of_numpy(
    quantile: float, flow_of: Make, bars_of: Make
) -> None:
    sells = np.random.default_rng(3).integers(1, 40, (20, 30))
    earlier = [(1000, 1001, 999, 1000, 1, sold) for sold in sells.ravel().tolist()]
    recent = [(1000, 1000, 999, 1000, 1, 41)] * 30
    found = absorption(
        flow_of(closed={1: bars_of(earlier + recent, 1)}), 999, 20.0, quantile=quantile
    )
    assert found.heaviness == 30 * 41 / float(np.quantile(sells.sum(axis=1), quantile))


def test_a_quantile_beyond_one_is_refused(flow_of: Make, bars_of: Make) -> None:
    flow = _flow(flow_of, bars_of, [(1000, 1000, 999, 1000, 1, 9)] * 30)
    with pytest.raises(CallerError, match="quantile of 0 to 1"):
        absorption(flow, 999, 20.0, quantile=90.0)
