from collections.abc import Callable
from typing import Any

import pytest

from undertow.domain.errors import ConfigurationError
from undertow.strategies.buy_and_hold import BuyAndHold

FLAT = [100_000 + k for k in range(400)]  # trades, 10 s apart


def entries(running: Any) -> list[Any]:
    return [one for one in running.decisions if one.is_entry]


def test_it_buys_everything_that_is_settled_in_money(
    trader: Callable[..., Any], tape: Callable[..., Any]
) -> None:
    running = trader(BuyAndHold(stop_share=0.004))
    running.feed(tape(FLAT))
    found = entries(running)
    assert {one.side for one in found} == {1}
    assert {one.instrument_id for one in found} == {"BTC/USDT@aster", "BTC/USDT:USDT@aster"}
    assert all(0 < one.signal.stop_ticks < one.signal.entry_ticks for one in found)


def test_without_a_stop_it_is_for_risk_to_refuse(
    trader: Callable[..., Any], tape: Callable[..., Any]
) -> None:
    running = trader(BuyAndHold(symbol="BTC/USDT"))
    running.feed(tape(FLAT))
    assert {one.instrument_id for one in entries(running)} == {"BTC/USDT@aster"}
    assert {one.signal.stop_ticks for one in entries(running)} == {0}


@pytest.mark.parametrize("share", [-0.1, 1.0])
def test_a_stop_that_cannot_be_is_refused(share: float) -> None:
    with pytest.raises(ConfigurationError, match="stop_share"):
        BuyAndHold(stop_share=share)
