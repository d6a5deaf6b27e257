"""Quotes, mark prices, open interest, liquidations, gaps, status."""

from collections.abc import Callable
from typing import Any

import pytest

from undertow.kernels.flow.layout import BOOK_FRESH, MINUTE_GAPPED, MINUTE_LOST
from undertow.kernels.flow.venue_facts import apply_fact, apply_quote, withdraw_best

Make = Callable[..., Any]
QUOTE = {"kind": 5, "price_ticks": 100, "qty_lots": 5, "price_b": 102, "qty_b": 6}


class Facts:
    """One instrument and its source."""

    def __init__(self, arrays: Any, make_rows: Make) -> None:
        self.one, self.source = arrays.instruments[0], arrays.sources[0]
        self.keep, self.make_rows = arrays, make_rows

    def quote(self, **changed: int) -> int:
        return apply_quote(self.one, self.source, self.make_rows({**QUOTE, **changed})[0])

    def fact(self, kind: int, **columns: int) -> None:
        apply_fact(self.one, self.source, self.make_rows({"kind": kind, **columns})[0])

    @property
    def best(self) -> tuple[int, ...]:
        return tuple(int(self.one[n]) for n in ("bid_ticks", "bid_lots", "ask_ticks", "ask_lots"))


@pytest.fixture
def facts(make_arrays: Make, make_rows: Make) -> Facts:
    return Facts(make_arrays(), make_rows)


def test_quotes_are_served_without_a_book(facts: Facts) -> None:
    assert facts.quote() == 0
    assert facts.best == (100, 5, 102, 6)
    assert facts.quote(qty_lots=9, qty_b=5) == 4 + 1


def test_a_synced_book_goes_before_the_quote(facts: Facts) -> None:
    facts.one["book_status"] = BOOK_FRESH
    facts.quote()
    assert facts.best == (0, 0, 0, 0)
    assert (facts.one["has_quote"], facts.one["quote_bid_ticks"]) == (1, 100)


def test_a_crossed_quote_is_withdrawn(facts: Facts) -> None:
    facts.quote()
    facts.quote(price_ticks=103)
    assert facts.best == (0, 0, 0, 0)
    assert (facts.one["has_quote"], facts.one["crossed_quotes"]) == (0, 1)
    facts.quote(price_ticks=102)
    assert facts.best == (102, 5, 102, 6)


@pytest.mark.parametrize(
    "odd", [{"price_ticks": 0}, {"qty_lots": -1}, {"price_b": -5}, {"qty_b": -1}]
)
def test_an_impossible_quote_is_refused(odd: dict[str, int], facts: Facts) -> None:
    facts.quote()
    facts.quote(**odd)
    assert facts.best == (100, 5, 102, 6)
    assert (facts.one["refused_rows"], facts.source["refused_rows"]) == (1, 1)


def test_the_venues_numbers_are_kept(facts: Facts) -> None:
    facts.fact(6, price_ticks=11, price_b=12, qty_b=-13, sequence=14)
    names = ("mark_e8", "index_e8", "funding_rate_e12", "next_funding_ns")
    assert [facts.one[name] for name in names] == [11, 12, -13, 14]


def test_the_funding_interval_is_the_step_of_the_next_times(facts: Facts) -> None:
    hour = 3600 * 10**9
    for next_h, interval_h in ((8, 0), (8, 0), (16, 8), (20, 4), (36, 4), (28, 4), (36, 8)):
        facts.fact(6, sequence=next_h * hour)
        assert facts.one["funding_interval_s"] == interval_h * 3600
    facts.fact(6, sequence=0)
    facts.fact(6, sequence=40 * hour)
    assert facts.one["funding_interval_s"] == 8 * 3600


def test_a_lost_feed_and_lost_trades_mark_the_open_minute(facts: Facts) -> None:
    facts.fact(11, qty_b=0)
    assert facts.one["minute_flags"] == MINUTE_LOST
    facts.fact(11, qty_b=1)
    facts.fact(10, qty_b=2)
    assert facts.one["minute_flags"] == MINUTE_LOST | MINUTE_GAPPED


def test_liquidations_add_up_by_side(facts: Facts) -> None:
    for side, lots in ((1, 5), (-1, 7), (1, 2), (0, 9), (1, -3)):
        facts.fact(8, side=side, qty_lots=lots)
    one = facts.one
    assert (one["liquidated_buy_lots"], one["liquidated_sell_lots"]) == (7, 7)
    assert (one["liquidations"], one["refused_rows"]) == (3, 2)


def test_gaps_are_counted_by_stream(facts: Facts) -> None:
    facts.one["book_status"] = BOOK_FRESH
    facts.fact(10, qty_b=2)
    assert (facts.one["trade_gaps"], facts.one["book_status"]) == (1, BOOK_FRESH)
    facts.fact(10, qty_b=1)
    assert (facts.one["book_gaps"], facts.one["book_status"], facts.source["gaps"]) == (1, 0, 2)


def test_a_lost_feed_withdraws_book_and_quote(facts: Facts) -> None:
    facts.quote()
    facts.fact(11, qty_b=0)
    assert (facts.one["is_lost"], facts.best) == (1, (0, 0, 0, 0))
    facts.fact(11, qty_b=1)
    assert facts.one["is_lost"] == 0


def test_unknown_kinds_are_refused(facts: Facts) -> None:
    for kind in (0, 3, 4, 12, 255):
        facts.fact(kind)
    assert facts.one["refused_rows"] == facts.source["refused_rows"] == 5


def test_withdrawing_serves_nothing(facts: Facts) -> None:
    facts.quote()
    withdraw_best(facts.one)
    assert facts.best == (0, 0, 0, 0)
