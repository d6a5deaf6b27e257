"""Identifiers: different types for different ids, and where new ones come from.

Ids are deterministic: made from a run's own counters, never from randomness or the clock, so that
a replay makes the same ones and no id is used twice.
"""

from typing import NewType, Protocol

InstrumentId = NewType("InstrumentId", str)  # "BTC/USDT:USDT@binance"
ClientOrderId = NewType("ClientOrderId", str)
VenueOrderId = NewType("VenueOrderId", str)
FillId = NewType("FillId", str)  # the venue's id of one execution
DecisionId = NewType("DecisionId", str)
StrategyId = NewType("StrategyId", str)


class IdSource(Protocol):
    """Gives ids that are unique for ever within one home folder."""

    def next_id(self, kind: str) -> str:
        """The next id of a kind ("order", "decision"), e.g. `ut7-o42` in run 7."""
        ...
