"""The estimate against a book of positions that is kept minute by minute."""

from collections import Counter
from math import floor
from typing import Any

import msgspec
import numpy as np
import pytest

from undertow.domain.errors import CallerError, ConfigurationError
from undertow.flow.asset_series import AssetSeries
from undertow.flow.flow_state import FlowState
from undertow.flow.liquidation_estimate import (
    LeverageAssumptions,
    estimate_liquidations,
    opened_positions,
    positions_of,
)
from undertow.simulator.market.market_config import MarketConfig
from undertow.simulator.market.pattern_rates import PatternRates
from undertow.simulator.market.synthetic_market import SyntheticMarket

MINUTE = 60 * 10**9


def plain_book(minutes: list[tuple[float, float, float, float]], rules: LeverageAssumptions) -> Any:
    """Dollars alive by (price, side) after (price, low, high, open interest) minutes."""
    alive: dict[tuple[int, int, int], tuple[float, float]] = {}
    weights = np.array(rules.weights) / sum(rules.weights)
    for k in range(1, len(minutes)):
        price, low, high, interest = minutes[k]
        before = minutes[k - 1][3]
        fade = 0.5 ** (1 / 60 / rules.half_life_h) * min(interest / before, 1.0)
        for key, (level, usd) in list(alive.items()):
            if (low <= level) if key[2] > 0 else (high >= level):
                del alive[key]
            else:
                alive[key] = (level, usd * fade)
        opened = max(interest - before, 0.0) * price
        for j, leverage in enumerate(rules.leverages):
            for side in (1, -1):
                level = price * (1 - side * (1 / leverage - rules.maintenance))
                alive[k, j, side] = (level, opened * weights[j])
    return alive


@pytest.mark.parametrize("seed", range(5))
def test_it_equals_a_book_of_positions(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rules = LeverageAssumptions(half_life_h=0.5, bucket_bps=7.3)
    price = 50_000 * np.exp(np.cumsum(rng.normal(0, 2e-3, 120)))
    low, high = price * (1 - rng.random(120) * 2e-3), price * (1 + rng.random(120) * 2e-3)
    interest = 10_000 + np.cumsum(rng.normal(0, 40, 120))
    times = np.arange(120) * MINUTE
    found = estimate_liquidations(opened_positions(times, price, interest, low, high), rules)
    wanted: list[Counter[int]] = [Counter(), Counter()]
    rows = list(zip(price.tolist(), low.tolist(), high.tolist(), interest.tolist(), strict=True))
    for (_, _, side), (level, usd) in plain_book(rows, rules).items():
        wanted[side < 0][floor(level / found.width)] += usd
    first = round(found.lows[0] / found.width)
    for k, usd in enumerate((found.long_usd, found.short_usd)):
        dense = [wanted[k][first + place] for place in range(len(usd))]
        np.testing.assert_allclose(usd, dense, rtol=1e-9, atol=1e-3)
    assert found.as_of_ns == times[-1]
    assert found.long_usd.sum() > 0.0
    assert found.short_usd.sum() > 0.0


def test_one_opening_lies_where_the_formula_says() -> None:
    rules = LeverageAssumptions((10.0,), (1.0,), maintenance=0.01, half_life_h=1e9, bucket_bps=1.0)
    opened = opened_positions([0, MINUTE], [100.0, 100.0], [50.0, 150.0])
    found = estimate_liquidations(opened, rules)
    below, above = found.clusters(0.0)
    assert below.price == pytest.approx(91.0, abs=0.01)
    assert above.price == pytest.approx(109.0, abs=0.01)
    assert below.long_usd == pytest.approx(10_000)
    assert above.short_usd == pytest.approx(10_000)


def test_unknown_minutes_are_left_out() -> None:
    nan = float("nan")
    whole = opened_positions([0, 2 * MINUTE], [100.0, 101.0], [50.0, 60.0])
    holes = opened_positions([0, MINUTE, 2 * MINUTE], [100.0, nan, 101.0], [50.0, nan, 60.0])
    one, two = estimate_liquidations(whole), estimate_liquidations(holes)
    assert one.usd.tolist() == two.usd.tolist()
    assert len(estimate_liquidations(opened_positions([0], [1.0], [1.0])).lows) == 0


@pytest.mark.parametrize(
    "changed",
    [
        {"weights": (1.0,)},
        {"leverages": (1.0,), "weights": (1.0,)},
        {"leverages": (5.0,), "weights": (-1.0,)},
        {"maintenance": 0.01},
        {"half_life_h": 0.0},
    ],
)
def test_senseless_assumptions_are_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match="expected"):
        LeverageAssumptions(**changed)


def test_columns_must_agree() -> None:
    with pytest.raises(CallerError, match="one length"):
        opened_positions([0], [1.0, 2.0], [1.0])


@pytest.fixture(scope="module")
def series() -> AssetSeries:
    """Twelve minutes of one synthetic asset; one venue is away for some of them."""
    rates = msgspec.structs.replace(PatternRates.none(), outage=60.0)
    config = MarketConfig(assets=("BTC",), patterns=rates, open_interest_interval_s=5)
    market = SyntheticMarket(config, np.random.default_rng(9))
    state = FlowState(market.table, market.sources)
    for _ in range(720):
        rows = market.next_block()
        state.advance(rows, 0, len(rows), 2**62)
    return state.asset("BTC").series(15)


def test_an_asset_opens_what_its_open_interest_changes_by(series: AssetSeries) -> None:
    opened = positions_of(series)
    assert len(opened.price) == len(series) > 8
    changes = series.open_interest_change
    assert np.isfinite(changes).sum() > 5
    steps = np.diff(opened.open_interest)
    known = np.isfinite(changes[1:])
    np.testing.assert_allclose(steps[known][2:], changes[1:][known][2:], atol=1e-6)
    assert np.all(steps[~known] == 0.0)
    np.testing.assert_array_equal(opened.price, series.path)
    found = estimate_liquidations(opened)
    added = np.maximum(steps, 0.0) @ np.nan_to_num(opened.price[1:])
    assert 0.0 < found.long_usd.sum() <= added * (1 + 1e-12)


def test_a_venue_that_is_away_opens_nothing(series: AssetSeries) -> None:
    # The sum over members jumps by a venue's whole open interest; what was opened does not.
    sums = np.abs(np.diff(series.open_interest_base))
    steps = np.abs(np.diff(positions_of(series).open_interest))
    assert np.nanmax(sums) > 10.0 * steps.max()
