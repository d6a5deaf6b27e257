"""Bars as columns: made columns, shared indicators, other timeframes without look-ahead."""

import numpy as np
import pytest

from undertow.decision.bar_columns import BarColumns
from undertow.domain.errors import CallerError, ConfigurationError, UnknownNameError
from undertow.indicators.averages import Ema, Sma
from undertow.indicators.channels import Bollinger

MINUTE_NS = 60_000_000_000
START_NS = 1_704_067_200_000_000_000


def bars(count: int = 200, first: int = 0) -> BarColumns:
    rng = np.random.default_rng(2)
    close = 100 + np.cumsum(rng.normal(0, 0.2, count))
    opened = np.concatenate([[100.0], close[:-1]])
    return BarColumns(
        START_NS + (first + np.arange(count)) * MINUTE_NS,
        {
            "open": opened,
            "high": np.maximum(opened, close) + 0.1,
            "low": np.minimum(opened, close) - 0.1,
            "close": close,
            "volume": rng.random(count),
        },
    )


def test_columns_are_there_and_made() -> None:
    given = bars()
    np.testing.assert_array_equal(given.hl2, (given.high + given.low) / 2)
    assert np.isnan(given.log_return[0])
    np.testing.assert_allclose(given.log_return[1:], np.diff(np.log(given.close)))
    assert given.close_time_ns[0] == START_NS + MINUTE_NS
    with pytest.raises(UnknownNameError, match="volume"):
        given.column("volumes")
    with pytest.raises(UnknownNameError, match="delta"):
        given.column("delta")


def test_indicators_are_those_of_the_batch_face_and_computed_once() -> None:
    given = bars()
    one, other = given.declare({"a": Sma(5)}), given.declare({"b": Sma(5), "band": Bollinger(8)})
    np.testing.assert_array_equal(one["a"], Sma(5).batch(given.close)["value"])
    assert other["b"] is one["a"]
    assert other["band.upper"][-1] > other["band"][-1]
    with pytest.raises(UnknownNameError, match="expected a declared indicator"):
        one["b"]
    with pytest.raises(UnknownNameError, match=r"band\.upper"):
        other["band.uper"]


def test_a_longer_timeframe_is_seen_only_after_it_closed() -> None:
    given = bars(200, first=3)
    longer = given.resampled(300)
    assert longer.open_time_ns[:2].tolist() == [START_NS, START_NS + 5 * MINUTE_NS]
    assert longer.open[:2].tolist() == [given.open[0], given.open[2]]
    assert longer.high[1] == given.high[2:7].max()
    assert longer.volume[1] == pytest.approx(given.volume[2:7].sum())
    assert len(longer) == 40
    trend = given.declare({"trend@5m": Ema(2)})["trend@5m"]
    value = Ema(2).batch(longer.close)["value"]
    for place in range(len(given)):
        before = np.flatnonzero(longer.close_time_ns < given.close_time_ns[place])
        expected = value[before[-1]] if len(before) else np.nan
        np.testing.assert_equal(trend[place], expected)
    with pytest.raises(ConfigurationError, match="multiple"):
        longer.resampled(60)


def test_the_head_knows_nothing_of_the_rest() -> None:
    given = bars().declare({"a": Sma(5), "far@15m": Sma(3)})
    whole = given["a"], given["far@15m"]
    for count in (1, 30, 121):
        part = given.head(count)
        assert len(part) == count
        np.testing.assert_array_equal(part["a"], whole[0][:count])
        np.testing.assert_array_equal(part["far@15m"], whole[1][:count])


def test_what_cannot_be_bars_is_refused() -> None:
    flat = np.full(3, 5.0)
    columns = {"open": flat, "high": flat, "low": flat, "close": flat}
    times = START_NS + np.arange(3) * MINUTE_NS
    with pytest.raises(CallerError, match="of one length"):
        BarColumns(times[:2], columns)
    with pytest.raises(CallerError, match="of one length"):
        BarColumns(times, {"close": flat})
    with pytest.raises(CallerError, match="rising open time"):
        BarColumns(times[::-1], columns)
    for bad in (np.nan, 0.0, -1.0, 6.0):
        with pytest.raises(CallerError, match="in bar 1"):
            BarColumns(times, {**columns, "low": np.array([5.0, bad, 5.0])})
