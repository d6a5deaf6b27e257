"""What the view remembers between frames: rates, the curve of equity, the feed of events.

The engine is only read. Equity is valued by the ledger, not by the account keeper, whose account
moves its own record of peak and day.
"""

from collections.abc import Callable, Sequence

import msgspec

from undertow.cli.view.answer_times import AnswerTimes
from undertow.cli.view.event_feed import EventFeed, Item
from undertow.domain.money import Money
from undertow.domain.time import NS_PER_S
from undertow.engine.engine import Engine
from undertow.ledger.equity_track import EquityTrack

MOST_POINTS = 512
_SMOOTHING = 0.3
_LEAST_INTERVAL_NS = NS_PER_S


class RunGauges(msgspec.Struct, frozen=True, kw_only=True):
    """What only the driver of a run knows; None where it does not tell.

    journal_frames: appended; journal_durable: of these on disk. queue_rows: waiting;
    dropped_rows: shed by the full queue. loop_lag_ms: how late the last tick of the event loop was.
    memory_mib: most that the process has held.
    """

    journal_frames: int | None = None
    journal_durable: int | None = None
    queue_rows: int | None = None
    dropped_rows: int | None = None
    loop_lag_ms: float | None = None
    memory_mib: float | None = None


Gauges = Callable[[], RunGauges]


class ViewState:
    """Call `sample` before each frame; the rest is read by the panels.

    rows_per_s: market rows per wall second; speed: market seconds per wall second; both smoothed.
    started: equity the run began with, from its wallets. curve: equity over market time.
    """

    def __init__(self, engine: Engine, gauges: Gauges) -> None:
        self.feed = EventFeed(engine.table)
        self.answers = AnswerTimes()
        self.gauges = RunGauges()
        self.rows_per_s = 0.0
        self.speed = 0.0
        self.equity = Money.zero(engine.config.reporting_currency)
        self.exposure = self.equity
        self.started = self.equity
        self.curve: list[float] = []
        self._read_gauges = gauges
        self._track: EquityTrack | None = None
        self._interval_ns = _LEAST_INTERVAL_NS
        self._drawn_ns = 0
        self._began_ns = 0
        self._wall_ns = 0
        self._rows = 0
        self._market_ns = 0

    @property
    def uptime_ns(self) -> int:
        """Wall time since the first sample."""
        return self._wall_ns - self._began_ns

    @property
    def day_profit(self) -> Money:
        """Change of equity since the UTC day began, or since the first sample on its first day."""
        if self._track is None:
            return Money.zero(self.equity.currency)
        return self._track.daily_profit

    @property
    def drawdown(self) -> float:
        """Share of the highest equity seen that is lost, 0..1."""
        if self._track is None or self._track.peak.amount <= 0:
            return 0.0
        return 1.0 - self._track.equity.amount / self._track.peak.amount

    def sample(self, engine: Engine, wall_ns: int, items: Sequence[Item]) -> None:
        """Look at the engine and at what happened last, at this time of the wall clock."""
        self.answers.take(self.feed.catch_up(items))
        self.gauges = self._read_gauges()
        self._sample_rates(engine, wall_ns)
        if engine.now_ns:
            self._sample_equity(engine)

    def _sample_rates(self, engine: Engine, wall_ns: int) -> None:
        rows, market_ns = engine.memory.counters.rows, engine.now_ns
        if not self._began_ns:
            self._began_ns = wall_ns
        elif wall_ns > self._wall_ns:
            seconds = (wall_ns - self._wall_ns) / NS_PER_S
            self.rows_per_s = _smooth(self.rows_per_s, (rows - self._rows) / seconds)
            passed = (market_ns - self._market_ns) / NS_PER_S if self._market_ns else 0.0
            self.speed = _smooth(self.speed, passed / seconds)
        self._wall_ns, self._rows, self._market_ns = wall_ns, rows, market_ns

    def _sample_equity(self, engine: Engine) -> None:
        rates = engine.rates.rates()
        value = engine.ledger.value(engine.rates.marks(), rates)
        self.equity, self.exposure = value.equity, value.exposure
        now_ns = engine.now_ns
        if self._track is None:
            self._track = EquityTrack.start(now_ns, value.equity)
        else:
            self._track = self._track.updated(now_ns, value.equity)
        self.started = _deposited(engine)
        if not self.curve or now_ns - self._drawn_ns >= self._interval_ns:
            self.curve.append(float(value.equity))
            self._drawn_ns = now_ns
            if len(self.curve) > MOST_POINTS:
                # Half the points at twice the interval: the whole run always fits.
                self.curve = self.curve[::2]
                self._interval_ns *= 2
        else:
            self.curve[-1] = float(value.equity)


def _smooth(before: float, now: float) -> float:
    return now if not before else before + _SMOOTHING * (now - before)


def _deposited(engine: Engine) -> Money:
    reporting, total = engine.config.reporting_currency, 0
    for wallet in engine.config.wallets.values():
        for currency, text in wallet.items():
            rate = engine.rates.rate(currency)
            if rate is not None:
                worth = Money.of(text, currency).times(rate.numerator, rate.denominator)
                total += worth.amount
    return Money(total, reporting)
