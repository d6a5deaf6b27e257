"""What a host reports when a strategy's own code fails."""

import msgspec

from undertow.domain.identity import InstrumentId, StrategyId


class StrategyFailed(msgspec.Struct, frozen=True):
    """A handler raised or returned what is no decision; the others went on.

    count: failures of this strategy on this instrument so far. is_suspended: it is not called
    there any more; its open position keeps the protection it has.
    """

    at_ns: int
    strategy: StrategyId
    instrument_id: InstrumentId
    handler: str
    error: str
    count: int
    is_suspended: bool
