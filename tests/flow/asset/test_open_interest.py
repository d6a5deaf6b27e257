"""Changes of open interest by time, with polled history, and fuel."""

from collections.abc import Callable
from math import isnan, nan
from typing import Any

import pytest

from undertow.domain.errors import CallerError
from undertow.domain.market_event import MarkPrice, OpenInterest
from undertow.flow.open_interest import lots_at, open_interest, open_interest_fuel

Make = Callable[..., Any]
S = 10**9
T0 = 1_700_000_040 * S
MINUTE = 60 * S


def tell(tape: Any, member: int, source: int, minutes: float, lots: int) -> None:
    """An open interest of so many minutes after T0, told at once (or at T0 when before it)."""
    t = T0 + int(minutes * MINUTE)
    tape.events.append(OpenInterest(member, source, t, max(t, T0) + 1, lots))


@pytest.fixture
def tape(make_tape: Make) -> Any:
    """Four hours of history polled in steps of five minutes, then two minutes live."""
    tape = make_tape()
    for k in range(0, 200, 5):
        tell(tape, 1, 0, -k - 1, 10_000 - 10 * k)
        tell(tape, 3, 2, -k - 1, 5_000 + 5 * k)
    tape.beat(0, 125)
    tell(tape, 1, 0, 1.5, 10_100)
    tell(tape, 3, 2, 1.5, 4_900)
    return tape


def test_spans_are_looked_up_by_time(tape: Any) -> None:
    asset = tape.play()
    now = asset.watermark_ns // MINUTE - T0 // MINUTE
    assert now == 2
    found = open_interest(asset, (5, 15, 25, 60, 180))
    base_of = {1: 0.01, 3: 100 / 50_000}
    for span in (5, 60, 180):
        # At or before 2 - span: history stands at -1, -6, -11 ...
        age = next(k for k in range(0, 200, 5) if -k - 1 <= 2 - span)
        changes = {1: 10_100 - (10_000 - 10 * age), 3: 4_900 - (5_000 + 5 * age)}
        thens = {1: 10_000 - 10 * age, 3: 5_000 + 5 * age}
        change = sum(changes[m] * base_of[m] for m in changes)
        then = sum(thens[m] * base_of[m] for m in thens)
        assert found.changes[span].change_base == pytest.approx(change)
        assert found.changes[span].fraction == pytest.approx(change / then)
        assert found.changes[span].perpetuals == 2
        assert found.by_venue["alpha"][span] == pytest.approx(changes[1] / thens[1])
    assert found.open_base == pytest.approx(101 + 4_900 * 100 / 50_000)
    assert found.open_usd == pytest.approx(found.open_base * 50_000)
    means = [found.changes[span].fraction for span in (25, 60, 180)]
    assert found.mean_fraction == pytest.approx(sum(means) / 3)
    assert found.hour_fraction == found.changes[60].fraction
    assert isnan(found.by_venue["beta"][60])
    assert found.is_sufficient


def test_a_move_of_the_price_is_no_change(make_tape: Make) -> None:
    tape = make_tape()
    tape.beat(0, 400)
    for minutes in (0.5, 5.5):
        tell(tape, 3, 2, minutes, 700)
        t, mark = T0 + int(minutes * MINUTE), int((50_000 - 1000 * minutes) * 10**8)
        tape.events.append(MarkPrice(3, 2, t, t + 1, mark, 1, 0, 0))
    asset = tape.play()
    assert open_interest(asset, (5,)).changes[5].fraction == 0.0
    series = asset.series(10)
    assert series.open_interest_change.tolist()[-1] == 0.0
    assert series.open_interest_base[-1] > series.open_interest_base[1]


def test_what_is_too_old_or_missing_is_no_number(make_tape: Make) -> None:
    tape = make_tape()
    tape.beat(0, 1000)
    tell(tape, 1, 0, 1, 10)
    asset = tape.play()
    one = asset.members[1]
    minute = T0 // MINUTE
    assert lots_at(one, minute + 7, 6) == 10.0
    assert isnan(lots_at(one, minute + 8, 6))
    assert isnan(lots_at(one, minute, 6))
    found = open_interest(asset)
    assert isnan(found.open_base)
    assert isnan(found.hour_fraction)
    assert found.shortfall is not None
    assert "180 minutes ago" in found.shortfall.reason
    assert isnan(open_interest(asset, (5,)).hour_fraction)
    with pytest.raises(CallerError, match="spans of at least 1"):
        open_interest(asset, ())


@pytest.mark.parametrize(
    ("opened", "change", "fuel", "side"),
    [
        (0.02, 0.01, 2.0, 1),
        (0.02, -0.01, 2.0, -1),
        (-0.02, 0.01, -2.0, 0),
        (0.02, 0.0, 10.0, 0),
        (0.001, 0.0001, 1.0, 1),
        (0.5, 0.01, 10.0, 1),
        (-0.5, -0.01, -10.0, 0),
    ],
)
def test_fuel_is_signed_floored_and_capped(
    opened: float, change: float, fuel: float, side: int
) -> None:
    found = open_interest_fuel(opened, change)
    assert found.side == side
    assert found.fuel == pytest.approx(fuel)


def test_unknown_changes_give_no_fuel() -> None:
    for opened, change in ((nan, 0.1), (0.1, nan)):
        found = open_interest_fuel(opened, change)
        assert (found.side, isnan(found.fuel)) == (0, True)
