"""The stretches of the way from the market to the fill, in milliseconds.

Engine time is the receive time of the input being handled, so a stretch inside one step is 0. A
stretch that ends at the venue compares its clock with ours and is as right as both are.
"""

from undertow.cli.why.order_story import Latency, SeenBar, SeenTrade, ToldOrder, Wake
from undertow.domain.bar import TIMEFRAME_NAMES
from undertow.domain.time import NS_PER_MS, NS_PER_S

_SECONDS = {name: seconds for seconds, name in TIMEFRAME_NAMES.items()}
_FILLS = ("partially filled", "filled")


def latencies(
    order: ToldOrder, wake: Wake | None, bars: tuple[SeenBar, ...], trades: tuple[SeenTrade, ...]
) -> tuple[Latency, ...]:
    """Every stretch that the story knows, in order of time."""
    found: list[Latency] = []
    if trades:
        found.append(Latency(stretch="last trade: event to receipt", ms=trades[-1].feed_latency_ms))
    if wake is not None:
        if trades:
            since_ns = wake.at_ns - trades[-1].receive_time_ns
            found.append(_stretch("last trade received to acted", since_ns))
        closed = [bar for bar in bars if wake.kind == "bar" and bar.at_ns == wake.at_ns]
        if closed:
            ended_ns = closed[0].open_time_ns + _SECONDS[closed[0].timeframe] * NS_PER_S
            found.append(_stretch("bar ended to acted", wake.at_ns - ended_ns))
        found.append(_stretch("acted to sent", order.sent_ns - wake.at_ns))
    return (*found, *_answers(order))


def _answers(order: ToldOrder) -> list[Latency]:
    found: list[Latency] = []
    accepted = [step for step in order.life if step.what == "accepted"]
    fills = [step for step in order.life if step.what in _FILLS]
    named = (("accepted", accepted[:1]), ("first fill", fills[:1]), ("last fill", fills[1:][-1:]))
    for name, steps in named:
        for step in steps:
            at_venue_ns = step.venue_time_ns - order.sent_ns
            found.append(_stretch(f"sent to {name} at the venue", at_venue_ns))
            found.append(_stretch(f"sent to {name} heard", step.at_ns - order.sent_ns))
    return found


def _stretch(name: str, duration_ns: int) -> Latency:
    return Latency(stretch=name, ms=duration_ns / NS_PER_MS)
