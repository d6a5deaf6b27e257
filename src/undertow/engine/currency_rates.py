"""What a unit of each currency is worth in the reporting currency, from the last trades.

The reporting currency is 1; currencies pegged to it are given by configuration; every other one
takes the last price of the first instrument of the table that trades it against one of those. A
currency without a price yet has no rate, and what is held in it counts nothing until it has.
"""

from collections.abc import Mapping
from fractions import Fraction

from undertow.domain.fixed import power_of_ten
from undertow.domain.instrument_table import InstrumentTable
from undertow.flow.flow_state import FlowState


class CurrencyRates:
    """Rates for one table of instruments."""

    def __init__(
        self, table: InstrumentTable, flow: FlowState, reporting: str, pegs: Mapping[str, str]
    ) -> None:
        self.reporting = reporting
        self._flow = flow
        self._fixed = {currency: Fraction(rate) for currency, rate in sorted(pegs.items())}
        self._fixed[reporting] = Fraction(1)
        self._priced_by: dict[str, int] = {}
        self._last: dict[str, tuple[int, Fraction]] = {}
        for index, instrument in enumerate(table):
            if instrument.quote in self._fixed and instrument.base not in self._fixed:
                self._priced_by.setdefault(instrument.base, index)

    def rate(self, currency: str) -> Fraction | None:
        """Reporting money per unit of the currency; None while unknown."""
        fixed = self._fixed.get(currency)
        if fixed is not None:
            return fixed
        index = self._priced_by.get(currency)
        if index is None:
            return None
        view = self._flow[index]
        ticks = view.last_ticks
        if ticks <= 0:
            return None
        known = self._last.get(currency)
        if known is None or known[0] != ticks:
            step = view.instrument.price_step
            price = Fraction(ticks * step.coefficient, power_of_ten(step.digits))
            known = self._last[currency] = (ticks, price * self._fixed[view.instrument.quote])
        return known[1]

    def rates(self) -> dict[str, Fraction]:
        """Every known rate, the fixed ones first, then in table order."""
        known = dict(self._fixed)
        for currency in self._priced_by:
            rate = self.rate(currency)
            if rate is not None:
                known[currency] = rate
        return known

    def marks(self) -> dict[int, int]:
        """Last price in ticks of every instrument that has traded, by index."""
        last = ((index, self._flow[index].last_ticks) for index in range(len(self._flow)))
        return {index: ticks for index, ticks in last if ticks > 0}
