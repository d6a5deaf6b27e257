"""What one trade changes."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from undertow.kernels.flow.layout import BUCKET, MOST_EXACT, PROFILE_MINUTE
from undertow.kernels.flow.trade_print import apply_trade, is_trade, price_bucket

Make = Callable[..., Any]
S = 1_000_000_000
NOW_S = 1_700_000_000


class Tape:
    """One instrument, its bucket and its minute."""

    def __init__(self, arrays: Any, make_rows: Make, index: int = 0) -> None:
        self.arrays, self.make_rows = arrays, make_rows
        self.one, self.source = arrays.instruments[index], arrays.sources[0]
        self.bucket = np.zeros(1, BUCKET)[0]
        self.part = np.zeros(1, PROFILE_MINUTE)[0]

    def trade(self, ticks: int, lots: int, side: int, event_ns: int = NOW_S * S) -> bool:
        row = self.make_rows({"price_ticks": ticks, "qty_lots": lots, "side": side})[0]
        return apply_trade(self.one, self.source, self.bucket, self.part, row, event_ns)


@pytest.fixture
def tape(make_arrays: Make, make_rows: Make) -> Tape:
    return Tape(make_arrays(), make_rows)


@pytest.mark.parametrize(
    "odd", [{"side": 0}, {"price_ticks": 0}, {"qty_lots": 0}, {"qty_lots": -1},
            {"price_ticks": MOST_EXACT + 1}, {"qty_lots": MOST_EXACT + 1}, {"side": 2}]
)  # fmt: skip
def test_what_cannot_be_a_trade(odd: dict[str, int], make_rows: Make) -> None:
    good = {"price_ticks": 5, "qty_lots": 6, "side": -1}
    assert is_trade(make_rows(good)[0])
    assert not is_trade(make_rows({**good, **odd})[0])


def test_sides_are_kept_apart(tape: Tape) -> None:
    for ticks, lots, side in ((10, 3, 1), (12, 4, -1), (11, 5, 1)):
        tape.trade(ticks, lots, side)
    assert tape.bucket["traded"].item() == (8, 4, 2, 1, 85.0, 48.0, 0.0, 0.0)
    assert (tape.source["trades"], tape.source["buy_lots"]) == (3, 8)
    assert tape.one["last_ticks"] == 11


def test_inverse_contracts_keep_lots_over_price(make_arrays: Make, make_rows: Make) -> None:
    tape = Tape(make_arrays(), make_rows, index=1)
    tape.trade(10, 3, 1)
    tape.trade(12, 4, -1)
    assert tape.bucket["traded"]["buy_inverse"] == 3 / 10
    assert tape.bucket["traded"]["sell_inverse"] == 4 / 12


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 9)), min_size=1, max_size=30))
@settings(deadline=None)
def test_prices_follow_event_time(trades: list[tuple[int, int]]) -> None:
    bucket = np.zeros(1, BUCKET)[0]
    for ticks, event_ns in trades:
        price_bucket(bucket, ticks, event_ns)
        bucket["traded"]["buy_trades"] += 1
    opened = min(trades, key=lambda t: t[1])[0]
    closed = max(reversed(trades), key=lambda t: t[1])[0]
    prices = [ticks for ticks, _ in trades]
    assert bucket.item()[1:5] == (opened, max(prices), min(prices), closed)


@pytest.mark.parametrize(("event_ns", "late"), [(NOW_S * S - 1, 1), (0, 1), (-1, 0)])
def test_untimely_trades_are_in_totals_only(event_ns: int, late: int, tape: Tape) -> None:
    tape.one["closed_until_s"] = NOW_S
    assert not tape.trade(10, 3, 1, event_ns)
    assert tape.one["traded"].item() == (3, 0, 1, 0, 30.0, 0.0, 0.0, 0.0)
    assert (tape.one["late_trades"], tape.source["late_trades"]) == (late, late)
    assert (tape.one["last_ticks"], tape.bucket["traded"]["buy_lots"]) == (0, 0)


def test_an_older_trade_is_not_the_last(tape: Tape) -> None:
    tape.trade(10, 1, 1, NOW_S * S + 5)
    tape.trade(11, 1, 1, NOW_S * S + 4)
    assert (tape.one["last_ticks"], tape.one["last_event_ns"]) == (10, NOW_S * S + 5)


def test_large_means_above_the_threshold(tape: Tape) -> None:
    tape.one["large_above_lots"] = 10
    for lots, side in ((10, 1), (11, 1), (12, -1)):
        tape.trade(10, lots, side)
    assert (tape.bucket["large_buy_lots"], tape.bucket["large_sell_lots"]) == (11, 12)


def test_effective_spread_needs_both_quotes(tape: Tape) -> None:
    tape.trade(104, 1, 1)
    tape.one["bid_ticks"], tape.one["ask_ticks"] = 100, 103
    tape.trade(103, 1, 1)
    tape.trade(100, 1, -1)
    assert (tape.bucket["effective_trades"], tape.bucket["effective_ticks"]) == (2, 3 + 3)


def test_refused_trades_change_nothing(tape: Tape) -> None:
    tape.trade(0, 1, 1)
    assert (tape.one["refused_rows"], tape.source["refused_rows"]) == (1, 1)
    assert (tape.source["trades"], tape.one["first_s"]) == (0, 0)


def test_the_watch_gate(tape: Tape) -> None:
    tape.one["watch_low"], tape.one["watch_high"] = 10, 20
    assert [tape.trade(ticks, 1, 1) for ticks in (10, 11, 19, 20)] == [True, False, False, True]


def test_the_whale_gate(tape: Tape) -> None:
    tape.one["whale_above_lots"] = 5
    assert [tape.trade(10, lots, 1) for lots in (5, 6)] == [False, True]
    assert tape.one["sample_lots"] == 5  # the first trade of the second


def test_volume_off_the_profile_is_counted(tape: Tape) -> None:
    tape.trade(100, 1, 1)
    tape.trade(100_000, 7, 1)
    assert tape.one["unprofiled_lots"] == 7
