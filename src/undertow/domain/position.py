"""A position as others may see it: read-only, assembled by the engine at the instant of asking."""

import msgspec

from undertow.domain.identity import DecisionId, InstrumentId, StrategyId
from undertow.domain.money import Money
from undertow.domain.side import Side


class PositionView(msgspec.Struct, frozen=True):
    """One strategy's open position in one instrument.

    entry_ticks: average entry price in ticks, for analytics; money comes from the ledger.
    stop_ticks: trigger of the protective order at the venue, 0 while none rests yet.
    extreme_ticks: best price since the entry (highest for a long, lowest for a short).
    realised, fees, funding: of this position so far, in the settlement currency.
    unrealised: at the last price, before exit fees.
    notional: value at the last price; heat: what the stop would lose from the last price (at least
    0); both in the reporting currency.
    """

    position_id: str
    strategy: StrategyId
    instrument_id: InstrumentId
    index: int
    side: Side
    qty_lots: int
    entry_ticks: float
    opened_ns: int
    stop_ticks: int
    extreme_ticks: int
    last_ticks: int
    realised: Money
    unrealised: Money
    fees: Money
    funding: Money
    notional: Money
    heat: Money
    entry_decision_id: DecisionId

    @property
    def return_ppm(self) -> float:
        """Price move in our favour since the entry, parts per million of the entry price."""
        return self.side * (self.last_ticks - self.entry_ticks) / self.entry_ticks * 1e6
