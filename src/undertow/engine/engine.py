"""The engine: one synchronous step from inputs to effects.

Rules:
* The state is a function of the sequence of inputs and of nothing else. Market rows may come in
  slices of any size: the same sequence gives the same state and the same effects.
* The engine's time is the receive time of the input being handled, never decreasing. Timers fire
  at their due time, before the first input at or after it.
* Order inside an instant: what a row woke (watches, then bars), then timers (clock, order
  time-outs, stops, review, checks).
* After every step the invariants are asserted; a broken one raises and trading stops.
"""

import hashlib
from collections.abc import Sequence
from typing import assert_never

import msgspec

from undertow.decision.decision import Decision
from undertow.decision.host import StrategyHost
from undertow.decision.strategy import Strategy
from undertow.domain.bar import TIMEFRAME_NAMES, Bar
from undertow.domain.command import AmendOrder, CancelOrder, FlattenAll, QueryOrder, SubmitOrder
from undertow.domain.engine_input import (
    ClockAdvanced,
    Effect,
    Input,
    OperatorCommanded,
    ReportReceived,
    SourceChanged,
)
from undertow.domain.errors import InvariantBroken, SnapshotCorrupt
