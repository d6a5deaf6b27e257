"""Whether a strategy's two faces mean the same: its trades by callbacks and by signals, compared.

The engine runs the strategy over a sample of the data, bar by bar, and the vectorised run does the
same; trade by trade they must agree in side, time, price and reason. A strategy without `on_bar` is
asked for its signals at each bar anew, given no more than the bars closed by then: so a `signals`
that looks ahead disagrees with itself.
"""

from collections.abc import Iterable, Mapping
from itertools import zip_longest
from typing import Any

import msgspec
import numpy as np

from undertow.backtest.instrument_bars import InstrumentBars, read_bars
from undertow.backtest.library import backtest
from undertow.backtest.result import ClosedTrade
from undertow.backtest.signal_rules import SignalRules
from undertow.backtest.signal_run import run_signals, wishes_of
from undertow.backtest.signal_stake import SignalStake, StakeMode
from undertow.decision.bar_columns import BarColumns
from undertow.decision.context import Context
from undertow.decision.strategy import Strategy
from undertow.decision.timeframe import timeframe_seconds
from undertow.domain.bar import Bar
from undertow.domain.fixed import format_scaled
from undertow.domain.instrument import Instrument
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.intent import Signal
from undertow.domain.market_event import EventArray
from undertow.domain.side import Side
from undertow.domain.time import NS_PER_S
from undertow.kernels.backtest import signal_bits
from undertow.timeline.market_data import DataFidelity, DataNote, MarketData

SAMPLE_BARS = 2_000
_MOST_TOLD = 10
_SAME_TIME_NS = 1 * NS_PER_S
_SAME_PRICE = 1e-9
_SAME_QTY = 1e-3


class FaceCheck(msgspec.Struct, frozen=True):
    """trades: how many were compared. differences: in words, the first of them."""

    bars: int
    trades: int
    differences: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """True when no trade differed."""
        return not self.differences


class _Sample:
    # The first rows of one instrument of market data.
    def __init__(self, data: MarketData, index: int, stop_ns: int) -> None:
        self._data = data
        self._index = index
        self._stop_ns = stop_ns
        self.instrument: Instrument = data.table[index]
        self.table = InstrumentTable([self.instrument])
        self.sources = data.sources
        self.span_ns = data.span_ns[0], min(data.span_ns[1], stop_ns)
        self.fidelity: DataFidelity = data.fidelity
        self.digest = f"{data.digest}#{index}:{stop_ns}"
        self.notes: tuple[DataNote, ...] = ()

    def blocks(self, start_ns: int = 0, stop_ns: int = 2**63 - 1) -> Iterable[EventArray]:
        for block in self._data.blocks(start_ns, min(stop_ns, self._stop_ns)):
            rows = block[block["instrument"] == self._index].copy()
            rows["instrument"] = 0
            if len(rows):
                yield rows


def check_faces(
    strategy: Strategy,
    data: MarketData,
    rules: SignalRules | None = None,
    *,
    index: int = 0,
    bars: int = SAMPLE_BARS,
    starting_balance: float = 10_000.0,
) -> FaceCheck:
    """Run both faces over the first `bars` bars of one instrument of the data.

    A stake of all the money is compared at nine tenths of it. Quantities are not compared where the
    signals have a `size`, which callbacks cannot ask for. Raises what either run raises.
    """
    chosen = rules or SignalRules()
    if chosen.stake.mode is StakeMode.ALL:
        # All of the money at a price that is not known yet: no two engines size that alike.
        chosen = msgspec.structs.replace(chosen, stake=SignalStake(StakeMode.SHARE, 0.9))
    seconds = timeframe_seconds(strategy.timeframe)
    stop_ns = data.span_ns[0] + bars * seconds * NS_PER_S
    sample: Any = _Sample(data, index, stop_ns)
    source = read_bars(sample, seconds)[0]
    by_signals = run_signals(strategy, [source], chosen, starting_balance=starting_balance)
    asked = strategy if _has_on_bar(strategy) else _replayed(strategy, source)
    by_callbacks = backtest(
        asked,
        sample,
        fills=str(chosen.fills),
        starting_balance=starting_balance,
        is_research=True,
        funding="data",
        exchange=_venue_fields(chosen),
        **_size_fields(chosen),
        **_fee_fields(chosen, source.instrument),
    )
    failed = tuple(f"the engine's run failed: {one}" for one in by_callbacks.failures)
    end_ns = int(source.bars.close_time_ns[-1])
    has_size = len(wishes_of(strategy, source.bars).levels[2]) > 0
    trades = by_signals.result().trades
    if has_size:
        trades = tuple(_resized(trades, by_callbacks.trades))
    found = failed or _differences(by_callbacks.trades, trades, end_ns)
    if found and by_callbacks.counts.refusals:
        found = (f"risk refused by callbacks: {dict(by_callbacks.counts.refusals)}", *found)
    return FaceCheck(len(source.bars), by_signals.trade_count, found[:_MOST_TOLD])


