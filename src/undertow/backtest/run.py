"""One backtest: the engine, the simulated venues and recorded market in lockstep.

The same loop as a paper run: what the engine is given, and what it sends, goes the way it goes
live. Rows are read a block at a time; what equity and trades are marked with is kept from them as
they pass.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain

import numpy as np

from undertow.backtest.engine_setup import engine_config, limits_of, traded_table, venue_config
from undertow.backtest.price_grid import PriceGrid
from undertow.backtest.run_record import RunRecord
from undertow.backtest.settings import BacktestSettings
from undertow.decision.strategy import Strategy
from undertow.decision.timeframe import timeframe_seconds
from undertow.domain.errors import ConfigurationError, DataError
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EventArray, EventKind
from undertow.domain.money import Money
from undertow.domain.time import NS_PER_S
from undertow.engine.conductor import Conductor
from undertow.engine.engine import Engine
from undertow.simulator.exchange import Exchange
from undertow.simulator.feed_jitter import FeedJitter
from undertow.simulator.lockstep import Lockstep
from undertow.simulator.spread_model import FixedSpread
from undertow.timeline.market_data import MarketData
from undertow.timeline.row_slice import RowSlice
from undertow.timeline.run_ids import RunIds

Progress = Callable[[int, float], None]
"""Told rows handled, and the share of the stretch of time that is done, 0 to 1."""

MINUTE_S = 60


class BacktestRun:
    """One run; `run` once, then read `engine`, `record` and `grid`."""

    def __init__(
        self, strategies: Sequence[Strategy], data: MarketData, settings: BacktestSettings
    ) -> None:
        self.settings = settings
        self.strategies = tuple(strategies)
        if not self.strategies:
            raise ConfigurationError("expected at least one strategy, found none")
        self.table = traded_table(data, settings)
        self.data = data
        self._blocks = self._first_blocks()
        self._start_ns = self._trading_start()
        self.limits = limits_of(settings, self.table, self.strategies)
        self.venue = venue_config(settings, data, self.limits)
        config = engine_config(settings, data, self.limits, self.bar_s)
        self.engine = Engine(config, self.table, data.sources, self.strategies, RunIds(1))
        half = self.venue.half_spread
        half_ppm = half.half_ppm if isinstance(half, FixedSpread) else half.fallback_half_ppm
        self.record = RunRecord(self.engine, data.fidelity, half_ppm)
        self._jitter: FeedJitter | None = None
        self._conductor = Conductor(self.engine, self.record)
        self.grid = PriceGrid(self.table, self.span_ns, self.bar_s or MINUTE_S)
        self._world = self._new_world()

    @property
    def span_ns(self) -> tuple[int, int]:
        """The stretch that is traded."""
        first, last = self.data.span_ns
        return max(first, self._start_ns), min(last, self.settings.stop_ns)

    def run(self, progress: Progress | None = None) -> None:
        """Handle the whole stretch, or until a strategy fails where the settings say so."""
        self._warm_up(progress)
        world, engine = self._world, self.engine
        while (item := world.next_item(due_ns=engine.next_due_ns)) is not None:
            if isinstance(item, RowSlice):
                stop, commands = self._conductor.take_rows(item)
                world.consume(stop)
            else:
                commands = self._conductor.take(item)
            if commands:
                world.submit(commands, engine.now_ns)
            if self.settings.stop_on_failure and self.record.failed:
                break
            if progress is not None:
                progress(engine.memory.counters.rows, self._share(engine.now_ns))
        engine.check()

    def _warm_up(self, progress: Progress | None) -> None:
        world, start_ns = self._world, self._start_ns
        if start_ns <= self.data.span_ns[0]:
            return
        while (item := world.next_item(start_ns - 1)) is not None:
            assert isinstance(item, RowSlice), "nothing was sent, so nothing is answered"
            self.engine.warm_up(item.rows[item.start : item.stop])
            world.consume(item.stop)
            if progress is not None:
                progress(self.engine.memory.counters.rows, 0.0)

    def _first_blocks(self) -> Iterator[EventArray]:
        # Looks at the first block for the length of recorded bars.
        blocks = self.data.blocks(0, self.settings.stop_ns)
        first = next(blocks, None)
        if first is None or not len(first):
            raise DataError("expected market data, found none in the stretch of time asked for")
        opens = first[first["kind"] == EventKind.BAR_OPEN]
        self.bar_s = int(opens["qty_lots"].min()) if len(opens) else 0
        return chain([first], blocks)

    def _trading_start(self) -> int:
        first = self.data.span_ns[0]
        wanted = [timeframe_seconds(strategy.timeframe) for strategy in self.strategies]
        if self.bar_s and any(tf < self.bar_s or tf % self.bar_s for tf in wanted):
            raise ConfigurationError(
                f"expected timeframes that bars of {self.bar_s} s can be made into, "
                f"found {', '.join(strategy.timeframe for strategy in self.strategies)}"
            )
        warm = self.settings.warm_up_bars * max(wanted) * NS_PER_S
        return max(self.settings.start_ns, first + warm + 1 if warm else 0)

    def _new_world(self) -> Lockstep:
        venues = self.table.venues
        *seeds, jitter = np.random.SeedSequence(self.settings.seed).spawn(len(venues) + 1)
        if self.settings.feed_jitter:
            seed = int(jitter.generate_state(1, np.uint64)[0] >> np.uint64(1))
            self._jitter = FeedJitter(self.venue.feed_latency, seed)
        wallets = self.engine.config.wallets
        exchanges = {
            venue: Exchange(
                venue,
                self.table,
                self.venue,
                np.random.Generator(np.random.PCG64(seed)),
                [Money.of(text, name) for name, text in wallets.get(venue, {}).items()],
            )
            for venue, seed in zip(venues, seeds, strict=True)
        }
        names = [name.partition(".")[0] for name in self.data.sources]
        return Lockstep(self._next_block, exchanges, names)

    def _next_block(self) -> EventArray | None:
        rows = next(self._blocks, None)
        if rows is not None:
            if self._jitter is not None:
                rows = self._jitter.delayed(rows)
            self.grid.add(rows)
        return rows

    def _share(self, now_ns: int) -> float:
        first, last = self.span_ns
        return min(1.0, max(0.0, (now_ns - first) / max(1, last - first)))


def money_table(table: InstrumentTable) -> list[str]:
    """Currencies that the instruments are quoted or settled in, in table order."""
    return list(dict.fromkeys(name for row in table for name in (row.quote, row.settle)))
