"""VPIN both ways: by hand, against a part-by-part twin, streaming, and degenerate input."""

from math import isnan, sqrt
from statistics import NormalDist, stdev
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t as student

from undertow.domain.errors import CallerError, ConfigurationError, SnapshotCorrupt
from undertow.domain.fixed import Step
from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.market_event import EVENT
from undertow.flow.vpin import Vpin, bulk_buy_share, vpin_by_side, vpin_in_bulk

S = 1_000_000_000


def plain(parts: list[tuple[float, float]], bucket: float, buckets: int) -> list[float]:
    """VPIN of (volume, share bought) poured into buckets one by one."""
    full, bought, held = [], 0.0, 0.0
    for volume, share in parts:
        left = volume
        while left > 1e-9:
            part = min(left, bucket - held)
            held += part
            bought += part * share
            left -= part
            if held > bucket - 1e-9:
                full.append(abs(2 * bought - bucket))
                bought = held = 0.0
    return [
        sum(full[k + 1 - buckets : k + 1]) / (buckets * bucket)
        if k + 1 >= buckets
        else float("nan")
        for k in range(len(full))
    ]


def test_by_side_by_hand() -> None:
    # Buckets of 10: 4 b + 6 s | 2 s + 8 b | 10 b | 10 b | (7 b left)
    found = vpin_by_side([4, 8, 35], [1, -1, 1], 10, 2)
    assert isnan(found[0])
    assert found[1:].tolist() == pytest.approx([(2 + 6) / 20, (6 + 10) / 20, (10 + 10) / 20])


def test_by_side_as_the_twin() -> None:
    rng = np.random.default_rng(1)
    qty, side = rng.integers(1, 40, 500) * 0.1, rng.choice([-1, 1], 500)
    found = vpin_by_side(qty, side, 7.3, 5)
    parts = list(zip(qty.tolist(), ((side + 1) / 2).tolist(), strict=True))
    assert found == pytest.approx(plain(parts, 7.3, 5), nan_ok=True)


def test_the_unfinished_bucket_is_ignored() -> None:
    assert len(vpin_by_side([9.99], [1], 10, 1)) == 0
    assert vpin_by_side([0.1] * 10, [1] * 10, 1.0, 1).tolist() == pytest.approx([1.0])


def test_bulk_shares_use_price_changes_and_the_whole_sample() -> None:
    closes = [100.0, 101.0, 100.5, 103.0]
    sigma = stdev([1.0, -0.5, 2.5])
    normal = NormalDist()
    expected = [normal.cdf(change / sigma) for change in (1.0, -0.5, 2.5)]
    assert bulk_buy_share(closes).tolist() == pytest.approx(expected)
    tails = bulk_buy_share(closes, freedom=0.25)
    assert tails.tolist() == pytest.approx(
        [student.cdf(change / sigma, 0.25) for change in (1.0, -0.5, 2.5)]
    )


def test_a_trailing_sigma_does_not_look_ahead() -> None:
    closes = np.cumsum(np.random.default_rng(2).normal(size=50)) + 100
    whole = bulk_buy_share(closes, 10)
    assert np.isnan(whole[:9]).all()
    assert np.array_equal(bulk_buy_share(closes[:30], 10), whole[:29], equal_nan=True)
    changes = np.diff(closes)
    sigma = np.std(changes[11:21], ddof=1)
    assert whole[20] == pytest.approx(NormalDist().cdf(changes[20] / sigma))


@pytest.mark.parametrize("sigma_bars", [None, 12])
def test_in_bulk_as_the_twin(sigma_bars: int | None) -> None:
    rng = np.random.default_rng(3)
    closes = 100 + np.cumsum(rng.normal(size=200))
    qty = rng.integers(0, 90, 200).astype(float)
    share = bulk_buy_share(closes, sigma_bars)
    first = 0 if sigma_bars is None else sigma_bars - 1
    parts = list(zip(qty[1 + first :].tolist(), share[first:].tolist(), strict=True))
    found = vpin_in_bulk(closes, qty, 110.0, 8, sigma_bars=sigma_bars)
    assert found == pytest.approx(plain(parts, 110.0, 8), nan_ok=True)


