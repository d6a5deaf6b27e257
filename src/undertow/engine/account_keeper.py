"""Pictures of the account and of a market for risk, execution and strategies."""

from fractions import Fraction

import msgspec
import numpy as np

from undertow.domain.account import AccountView, MarketFacts
from undertow.domain.identity import InstrumentId, StrategyId
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.money import Money
from undertow.domain.position import PositionView
from undertow.domain.time import utc_day
from undertow.engine.currency_rates import CurrencyRates
from undertow.execution.desk import ExecutionDesk
from undertow.flow.flow_state import FlowState
from undertow.indicators.volatility import Atr
from undertow.ledger.equity_track import EquityTrack
from undertow.ledger.ledger import Ledger
from undertow.ledger.position import Position
from undertow.ledger.valuation import Valuation
from undertow.timeline.exact_msgpack import ExactDecoder, encode_exact
from undertow.timeline.snapshot import PartBytes

ATR_PERIOD = 14
ATR_TIMEFRAME_S = 60


class _Memory(msgspec.Struct, frozen=True):
    track: EquityTrack | None
    day: int
    trades_today: int


_DECODER: ExactDecoder[_Memory] = ExactDecoder(_Memory)


class AccountKeeper:
    """Reads ledger, execution and flow; keeps the day's start, the peak and the day's trades."""

    def __init__(
        self, table: InstrumentTable, flow: FlowState, ledger: Ledger, execution: ExecutionDesk,
        rates: CurrencyRates,
    ) -> None:  # fmt: skip
        self._table = table
        self._flow = flow
        self._ledger = ledger
        self._execution = execution
        self._rates = rates
        self._memory = _Memory(None, -1, 0)
        self._range = Atr(ATR_PERIOD)
        self._ranges: dict[int, tuple[int, float]] = {}

    def position(self, strategy: StrategyId, instrument_id: InstrumentId) -> PositionView | None:
        """A strategy's open position in an instrument."""
        held = self._ledger.position(strategy, instrument_id)
        return None if held is None else self._view(held)

    def positions(self) -> tuple[PositionView, ...]:
        """Every open position."""
        return tuple(self._view(held) for held in self._ledger.positions)

    def account(self, now_ns: int) -> AccountView:
        """The whole picture for a judgement; equity is measured anew and moves day start and peak.

        For the engine's own use at moments that its inputs decide; others use `look`.
        """
        value = self._ledger.value(self._rates.marks(), self._rates.rates())
        self._memory = self._measured(now_ns, value.equity)
        return self._view_of_all(now_ns, value)

    def look(self, now_ns: int) -> AccountView:
        """The same picture, and nothing is remembered: for summaries and screens."""
        kept = self._memory
        try:
            return self.account(now_ns)
        finally:
            self._memory = kept

    def market(self, index: int) -> MarketFacts:
        """What is known of an instrument's market now."""
        view = self._flow[index]
        instrument = view.instrument
        return MarketFacts(
            last_ticks=view.last_ticks,
            bid_ticks=view.bid_ticks,
            ask_ticks=view.ask_ticks,
            atr_ticks=self._atr_ticks(index),
            is_healthy=view.is_healthy,
            quote_rate=_plain(self._rates.rate(instrument.quote)),
            settle_rate=_plain(self._rates.rate(instrument.settle)),
        )

    def count_trade(self, now_ns: int) -> None:
        """A position was opened; it counts for the day of its first fill."""
        day, trades = utc_day(now_ns), self._trades_on(utc_day(now_ns)) + 1
        self._memory = msgspec.structs.replace(self._memory, day=day, trades_today=trades)

    def snapshot(self) -> bytes:
        """The day's start, the peak and the count."""
        return encode_exact(self._memory)

    def restore(self, data: PartBytes) -> None:
        """Go on from a snapshot."""
        self._ranges = {}
        self._memory = _DECODER.decode(data)

    def _measured(self, now_ns: int, equity: Money) -> _Memory:
        track = self._memory.track
        if track is None:
            track = EquityTrack.start(now_ns, equity)
        else:
            track = track.updated(now_ns, equity)
        day = utc_day(now_ns)
        return _Memory(track, day, self._trades_on(day))

    def _trades_on(self, day: int) -> int:
        return self._memory.trades_today if day == self._memory.day else 0

    def _view_of_all(self, now_ns: int, value: Valuation) -> AccountView:
        track = self._memory.track
        assert track is not None
        return AccountView(
            now_ns=now_ns,
            equity=value.equity,
            day_start_equity=track.day_start,
            peak_equity=track.peak,
            free_cash={venue: row.free_cash for venue, row in value.venues.items()},
            positions=self.positions(),
            working=self._execution.working(self._reporting_notional),
            blocked=self._execution.blocked(),
            trades_today=self._memory.trades_today,
        )

    def view_at(self, held: Position, last_ticks: int) -> PositionView:
        """A position as it looks at another last price."""
        return self._view(held, last_ticks)

    def _view(self, held: Position, last_ticks: int = 0) -> PositionView:
        index = self._table.index(held.instrument_id)
        last = last_ticks or self._flow[index].last_ticks
        protection = self._execution.protection(held.strategy, held.instrument_id)
        rate = self._rates.rate(self._table[index].settle) or Fraction(0)
        return self._ledger.view(held, last, protection.stop_ticks, protection.extreme_ticks, rate)

    def _reporting_notional(self, index: int, ticks: int, lots: int) -> Money:
        instrument = self._table[index]
        value = instrument.notional(ticks or self._flow[index].last_ticks, lots)
        rate = self._rates.rate(instrument.quote) or Fraction(0)
        amount = value.times(rate.numerator, rate.denominator).amount
        return Money(amount, self._rates.reporting)

    def _atr_ticks(self, index: int) -> float:
        # It changes with a minute's close only, and an order asks for it more than once.
        view = self._flow[index]
        count = view.bar_count(ATR_TIMEFRAME_S)
        known = self._ranges.get(index)
        if known is None or known[0] != count:
            known = self._ranges[index] = (count, self._measured_range(index))
        return known[1]

    def _measured_range(self, index: int) -> float:
        bars = self._flow[index].bars(ATR_TIMEFRAME_S, ATR_PERIOD + 1)
        if len(bars) <= ATR_PERIOD:
            return float("nan")
        columns = ("high_ticks", "low_ticks", "close_ticks")
        high, low, close = (bars[name].astype(np.float64) for name in columns)
        return float(self._range.batch(high, low, close)["value"][-1])


def _plain(rate: Fraction | None) -> float:
    return rate.numerator / rate.denominator if rate is not None else 0.0
