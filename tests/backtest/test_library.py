"""The public function, against loops over the same candles written here, and against itself."""

import pickle
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
import pytest
from tests.backtest.conftest import Breaks, Cross, Turn

import undertow
from undertow.backtest.bar_data import bar_data
from undertow.backtest.library import backtest
from undertow.domain.errors import ConfigurationError, DataError
from undertow.domain.side import Side
from undertow.simulator.instrument_terms import InstrumentTerms
from undertow.timeline.market_data import DataFidelity

Make = Callable[..., dict[str, Any]]


def plain_cross(c: dict[str, Any], cash: float = 10_000.0) -> tuple[float, int]:
    """Next open, all in, lots of 0.001, fee 0.1 %: final equity and entries."""
    held, entries, want = 0.0, 0, 0
    close = c["close"]
    for i, price in enumerate(c["open"]):
        if want > 0:
            held = np.floor(round(cash / (price * 1.001), 9) * 1000) / 1000
            cash -= held * price * 1.001
            entries += 1
        elif want < 0:
            cash += held * price * 0.999
            held = 0.0
        want = 0
        if i >= 7:
            fast, slow = close[i - 2 : i + 1].mean(), close[i - 7 : i + 1].mean()
            want = 1 if fast > slow and not held else -1 if fast <= slow and held else 0
    return cash + held * close[-1], entries


def test_next_open_all_in_equals_a_plain_loop(make_candles: Make, research: dict[str, Any]) -> None:
    columns = make_candles()
    data = bar_data(columns, "ABC/USDT", steps=("0.01", "0.001"))
    result = backtest(Cross(), data, **research)
    equity, entries = plain_cross(columns)
    assert result.final_balance == pytest.approx(equity, abs=0.02 * entries)
    assert len(result.trades) == entries
    assert result.fidelity is DataFidelity.BARS
    assert result.counts.events == 600


def test_the_parts_add_up(make_candles: Make, research: dict[str, Any]) -> None:
    data = bar_data(
        {"ABC/USDT": make_candles(), "XYZ/USDT": make_candles(seed=9)}, steps=("0.01", "0.001")
    )
    result = backtest([Cross(), Cross(fast=5, label="slower")], data, **research)
    total = sum(curve.equity for curve in result.curves.values())
    assert np.allclose(total, result.equity.equity)
    assert result.equity.equity[-1] == pytest.approx(result.final_balance, abs=1e-6)
    pnl = sum(trade.pnl for trade in result.trades)
    assert result.starting_balance + pnl == pytest.approx(result.final_balance, abs=1e-6)
    assert result.costs.fees == pytest.approx(sum(t.fees for t in result.trades))
    assert {trade.strategy for trade in result.trades} == {"cross", "slower"}


def test_fees_taken_away_never_lower_equity(make_candles: Make, research: dict[str, Any]) -> None:
    with_fees = backtest(Cross(), make_candles(), **research)
    free = backtest(Cross(), make_candles(), **{**research, "fee": (0.0, 0.0)})
    assert free.final_balance > with_fees.final_balance


def test_all_fills_come_side_by_side_in_order(make_candles: Make, research: dict[str, Any]) -> None:
    results = backtest(Cross(), make_candles(), **{**research, "fills": "all"})
    assert list(results) == ["pessimistic", "base", "optimistic"]
    finals = [one.final_balance for one in results.values()]
    assert finals == sorted(finals)


def test_an_opposite_entry_turns_the_position(make_candles: Make, research: dict[str, Any]) -> None:
    result = backtest(
        Turn(), make_candles(), instrument="ABC/USDT:USDT", is_reversing=True, **research
    )
    sides = [trade.side for trade in result.trades]
    assert sides == [sides[0] * (-1) ** k for k in range(len(sides))]
    for before, after in zip(result.trades, result.trades[1:], strict=False):
        assert after.entry_price == before.exit_price


def test_a_strategy_that_raises_leaves_a_partial_result_and_its_line(
    make_candles: Make, research: dict[str, Any]
) -> None:
    result = backtest(Breaks(), make_candles(), **research)
    assert result.counts.events == 2 * 31
    (failure,) = result.failures
    assert "ValueError: no more" in failure
    assert "conftest.py:" in failure


def test_what_is_held_at_the_end_is_closed_on_paper(
    make_candles: Make, research: dict[str, Any]
) -> None:
    columns = make_candles(60)
    for name in ("open", "high", "low", "close"):
        columns[name] = np.round(100 + np.arange(60) * 0.5 + 0.25 * (name == "high"), 2)
    (trade,) = backtest(Cross(), columns, **research).trades
    assert trade.is_open
    assert trade.exit_reason == "force_exit"
    assert trade.exit_price == columns["close"][-1]
    assert trade.entry_tag == "up"
    assert trade.mae <= 0 <= trade.mfe


