from typing import Any

import pytest

from undertow.domain.errors import ConfigurationError
from undertow.domain.order import Limit
from undertow.domain.side import Side
from undertow.simulator.instrument_terms import InstrumentTerms, TermsHistory, without_history

LINEAR = 1
OLD = InstrumentTerms(
    from_ns=0, price_step="10", qty_step="5", min_qty="5", max_qty="50", min_notional="100"
)
NEW = InstrumentTerms(from_ns=1_000_000_000)
SYMBOL = "BTC/USDT:USDT"


def test_each_time_has_its_terms(table: Any) -> None:
    history = TermsHistory(table, {SYMBOL: (OLD, NEW)})
    old, new = history.at(LINEAR, 999_999_999), history.at(LINEAR, 1_000_000_000)
    assert (old.tick_multiple, old.lot_multiple, old.min_lots, old.max_lots) == (10, 5, 5, 50)
    assert str(old.min_notional) == "100 USDT"
    assert (new.tick_multiple, new.lot_multiple, new.min_lots, new.max_lots) == (1, 1, 1, 0)
    assert history.at(LINEAR, -5) == old
    assert TermsHistory(table, {}).at(LINEAR, 0) == new


def test_who_has_no_history(table: Any) -> None:
    assert without_history(table, {SYMBOL: (OLD,), "BTC/USDT": ()}) == (
        "BTC/USDT@aster",
        "BTC/USD:BTC@aster",
        "BTC/USDT@borea",
    )


def test_the_venue_of_the_past_refuses_what_it_would_have(make_trader: Any) -> None:
    trader = make_trader(terms_of={SYMBOL: (OLD, NEW)})
    trader.feed(trader.rows.book(1, "1000x90", "1001x90"))
    for name, lots, ticks in (("a", 5, 995), ("b", 7, 990), ("c", 55, 990), ("d", 5, 990)):
        trader.submit(2, name, Side.BUY, lots, Limit(ticks))
    told = trader.feed(until_ms=2)
    assert told == [
        "rejected a off_grid",
        "rejected b off_grid",
        "rejected c above_max_lots",
        "accepted d",
    ]
    trader.submit(1_001, "e", Side.BUY, 7, Limit(995))
    assert trader.feed(until_ms=1_001) == ["accepted e"]


def test_impossible_histories_are_refused(table: Any) -> None:
    with pytest.raises(ConfigurationError, match="in order of time"):
        TermsHistory(table, {SYMBOL: (NEW, OLD)})
    finer = InstrumentTerms(from_ns=0, price_step="0.5")
    with pytest.raises(ConfigurationError, match="multiples of the run's own"):
        TermsHistory(table, {SYMBOL: (finer,)})
