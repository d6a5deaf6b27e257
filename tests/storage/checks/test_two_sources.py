"""A second source that saw the same, saw it not, or saw it at another hour."""

from collections.abc import Callable

import msgspec
import numpy as np

from undertow.storage.catalog.candles import Candles
from undertow.storage.checks.finding import Severity
from undertow.storage.checks.two_sources import check_against

Make = Callable[..., Candles]


def crash(make: Make, *, at: int | None = 700) -> Candles:
    candles = make(1_500)
    if at is not None:
        for name in ("close", "high", "low", "open"):
            candles.columns[name][at:] -= 60_000
        candles.columns["open"][at] += 60_000
        candles.columns["high"][at] += 60_000
    return candles


def noisy(candles: Candles) -> Candles:
    noise = np.random.default_rng(3).integers(-5, 6, len(candles))
    columns = {**candles.columns, "close": candles.columns["close"] + noise}
    return msgspec.structs.replace(candles, columns=columns)


def test_a_crash_that_both_saw_is_confirmed(make_candles: Make) -> None:
    (found,) = check_against(crash(make_candles), noisy(crash(make_candles)), "other")
    assert (found.kind, found.severity, found.count) == ("two_sources", Severity.FACT, 0)
    assert found.text == "1 extreme moves are confirmed by other, 0 are not"


def test_a_crash_of_one_is_doubted(make_candles: Make) -> None:
    (found,) = check_against(crash(make_candles), noisy(crash(make_candles, at=None)), "other")
    assert (found.severity, found.count) == (Severity.DOUBT, 1)


def test_clocks_that_differ(make_candles: Make) -> None:
    mine, theirs = make_candles(1_500), noisy(make_candles(1_500))
    late = {**theirs.columns, "time_ns": theirs.opens_ns + 60 * 300 * 10**9}
    (found,) = check_against(mine, msgspec.structs.replace(theirs, columns=late), "other")
    assert (found.kind, found.count) == ("time_zone", 60)
    assert "-60 bars away" in found.text


def test_too_little_in_common_says_nothing(make_candles: Make) -> None:
    assert check_against(crash(make_candles), make_candles(100), "other") == []
    assert check_against(make_candles(1_500), noisy(make_candles(1_500)), "other") == []
