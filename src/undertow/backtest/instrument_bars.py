"""The bars of one instrument of recorded market data, as columns."""

from collections.abc import Iterable

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.decision.bar_columns import BarColumns
from undertow.domain.bar import TIMEFRAME_NAMES
from undertow.domain.errors import DataError
from undertow.domain.fixed import Step, power_of_ten
from undertow.domain.instrument import Instrument
from undertow.domain.market_event import (
    FUNDING_RATE_DIGITS,
    MARK_PRICE_DIGITS,
    EventArray,
    EventKind,
)
from undertow.domain.time import NS_PER_S
from undertow.flow.bar_builder import BarBuilder
from undertow.flow.bar_kinds import TimeBars
from undertow.timeline.market_data import MarketData

_BAR_KINDS = (EventKind.BAR_OPEN, EventKind.BAR, EventKind.BAR_FLOW)


class InstrumentBars(msgspec.Struct, frozen=True):
    """funding: money per base unit that a long pays at each bar's open, or empty. rows: how many
    market rows they were made of.
    """

    instrument: Instrument
    bars: BarColumns
    funding: NDArray[np.float64] = np.empty(0)
    rows: int = 0


class _Reader:
    # Collects the rows of one instrument, block by block.
    def __init__(self, instrument: Instrument, index: int, seconds: int) -> None:
        self.instrument = instrument
        self.index = index
        self._seconds = seconds
        self._bars: dict[EventKind, list[EventArray]] = {kind: [] for kind in _BAR_KINDS}
        self._funding: list[EventArray] = []
        self._builder = BarBuilder(TimeBars(seconds), instrument, index, kept=1)
        self._built: list[NDArray[np.void]] = []
        self._last_ns = 0
        self.rows = 0

    def take(self, rows: EventArray) -> None:
        kinds = rows["kind"]
        self.rows += len(rows)
        if (kinds == EventKind.TRADE).any():
            self._built.append(self._builder.push(rows).copy())
            self._last_ns = int(rows["event_time_ns"][-1])
        if (kinds >= EventKind.BAR_OPEN).any():
            for kind, found in self._bars.items():
                found.append(rows[kinds == kind])
        if (kinds == EventKind.FUNDING).any():
            self._funding.append(rows[kinds == EventKind.FUNDING])

    def finish(self) -> InstrumentBars:
        closed = _joined(self._bars[EventKind.BAR])
        if len(closed):
            bars = self._from_bars(closed)
        else:
            self._built.append(self._builder.advance_to(self._last_ns).copy())
            bars = self._from_trades(np.concatenate(self._built))
        return InstrumentBars(self.instrument, bars, self._paid(bars), self.rows)

    def _from_bars(self, closed: EventArray) -> BarColumns:
        opened = _joined(self._bars[EventKind.BAR_OPEN])
        place = np.searchsorted(opened["sequence"], closed["sequence"])
        is_known = place < len(opened)
        is_known[is_known] = opened["sequence"][place[is_known]] == closed["sequence"][is_known]
        if not is_known.all():
            at_ns = int(closed["sequence"][int(np.argmin(is_known))])
            raise DataError(
                f"expected each bar to have an open row, found none for that of {at_ns}"
            )
        seconds = int((closed["event_time_ns"][0] - closed["sequence"][0]) // NS_PER_S)
        price, qty = self.instrument.price_step, self.instrument.qty_step
        columns = {
            "open": _floats(opened["price_ticks"][place], price),
            "high": _floats(closed["price_b"], price),
            "low": _floats(closed["qty_b"], price),
            "close": _floats(closed["price_ticks"], price),
            "volume": _floats(closed["qty_lots"], qty),
        }
        flow = _joined(self._bars[EventKind.BAR_FLOW])
        if len(flow) == len(closed) and (flow["sequence"] == closed["sequence"]).all():
            columns["buy_volume"] = _floats(flow["price_ticks"], qty)
            columns["sell_volume"] = _floats(flow["qty_lots"], qty)
            columns["trades"] = (flow["price_b"] + flow["qty_b"]).astype(np.float64)
        return BarColumns(closed["sequence"], columns, _name(seconds))

    def _from_trades(self, built: NDArray[np.void]) -> BarColumns:
        price, qty = self.instrument.price_step, self.instrument.qty_step
        names = ("open", "high", "low", "close")
        columns = {name: _floats(built[f"{name}_ticks"], price) for name in names}
        columns["buy_volume"] = _floats(built["buy_lots"], qty)
        columns["sell_volume"] = _floats(built["sell_lots"], qty)
        columns["volume"] = columns["buy_volume"] + columns["sell_volume"]
        columns["trades"] = (built["buy_trades"] + built["sell_trades"]).astype(np.float64)
        return BarColumns(built["open_time_ns"], columns, _name(self._seconds))

    def _paid(self, bars: BarColumns) -> NDArray[np.float64]:
        if not self._funding or not len(bars):
            return np.empty(0)
        rows = _joined(self._funding)
        money = (
            rows["price_ticks"] * 10.0**-MARK_PRICE_DIGITS * rows["qty_b"]
        ) * 10.0**-FUNDING_RATE_DIGITS  # fmt: skip
        place = np.searchsorted(bars.open_time_ns, rows["event_time_ns"])
        paid = np.zeros(len(bars))
        is_inside = place < len(bars)
        np.add.at(paid, place[is_inside], money[is_inside])
        return paid


def read_bars(data: MarketData, seconds: int = 60) -> list[InstrumentBars]:
    """Every instrument's bars: those of the data, or `seconds` long ones made of its trades.

    Funding at a time inside a bar counts at the next bar's open. Raises `DataError` for bars
    without an open and for bars of a length that is not kept.
    """
    readers = [_Reader(one, index, seconds) for index, one in enumerate(data.table)]
    for block in data.blocks():
        for reader, rows in zip(readers, _by_instrument(block, len(readers)), strict=True):
            if len(rows):
                reader.take(rows)
    return [reader.finish() for reader in readers]


def _by_instrument(block: EventArray, count: int) -> Iterable[EventArray]:
    if count == 1:
        return [block]
    return [block[block["instrument"] == index] for index in range(count)]


def _floats(counts: NDArray[np.int64], step: Step) -> NDArray[np.float64]:
    # As `Step.float` does it: the nearest float of each decimal.
    return np.asarray(counts * float(step.coefficient) / power_of_ten(step.digits), np.float64)


def _joined(parts: list[EventArray]) -> EventArray:
    return np.concatenate(parts) if parts else np.empty(0, [("sequence", np.int64)])


def _name(seconds: int) -> str:
    if seconds not in TIMEFRAME_NAMES:
        raise DataError(f"expected bars of {sorted(TIMEFRAME_NAMES)} s, found {seconds} s")
    return TIMEFRAME_NAMES[seconds]
