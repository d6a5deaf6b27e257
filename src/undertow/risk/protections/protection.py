"""What a protection is: parameters, what it looks at, and the lock that it asks for."""

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from undertow.domain.identity import InstrumentId, StrategyId
from undertow.domain.side import Side
from undertow.domain.time import NS_PER_S


class Reach(StrEnum):
    """What a protection does. BLOCK: no entries. FLATTEN: also closes what the lock covers."""

    BLOCK = "block"
    FLATTEN = "flatten"


class FinishedTrade(msgspec.Struct, frozen=True, gc=False):
    """A closed position as protections remember it. `ratio_ppm`: net P&L over the entry cost."""

    closed_ns: int
    strategy: StrategyId
    instrument_id: InstrumentId
    side: Side
    ratio_ppm: int
    is_stopped: bool


class EquityMark(msgspec.Struct, frozen=True, gc=False):
    """Marked-to-market equity at a time, in 1e-18 of the reporting currency."""

    at_ns: int
    amount: int


class Lock(msgspec.Struct, frozen=True):
    """No entries until a time. Empty names and side 0 mean any: an empty lock covers everything."""

    rule: str
    until_ns: int
    reason: str
    reach: Reach = Reach.BLOCK
    strategy: str = ""
    instrument_id: str = ""
    side: int = 0

    def covers(self, strategy: str, instrument_id: str, side: int) -> bool:
        """True when the lock stands for this strategy, instrument and side of a position."""
        return (
            self.strategy in ("", strategy)
            and self.instrument_id in ("", instrument_id)
            and self.side in (0, side)
        )

    @property
    def place(self) -> tuple[str, str, str, int]:
        """What it is about: a later lock of the same place replaces an earlier one."""
        return self.rule, self.strategy, self.instrument_id, self.side


class LookBack(msgspec.Struct, frozen=True):
    """What a protection may see, oldest first: trades and equity marks of its own look-back."""

    now_ns: int
    trades: tuple[FinishedTrade, ...]
    marks: tuple[EquityMark, ...]

    def until_ns(self, trades: Sequence[FinishedTrade], stop_s: int) -> int:
        """When a lock for these trades ends: so long after the last of them. A rule that still
        holds when its lock is over does not lock again before another trade has ended.
        """
        return trades[-1].closed_ns + stop_s * NS_PER_S
