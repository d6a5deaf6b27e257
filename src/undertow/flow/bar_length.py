"""Length of the bars of an array, which does not say so itself."""

from undertow.domain.errors import CallerError
from undertow.flow.flow_view import Bars


def bar_length_ns(bars: Bars) -> int:
    """Time from one bar's open to the next; needs two bars, contiguous ones."""
    if len(bars) < 2:
        raise CallerError(f"expected at least 2 bars to know their length, found {len(bars)}")
    times = bars["open_time_ns"]
    length = int(times[1] - times[0])
    if length <= 0 or int(times[-1] - times[0]) != length * (len(bars) - 1):
        raise CallerError("expected contiguous bars of one length, oldest first")
    return length