def test_flat_prices_are_balanced() -> None:
    assert bulk_buy_share([5.0] * 4).tolist() == [0.5] * 3
    assert vpin_in_bulk([5.0] * 4, [10.0] * 4, 10.0, 1).tolist() == [0.0] * 3
    assert len(vpin_in_bulk([5.0], [1.0], 1.0)) == 0
    assert isnan(bulk_buy_share([1.0, 2.0])[0])  # one change has no deviation


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: vpin_by_side([1.0], [0], 1.0), "side of"),
        (lambda: vpin_by_side([1.0, 2.0], [1], 1.0), "side of"),
        (lambda: vpin_by_side([float("nan")], [1], 1.0), "finite"),
        (lambda: vpin_by_side([1.0], [1], 0.0), "bucket above 0"),
        (lambda: vpin_by_side([-1.0], [1], 1.0), "volumes of 0"),
        (lambda: vpin_in_bulk([1.0, 2.0], [1.0], 1.0), "as many quantities"),
    ],
)
def test_wrong_columns_are_refused(call: Any, message: str) -> None:
    with pytest.raises(CallerError, match=message):
        call()


def test_wrong_settings_are_refused() -> None:
    for call in (
        lambda: vpin_by_side([1.0], [1], 1.0, 0),
        lambda: bulk_buy_share([1.0, 2.0], 1),
        lambda: bulk_buy_share([1.0, 2.0, 3.0], freedom=0.0),
        lambda: Vpin(instrument(), 1, 0),
    ):
        with pytest.raises(ConfigurationError, match="expected"):
            call()


def instrument() -> Instrument:
    names = ("BTC/USDT", "alpha", "X", MarketKind.SPOT, "BTC", "USDT", "USDT")
    return Instrument(*names, Step(1, 1), Step(1, 3))


def rows_of(seed: int, count: int) -> Any:
    rng = np.random.default_rng(seed)
    rows = np.zeros(count, EVENT)
    rows["event_time_ns"] = rows["receive_time_ns"] = S * np.arange(1, count + 1)
    rows["price_ticks"], rows["kind"] = 1000, 1
    rows["qty_lots"] = rng.integers(1, 400, count)
    rows["side"] = rng.choice([-1, 1], count)
    return rows


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 50), cut=st.integers(0, 300))
def test_streaming_is_the_definition_and_survives_restarts(seed: int, cut: int) -> None:
    rows = rows_of(seed, 300)
    one, other = Vpin(instrument(), 0.75, 6), Vpin(instrument(), 0.75, 6)
    points = one.push(rows[:cut])
    other.restore(one.snapshot())
    points += other.push(rows[cut:])
    expected = vpin_by_side(rows["qty_lots"], rows["side"], 750, 6)
    assert [point.vpin for point in points] == pytest.approx(expected.tolist(), nan_ok=True)
    assert other.value == pytest.approx(expected[-1])
    assert all(point.buy_lots + point.sell_lots == 750 for point in points)
    assert other.counters["trades"] == 300


def test_before_enough_buckets_it_is_unknown() -> None:
    vpin = Vpin(instrument(), 1, 5)
    assert isnan(vpin.value)
    vpin.push(rows_of(1, 10))
    assert isnan(vpin.value)
    with pytest.raises(SnapshotCorrupt):
        Vpin(instrument(), 1, 6).restore(vpin.snapshot())


def test_balanced_flow_is_near_what_chance_gives() -> None:
    # Fair coins of one lot in buckets of 100: E|S - B| / V is about sqrt(2 / (pi 100)) = 0.08.
    rng = np.random.default_rng(4)
    found = vpin_by_side(np.ones(200_000), rng.choice([-1, 1], 200_000), 100, 50)
    assert np.nanmean(found) == pytest.approx(sqrt(2 / (np.pi * 100)), rel=0.05)
