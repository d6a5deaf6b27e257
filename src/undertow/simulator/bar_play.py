"""Resting orders meet a bar: at its open, and along an assumed path to its close (BT-05).

The path is a line from point to point; the order nearest along it is met first, at its own price,
and what it changes (a position, other orders) counts for the rest of the way. A stop acts at its
trigger price, or at the open where that is beyond it already; its market order pays half the spread
and slippage beyond that price. A limit order is filled at its own price when the path goes through
it; where the path only touches it, it gets `at_share_ppm` of what may be ours of the bar's volume.

An order that came to rest later than the bar's open can be traded on meets only the close: what the
bar did before the order was there is not evidence.
"""

from collections.abc import Callable
from typing import NamedTuple

from undertow.domain.identity import ClientOrderId
from undertow.domain.order import Limit, Trigger, TriggerWhen
from undertow.domain.side import Side
from undertow.simulator.exchange_config import ExchangeConfig
from undertow.simulator.intrabar_path import IntrabarPath, comes_low_first
from undertow.simulator.matcher import Matcher
from undertow.simulator.print_budget import PrintBudget
from undertow.simulator.print_clock import PrintClock
from undertow.simulator.venue_markets import VenueMarkets
from undertow.simulator.venue_order import VenueOrder

_PPM = 1_000_000


class ClosedBar(NamedTuple):
    """Prices of a bar in ticks, and the venue's time at its close."""

    instrument: int
    low: int
    high: int
    close: int
    at_ns: int


