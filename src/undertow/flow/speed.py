"""Speed of movement: how far the price went in the last seconds, in average ranges (FLOW-28)."""

from math import nan

from undertow.flow.flow_view import FlowView


def speed(flow: FlowView, seconds: int, atr_ticks: float) -> float:
    """(last close - open `seconds` ago) / ATR, signed; NaN without that many closed seconds or ATR.

    `atr_ticks`: ATR of the one-minute bars, in ticks. Around 0 is a grind, beyond +-1 a rush.
    Closed one-second bars only.
    """
    bars = flow.bars(1, seconds)
    if len(bars) < seconds or not atr_ticks > 0.0:
        return nan
    return (int(bars["close_ticks"][-1]) - int(bars["open_ticks"][0])) / atr_ticks
