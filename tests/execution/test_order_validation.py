import msgspec
import pytest

from undertow.domain.instrument import Instrument
from undertow.domain.order import Limit, Market, Trigger, TriggerWhen
from undertow.domain.side import Side
from undertow.execution.order_validation import (
    entry_fault,
    limiting_ticks,
    price_fault,
    size_fault,
)


@pytest.mark.parametrize(
    ("lots", "price", "check"),
    [(1, 1000, "min_qty"), (4, 1000, "min_notional"), (5, 1000, ""), (4, 0, "")],
)
def test_least_size(instruments: dict[str, Instrument], lots: int, price: int, check: str) -> None:
    fault = size_fault(instruments["spot"], lots, price)
    assert (fault[0] if fault else "") == check


def test_most_size(instruments: dict[str, Instrument]) -> None:
    assert size_fault(instruments["perp"], 1001, 0) == (
        "max_qty",
        "expected at most 1000 lots, found 1001",
    )
    unbounded = msgspec.structs.replace(instruments["perp"], max_lots=0)
    assert size_fault(unbounded, 10**9, 0) is None


def test_spot_has_no_shorts(instruments: dict[str, Instrument]) -> None:
    fault = entry_fault(instruments["spot"], Side.SELL, 10, Market(), 1000)
    assert fault is not None
    assert fault[0] == "spot_short"
    assert entry_fault(instruments["perp"], Side.SELL, 10, Market(), 1000) is None


def test_prices(instruments: dict[str, Instrument]) -> None:
    assert price_fault(Limit(0)) == ("price", "expected a price above 0 ticks, found 0")
    assert entry_fault(instruments["perp"], Side.BUY, 1, Limit(-5), 1000) is not None
    stop = Trigger(990, TriggerWhen.FALLS_TO, Market())
    assert [limiting_ticks(terms, 7) for terms in (Market(), Limit(5), stop)] == [7, 5, 990]
