"""One strategy's open position in one instrument, with exact money.

Amounts are integers of 10**-18 of the settlement currency. The cost of the open lots is kept whole:
a partial close releases its share, rounded half to even at the last digit, and the last close
releases the rest, so that nothing is ever lost to rounding.
"""

import msgspec

from undertow.domain.errors import InvariantBroken
from undertow.domain.identity import DecisionId, InstrumentId, StrategyId
from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.money import Money, divide_half_even
from undertow.domain.side import Side
from undertow.ledger.exact_price import coin_amount


class Position(msgspec.Struct, frozen=True, kw_only=True):
    """cost: entry cost of the `lots` still open. entered_*, exited_*: all fills of its life.

    realised: profit of the closed part before fees. fees: all that could be valued in the
    settlement currency; coin_fees of them were taken from a spot position's own coins (amount in
    coins, and coin_fees_value as valued). unvalued_fees: the others, by currency.
    """

    position_id: str
    strategy: StrategyId
    instrument_id: InstrumentId
    side: Side
    lots: int
    cost: int
    entered_lots: int
    entered_cost: int
    opened_ns: int
    entry_decision_id: DecisionId
    exited_lots: int = 0
    exited_value: int = 0
    realised: int = 0
    fees: int = 0
    funding: int = 0
    coin_fees: int = 0
    coin_fees_value: int = 0
    unvalued_fees: dict[str, int] = {}

    @property
    def signed_lots(self) -> int:
        """Lots, negative for a short."""
        return self.side * self.lots

    @property
    def net_pnl(self) -> int:
        """Realised profit after fees and funding so far."""
        return self.realised - self.fees + self.funding

    def deliverable_lots(self, instrument: Instrument) -> int:
        """Lots that can be sold: on spot, coins that were taken as fees are not there any more."""
        if self.side is Side.SELL or not self.coin_fees:
            return self.lots
        return (coin_amount(instrument, self.lots) - self.coin_fees) // coin_amount(instrument, 1)

    def with_entry(self, lots: int, cost: int) -> "Position":
        """The position after more was bought (long) or sold (short)."""
        return msgspec.structs.replace(
            self,
            lots=self.lots + lots,
            cost=self.cost + cost,
            entered_lots=self.entered_lots + lots,
            entered_cost=self.entered_cost + cost,
        )

    def released_cost(self, lots: int) -> int:
        """The share of the entry cost that leaves with `lots`."""
        if not 0 < lots <= self.lots:
            raise InvariantBroken(f"expected to close 1 to {self.lots} lots, found {lots}")
        return self.cost if lots == self.lots else divide_half_even(self.cost * lots, self.lots)

    def with_exit(self, instrument: Instrument, lots: int, value: int) -> "Position":
        """The position after `lots` left for `value`; DEFINITIONS perp.pnl_funding_margin."""
        released = self.released_cost(lots)
        gain = released - value if instrument.kind is MarketKind.INVERSE else value - released
        return msgspec.structs.replace(
            self,
            lots=self.lots - lots,
            cost=self.cost - released,
            exited_lots=self.exited_lots + lots,
            exited_value=self.exited_value + value,
            realised=self.realised + self.side * gain,
        )

    def unrealised(self, instrument: Instrument, mark_ticks: int) -> Money:
        """Profit of the open lots at a price, before fees, in the settlement currency."""
        value = instrument.cost(mark_ticks, self.lots).amount
        gain = self.cost - value if instrument.kind is MarketKind.INVERSE else value - self.cost
        return Money(self.side * gain, instrument.settle)
