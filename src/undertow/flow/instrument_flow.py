"""One instrument's order flow at this instant."""

from math import nan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from undertow.domain.bar import BAR, TIMEFRAMES_S
from undertow.domain.errors import ConfigurationError
from undertow.domain.fixed import power_of_ten
from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.market_event import FUNDING_RATE_DIGITS, MARK_PRICE_DIGITS
from undertow.domain.side import Side
from undertow.domain.time import NS_PER_S
from undertow.flow.flow_arrays import FlowArrays
from undertow.flow.flow_config import FlowConfig
from undertow.flow.heatmap import Heatmap, heatmap
from undertow.flow.price_volume import price_volume
from undertow.flow.record_words import record_words, word_places
from undertow.flow.source_flow import SourceFlow
from undertow.flow.trade_window import TradeWindow
from undertow.flow.traded_value import TradedValue
from undertow.flow.walls import (
    LEAST_AGE_S,
    LEAST_PERSISTENCE,
    Wall,
    honest_walls,
    tracked_walls,
)
from undertow.flow.wide_bars import WideBars
from undertow.kernels.flow.layout import (
    BOOK_INVALID,
    FUNDING_SLOTS,
    INSTRUMENT,
    MINUTE,
    OPEN_INTEREST_SLOTS,
    SECONDS_KEPT,
    WHALES,
)
from undertow.kernels.flow.level_flow import sum_levels
from undertow.kernels.flow.second_sums import ofi_by_second
from undertow.kernels.flow.window import WindowSums, copy_seconds, forming_bar, sum_window

_BAR_COUNTS = {1: "bars_1s", 60: "bars_1m", 300: "bars_5m", 900: "bars_15m"}
_MOST_PROFILE_MINUTES = 15

_PLACES = word_places(INSTRUMENT)
_COUNTERS = (
    "late_trades",
    "repeated_trades",
    "renumbered_trades",
    "refused_rows",
    "book_updates",
    "book_gaps",
    "trade_gaps",
    "stale_updates",
    "torn_updates",
    "crossed_books",
    "crossed_quotes",
    "dropped_levels",
    "unprofiled_lots",
)