class BarPlay:
    """Walks bars for the orders of one venue; remembers nothing of its own.

    exposure: lots held of an instrument, < 0 when short (on spot, coins that can be sold).
    """

    def __init__(
        self,
        config: ExchangeConfig,
        markets: VenueMarkets,
        matcher: Matcher,
        *,
        clock: PrintClock,
        budget: PrintBudget,
        exposure: Callable[[int], int],
    ) -> None:
        self._path = config.intrabar_path
        self._at_share_ppm = config.at_share_ppm
        self._is_gap_improved = config.is_gap_improved
        self._markets = markets
        self._matcher = matcher
        self._clock = clock
        self._budget = budget
        self._exposure = exposure

    def on_open(self, index: int, at_ns: int) -> None:
        """A bar has opened: stops that it has passed, takers that waited, limits it has passed."""
        price = self._markets.last_ticks(index)
        with self._clock.now():
            for order, _ in self._markets.resting(index):
                if order.is_open and order.is_trigger and _meets(order, price, price):
                    self._matcher.release(order, at_ns)
            for order in self._markets.waiting(index):
                if order.is_open:
                    self._matcher.take_waiting(order, at_ns)
            limits = [order for order, _ in self._markets.resting(index) if not order.is_trigger]
            for order in sorted(limits, key=lambda o: -o.side * o.price_ticks):
                if order.is_open and _meets(order, price, price):
                    ticks = price if self._is_gap_improved else order.price_ticks
                    self._fill(order, ticks, price, at_ns)

    def on_bar(self, bar: ClosedBar) -> None:
        """A bar has closed: walk its path."""
        market = self._markets.market(bar.instrument)
        opened = int(market["bar_open_ticks"])
        late_ns = int(market["bar_at_ns"]) + self._clock.window_ns(bar.instrument)
        late = {
            order.client_order_id
            for order, entered_ns in self._markets.resting(bar.instrument)
            if late_ns < entered_ns < bar.at_ns
        }
        low_first = comes_low_first(
            self._path, opened, bar.low, bar.high, low_hurts=self._low_hurts(bar)
        )
        turns = (bar.low, bar.high) if low_first else (bar.high, bar.low)
        passed = set(late)
        with self._clock.now():
            self._walk(bar, (opened, *turns, bar.close), passed, is_whole=True)
            self._walk(bar, (bar.close,), passed - late, is_whole=False)
        market["last_ticks"] = bar.close

    def _low_hurts(self, bar: ClosedBar) -> bool:
        # What is held decides; when nothing is, a breakout order wants its own side first, and any
        # other entry the side on which it is.
        held = self._exposure(bar.instrument)
        if held:
            return held > 0
        entries = [
            order
            for order, _ in self._markets.resting(bar.instrument)
            if not order.order.is_reduce_only and _meets(order, bar.low, bar.high)
        ]
        for order in entries:
            if order.is_trigger:
                return _rise(order) < 0
        return not entries or entries[0].side is Side.BUY

    def _walk(
        self, bar: ClosedBar, points: tuple[int, ...], passed: set[ClientOrderId], *, is_whole: bool
    ) -> None:
        # `passed`: orders that are not met (any more) on this walk. is_whole: the bar's own path.
        market = self._markets.market(bar.instrument)
        price, rest = points[0], list(points)
        while rest:
            found = self._next(bar.instrument, price, rest[0], passed)
            if found is None:
                price = market["last_ticks"] = rest.pop(0)
                continue
            price, order = found
            market["last_ticks"] = price
            passed.add(order.client_order_id)
            was_trigger, before = order.is_trigger, abs(self._exposure(bar.instrument))
            self._meet(order, bar, (price, *rest))
            if was_trigger and not order.is_trigger:
                passed.discard(order.client_order_id)
            if abs(self._exposure(bar.instrument)) > before:
                rest = self._after_entry(bar, rest) if is_whole else rest
                self._note_entry(bar, (price, *rest))

    def _after_entry(self, bar: ClosedBar, rest: list[int]) -> list[int]:
        # In the worst case an entry has the whole bar before it, the extreme that hurts it first.
        if self._path not in (IntrabarPath.WORST_CASE, IntrabarPath.BEST_CASE):
            return rest
        is_low_first = (self._exposure(bar.instrument) > 0) is (
            self._path is IntrabarPath.WORST_CASE
        )
        return [*((bar.low, bar.high) if is_low_first else (bar.high, bar.low)), bar.close]

    def _next(
        self, index: int, price: int, target: int, passed: set[ClientOrderId]
    ) -> tuple[int, VenueOrder] | None:
        # The order met first on the way from price to target, and where.
        low, high = min(price, target), max(price, target)
        best: tuple[int, int, int, VenueOrder] | None = None
        for place, (order, _) in enumerate(self._markets.resting(index)):
            if order.client_order_id in passed or not _meets(order, low, high):
                continue
            ticks = min(high, max(low, order.price_ticks))
            key = (abs(ticks - price), place, ticks, order)
            if best is None or key[:2] < best[:2]:
                best = key
        return None if best is None else best[2:]

    def _meet(self, order: VenueOrder, bar: ClosedBar, rest: tuple[int, ...]) -> None:
        if order.is_trigger:
            self._matcher.release(order, bar.at_ns)
        else:
            farthest = min(rest) if order.side is Side.BUY else max(rest)
            self._fill(order, order.price_ticks, farthest, bar.at_ns)

    def _note_entry(self, bar: ClosedBar, rest: tuple[int, ...]) -> None:
        # The stop of this entry can only be sent now: what it would have met is kept for it. The
        # best case forgives it all but the close.
        if self._path is IntrabarPath.BEST_CASE:
            rest = (rest[0], bar.close)
        market = self._markets.market(bar.instrument)
        market["missed_low"] = min(rest)
        market["missed_high"] = max(rest)
        market["missed_ns"] = bar.at_ns

    def _fill(self, order: VenueOrder, ticks: int, farthest: int, at_ns: int) -> None:
        # farthest: how far the price goes against the order; through it, or only to it.
        is_through = order.side * (order.price_ticks - farthest) > 0
        most = self._budget.makers(order.index, order.side)
        if not is_through:
            most = most * self._at_share_ppm // _PPM
        lots = min(order.remaining, most)
        if lots:
            filled = order.filled_lots
            self._matcher.fill_maker(order, ticks, lots, at_ns)
            self._budget.make(order.index, order.side, order.filled_lots - filled)


def _rise(order: VenueOrder) -> int:
    assert isinstance(order.terms, Trigger), "only triggers rise or fall"
    return 1 if order.terms.when is TriggerWhen.RISES_TO else -1


def _meets(order: VenueOrder, low: int, high: int) -> bool:
    # True when prices from low to high reach a resting order.
    is_limit = isinstance(order.terms, Limit)
    needs_low = order.side is Side.BUY if is_limit else _rise(order) < 0
    return low <= order.price_ticks if needs_low else high >= order.price_ticks
