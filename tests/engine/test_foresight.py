"""Looking ahead gives what the ordinary way gives: hash, decisions, effects, calls of strategies.

Random strategies that enter and leave by hashed bar times, look at the flow now and then, keep
state, fail; over bars and over trades; on one and on several instruments.
"""

from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from undertow.backtest.bar_data import bar_data
from undertow.backtest.run import BacktestRun
from undertow.backtest.run_record import RunRecord
from undertow.backtest.settings import BacktestSettings
from undertow.decision.context import Context
from undertow.decision.strategy import Strategy
from undertow.domain.bar import Bar
from undertow.domain.intent import Signal
from undertow.domain.market_event import EVENT, EventKind
from undertow.domain.side import Side
from undertow.engine.engine import Engine
from undertow.indicators.averages import Ema, Sma
from undertow.indicators.indicator import Indicator
from undertow.indicators.volatility import Atr
from undertow.simulator.fill_preset import Fills
from undertow.timeline.market_data import DataFidelity

S = 1_000_000_000
START_S = 1_704_067_200


class Calls(msgspec.Struct):
    """Remembers what it was asked."""

    count: int = 0
    seen: list[tuple[int, float, float]] = []


class Fickle(Strategy):
    """Does one thing in every so many bars, by the number of the bar."""

    enter_every: int = 17
    exit_every: int = 11
    look_every: int = 50
    fail_at: int = -1

    def indicators(self) -> dict[str, Indicator]:
        return {"fast": Sma(3), "slow": Ema(9), "range": Atr(5)}

    def new_state(self) -> Calls:
        return Calls()

    def on_bar(self, ctx: Context, bar: Bar) -> Signal | None:
        state = ctx.state
        assert isinstance(state, Calls)
        state.count += 1
        number = bar.open_time_ns // (60 * S)
        state.seen.append((ctx.now_ns, ctx["fast"], ctx.past("slow", 2)))
        if state.count == self.fail_at:
            raise ValueError("planned")
        if number % self.look_every == 0 and ctx.flow.last_ticks != round(ctx.price * 100):
            raise AssertionError("the flow is elsewhere")
        if ctx.position is None:
            is_due = number % self.enter_every == 0
            return ctx.enter(Side.BUY, reason=f"{ctx['range']:.6f}") if is_due else None
        is_late = number % self.exit_every == 0 and ctx.position.return_ppm > -50_000
        return ctx.exit(f"{ctx.position.unrealised.text}") if is_late else None


class Told(RunRecord):
    """Keeps every effect."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.told: list[bytes] = []

    def append_event(self, value: Any) -> None:
        super().append_event(value)
        self.told.append(repr(value).encode())


def candles(seed: int, count: int, gap: int) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    close = np.round(100 + np.cumsum(rng.normal(0, 0.1, count)), 2)
    opened = np.concatenate([[100.0], close[:-1]])
    times = np.arange(count)
    times[count // 2 :] += gap
    return {
        "date": (START_S + times * 60) * S,
        "open": opened,
        "high": np.maximum(opened, close) + 0.02,
        "low": np.minimum(opened, close) - 0.02,
        "close": close,
        "volume": np.full(count, 1e6),
    }


class TradeTape:
    """Random trades as market data."""

    fidelity = DataFidelity.TRADES
    notes = ()
    digest = "trades"

    def __init__(self, seed: int, count: int) -> None:
        bars = bar_data(candles(1, 5, 0), "A/USDT", steps=("0.01", "0.001"))
        self.table, self.sources = bars.table, bars.sources
        rng = np.random.default_rng(seed)
        self._rows = np.zeros(count, EVENT)
        times = START_S * S + np.cumsum(rng.exponential(4.0, count) * S).astype(np.int64)
        self._rows["event_time_ns"], self._rows["receive_time_ns"] = times, times + 5_000_000
        self._rows["kind"] = EventKind.TRADE
        self._rows["side"] = rng.choice([-1, 1], count)
        self._rows["price_ticks"] = 10_000 + np.cumsum(rng.integers(-3, 4, count))
        self._rows["qty_lots"] = rng.integers(1_000, 9_000, count)
        self._rows["sequence"] = np.arange(count) + 1
        self.span_ns = (int(times[0]) + 5_000_000, int(times[-1]) + 5_000_001)

    def blocks(self, start_ns: int = 0, stop_ns: int = 2**63 - 1) -> Any:
        times = self._rows["receive_time_ns"]
        inside = self._rows[(times >= start_ns) & (times < stop_ns)]
        for first in range(0, len(inside), 1_000):
            yield inside[first : first + 1_000]


def ran(data: Any, strategies: list[Strategy], *, looks_ahead: bool, **more: Any) -> dict[str, Any]:
    settings = BacktestSettings(
        stake="1000", is_research=True, fills=Fills.OPTIMISTIC, looks_ahead=looks_ahead,
        exchange={"participation_ppm": 1_000_000}, **more,
    )  # fmt: skip
    run = BacktestRun(strategies, data, settings)
    run.record = run._conductor.record = Told(run.engine, data.fidelity, 0)
    run.run()
    engine: Engine = run.engine
    parts = {name: bytes(part) for name, part in engine.snapshot().items()}
    return {"hash": engine.state_hash(), "told": run.record.told, **parts}


def assert_same(data: Any, strategies: list[Strategy], **more: Any) -> dict[str, Any]:
    ahead = ran(data, strategies, looks_ahead=True, **more)
    ordinary = ran(data, strategies, looks_ahead=False, **more)
    for name, part in ordinary.items():
        assert ahead[name] == part, name
    return ahead


@settings(max_examples=12)
@given(
    periods=st.tuples(st.integers(2, 200), st.integers(2, 200), st.integers(5, 3_000)),
    seed=st.integers(0, 1_000),
    gap=st.integers(0, 40),
    at_open=st.booleans(),
)
def test_bars(periods: tuple[int, int, int], seed: int, gap: int, at_open: bool) -> None:
    data = bar_data(candles(seed, 700, gap), "A/USDT", steps=("0.01", "0.001"))
    enter, leave, look = periods
    one = Fickle(enter_every=enter, exit_every=leave, look_every=look)
    assert_same(data, [one], size_at_open=at_open)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("look", [7, 10_000])
def test_trades(seed: int, look: int) -> None:
    assert_same(TradeTape(seed, 20_000), [Fickle(look_every=look)])


def test_several_instruments_of_which_one_is_a_derivative() -> None:
    tables = {
        name: candles(seed, 900, 3)
        for seed, name in enumerate(("A/USDT@x", "B/USDT@x", "C/USDT:USDT@x"))
    }
    found = assert_same(bar_data(tables, steps=("0.01", "0.001")), [Fickle()])
    assert found["told"]


@pytest.mark.parametrize("stop", [True, False])
def test_a_failure_ends_or_suspends_at_the_same_bar(stop: bool) -> None:
    data = bar_data(candles(4, 500, 0), "A/USDT", steps=("0.01", "0.001"))
    found = assert_same(data, [Fickle(fail_at=200)], stop_on_failure=stop)
    assert any(b"planned" in one for one in found["told"])


def test_wider_bars_and_two_strategies_go_the_ordinary_way() -> None:
    data = bar_data(candles(5, 3_000, 0), "A/USDT", steps=("0.01", "0.001"))
    assert_same(data, [Fickle(timeframe="1h", enter_every=60, exit_every=120)])
    assert_same(data, [Fickle(), Fickle(label="other", enter_every=23)])