class InstrumentFlow:
    """Read-only view of one instrument; always shows the present state of its `FlowState`.

    Prices are ticks and quantities lots unless a name says otherwise. Windows end with the second
    of the source's progress (its greatest event time), that second included."""

    def __init__(
        self,
        index: int,
        instrument: Instrument,
        sources: tuple[SourceFlow, ...],
        config: FlowConfig,
        wide: WideBars | None = None,
    ) -> None:
        self._wide = wide or WideBars()
        self.index = index
        self.instrument = instrument
        self._sources = sources
        self._config = config
        self._value = TradedValue(instrument)
        self._tick = instrument.price_float(1)
        self._rings = {60: (0, config.bars_1m)}
        self._rings[300] = (config.bars_1m, config.bars_5m)
        self._rings[900] = (config.bars_1m + config.bars_5m, config.bars_15m)

    def attach(self, arrays: FlowArrays) -> None:
        """Look at these arrays from now on (called by the flow state)."""
        self._run = arrays.run[0]
        self._record = arrays.instruments[self.index]
        self._words = record_words(arrays.instruments, self.index)
        self._buckets = arrays.buckets[self.index]
        self._bars = arrays.bars[self.index]
        self._samples = arrays.minute_samples[self.index]
        self._open_interests = arrays.open_interests[self.index]
        self._fundings = arrays.fundings[self.index]
        self._profile = arrays.profile[self.index]
        self._keys = arrays.book_keys[self.index]
        self._lots = arrays.book_lots[self.index]
        self._sample = arrays.samples[self.index]
        self._walls = arrays.walls[self.index]
        self._heat = arrays.heat[self.index]
        self._heat_lots = arrays.heat_lots[self.index]
        self._imbalances = arrays.imbalances[self.index]
        self._best_sizes = arrays.best_sizes[self.index]
        self._level_flows = arrays.level_flows[self.index]
        self._forced = arrays.forced[self.index]
        self._whales = arrays.whales[self.index]

    def _count(self, field: str) -> int:
        return self._words[_PLACES[field]]

    # Identity and health.

    @property
    def source(self) -> SourceFlow | None:
        """The source its trades come from; None before any row."""
        index = self._count("source")
        return self._sources[index] if index >= 0 else None

    @property
    def is_healthy(self) -> bool:
        """Whether its source is healthy and its own feed was not reported lost."""
        source = self.source
        return source is not None and source.is_healthy and not self._count("is_lost")

    @property
    def is_lost(self) -> bool:
        """Whether its own feed was reported lost."""
        return bool(self._record["is_lost"])

    @property
    def counters(self) -> dict[str, int]:
        """What went wrong and what was dropped so far, by name."""
        return {name: self._count(name) for name in _COUNTERS}

    # Last trade.

    @property
    def last_ticks(self) -> int:
        """Price of the last trade by event time; 0 before the first."""
        return self._count("last_ticks")

    @property
    def last_price(self) -> float:
        """The same in quote units; 0.0 before the first trade."""
        return self.last_ticks * self._tick

    @property
    def first_trade_s(self) -> int:
        """Second of the first trade; 0 before it."""
        return self._count("first_s")

    @property
    def last_event_ns(self) -> int:
        """Event time of the last trade; 0 before the first."""
        return self._count("last_event_ns")

    # Best bid and ask.

    @property
    def has_book(self) -> bool:
        """Whether a book is synced: a snapshot and every update since, never crossed."""
        return self._count("book_status") != BOOK_INVALID

    @property
    def has_quote(self) -> bool:
        """Whether the venue's own best bid and ask is known."""
        return bool(self._record["has_quote"])

    @property
    def bid_ticks(self) -> int:
        """Best bid: of the book when synced, else of the venue's quote, else 0."""
        return self._count("bid_ticks")

    @property
    def ask_ticks(self) -> int:
        """Best ask, from where the bid is; 0 when unknown."""
        return self._count("ask_ticks")

    @property
    def bid_lots(self) -> int:
        """Quantity at the best bid."""
        return self._count("bid_lots")

    @property
    def ask_lots(self) -> int:
        """Quantity at the best ask."""
        return self._count("ask_lots")

    @property
    def mid_price(self) -> float:
        """Middle of bid and ask in quote units; NaN when a side is unknown."""
        bid, ask = self.bid_ticks, self.ask_ticks
        return (bid + ask) / 2 * self._tick if bid and ask else nan

    @property
    def spread_bps(self) -> float:
        """Ask less bid over the middle, in basis points; NaN when a side is unknown."""
        bid, ask = self.bid_ticks, self.ask_ticks
        return (ask - bid) / (bid + ask) * 2e4 if bid and ask else nan

    @property
    def weighted_mid(self) -> float:
        """(bid * ask size + ask * bid size) / (both sizes), quote units; NaN when unknown.

        The simple form of Gatheral & Oomen (2010): weights are crossed. Not Stoikov's micro-price.
        """
        bid, ask, bid_lots, ask_lots = self.bid_ticks, self.ask_ticks, self.bid_lots, self.ask_lots
        if not bid or not ask or not bid_lots + ask_lots:
            return nan
        return (bid * ask_lots + ask * bid_lots) / (bid_lots + ask_lots) * self._tick

    def depth(self, side: Side, levels: int) -> NDArray[np.int64]:
        """Levels of the synced book, best first: shape (n <= levels, 2) of ticks and lots."""
        row, count = (0, "bid_levels") if side is Side.BUY else (1, "ask_levels")
        known = self._count(count)
        taken = slice(max(0, known - levels), known)
        out = np.empty((taken.stop - taken.start, 2), np.int64)
        out[:, 0] = self._keys[row, taken][::-1] * int(side)
        out[:, 1] = self._lots[row, taken][::-1]
        return out

    # Trades.

    def window(self, seconds: int) -> TradeWindow:
        """Trades of the last `seconds` (1 .. 900) by aggressor."""
        last_s, sums = self._sum(seconds)
        first_trade_s = self._count("first_s")
        covered = last_s - first_trade_s + 1 if first_trade_s else 0
        return TradeWindow(
            seconds=seconds,
            covered_seconds=max(0, min(seconds, covered)),
            buy_lots=sums[0],
            sell_lots=sums[1],
            buy_trades=sums[2],
            sell_trades=sums[3],
            tick_lots=sums[4] + sums[5],
            large_buy_lots=sums[9],
            large_sell_lots=sums[10],
            effective_ticks=sums[11],
            effective_trades=sums[12],
            least_trades=self._config.ratio_least_trades,
        )

    def ratio(self, seconds: int) -> float:
        """`window(seconds).ratio`."""
        return self.window(seconds).ratio

    def cvd_lots(self, seconds: int | None = None) -> int:
        """Aggressive buying less selling; of the whole run, late trades too, without `seconds`."""
        buy, sell = self._totals(seconds)[:2]
        return int(buy - sell)

    def cvd_base(self, seconds: int | None = None) -> float:
        """The same in base coins; inverse contracts are converted trade by trade."""
        buy, sell = self._value.base(self._totals(seconds))
        return buy - sell

    def cvd_usd(self, seconds: int | None = None) -> float:
        """The same in quote money at each trade's own price (dollars where the quote is one)."""
        buy, sell = self._value.quote(self._totals(seconds))
        return buy - sell

    def traded_base(self, seconds: int | None = None) -> tuple[float, float]:
        """Bought and sold by aggressors, in base coins."""
        return self._value.base(self._totals(seconds))

    def traded_usd(self, seconds: int | None = None) -> tuple[float, float]:
        """Bought and sold by aggressors, in quote money."""
        return self._value.quote(self._totals(seconds))

    def ofi_lots(self, seconds: int) -> int:
        """Order-flow imbalance at the best bid and ask over the last `seconds` (1 .. 900).

        From the synced book, else from the venue's quotes: `kernels.flow.best_quote`.
        """
        return self._sum(seconds)[1][8]

    def ofi_by_second(self, seconds: int) -> NDArray[np.int64]:
        """OFI lots of the last closed seconds, oldest first: the seconds of `bars(1, seconds)`."""
        kept = min(max(seconds, 0), self._config.bars_1s, self._count("bars_1s"))
        out = np.empty(kept, np.int64)
        ofi_by_second(self._buckets, self._count("closed_until_s") - kept, out)
        return out

    def _sum(self, seconds: int) -> tuple[int, WindowSums]:
        if not 1 <= seconds <= SECONDS_KEPT:
            raise ConfigurationError(
                f"expected a window of 1 .. {SECONDS_KEPT} seconds, found {seconds}"
            )
        last_s = self._progress_s()
        return last_s, sum_window(self._buckets, last_s - seconds + 1, last_s)

    def _totals(self, seconds: int | None) -> tuple[int, int, float, float, float, float]:
        # buy and sell lots, tick lots, lots / ticks
        if seconds is not None:
            sums = self._sum(seconds)[1]
            return (sums[0], sums[1], sums[4], sums[5], sums[6], sums[7])
        traded = self._record["traded"]
        sums = sum_window(self._buckets, self._count("closed_until_s"), self._progress_s())
        return (
            int(traded["buy_lots"]) + sums[0],
            int(traded["sell_lots"]) + sums[1],
            float(traded["buy_tick_lots"]) + sums[4],
            float(traded["sell_tick_lots"]) + sums[5],
            float(traded["buy_inverse"]) + sums[6],
            float(traded["sell_inverse"]) + sums[7],
        )

    def _progress_s(self) -> int:
        source = self.source
        return source.progress_ns // NS_PER_S if source is not None else 0

    # Bars.

    def bars(self, timeframe_s: int, count: int) -> NDArray[np.void]:
        """The last closed bars, `BAR`, oldest first; fewer when fewer exist or are kept.

        Besides 1, 60, 300 and 900 s any length that somebody subscribed to.
        """
        if self._wide.has(self.index, timeframe_s):
            return self._wide.bars(self.index, timeframe_s, count)
        self._require_timeframe(timeframe_s)
        if timeframe_s == 1:
            kept = min(max(count, 0), self._config.bars_1s, self._count("bars_1s"))
            seconds = np.empty(kept, BAR)
            copy_seconds(self._record, self._buckets, seconds)
            return seconds
        first, room = self._rings[timeframe_s]
        closed = self._count(_BAR_COUNTS[timeframe_s])
        taken = min(max(count, 0), room, closed)
        ring = self._bars[first : first + room]
        start, stop = (closed - taken) % room, closed % room
        if taken == 0 or start < stop:
            return _copied(ring[start : start + taken])
        return _copied(ring[start:], ring[:stop])

    @property
    def minutes_kept(self) -> int:
        """Closed minutes that `minutes` can give."""
        return min(self._count("bars_1m"), len(self._samples), self._config.bars_1m)

    def minutes(self, count: int) -> NDArray[np.void]:
        """The last closed minutes, `MINUTE` (bar and sample), oldest first; fewer when fewer exist
        or are kept (`FlowConfig.samples_1m`)."""
        room = len(self._samples)
        bars = self.bars(60, min(count, room))
        samples = self._latest(self._samples, self._count("bars_1m"))
        # A minute is a bar and a sample side by side: their bytes are put together.
        parts = (bars, samples[len(samples) - len(bars) :])
        raw = [part.view(np.uint8).reshape(len(bars), part.itemsize) for part in parts]
        joined: NDArray[np.void] = np.concatenate(raw, axis=1).view(MINUTE)[:, 0]
        return joined

    def bar_count(self, timeframe_s: int) -> int:
        """Bars closed so far, ever."""
        if self._wide.has(self.index, timeframe_s):
            return self._wide.bar_count(self.index, timeframe_s)
        self._require_timeframe(timeframe_s)
        return self._count(_BAR_COUNTS[timeframe_s])

    def forming(self, timeframe_s: int) -> NDArray[np.void]:
        """The unfinished bar that follows the last closed one, shape (1,) `BAR`.

        Prices are 0 before the first trade.
        """
        self._require_timeframe(timeframe_s)
        out = np.zeros(1, BAR)
        parts = TIMEFRAMES_S.index(timeframe_s)
        forming_bar(self._run, self.index, parts, timeframe_s, out)
        return out

    @staticmethod
    def _require_timeframe(timeframe_s: int) -> None:
        if timeframe_s not in TIMEFRAMES_S:
            raise ConfigurationError(
                f"expected a timeframe of {TIMEFRAMES_S} seconds, found {timeframe_s}"
            )

    # Volume by price.

    def price_volume(self, minutes: int = 15) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Low ticks of each row of price and the lots traded in it, over the last `minutes`.

        1 .. 15 minutes of event time, the current one included. Rows are of equal size, a power of
        two of ticks (see `kernels.flow.price_profile`), ascending without a hole."""
        if not 1 <= minutes <= _MOST_PROFILE_MINUTES:
            raise ConfigurationError(
                f"expected 1 .. {_MOST_PROFILE_MINUTES} minutes, found {minutes}"
            )
        return price_volume(self._profile, self._progress_s() // 60, minutes)

    # The book over time, looked at once a second.

    @property
    def wall_threshold_lots(self) -> float:
        """Quantity from which a level is a wall now; NaN before the book was looked at."""
        return float(self._sample["wall_lots"]) if self._sample["samples"] else nan

    def tracked_walls(self) -> tuple[Wall, ...]:
        """Every wall that is tracked, resting or not, the largest in money first; none without a
        synced book."""
        sampled_s = int(self._sample["sampled_s"])
        if not sampled_s or not self.has_book:
            return ()
        return tracked_walls(self._walls, sampled_s, self.instrument)

    def walls(
        self, *, least_persistence: float = LEAST_PERSISTENCE, least_age_s: int = LEAST_AGE_S
    ) -> tuple[Wall, ...]:
        """Walls that rest now and pass the spoof filter, the largest in money first."""
        return honest_walls(self.tracked_walls(), least_persistence, least_age_s)

    def heatmap(self) -> Heatmap:
        """Resting quantity over time and price, as far back as columns are kept."""
        columns, lots = (
            self._ring(self._heat, "heat_columns"),
            self._ring(self._heat_lots, "heat_columns"),
        )
        return heatmap(columns, lots, self._config.heat_every_s, self._tick)

    def imbalances(self) -> NDArray[np.float32]:
        """Book imbalance of the last looks, oldest first: see `flow.book_imbalance`."""
        return self._ring(self._imbalances, "samples")

    def best_sizes(self) -> NDArray[np.float32]:
        """Mean lots at the best bid and ask of the same looks: see `flow.ofi_pressure`."""
        return self._ring(self._best_sizes, "samples")

    def multi_level_ofi(self, seconds: int) -> NDArray[np.int64]:
        """OFI of each of the best levels of the book over the last `seconds`, (levels,) lots.

        1 .. `FlowConfig.ofi_seconds`. The first is `ofi_lots` as far as the book served it."""
        if not 1 <= seconds <= self._config.ofi_seconds:
            raise ConfigurationError(
                f"expected a window of 1 .. {self._config.ofi_seconds} seconds, found {seconds}"
            )
        last_s = self._progress_s()
        flows = np.empty(self._level_flows.shape[1] - 1, np.int64)
        sum_levels(self._level_flows, last_s - seconds + 1, last_s, flows)
        return flows

    def liquidations(self) -> NDArray[np.void]:
        """The last forced orders, `FORCED` rows, oldest first; side is that of the order."""
        return self._latest(self._forced, self._count("liquidations"))

    def whales(self, count: int = WHALES) -> NDArray[np.void]:
        """The last whales' trades, `WHALE` rows, oldest first, at most 100 (`whale_ring`).

        score: modified z-score of the log of its lots among sampled trades before it; NaN when
        fewer than 20 were. rank: share of them that are smaller, NaN likewise.
        """
        found = self._latest(self._whales, self._count("whales"))
        return found[max(0, len(found) - max(count, 0)) :]

    @property
    def whale_above_lots(self) -> int:
        """Trades above it are whales'; no trade is before a second with trades has closed."""
        return self._count("whale_above_lots")

    def _ring(self, ring: NDArray[Any], count: str) -> NDArray[Any]:
        return self._latest(ring, int(self._sample[count]))

    @staticmethod
    def _latest(ring: NDArray[Any], count: int) -> NDArray[Any]:
        # A copy of the filled part of a ring, oldest first.
        room = len(ring)
        if count <= room:
            return _copied(ring[:count])
        start = count % room
        return _copied(ring[start:], ring[:start])

    # The venue's other numbers.

    @property
    def mark_price(self) -> float:
        """The venue's mark price in quote units; NaN before any."""
        return self._scaled("mark_e8", MARK_PRICE_DIGITS)

    @property
    def index_price(self) -> float:
        """The venue's index price in quote units; NaN before any."""
        return self._scaled("index_e8", MARK_PRICE_DIGITS)

    @property
    def funding_rate(self) -> float:
        """Predicted funding rate per interval; NaN before any mark price."""
        value = self._count("funding_rate_e12") / power_of_ten(FUNDING_RATE_DIGITS)
        return value if self._count("mark_e8") else nan

    @property
    def next_funding_ns(self) -> int:
        """When the next funding is due; 0 when unknown."""
        return self._count("next_funding_ns")

    @property
    def open_interest_lots(self) -> int:
        """Open contracts; 0 when unknown."""
        return self._count("open_interest_lots")

    def held_base(self, lots: float) -> float:
        """Open lots in base coins, inverse ones at the mark, else at the middle or last price."""
        return self._value.held_base(lots, self._worth())

    def held_usd(self, lots: float) -> float:
        """The same in quote money (dollars where the quote is one)."""
        return self._value.held_quote(lots, self._worth())

    def _worth(self) -> float:
        for price in (self.mark_price, self.mid_price, self.last_price):
            if price > 0.0:
                return price
        return nan

    @property
    def open_interest_ns(self) -> int:
        """When it was true, by the venue's clock; 0 when unknown."""
        return self._count("open_interest_ns")

    def open_interests(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Open interest over the last four hours: the minutes it was told of (since 1970),
        ascending, and lots; polled history included."""
        points = self._open_interests[self._open_interests["minute"] > 0]
        points = points[np.argsort(points["minute"])]
        newest = int(points["minute"][-1]) if len(points) else 0
        points = points[points["minute"] > newest - OPEN_INTEREST_SLOTS]
        return points["minute"], points["lots"]

    @property
    def funding_interval_s(self) -> int:
        """Time between fundings as the venue's next times showed it; 0 before two of them."""
        return self._count("funding_interval_s")

    def fundings(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The last funding payments (64 at most): times, ns, ascending, and the fractions paid per
        interval; positive = longs paid."""
        count = self._count("fundings")
        kept = np.arange(max(0, count - FUNDING_SLOTS), count) % FUNDING_SLOTS
        paid = self._fundings[kept]
        return paid["paid_ns"], paid["rate_e12"] / power_of_ten(FUNDING_RATE_DIGITS)

    @property
    def liquidated_lots(self) -> tuple[int, int]:
        """Lots of forced buys and forced sells seen so far."""
        return self._count("liquidated_buy_lots"), self._count("liquidated_sell_lots")

    @property
    def is_inverse(self) -> bool:
        """Whether a lot is worth quote money rather than base coins."""
        return self.instrument.kind is MarketKind.INVERSE

    def _scaled(self, field: str, digits: int) -> float:
        value = self._count(field)
        return value / power_of_ten(digits) if value else nan


def _copied(*parts: NDArray[Any]) -> NDArray[Any]:
    # The parts one after another, copied as plain bytes: numpy copies records field by field.
    if parts[0].dtype.names is None:
        return np.concatenate(parts)
    raw = np.dtype((np.void, parts[0].dtype.itemsize))
    joined: NDArray[Any] = np.concatenate([part.view(raw) for part in parts])
    return joined.view(parts[0].dtype)
