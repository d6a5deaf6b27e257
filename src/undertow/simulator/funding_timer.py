"""When the venue settles funding by a plan, where the data has no funding rows."""

from undertow.domain.instrument_table import InstrumentTable
from undertow.simulator.exchange_config import ExchangeConfig
from undertow.simulator.funding_plan import FAR_NS, FundingPlan


class FundingTimer:
    """The plans of a venue's derivatives; remembers nothing."""

    def __init__(self, venue: str, table: InstrumentTable, config: ExchangeConfig) -> None:
        found = {
            index: config.funding_of.get(instrument.symbol, config.funding)
            for index, instrument in enumerate(table)
            if instrument.venue == venue and instrument.is_perp
        }
        self._plans: dict[int, FundingPlan] = {
            index: plan for index, plan in found.items() if plan is not None
        }

    def has_plan(self, index: int) -> bool:
        """True when an instrument's funding follows a plan; its FUNDING rows are passed over."""
        return index in self._plans

    def next_ns(self, after_ns: int) -> int:
        """The first settlement of any instrument after a time."""
        return min((plan.next_ns(after_ns) for plan in self._plans.values()), default=FAR_NS)

    def due(self, at_ns: int) -> list[tuple[int, int]]:
        """What is settled at that time: (instrument, rate in 1e-12)."""
        return [
            (index, plan.rate(at_ns))
            for index, plan in self._plans.items()
            if plan.next_ns(at_ns - 1) == at_ns
        ]
