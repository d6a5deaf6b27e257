"""Flaws planted in random walks of known length; what is found is counted by hand."""

from collections.abc import Callable

import numpy as np
import pytest

from undertow.storage.catalog.candles import Candles
from undertow.storage.checks.candle_check import (
    EXTREME_Z,
    CandleReport,
    check_candles,
    extreme_moves,
    log_returns,
    longest_run,
    modified_z,
)
from undertow.storage.checks.finding import Finding, Severity

Make = Callable[..., Candles]


def kinds(report: CandleReport) -> list[str]:
    return [one.kind for one in report.findings]


def find(report: CandleReport, kind: str) -> Finding:
    return next(one for one in report.findings if one.kind == kind)


def bump(candles: Candles, row: int, ticks: int, *, stays: bool) -> None:
    stop = None if stays else row + 1
    for name in ("close", "high", "low") if not stays else ("close", "high", "low", "open"):
        candles.columns[name][row:stop] += ticks
    candles.columns["open"][row] -= ticks if stays else 0
    candles.columns["high"] = np.maximum(candles.columns["high"], candles.columns["open"])
    candles.columns["low"] = np.minimum(candles.columns["low"], candles.columns["open"])


def test_half_a_year_without_a_flaw(make_candles: Make) -> None:
    report = check_candles(make_candles(183 * 24, "1h"), "crypto")
    assert (report.findings, report.score, report.expected) == ((), 100.0, 183 * 24)


def test_gaps_are_counted_over_all(make_candles: Make) -> None:
    keep = np.ones(1_000, bool)
    keep[100:110] = keep[500] = False
    report = check_candles(make_candles(1_000).part(keep), "crypto")
    gap = find(report, "gap")
    assert (gap.count, gap.severity, report.expected) == (11, Severity.BAD, 1_000)
    assert "in 2 gaps; the longest is 10 bars from 2024-01-01T08:20" in gap.text
    assert report.score == pytest.approx(98.9)
    keep[:] = True
    keep[7] = False
    assert find(check_candles(make_candles(1_000).part(keep), "crypto"), "gap").severity == 1


def test_weekends_are_no_gaps_of_forex(make_candles: Make) -> None:
    candles = make_candles(14 * 24, "1h")  # from Monday 2024-01-01
    hours = np.arange(14 * 24) % (7 * 24)
    week = candles.part((hours < 4 * 24 + 22) | (hours >= 6 * 24 + 22))
    report = check_candles(week, "forex")
    assert kinds(report) == ["history"]
    assert report.expected == len(week)
    assert "gap" in kinds(check_candles(week, "crypto"))


def test_an_hour_missing_where_clocks_leap(make_candles: Make) -> None:
    start = np.datetime64("2024-03-08", "ns").astype(np.int64)
    candles = make_candles(400, "15m", start_ns=int(start))
    leap = int(np.datetime64("2024-03-10T02", "ns").astype(np.int64))
    at = candles.opens_ns
    local = candles.part((at < leap) | (at >= leap + 3_600 * 10**9))
    assert find(check_candles(local, "crypto"), "dst_jump").severity is Severity.BAD
    other = candles.part((at < leap + 5 * 3_600 * 10**9) | (at >= leap + 6 * 3_600 * 10**9))
    assert "dst_jump" not in kinds(check_candles(other, "crypto"))


def test_a_crash_is_a_fact_and_a_bad_print_is_a_doubt(make_candles: Make) -> None:
    crash = make_candles(2_000)
    bump(crash, 1_000, -60_000, stays=True)
    report = check_candles(crash, "crypto")
    assert kinds(report) == ["extreme", "history"]
    assert find(report, "extreme").severity is Severity.FACT
    assert report.score == 100.0
    bad = make_candles(2_000)
    bump(bad, 1_000, -60_000, stays=False)
    report = check_candles(bad, "crypto")
    assert (find(report, "extreme").count, find(report, "spike").count) == (2, 1)
    assert find(report, "spike").severity is Severity.DOUBT
    assert report.score < 100.0


def test_modified_z_is_that_of_iglewicz_and_hoaglin() -> None:
    values = np.array([1.0, 2.0, 3.0, 4.0, 100.0])  # median 3, MAD 1
    assert modified_z(values).tolist() == pytest.approx([-1.349, -0.6745, 0, 0.6745, 65.4265])
    assert modified_z(np.zeros(5)).tolist() == [0] * 5
    assert modified_z(np.array([0.0, 0, 0, 0, 2])).tolist() == [0, 0, 0, 0, pytest.approx(0.6745)]


def test_returns_do_not_reach_over_gaps(make_candles: Make) -> None:
    candles = make_candles(100)
    holed = candles.part(np.arange(100) != 50)
    returns = log_returns(holed)
    assert np.flatnonzero(np.isnan(returns)).tolist() == [0, 50]
    assert returns[1] == pytest.approx(np.log(holed.price("close")[1] / holed.price("close")[0]))
    assert not extreme_moves(candles.part(slice(0, 20))).any()
    assert EXTREME_Z == 25.0


def test_empty_stretches(make_candles: Make) -> None:
    candles = make_candles(5_000)
    candles.columns["volume"][40:55] = 0
    report = check_candles(candles, "crypto")
    found = find(report, "zero_volume")
    assert (found.count, found.severity) == (15, Severity.DOUBT)
    assert "the longest run is 15 bars from 2024-01-01T03:20" in found.text
    assert "zero_volume" not in kinds(check_candles(candles, "crypto", has_volume=False))
    assert longest_run(np.array([True, False, True, True])) == (2, 2)
    assert longest_run(np.zeros(3, bool)) == (0, 0)


def test_frozen_prices(make_candles: Make) -> None:
    candles = make_candles(1_000)
    for name in ("open", "high", "low", "close"):
        candles.columns[name][300:500] = 600_000
    assert find(check_candles(candles, "crypto"), "frozen").count >= 199


def test_an_unfinished_last_bar(make_candles: Make) -> None:
    candles = make_candles(1_000)
    now = int(candles.closes_ns[-1]) - 1
    found = find(check_candles(candles, "crypto", now_ns=now), "unfinished")
    assert found.severity is Severity.BAD
    assert "unfinished" not in kinds(check_candles(candles, "crypto", now_ns=now + 2))
    candles.columns["volume"][:-1] += 1_000
    candles.columns["volume"][-1] = 3
    for name in ("open", "high", "low", "close"):
        candles.columns[name][-1] = candles.columns["close"][-2]
    assert find(check_candles(candles, "crypto"), "unfinished").severity is Severity.DOUBT


def test_nothing_and_one_bar(make_candles: Make) -> None:
    for count in (0, 1):
        report = check_candles(make_candles(5).part(slice(0, count)), "crypto")
        assert kinds(report) == ["empty"]
        assert report.score == 0.0
