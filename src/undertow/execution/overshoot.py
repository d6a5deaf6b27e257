"""An exit closed more than its strategy held: the venue took it from whoever held the rest.

A stop and an exit of the same position may both fill before either can be taken back. At a venue
that nets all strategies, what was closed too much was another strategy's, and neither could ever be
closed again: both sides are there in our books only. So the two are set off against each other at
the price of that fill, without a fee, as if the fill had been shared out in the first place.
"""

from undertow.domain.identity import ClientOrderId, DecisionId, FillId
from undertow.domain.money import Money
from undertow.domain.order import Liquidity, Purpose
from undertow.domain.side import Side
from undertow.execution.desk_step import DeskStep
from undertow.execution.holding import Holding
from undertow.ledger.fill import Fill

REASON = "netted"


def net_overshoot(step: DeskStep, held: Holding) -> None:
    """Set an overshoot off against the others' positions on the other side, as far as they go.

    What is touched on the other side is looked after at once (`next_ns`).
    """
    for other in step.state.opposed(held):
        lots = min(abs(held.signed_lots), abs(other.signed_lots))
        if not lots:
            return
        price_ticks, number = held.overshoot_ticks, step.state.ids.next_id("netting")
        for part in (held, other):
            _book(step, part, lots, price_ticks, number)
        other.call_again(step.now_ns)


def _book(step: DeskStep, part: Holding, lots: int, price_ticks: int, number: str) -> None:
    instrument = step.state.instrument(part)
    side: Side = part.side.opposite
    fill = Fill(
        fill_id=FillId(number),
        client_order_id=ClientOrderId(number),
        venue=instrument.venue,
        strategy=part.strategy,
        instrument_id=part.instrument_id,
        side=side,
        price_ticks=price_ticks,
        qty_lots=lots,
        liquidity=Liquidity.TAKER,
        fee=Money.zero(instrument.settle),
        purpose=Purpose.EXIT,
        decision_id=DecisionId(""),
        reason=REASON,
        event_time_ns=step.now_ns,
        at_ns=step.now_ns,
    )
    step.out.fills.append(fill)
    part.apply(instrument, fill)