def _has_on_bar(strategy: Strategy) -> bool:
    return type(strategy).on_bar is not Strategy.on_bar


def _replayed(strategy: Strategy, source: InstrumentBars) -> Strategy:
    # A strategy that asks the signals anew at every bar, with nothing of what comes after.
    own = source.bars.resampled(timeframe_seconds(strategy.timeframe))

    class Replayed(Strategy):
        def on_bar(self, ctx: Context, bar: Bar) -> Signal | None:
            place = int(np.searchsorted(own.open_time_ns, bar.open_time_ns))
            return _answer(strategy, own.head(place + 1), ctx)

    return Replayed(timeframe=strategy.timeframe, label=strategy.strategy_id)


def _answer(strategy: Strategy, known: BarColumns, ctx: Context) -> Signal | None:
    wishes = wishes_of(strategy, known)
    bits = int(wishes.bits[-1])
    if ctx.position is not None:
        is_long = ctx.position.side is Side.BUY
        wanted = signal_bits.LONG_EXIT if is_long else signal_bits.SHORT_EXIT
        return ctx.exit("signal") if bits & wanted else None
    entries = bits & (signal_bits.LONG_ENTRY | signal_bits.SHORT_ENTRY)
    if entries not in (signal_bits.LONG_ENTRY, signal_bits.SHORT_ENTRY):
        return None
    stop, target, _ = (float(level[-1]) if len(level) else np.nan for level in wishes.levels)
    return ctx.enter(
        Side.BUY if entries == signal_bits.LONG_ENTRY else Side.SELL,
        stop=None if np.isnan(stop) else stop,
        take_profit=0.0 if np.isnan(target) else target,
    )


def _venue_fields(rules: SignalRules) -> Mapping[str, Any]:
    venue = rules.venue()
    # A vectorised run knows no volume, so the compared one must not be bound by it.
    return {
        "slippage": venue.slippage,
        "half_spread": venue.half_spread,
        "participation_ppm": 1_000_000,
    }


def _size_fields(rules: SignalRules) -> dict[str, Any]:
    stake, leverage = rules.stake, round(rules.leverage)
    given: dict[str, Any] = {"max_open_trades": 1, "leverage": leverage if leverage > 1 else 0}
    if stake.mode is StakeMode.RISK:
        return {**given, "stake": "risk"}
    if stake.mode is StakeMode.MONEY:
        return {**given, "stake": format_scaled(round(stake.amount * 1e8), 8)}
    return {**given, "stake": "unlimited", "tradable_ratio": min(1.0, stake.amount)}


def _fee_fields(rules: SignalRules, instrument: Instrument) -> dict[str, Any]:
    fees = instrument.fees
    taker = fees.taker_ppm if rules.taker_ppm is None else rules.taker_ppm
    return {"fee": (fees.maker_ppm / 1e6, taker / 1e6)}


def _resized(trades: Iterable[ClosedTrade], like: Iterable[ClosedTrade]) -> Iterable[ClosedTrade]:
    for one, other in zip_longest(trades, like):
        if one is not None:
            yield one if other is None else msgspec.structs.replace(one, qty=other.qty)


def _differences(
    engine: tuple[ClosedTrade, ...], signals: tuple[ClosedTrade, ...], end_ns: int
) -> tuple[str, ...]:
    # The engine may have seen the open of a bar that the sample cuts: what it did there is beyond.
    known = [trade for trade in engine if trade.open_time_ns < end_ns]
    found = [
        f"trade {k + 1}: {what} {mine} by callbacks, {theirs} by signals"
        for k, (one, other) in enumerate(zip(known, signals, strict=False))
        for what, mine, theirs in _unlike(one, other, end_ns)
    ]
    if len(known) != len(signals):
        found.append(f"{len(known)} trades by callbacks, {len(signals)} by signals")
    return tuple(found)


def _unlike(
    one: ClosedTrade, other: ClosedTrade, end_ns: int
) -> Iterable[tuple[str, object, object]]:
    if one.side is not other.side:
        yield "side", one.side.name, other.side.name
    if abs(one.open_time_ns - other.open_time_ns) > _SAME_TIME_NS:
        yield "opened", one.open_time_ns, other.open_time_ns
    if not _is_near(one.entry_price, other.entry_price, _SAME_PRICE):
        yield "entry price", one.entry_price, other.entry_price
    if not _is_near(one.qty, other.qty, _SAME_QTY):
        yield "quantity", one.qty, other.qty
    if other.is_open and (one.is_open or one.close_time_ns >= end_ns):
        return
    if abs(one.close_time_ns - other.close_time_ns) > _SAME_TIME_NS:
        yield "closed", one.close_time_ns, other.close_time_ns
    if not _is_near(one.exit_price, other.exit_price, _SAME_PRICE):
        yield "exit price", one.exit_price, other.exit_price
    if one.exit_reason != other.exit_reason:
        yield "exit reason", one.exit_reason, other.exit_reason


def _is_near(one: float, other: float, share: float) -> bool:
    return abs(one - other) <= share * max(abs(one), abs(other))
