"""Arrival rates, their decay, and the fit over depth."""

from math import exp, isnan
from typing import Any

import numpy as np
import pytest

from undertow.domain.errors import CallerError, ConfigurationError, SnapshotCorrupt
from undertow.domain.market_event import EVENT
from undertow.flow.trade_intensity import TradeIntensity, depth_rates, fit_intensity

S = 1_000_000_000


def rows_at(times_s: Any, side: int = 1) -> Any:
    rows = np.zeros(len(times_s), EVENT)
    rows["event_time_ns"] = rows["receive_time_ns"] = (np.asarray(times_s) * S).astype(np.int64)
    rows["price_ticks"], rows["qty_lots"], rows["kind"], rows["side"] = 100, 1, 1, side
    return rows


def test_a_constant_rate_is_found() -> None:
    times = 1 + np.cumsum(np.random.default_rng(1).exponential(1 / 40, 40_000))
    intensity = TradeIntensity(60.0)
    intensity.push(rows_at(times))
    found = intensity.at()
    assert found.buys == pytest.approx(40.0, rel=0.1)
    assert (found.sells, found.imbalance, found.is_warm) == (0.0, 1.0, True)


def test_it_fades_and_never_looks_back() -> None:
    intensity = TradeIntensity(10.0)
    intensity.push(rows_at([100.0]))
    now = intensity.at()
    assert now.trades == pytest.approx(0.1)
    assert not now.is_warm
    later = intensity.at(110 * S)
    assert later.trades == pytest.approx(0.1 * exp(-1))
    assert intensity.at(50 * S) == now
    assert intensity.at(130 * S).is_warm


def test_before_any_trade_nothing_is_known() -> None:
    found = TradeIntensity().at(5 * S)
    assert isnan(found.buys)
    assert isnan(found.imbalance)


def test_restarts_change_nothing() -> None:
    rows = rows_at(np.arange(1, 200) * 0.7)
    whole, first, second = TradeIntensity(), TradeIntensity(), TradeIntensity()
    whole.push(rows)
    first.push(rows[:77])
    second.restore(first.snapshot())
    second.push(rows[77:])
    assert second.snapshot() == whole.snapshot()
    assert second.counters == whole.counters


def test_snapshots_of_other_settings_are_refused() -> None:
    with pytest.raises(SnapshotCorrupt, match="expected tau_ns"):
        TradeIntensity(5.0).restore(TradeIntensity(6.0).snapshot())
    with pytest.raises(SnapshotCorrupt, match="bytes, found 3"):
        TradeIntensity().restore(b"abc")
    for tau in (0.0, float("nan"), float("inf")):
        with pytest.raises(ConfigurationError, match="expected tau_s > 0"):
            TradeIntensity(tau)


def test_the_fit_is_log_linear() -> None:
    depths = np.array([0.5, 1.0, 2.0, 3.5])
    found = fit_intensity(depths, 140.0 * np.exp(-1.5 * depths))
    assert (found.a, found.k, found.r2) == pytest.approx((140.0, 1.5, 1.0))
    assert found.rate(2.0) == pytest.approx(140.0 * exp(-3.0))
    # Two points: the line through their logarithms; a rate of 0 is left out.
    line = fit_intensity([0.0, 1.0, 9.0], [8.0, 2.0, 0.0])
    assert (line.a, line.k) == pytest.approx((8.0, np.log(4)))
    assert line.points == 2


def test_least_squares_of_logarithms_not_of_rates() -> None:
    depths, rates = np.array([0.0, 1.0, 2.0]), np.array([10.0, 2.0, 3.0])
    slope, level = np.polyfit(depths, np.log(rates), 1)
    found = fit_intensity(depths, rates)
    assert (found.k, found.a) == pytest.approx((-slope, np.exp(level)))


def test_degenerate_fits_and_wrong_columns() -> None:
    assert isnan(fit_intensity([1.0, 2.0], [5.0, 0.0]).k)
    assert isnan(fit_intensity([1.0, 1.0], [5.0, 4.0]).a)
    assert isnan(fit_intensity([1.0, 2.0], [5.0, 5.0]).r2)
    for depths, rates in (([1.0], [1.0, 2.0]), ([1.0, 2.0], [-1.0, 2.0]), ([np.inf], [1.0])):
        with pytest.raises(CallerError, match="as many rates"):
            fit_intensity(depths, rates)


def test_rates_count_trades_that_reach_a_depth() -> None:
    found = depth_rates([0.5, 1.0, 1.0, 3.0, -0.5], 10.0, [0.0, 1.0, 1.5, 4.0])
    assert found.tolist() == [0.4, 0.3, 0.1, 0.0]
    with pytest.raises(CallerError, match="seconds above 0"):
        depth_rates([1.0], 0.0, [1.0])
