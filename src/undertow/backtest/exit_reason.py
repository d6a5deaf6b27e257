"""Why a position was left, in the words that users of candle engines know.

roi, stop_loss, trailing_stop_loss, exit_signal, custom_exit, force_exit, emergency_exit,
liquidation, sold_on_exchange.
"""

from undertow.domain.order import Purpose

EXIT_SIGNAL = "exit_signal"
FORCE_EXIT = "force_exit"
LIQUIDATION = "liquidation"

_EXACT = {
    "stop_loss": "stop_loss",
    "trailing_stop": "trailing_stop_loss",
    "take_profit": "roi",
    "roi": "roi",
    "liquidation": LIQUIDATION,
}
_PREFIXES = (
    ("emergency_exit", "emergency_exit"),
    ("risk:", FORCE_EXIT),
    ("FlattenAll", FORCE_EXIT),
    ("EngageKillSwitch", FORCE_EXIT),
    ("reversal:", EXIT_SIGNAL),
    ("liquidation", LIQUIDATION),
)


def exit_reason(reason: str, purpose: Purpose) -> str:
    """The name of an exit whose order was sent with this reason and purpose.

    An exit that a strategy asked for is `exit_signal`, whatever its own words; those are kept as
    the trade's exit tag.
    """
    found = _EXACT.get(reason)
    if found is not None:
        return found
    for prefix, name in _PREFIXES:
        if reason.startswith(prefix):
            return name
    if purpose is Purpose.PROTECT:
        return "stop_loss"
    return FORCE_EXIT if purpose is Purpose.FLATTEN else EXIT_SIGNAL
