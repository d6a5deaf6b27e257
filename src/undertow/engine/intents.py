"""From a strategy's signal to the intent that risk judges.

An entry is a marketable limit, immediate or cancel, priced a little beyond the touch (C-41): it
pays no more than its slippage cap. Everything that reduces exposure goes to market, reduce-only.
"""

from undertow.domain.account import MarketFacts
from undertow.domain.identity import DecisionId
from undertow.domain.intent import Intent, Signal
from undertow.domain.order import Limit, Market, Purpose, TimeInForce
from undertow.domain.position import PositionView
from undertow.domain.side import Side

PPM = 1_000_000


def entry_intent(
    intent_id: str,
    decision_id: DecisionId,
    signal: Signal,
    market: MarketFacts,
    slippage_ppm: int | None,
) -> Intent:
    """Ask to open a position as the signal says. The trailing distance is the signal's own.

    slippage_ppm: how far beyond the touch it may pay; None = a market order.
    """
    touch = market.ask_ticks if signal.side is Side.BUY else market.bid_ticks
    reference = touch or market.last_ticks or signal.entry_ticks
    terms: Market | Limit = Market()
    if slippage_ppm is not None:
        worst = reference + signal.side * max(1, reference * slippage_ppm // PPM)
        terms = Limit(worst, TimeInForce.IOC)
    return Intent(
        intent_id=intent_id,
        decision_id=decision_id,
        strategy=signal.strategy,
        instrument_id=signal.instrument_id,
        side=signal.side,
        purpose=Purpose.ENTRY,
        terms=terms,
        reason=signal.reason,
        decided_ns=0,
        reference_ticks=reference,
        stop_ticks=signal.stop_ticks,
        take_profit_ticks=signal.take_profit_ticks,
        trail_ppm=signal.trail_ppm,
        trail=signal.trail,
    )


def closing_intent(
    intent_id: str, decision_id: DecisionId, position: PositionView, purpose: Purpose, reason: str
) -> Intent:
    """Ask to close all of a position at market."""
    return Intent(
        intent_id=intent_id,
        decision_id=decision_id,
        strategy=position.strategy,
        instrument_id=position.instrument_id,
        side=position.side.opposite,
        purpose=purpose,
        terms=Market(),
        reason=reason,
        decided_ns=0,
        qty_lots=position.qty_lots,
        reference_ticks=position.last_ticks,
    )
