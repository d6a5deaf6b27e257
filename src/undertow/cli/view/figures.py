"""Numbers as short texts for a screen; exact ones are in the journal."""

import math

from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.time import NS_PER_HOUR, NS_PER_MINUTE, NS_PER_S

_STEPS = ((1e9, "B"), (1e6, "M"), (1e3, "k"))
_UNKNOWN = "-"


def compact(value: float, *, plus: bool = False) -> str:
    """Three figures and a unit: 1.23M, 45.6k, 789; `plus` shows the sign of a gain."""
    if not math.isfinite(value):
        return _UNKNOWN
    sign = "-" if value < 0 else "+" if plus and value > 0 else ""
    size = abs(value)
    for step, unit in _STEPS:
        if size >= step * 0.9995:
            return f"{sign}{_three(size / step)}{unit}"
    return f"{sign}{_three(size)}" if size else "0"


def count(number: int) -> str:
    """A whole number, in full below a thousand."""
    return str(number) if number < 1_000 else compact(number)


def money(value: float, *, plus: bool = False) -> str:
    """Two decimals with thousands apart."""
    if not math.isfinite(value):
        return _UNKNOWN
    return f"{value:+,.2f}" if plus else f"{value:,.2f}"


def percent(value: float) -> str:
    """A signed percentage of two decimals; `value` is the percentage itself."""
    return f"{value:+.2f}%" if math.isfinite(value) else _UNKNOWN


def price(instrument: Instrument, ticks: int) -> str:
    """A price with all digits of its tick, thousands apart; `-` for none."""
    if ticks <= 0:
        return _UNKNOWN
    digits = instrument.price_step.digits
    return f"{instrument.price_float(ticks):,.{digits}f}"


def span(duration_ns: int) -> str:
    """A length of time in its two largest units: 42s, 3m07s, 2h05m, 4d03h."""
    if duration_ns < NS_PER_MINUTE:
        return f"{max(0, duration_ns) // NS_PER_S}s"
    if duration_ns < NS_PER_HOUR:
        return _two(duration_ns // NS_PER_S, 60, "ms")
    if duration_ns < 24 * NS_PER_HOUR:
        return _two(duration_ns // NS_PER_MINUTE, 60, "hm")
    return _two(duration_ns // NS_PER_HOUR, 24, "dh")


def short_name(instrument: Instrument) -> str:
    """What it is and where, short: `BTC perp aster`, `BTC spot aster`."""
    kind = "spot" if instrument.kind is MarketKind.SPOT else "perp"
    return f"{instrument.base} {kind} {instrument.venue}"


def clip(text: str, width: int) -> str:
    """The text, cut with an ellipsis when it is longer."""
    return text if len(text) <= width else f"{text[: max(0, width - 1)]}…"


def _three(size: float) -> str:
    if size >= 100:
        return f"{size:.0f}"
    return f"{size:.1f}" if size >= 10 else f"{size:.2f}"


def _two(count: int, per: int, units: str) -> str:
    large, small = divmod(count, per)
    return f"{large}{units[0]}{small:02d}{units[1]}"
