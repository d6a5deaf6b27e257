"""Whether a taker can be filled now, where trades or bars are all that is known.

A book can be walked at any time. A trade or a bar is evidence of a price only when it happens: a
taker is filled by the next trade; from bars, at the open of a bar that has just begun, else at the
next open. So a decision made at a bar's close is never filled at that close.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from undertow.domain.order import Limit, TimeInForce
from undertow.domain.side import Side
from undertow.simulator.exchange_config import ExchangeConfig
from undertow.simulator.fidelity import Fidelity
from undertow.simulator.venue_markets import VenueMarkets
from undertow.simulator.venue_order import VenueOrder


class PrintClock:
    """Between two rows nothing can be taken but at a fresh open; during a row everything can."""

    def __init__(self, markets: VenueMarkets, config: ExchangeConfig) -> None:
        self._markets = markets
        self._is_print = config.fidelity in (Fidelity.TRADES, Fidelity.BARS)
        self._is_bars = config.fidelity is Fidelity.BARS
        # Time enough to hear of the open, answer it, hear of the fill, and send its stop.
        trips_ns = config.order_latency.floor_ns + config.response_latency.floor_ns
        needed_ns = config.feed_latency.floor_ns + 2 * trips_ns
        self._window_ns = max(config.open_window_ns, needed_ns)
        self._is_now = False

    @property
    def is_print(self) -> bool:
        """True when no book is known, trades or bars alone."""
        return self._is_print

    @contextmanager
    def now(self) -> Iterator[None]:
        """While a row is played, its prices can be traded on."""
        before, self._is_now = self._is_now, True
        try:
            yield
        finally:
            self._is_now = before

    @contextmanager
    def at(self, index: int, ticks: int) -> Iterator[None]:
        """While it lasts, this is the instrument's price and can be traded on."""
        market = self._markets.market(index)
        last = int(market["last_ticks"])
        market["last_ticks"] = ticks
        try:
            with self.now():
                yield
        finally:
            market["last_ticks"] = last

    def must_wait(self, order: VenueOrder, at_ns: int, *, would_take: bool) -> bool:
        """True when an order takes and cannot be filled now."""
        if not self._is_print or self._is_now:
            return False
        terms = order.terms
        lives = isinstance(terms, Limit) and terms.time_in_force is TimeInForce.GTC
        is_resting = lives and not would_take
        return not is_resting and not self.is_fresh(order.index, at_ns)

    def window_ns(self, index: int) -> int:
        """How long after its open a bar's open can be traded on."""
        length = int(self._markets.market(index)["bar_length_ns"])
        return min(self._window_ns, length // 2)

    def is_fresh(self, index: int, at_ns: int) -> bool:
        """True while the open of the bar in progress can be traded on."""
        market = self._markets.market(index)
        since_ns = at_ns - int(market["bar_at_ns"])
        return bool(self._is_bars and market["is_in_bar"] and since_ns <= self.window_ns(index))

    def missed(self, order: VenueOrder, trigger_ticks: int, at_ns: int) -> bool:
        """True when a stop, sent on hearing of an entry inside a bar, was passed by the rest of it.

        The entry is reported when the bar is over, so its stop could not be there in time, while in
        life it would have been.
        """
        market = self._markets.market(order.index)
        if not order.order.is_reduce_only or not self._is_bars:
            return False
        if at_ns - int(market["missed_ns"]) > self.window_ns(order.index):
            return False
        if order.side is Side.SELL:
            return bool(market["missed_low"] <= trigger_ticks)
        return bool(market["missed_high"] >= trigger_ticks)
