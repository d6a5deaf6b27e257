"""Marks and funding, worked by hand: two payments eight hours apart, the second 8 ms late."""

from collections.abc import Callable

import numpy as np

from undertow.domain.market_event import EventKind
from undertow.storage.catalog.candles import Candles
from undertow.storage.catalog.perpetual_facts import funding_rows, mark_rows
from undertow.storage.catalog.series_part import Columns

START = 1_704_067_200 * 10**9
HOUR = 3_600 * 10**9
Make = Callable[..., Candles]


def funding() -> Columns:
    times = np.array([START, START + 8 * HOUR + 8_000_000, START + 16 * HOUR])
    rates = np.array([100_000_000, -50_000_000, 70_000_000])
    return {"time_ns": times, "rate_e12": rates, "mark_e8": np.array([0, 0, 5])}


def test_funding_is_paid_at_its_own_time_and_mark(make_candles: Make) -> None:
    mark = make_candles(3, "8h")
    rows = funding_rows(funding(), mark, None, (2, 1))
    assert rows["event_time_ns"].tolist() == funding()["time_ns"].tolist()
    assert rows["qty_b"].tolist() == [100_000_000, -50_000_000, 70_000_000]
    opens = (mark.columns["open"] * 10**7).tolist()
    assert rows["price_ticks"].tolist() == [opens[0], opens[1], 5]
    assert set(rows["kind"].tolist()) == {EventKind.FUNDING}
    assert (rows[0]["instrument"], rows[0]["source"]) == (2, 1)


def test_without_marks_the_traded_open_stands_in(make_candles: Make) -> None:
    traded = make_candles(12 * 9)  # nine hours of five minutes
    rows = funding_rows(funding(), None, traded, (0, 0))
    opens = traded.columns["open"] * 10**7
    assert rows["price_ticks"].tolist() == [int(opens[0]), int(opens[96]), 5]
    assert funding_rows(funding(), None, None, (0, 0))["price_ticks"].tolist() == [0, 0, 5]


def test_marks_know_the_last_rate_and_the_next_time(make_candles: Make) -> None:
    mark = make_candles(24, "1h", start_ns=START + HOUR)
    rows = mark_rows(mark, None, funding(), (0, 0))
    assert rows["price_ticks"].tolist() == (mark.columns["open"] * 10**7).tolist()
    assert rows["qty_b"][:8].tolist() == [100_000_000] * 7 + [100_000_000]
    assert rows["qty_b"][8] == -50_000_000
    assert rows["sequence"][0] == START + 8 * HOUR
    assert rows["sequence"][7] == START + 16 * HOUR
    # After the last payment, its interval (to the millisecond of the minute) goes on.
    assert rows["sequence"][15] == START + 24 * HOUR
    assert rows["sequence"][23] == START + 32 * HOUR


def test_index_and_nothing(make_candles: Make) -> None:
    mark, index = make_candles(3, "8h"), make_candles(3, "8h", seed=9)
    rows = mark_rows(mark, index, None, (0, 0))
    assert rows["price_b"].tolist() == (index.columns["open"] * 10**7).tolist()
    assert rows["sequence"].tolist() == [0, 0, 0]
    assert mark_rows(mark, None, None, (0, 0))["price_b"].tolist() == [0, 0, 0]
