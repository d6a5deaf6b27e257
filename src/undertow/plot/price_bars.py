"""Bars of an instrument in quote units, ready to be drawn."""

from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.domain.bar import TIMEFRAME_NAMES
from undertow.domain.errors import CallerError
from undertow.flow.bar_length import bar_length_ns
from undertow.flow.instrument_flow import InstrumentFlow
from undertow.plot.drawing import Candles, Columns, Panel

Floats = NDArray[np.float64]


class PriceBars(msgspec.Struct, frozen=True, eq=False):
    """Closed bars, oldest first. rows: the `BAR` array itself; middle_ns: middle of each bar; tick:
    quote units of a tick; name: of the instrument, "" for plain arrays.
    """

    rows: NDArray[Any]
    length_ns: int
    middle_ns: NDArray[np.int64]
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    tick: float
    name: str = ""
    quote: str = ""

    @property
    def candles(self) -> Candles:
        """The bars as candles."""
        return Candles(
            self.middle_ns, self.open, self.high, self.low, self.close, float(self.length_ns)
        )

    @property
    def start_ns(self) -> int:
        """Open time of the first bar."""
        return int(self.rows["open_time_ns"][0])

    @property
    def end_ns(self) -> int:
        """Close time of the last bar."""
        return int(self.rows["open_time_ns"][-1]) + self.length_ns

    @property
    def price_label(self) -> str:
        """What the price axis says."""
        return f"price ({self.quote})" if self.quote else "price"

    @property
    def length_name(self) -> str:
        """Such as 1m."""
        seconds = self.length_ns // 10**9
        return TIMEFRAME_NAMES.get(seconds, f"{seconds}s")

    def price(self, ticks: float) -> float:
        """A price in ticks as quote units."""
        return ticks * self.tick


def price_bars(
    source: InstrumentFlow | NDArray[Any], timeframe_s: int, count: int, tick: float = 1.0
) -> PriceBars:
    """The last `count` closed bars of a flow, or the bars of an array whose tick is `tick`.

    Raises `CallerError` with fewer than 2 bars: there is nothing to draw.
    """
    name = quote = ""
    if isinstance(source, InstrumentFlow):
        rows: NDArray[Any] = source.bars(timeframe_s, count)
        instrument = source.instrument
        tick, name, quote = instrument.price_float(1), instrument.instrument_id, instrument.quote
    else:
        rows = source[-count:]
    if len(rows) < 2:
        raise CallerError(f"expected at least 2 closed bars to draw, found {len(rows)}")
    length = bar_length_ns(rows)
    fields = ("open_ticks", "high_ticks", "low_ticks", "close_ticks")
    opened, high, low, close = (np.asarray(rows[f], dtype=np.float64) * tick for f in fields)
    middle = rows["open_time_ns"] + length // 2
    return PriceBars(rows, length, middle, opened, high, low, close, tick, name, quote)


def volume_panel(bars: PriceBars, height: float = 0.28) -> Panel:
    """Bought above zero and sold below it, in lots of the instrument."""
    width = float(bars.length_ns)
    bought = bars.rows["buy_lots"].astype(np.float64)
    sold = bars.rows["sell_lots"].astype(np.float64)
    marks = (
        Columns(bars.middle_ns, bought, width, "bought", None),
        Columns(bars.middle_ns, -sold, width, "sold", None),
    )
    return Panel("volume (lots)", marks, height, has_zero=True)