def test_warm_up_bars_teach_and_do_not_trade(make_candles: Make, research: dict[str, Any]) -> None:
    columns = make_candles()
    data = bar_data(columns, "ABC/USDT", steps=("0.01", "0.001"))
    result = backtest(Cross(), data, warm_up_bars=100, **research)
    first_ns = min(trade.open_time_ns for trade in result.trades)
    assert first_ns > columns["date"][100]
    assert result.start_ns >= columns["date"][100]
    assert result.counts.wakes == 200


def test_the_same_call_gives_the_same_bytes_in_another_process(
    make_candles: Make, research: dict[str, Any]
) -> None:
    here = backtest(Cross(), make_candles(), **research)
    again = backtest(Cross(), make_candles(), **research)
    program = (
        "import pickle, sys; from tests.backtest.conftest import Cross, candles;"
        "from undertow.backtest.library import backtest;"
        "r = backtest(Cross(), candles(), **pickle.loads(bytes.fromhex(sys.argv[1])));"
        "print(r.state_hash, repr(r.final_balance), len(r.trades))"
    )
    settings = pickle.dumps(research).hex()
    done = subprocess.run(
        [sys.executable, "-c", program, settings], capture_output=True, text=True, check=True
    )
    told = f"{here.state_hash} {here.final_balance!r} {len(here.trades)}"
    assert done.stdout.strip() == told
    assert msgspec.msgpack.encode(again.trades) == msgspec.msgpack.encode(here.trades)


def test_stops_are_kept_without_research(make_candles: Make) -> None:
    result = backtest(Cross(), make_candles())
    assert result.counts.refusals == {"stop_missing": result.counts.signals}
    assert not result.trades


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"stak": "risk"}, "did you mean 'stake'"),
        ({"fills": "optimist"}, "did you mean 'optimistic'"),
        ({"fee": (0.5, 0.1)}, "expected a fee as a share"),
        ({"starting_balance": 0}, "above 0"),
        ({"stake": "lots"}, "expected a stake"),
    ],
)
def test_wrong_settings_say_what_was_expected(
    make_candles: Make, settings: dict[str, Any], words: str
) -> None:
    with pytest.raises(ConfigurationError, match=words):
        backtest(Cross(), make_candles(), **settings)


def test_a_timeframe_that_the_bars_cannot_make_is_refused(make_candles: Make) -> None:
    with pytest.raises(ConfigurationError, match="bars of 300 s"):
        backtest(Cross(timeframe="1m"), make_candles(step_s=300))


def test_no_data_in_the_stretch_is_said(make_candles: Make) -> None:
    with pytest.raises(DataError, match="found none in the stretch"):
        backtest(Cross(), make_candles(), stop_ns=10)


def test_wider_timeframes_and_daily_data_alone(
    make_candles: Make, research: dict[str, Any]
) -> None:
    hours = backtest(Cross(timeframe="4h"), make_candles(5_000), **research)
    assert hours.counts.wakes == 5_000 // 240
    days = backtest(Cross(timeframe="1d"), make_candles(step_s=86_400), **research)
    assert days.counts.wakes == 300
    assert days.trades


def test_it_is_called_by_the_name_of_the_package(
    make_candles: Make, research: dict[str, Any]
) -> None:
    result = undertow.backtest(Cross, make_candles(), **research)
    assert result.trades[0].side is Side.BUY


def test_who_has_no_past_terms_is_named(make_candles: Make) -> None:
    data = bar_data({name: make_candles(60) for name in ("ABC/USDT@one", "DEF/USDT@one")})
    past = (InstrumentTerms(from_ns=0, min_notional="20"),)
    result = backtest(Turn(), data, exchange={"terms_of": {"ABC/USDT": past}})
    assert result.present_rules == ("DEF/USDT@one",)


def test_jitter_delays_what_is_heard_and_is_drawn_from_the_seed(make_candles: Make) -> None:
    drawn = {"type": "log_normal", "floor_ns": 5_000_000, "median_ns": 300_000_000, "sigma": 0.5}
    settings: dict[str, Any] = {
        "stake": "unlimited", "is_research": True, "exchange": {"feed_latency": drawn}
    }  # fmt: skip

    def heard(**more: Any) -> list[int]:
        result = backtest(Turn(), make_candles(), instrument="ABC/USDT@x", **settings, **more)
        return [row.time_ns for row in result.signals]

    exact, late = heard(), heard(feed_jitter=True)
    assert len(exact) == len(late) > 5
    delays = np.array(late) - np.array(exact)
    assert (delays > 0).all()
    assert 100_000_000 < np.median(delays) < 900_000_000
    assert heard(feed_jitter=True) == late
    assert heard(feed_jitter=True, seed=8) != late
