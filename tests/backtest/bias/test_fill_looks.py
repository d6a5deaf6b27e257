from typing import Any

import msgspec
import pytest
from tests.backtest.reports.made_results import START_NS, curve, result, trade

from undertow.backtest.bias.fill_looks import look_at_fills, look_at_rules
from undertow.backtest.bias.finding import BiasKind
from undertow.backtest.result import BacktestResult, SignalRow
from undertow.domain.side import Side
from undertow.domain.time import NS_PER_DAY, NS_PER_HOUR
from undertow.timeline.market_data import DataFidelity

NAME = "BTC/USDT:USDT@aster"


def _run(signal_hours: list[float], trade_hours: list[int]) -> BacktestResult:
    signals = tuple(
        SignalRow(
            START_NS + int(at * NS_PER_HOUR), "cross", NAME, "enter", Side.BUY, 1.0, 0.0, "", ""
        )
        for at in signal_hours
    )
    made = result([1_000.0, 1_001.0], [trade(1.0, hour) for hour in trade_hours])
    return msgspec.structs.replace(made, signals=signals)


def test_entries_behind_their_signals_are_no_finding() -> None:
    assert look_at_fills(_run([0.5, 2.9], [1, 3])) == []


@pytest.mark.parametrize(
    ("signals", "trades"),
    [
        ([1.0], [1]),  # at the very time of the signal
        ([1.5], [1]),  # before it
        ([0.5, 3.0], [1, 3]),  # the second one has only the first one's signal behind it
    ],
)
def test_an_entry_no_later_than_its_signal_is_found(
    signals: list[float], trades: list[int]
) -> None:
    (found,) = look_at_fills(_run(signals, trades))
    assert found.kind is BiasKind.SAME_BAR
    assert found.at_ns == START_NS + trades[-1] * NS_PER_HOUR
    assert found.share == 1 / len(trades)


def test_a_run_without_kept_signals_says_nothing() -> None:
    assert look_at_fills(_run([], [1])) == []


def _warned(**changes: Any) -> str:
    made = msgspec.structs.replace(result([1_000.0, 1_001.0]), **changes)
    return " ".join(look_at_rules(made))


def test_survivors_are_told_from_a_list_with_one_that_ended() -> None:
    alive = {f"C{i}": curve([1.0] * 60) for i in range(5)}
    assert "survivorship" in _warned(closes=alive)
    assert "survivorship" not in _warned(closes={**alive, "D": curve([1.0] * 20)})
    few = dict(list(alive.items())[:4])
    assert "survivorship" not in _warned(closes=few)
    late = curve([1.0] * 60).time_ns[-1] - curve([1.0] * 20).time_ns[-1]
    assert late > 7 * NS_PER_DAY


def test_bars_and_present_terms_are_told() -> None:
    assert "bars do not tell" in _warned(fidelity=DataFidelity.BARS)
    assert "bars do not tell" not in _warned(fidelity=DataFidelity.L2)
    assert "BTC/USDT@x are those of today" in _warned(present_rules=("BTC/USDT@x",))
    assert "A, B, C and 2 more are" in _warned(present_rules=("A", "B", "C", "D", "E"))
    # Words of the assumptions decide nothing.
    assert "those of today" not in _warned(assumptions=("ticks: present-day rules",))
