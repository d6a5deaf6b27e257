"""Funding where the data has none. Expected money is worked by hand."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.backtest.conftest import Turn

from undertow.backtest.funding_choice import funding_plan
from undertow.backtest.library import backtest
from undertow.domain.errors import ConfigurationError
from undertow.simulator.fill_preset import Fills
from undertow.simulator.funding_plan import ConstantFunding, RecordedFunding

Make = Callable[..., dict[str, Any]]
HOUR_NS = 3_600 * 10**9


def test_each_choice() -> None:
    guess = funding_plan("assumed", Fills.PESSIMISTIC)
    assert guess == ConstantFunding(10**8, 8 * HOUR_NS, is_one_sided=True, is_fallback=True)
    assert funding_plan("assumed", Fills.BASE) == ConstantFunding(is_fallback=True)
    assert funding_plan("data", Fills.BASE) is None
    assert funding_plan("none", Fills.BASE) == RecordedFunding(())
    assert funding_plan("0.0003", Fills.BASE) == ConstantFunding(3 * 10**8, 8 * HOUR_NS)
    assert funding_plan("-0.0003,1", Fills.BASE) == ConstantFunding(-3 * 10**8, HOUR_NS)


@pytest.mark.parametrize(
    ("text", "words"),
    [("asumed", "did you mean 'assumed'"), ("1", "from -0.1"), ("0.001,0", "every minute"),
     ("nan", "from -0.1"), ("0.1,x", "RATE"), ("", "RATE")],
)  # fmt: skip
def test_what_cannot_be_meant(text: str, words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        funding_plan(text, Fills.BASE)


def _run(make_candles: Make, research: dict[str, Any], **more: Any) -> Any:
    return backtest(
        Turn(timeframe="1h"),
        make_candles(300, step_s=3_600),
        instrument=more.pop("instrument", "ABC/USDT:USDT"),
        is_reversing=True,
        **{**research, **more},
    )


def _settlements(trade: Any) -> int:
    # Multiples of 8 hours while the position was open.
    return int(trade.close_time_ns // (8 * HOUR_NS) - trade.open_time_ns // (8 * HOUR_NS))


def test_a_perpetual_without_rows_pays_all_the_same(
    make_candles: Make, research: dict[str, Any]
) -> None:
    result = _run(make_candles, research, fills="pessimistic")
    longs = [one for one in result.trades if one.side > 0 and _settlements(one)]
    shorts = [one for one in result.trades if one.side < 0]
    assert longs
    assert shorts
    for one in longs:
        due = one.stake * one.leverage * 1e-4 * _settlements(one)
        assert one.funding == pytest.approx(due, rel=0.05)  # prices moved meanwhile
    assert all(one.funding == 0 for one in shorts)
    assert result.costs.funding == pytest.approx(sum(one.funding for one in longs))
    assert any("received by nobody" in line for line in result.assumptions)


def test_shorts_receive_under_base_fills(make_candles: Make, research: dict[str, Any]) -> None:
    result = _run(make_candles, research, fills="base")
    shorts = [one for one in result.trades if one.side < 0 and _settlements(one)]
    assert shorts
    assert all(one.funding < 0 for one in shorts)


@pytest.mark.parametrize("choice", ["none", "data"])
def test_it_can_be_switched_off(make_candles: Make, research: dict[str, Any], choice: str) -> None:
    result = _run(make_candles, research, funding=choice)
    assert result.costs.funding == 0.0
    (line,) = [line for line in result.assumptions if line.startswith("funding")]
    assert "none" in line


def test_a_stated_rate_is_charged(make_candles: Make, research: dict[str, Any]) -> None:
    result = _run(make_candles, research, funding="0.001,4")
    for one in result.trades:
        count = one.close_time_ns // (4 * HOUR_NS) - one.open_time_ns // (4 * HOUR_NS)
        due = one.side * one.stake * one.leverage * 1e-3 * count
        assert one.funding == pytest.approx(due, rel=0.05)
    assert any("a constant 0.1 % every 4 hours" in line for line in result.assumptions)
