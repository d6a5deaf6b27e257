"""From an intent's terms to an order's: the style of an entry, the way out of a position."""

from undertow.domain.intent import Intent
from undertow.domain.order import Limit, Market, Terms, TimeInForce, Trigger, TriggerWhen
from undertow.domain.side import Side
from undertow.execution.execution_config import PPM, EntryStyle, StrategyPolicy


def entry_terms(intent: Intent, policy: StrategyPolicy) -> Terms | None:
    """How an entry is sent: as the intent says, or by the strategy's style where it says `Market`.

    None when the style needs a reference price and the intent has none.
    """
    if not isinstance(intent.terms, Market) or policy.entry_style is EntryStyle.MARKET:
        return intent.terms
    if intent.reference_ticks <= 0:
        return None
    if policy.entry_style is EntryStyle.POST_ONLY:
        return Limit(intent.reference_ticks, TimeInForce.GTC, is_post_only=True)
    # At most the cap, rounded toward the reference: never worse than configured.
    slip = intent.reference_ticks * policy.slippage_ppm // PPM
    return Limit(intent.reference_ticks + intent.side * slip, TimeInForce.IOC)


def stop_terms(side: Side, stop_ticks: int) -> Trigger:
    """The protective stop of a position on `side`: released against it, then to market."""
    when = TriggerWhen.FALLS_TO if side is Side.BUY else TriggerWhen.RISES_TO
    return Trigger(stop_ticks, when, Market())
