"""What one strategy holds of one instrument, counted from the fills the desk has seen, and how it
is protected. The ledger counts the same from the same fills; `ExecutionDesk.check` compares.
"""

import msgspec

from undertow.domain.identity import DecisionId, InstrumentId, StrategyId
from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.intent import Approved, Intent
from undertow.domain.money import divide_half_even
from undertow.domain.side import Side
from undertow.execution.stop_plan import StopPlan
from undertow.ledger.exact_price import coin_amount
from undertow.ledger.fill import Fill


class FlattenWish(msgspec.Struct, frozen=True):
    """The position must go; asked again until it is gone."""

    reason: str
    attempts: int = 0
    next_ns: int = 0


class Turn(msgspec.Struct, frozen=True, gc=False):
    """What a fill did to a holding."""

    is_opened: bool
    is_closed: bool


class Holding(msgspec.Struct, kw_only=True):
    """signed_lots: negative for a short. coin_fees: taken from the position's own coins (spot).

    plan: where the stop should be; None while flat. asked_ns: when a protective intent was given
    out that is not answered yet. wish: close it. deferred: an exit that waits until the stop has
    given the coins free. reversal: the entry that follows when closing is done, until then.
    stops_lost: stops that ended without us wanting it. target_ns: when the take-profit may be asked
    for again. overshoot_ticks: price at which an exit opened this by closing more than was held.
    is_dust: too little to be sold.
    next_ns: when it needs attention although nothing was heard; 0 = no need.
    """

    strategy: StrategyId
    instrument_id: InstrumentId
    signed_lots: int = 0
    coin_fees: int = 0
    position_id: str = ""
    entry_decision_id: DecisionId = DecisionId("")
    plan: StopPlan | None = None
    asked_ns: int = 0
    wish: FlattenWish | None = None
    deferred: Approved | None = None
    reversal: Intent | None = None
    reversal_until_ns: int = 0
    stops_lost: int = 0
    target_ns: int = 0
    overshoot_ticks: int = 0
    is_dust: bool = False
    next_ns: int = 0

    @property
    def side(self) -> Side:
        """The position's side; BUY when flat."""
        return Side.SELL if self.signed_lots < 0 else Side.BUY

    @property
    def is_open(self) -> bool:
        """True when something is held."""
        return self.signed_lots != 0

    def call_again(self, at_ns: int) -> None:
        """Needs attention at that time, or earlier when it was asked for earlier."""
        at_ns = max(1, at_ns)  # 0 means never
        self.next_ns = min(self.next_ns, at_ns) if self.next_ns else at_ns

    def closable_lots(self, instrument: Instrument) -> int:
        """Lots that an exit can close: coins that paid fees are not there any more."""
        if self.signed_lots <= 0 or not self.coin_fees:
            return abs(self.signed_lots)
        left = coin_amount(instrument, self.signed_lots) - self.coin_fees
        return max(0, left // coin_amount(instrument, 1))

    def apply(self, instrument: Instrument, fill: Fill) -> Turn:
        """Count a fill. What the ledger does with it, without the money."""
        held, lots, fee = abs(self.signed_lots), fill.qty_lots, fill.fee.amount
        closing = min(held, lots) if self.signed_lots * fill.side < 0 else 0
        if closing:
            part = divide_half_even(fee * closing, lots)
            self._reduce(instrument, fill, closing, part)
            lots, fee = lots - closing, fee - part
        is_closed = closing > 0 and not self.is_open
        is_opened = lots > 0 and not self.is_open
        if is_closed or is_opened:
            self._forget()
        if lots:
            self.signed_lots += fill.side * lots
            self._charge(instrument, fill, fee)
        if is_opened:
            self.position_id = fill.position_id
            self.entry_decision_id = fill.decision_id
        self.is_dust = False
        return Turn(is_opened, is_closed)

    def _reduce(self, instrument: Instrument, fill: Fill, lots: int, fee: int) -> None:
        self._charge(instrument, fill, fee)
        self.signed_lots += fill.side * lots
        if self.is_open and self.closable_lots(instrument) == 0:
            self.signed_lots = 0  # what is left was eaten by fees

    def _charge(self, instrument: Instrument, fill: Fill, fee: int) -> None:
        is_coin = instrument.kind is MarketKind.SPOT and fill.fee.currency == instrument.base
        if is_coin and self.signed_lots > 0:
            self.coin_fees += fee

    def _forget(self) -> None:
        self.coin_fees = 0
        self.position_id = ""
        self.entry_decision_id = DecisionId("")
        self.plan = None
        self.asked_ns = 0
        self.wish = None
        self.deferred = None
        self.stops_lost = 0
        self.target_ns = 0
        self.overshoot_ticks = 0
