"""When the venue settles funding by a plan, where the data has no funding rows.

A fallback plan holds until the first FUNDING row of its instrument. A row that comes within a
minute after a settlement of the plan tells of the same settlement: it is not charged again.
"""

import numpy as np

from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EventArray, EventKind
from undertow.domain.time import NS_PER_S
from undertow.simulator.exchange_config import ExchangeConfig
from undertow.simulator.funding_plan import FAR_NS, ConstantFunding, FundingPlan

_SAME_NS = 60 * NS_PER_S


class FundingTimer:
    """The plans of a venue's derivatives; remembers when an instrument's own rows began."""

    def __init__(self, venue: str, table: InstrumentTable, config: ExchangeConfig) -> None:
        found = {
            index: config.funding_of.get(instrument.symbol, config.funding)
            for index, instrument in enumerate(table)
            if instrument.venue == venue and instrument.is_perp
        }
        self._plans: dict[int, FundingPlan] = {
            index: plan for index, plan in found.items() if plan is not None
        }
        self._one_sided = {
            index
            for index, plan in self._plans.items()
            if isinstance(plan, ConstantFunding) and plan.is_one_sided
        }
        self._fallbacks = {
            index
            for index, plan in self._plans.items()
            if isinstance(plan, ConstantFunding) and plan.is_fallback
        }
        self._begun: dict[int, int] = {}

    def take(self, rows: EventArray, feed_ns: int) -> None:
        """Rows to come: the first FUNDING row of an instrument ends its fallback, at its time."""
        if len(self._begun) == len(self._fallbacks):
            return
        for row in rows[np.flatnonzero(rows["kind"] == EventKind.FUNDING)]:
            index = int(row["instrument"])
            if index in self._fallbacks:
                self._begun.setdefault(index, int(row["receive_time_ns"]) - feed_ns)

    def has_plan(self, index: int, at_ns: int) -> bool:
        """True when an instrument's funding of that time follows a plan: its row is passed over."""
        plan = self._plans.get(index)
        if plan is None:
            return False
        if self._is_held(index, at_ns):
            return True
        # The plan was a little earlier with the same settlement.
        return at_ns == self._begun[index] and plan.next_ns(at_ns - _SAME_NS - 1) < at_ns

    def next_ns(self, after_ns: int) -> int:
        """The first settlement of any instrument after a time."""
        times = (
            plan.next_ns(after_ns)
            for index, plan in self._plans.items()
            if self._is_held(index, after_ns)
        )
        return min(times, default=FAR_NS)

    def due(self, at_ns: int) -> list[tuple[int, int]]:
        """What is settled at that time: (instrument, rate in 1e-12)."""
        return [
            (index, plan.rate(at_ns))
            for index, plan in self._plans.items()
            if plan.next_ns(at_ns - 1) == at_ns and self._is_held(index, at_ns)
        ]

    def is_paid_out(self, index: int, signed_lots: int, rate_e12: int) -> bool:
        """False for a position that would receive under a plan that pays nobody."""
        return index not in self._one_sided or signed_lots * rate_e12 > 0

    def dump(self) -> dict[int, int]:
        """By instrument, when its own rows began: for a snapshot."""
        return dict(self._begun)

    def load(self, begun: dict[int, int]) -> None:
        """Go back to a dump."""
        self._begun = dict(begun)

    def _is_held(self, index: int, at_ns: int) -> bool:
        return at_ns < self._begun.get(index, FAR_NS)
