"""What a taker would get now, before anything is taken."""

import msgspec

from undertow.domain.side import Side
from undertow.simulator.exchange_config import ExchangeConfig
from undertow.simulator.fidelity import Fidelity
from undertow.simulator.print_budget import PrintBudget
from undertow.simulator.venue_markets import VenueMarkets

_PPM = 1_000_000
_NO_LEVEL = -1
_FAR_TICKS = 1 << 60


class Take(msgspec.Struct, frozen=True, gc=False):
    """Lots at one price; `level` is the displayed level they come from, -1 where none is shown."""

    ticks: int
    lots: int
    level: int


class TakerPlan(msgspec.Struct, frozen=True):
    """The fills of a taker, best first, and why there are not more ("" when complete)."""

    takes: tuple[Take, ...]
    shortfall: str

    @property
    def lots(self) -> int:
        """Lots that would be filled."""
        return sum(take.lots for take in self.takes)


class TakerPlanner:
    """Walks displayed levels; where the data show no depth, prices the rest by slippage."""

    def __init__(self, markets: VenueMarkets, budget: PrintBudget, config: ExchangeConfig) -> None:
        self._markets = markets
        self._budget = budget
        self._config = config
        self._is_print = config.fidelity in (Fidelity.TRADES, Fidelity.BARS)
        self._is_book = config.fidelity is Fidelity.BOOK

    def has_market(self, index: int) -> bool:
        """True when the instrument's price is known well enough to trade on."""
        if self._is_book and not self._markets.is_valid(index):
            return False
        return self._markets.mark_e8(index) > 0

    def would_take(self, index: int, side: Side, ticks: int) -> bool:
        """True when a limit order at this price would not rest.

        Of trades or bars only the last price is known: it decides, whatever the assumed spread. A
        stranger who took on our own side met it at the price at which we would take, too.
        """
        markets = self._markets
        if self._is_print:
            last = markets.last_ticks(index)
            beyond = side * (ticks - last)
            return last > 0 and (beyond > 0 or (beyond == 0 and markets.last_side(index) == side))
        opposite = markets.touch(index, side.opposite)
        if opposite and side * (ticks - opposite) >= 0:
            return True
        return bool(markets.crossing(index, side, ticks))

    def limit(self, index: int, side: Side, limit_ticks: int, lots: int) -> TakerPlan:
        """What a limit order would take at once."""
        takes = self._walk(index, side, limit_ticks, lots)
        rest = lots - sum(take.lots for take in takes)
        if rest and not self._is_book:
            ticks = self._slipped(index, side, takes)
            part = self._available(index, side, rest)
            if self._is_print and not self.would_take(index, side, limit_ticks):
                part = 0
            if part and ticks and side * (limit_ticks - ticks) >= 0:
                takes.append(Take(ticks, part, _NO_LEVEL))
                rest -= part
        return TakerPlan(tuple(takes), "limit_reached" if rest else "")

    def market(self, index: int, side: Side, lots: int) -> TakerPlan:
        """What a market order would take, no further than the cap from the best price.

        Without a valid book it is filled by slippage from the last price: a gap in the recording
        must not trap a position (entries are refused before they come here).
        """
        reference = self._markets.touch(index, side.opposite)
        cap = reference + side * (reference * self._config.market_cap_ppm // _PPM)
        takes = self._walk(index, side, cap, lots) if reference else []
        rest = lots - sum(take.lots for take in takes)
        if rest and not (self._is_book and self._markets.is_valid(index)):
            ticks = self._slipped(index, side, takes, reference)
            part = self._available(index, side, rest)
            if ticks and part:
                ticks = min(ticks, cap) if side is Side.BUY else max(ticks, cap)
                takes.append(Take(ticks, part, _NO_LEVEL))
                rest -= part
        return TakerPlan(tuple(takes), self._shortfall(index, side, lots, rest))

    def forced(self, index: int, side: Side, lots: int) -> TakerPlan:
        """The whole of a liquidation: all displayed levels, the rest by slippage beyond them."""
        takes = self._walk(index, side, _far(side), lots)
        rest = lots - sum(take.lots for take in takes)
        if rest:
            ticks = self._slipped(index, side, takes) or self._markets.mark_ticks(index)
            takes.append(Take(ticks, rest, _NO_LEVEL))
        return TakerPlan(tuple(takes), "")

    def _available(self, index: int, side: Side, lots: int) -> int:
        return min(lots, self._budget.takers(index, side)) if self._is_print else lots

    def _walk(self, index: int, side: Side, worst_ticks: int, lots: int) -> list[Take]:
        levels = self._markets.walk(index, side, worst_ticks, lots)
        return [Take(ticks, part, level) for ticks, part, level in levels]

    def _slipped(self, index: int, side: Side, takes: list[Take], touch: int = 0) -> int:
        # Beyond the worst of what is known: the last price, the best opposite price (`touch`, where
        # the caller has asked for it), the takes.
        markets = self._markets
        touch = touch or markets.touch(index, side.opposite)
        known = (takes[-1].ticks if takes else 0, touch, markets.last_ticks(index))
        prices = [ticks for ticks in known if ticks]
        if not prices:
            return 0
        worst = max(prices) if side is Side.BUY else min(prices)
        slip = self._config.slippage.ticks(worst, markets.range_ticks(index))
        return max(1, worst + side * slip)

    def _shortfall(self, index: int, side: Side, lots: int, rest: int) -> str:
        if not rest:
            return ""
        anywhere = sum(take.lots for take in self._walk(index, side, _far(side), lots))
        return "price_cap" if anywhere > lots - rest else "no_liquidity"


def _far(side: Side) -> int:
    return _FAR_TICKS if side is Side.BUY else 1
