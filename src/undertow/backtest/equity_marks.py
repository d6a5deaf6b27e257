"""Equity marked to market on a grid, of the whole run and of each strategy.

equity = money at the start + what was paid and received + what is held at the last known price.
Floats of exact amounts; everything that is not the reporting currency is valued at each point of
the grid by the price of the first instrument that trades it against money of known worth.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from undertow.backtest.price_grid import PriceGrid
from undertow.backtest.result import EquityCurve
from undertow.backtest.run_record import FillNote, RunRecord
from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.money import MONEY_UNIT
from undertow.domain.time import NS_PER_S

MOST_POINTS = 50_000

Floats = NDArray[np.float64]


class EquityMarks:
    """Curves of one finished run. fixed: currencies of known worth in the reporting one."""

    def __init__(
        self,
        table: InstrumentTable,
        grid: PriceGrid,
        record: RunRecord,
        fixed: Mapping[str, float],
    ) -> None:
        self._table = table
        self._grid = grid
        self._record = record
        self._fixed = dict(fixed)
        self._every = -(-grid.count // MOST_POINTS)
        self.times_ns = grid.times_ns(self._every)
        self._closes: dict[int, Floats] = {}

    def curve(self, equity: Floats) -> EquityCurve:
        """Values at the grid's times as a curve."""
        return EquityCurve(self.times_ns, equity, self._every * self._grid.step_s * NS_PER_S)

    def closes(self) -> dict[str, EquityCurve]:
        """The last price of every instrument that has one."""
        found = {row.instrument_id: self._close(i) for i, row in enumerate(self._table)}
        return {
            name: self.curve(prices) for name, prices in found.items() if prices[-1] == prices[-1]
        }

    def start(self, wallets: Mapping[str, Mapping[str, str]]) -> Floats:
        """What the money at the start is worth at each point."""
        total = np.zeros(len(self.times_ns))
        for wallet in wallets.values():
            for currency, text in wallet.items():
                total += float(text) * self._worth(currency)
        return total

    def gains(self, strategy: str) -> Floats:
        """Profit of one strategy up to each point, realised and not, after fees and funding."""
        total = np.zeros(len(self.times_ns))
        notes = [note for note in self._record.fills if note.fill.strategy == strategy]
        for index, row in enumerate(self._table):
            mine = [note for note in notes if note.fill.instrument_id == row.instrument_id]
            if mine:
                total += self._traded(index, row, mine)
        self._add_fees(total, notes)
        for funding in self._record.funding:
            if funding.strategy == strategy:
                amount = funding.amount / MONEY_UNIT
                total += self._since([funding.at_ns], [amount]) * self._worth(funding.currency)
        return total

    def _traded(self, index: int, row: Instrument, notes: list[FillNote]) -> Floats:
        times = [note.fill.at_ns for note in notes]
        signed = [note.fill.side * note.fill.qty_lots for note in notes]
        values = [
            note.fill.side * row.cost(note.fill.price_ticks, note.fill.qty_lots).amount / MONEY_UNIT
            for note in notes
        ]
        lots, spent = self._since(times, signed), self._since(times, values)
        unit = row.cost(1, 1).amount / MONEY_UNIT
        ticks = self._close(index) / row.price_float(1)
        with np.errstate(invalid="ignore", divide="ignore"):
            held = lots * unit / ticks if row.kind is MarketKind.INVERSE else lots * unit * ticks
        held[lots == 0] = 0.0
        gained = spent - held if row.kind is MarketKind.INVERSE else held - spent
        worth: Floats = gained * self._worth(row.settle)
        return worth

    def _add_fees(self, total: Floats, notes: list[FillNote]) -> None:
        for currency in dict.fromkeys(note.fill.fee.currency for note in notes):
            paid = [note.fill for note in notes if note.fill.fee.currency == currency]
            amounts = [fill.fee.amount / MONEY_UNIT for fill in paid]
            total -= self._since([fill.at_ns for fill in paid], amounts) * self._worth(currency)

    def _since(self, times: Sequence[int], amounts: Sequence[float]) -> Floats:
        # Sums of what happened up to each point.
        steps = np.zeros(len(self.times_ns) + 1)
        np.add.at(steps, np.searchsorted(self.times_ns, times), amounts)
        return np.cumsum(steps[:-1])

    def _worth(self, currency: str) -> Floats | float:
        fixed = self._fixed.get(currency)
        if fixed is not None:
            return fixed
        for index, row in enumerate(self._table):
            if row.base == currency and row.quote in self._fixed:
                return self._close(index) * self._fixed[row.quote]
        return 0.0

    def _close(self, index: int) -> Floats:
        if index not in self._closes:
            self._closes[index] = self._grid.closes(index, self._every)
        return self._closes[index]
