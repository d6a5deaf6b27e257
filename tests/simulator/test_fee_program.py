"""Worked by hand: volumes of 30 full days, dates, rebates and discounts."""

from typing import Any

import pytest

from undertow.domain.errors import ConfigurationError
from undertow.domain.instrument import FeeSchedule
from undertow.domain.order import Limit, Market
from undertow.domain.side import Side
from undertow.simulator.fee_program import FeeBook, FeeEra, FeeTier

DAY_NS = 86_400 * 10**9
UNIT = 10**18
LINEAR = 1
TIERS = (FeeTier("0", 200, 500), FeeTier("1000", 100, 400), FeeTier("50000", -50, 300))


def test_a_days_volume_counts_from_the_next_day_for_thirty_days(table: Any) -> None:
    book = FeeBook(table, (FeeEra(TIERS),))
    book.count(999 * UNIT, 10 * DAY_NS)
    book.count(1 * UNIT, 10 * DAY_NS + 5)
    assert book.rates(LINEAR, 10 * DAY_NS + 6) == FeeSchedule(200, 500)
    assert book.rates(LINEAR, 11 * DAY_NS) == FeeSchedule(100, 400)
    assert book.rates(LINEAR, 41 * DAY_NS - 1) == FeeSchedule(100, 400)
    assert book.rates(LINEAR, 41 * DAY_NS) == FeeSchedule(200, 500)


def test_dates_and_discounts(table: Any) -> None:
    late = FeeEra((FeeTier("0", -20, 1_001),), from_ns=5 * DAY_NS, discount_ppm=100_000)
    book = FeeBook(table, (FeeEra(TIERS, from_ns=2 * DAY_NS), late))
    assert book.rates(LINEAR, DAY_NS) == table[LINEAR].fees
    assert book.rates(LINEAR, 2 * DAY_NS) == FeeSchedule(200, 500)
    # 10 % off 1,001 is 100.1, rounded against us; a rebate has no discount.
    assert book.rates(LINEAR, 5 * DAY_NS) == FeeSchedule(-20, 901)
    assert book.highest(LINEAR) == 1_001


def test_without_eras_the_instrument_decides(table: Any) -> None:
    book = FeeBook(table, ())
    assert not book.is_tiered
    assert book.rates(LINEAR, DAY_NS) == table[LINEAR].fees
    assert book.dump() == {}


def test_the_venue_counts_and_charges(make_trader: Any) -> None:
    trader = make_trader(fee_eras=(FeeEra(TIERS),))
    trader.feed(trader.rows.book(1, "1000x90", "1001x90"))
    trader.submit(2, "a", Side.BUY, 50, Market())
    assert trader.feed(until_ms=2)[-1].endswith("fee 25.025 USDT")
    day_ms = 86_400_000
    trader.feed(trader.rows.book(day_ms, "1000x90", "1001x90"))
    trader.submit(day_ms + 1, "b", Side.SELL, 10, Limit(1001))
    trader.feed(until_ms=day_ms + 1)
    # 50,050 of volume yesterday: makers are paid 50 ppm of 10,010.
    told = trader.feed(trader.rows.trade(day_ms + 2, Side.BUY, 1002, 10))
    assert told == ["filled b 1001x10 maker fee -0.5005 USDT"]


def test_impossible_programs_are_refused(table: Any) -> None:
    with pytest.raises(ConfigurationError, match="fee tiers from volume 0"):
        FeeEra((FeeTier("5", 1, 1),))
    with pytest.raises(ConfigurationError, match="discount_ppm"):
        FeeEra(TIERS, discount_ppm=1_000_001)
    with pytest.raises(ConfigurationError, match="in order of time"):
        FeeBook(table, (FeeEra(TIERS, 5), FeeEra(TIERS, 5)))
