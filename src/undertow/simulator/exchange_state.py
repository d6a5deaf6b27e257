"""The bytes of an exchange's snapshot."""

import msgspec
import numpy as np

from undertow.domain.errors import SnapshotCorrupt
from undertow.domain.market_event import EVENT, EventArray
from undertow.simulator.inbox import InboxState
from undertow.simulator.order_register import RegisterState
from undertow.simulator.outbox import OutboxState
from undertow.simulator.venue_account import AccountState
from undertow.simulator.venue_markets import MarketsState
from undertow.timeline.exact_msgpack import ExactDecoder, encode_exact

_VERSION = 3


class ExchangeState(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All that an exchange remembers; `rows` are the bytes of market rows not handled yet."""

    version: int = _VERSION
    venue: str
    rows: bytes
    received_ns: int
    now_ns: int
    inbox: InboxState
    outbox: OutboxState
    busy: tuple[int, int, int, int]
    register: RegisterState
    account: AccountState
    markets: MarketsState
    impact: dict[int, tuple[float, int]]
    funding_begun: dict[int, int]

    def row_array(self) -> EventArray:
        """The rows as an array."""
        return np.frombuffer(self.rows, EVENT).copy()


_decoder: ExactDecoder[ExchangeState] = ExactDecoder(ExchangeState)


def encode_state(state: ExchangeState) -> bytes:
    """The bytes of a state."""
    return encode_exact(state)


def decode_state(data: bytes, venue: str) -> ExchangeState:
    """The state of those bytes; raises `SnapshotCorrupt` when they are not of this venue."""
    try:
        state = _decoder.decode(data)
    except msgspec.DecodeError as broken:
        raise SnapshotCorrupt(f"expected an exchange snapshot, found {broken}") from broken
    if state.version != _VERSION or state.venue != venue:
        raise SnapshotCorrupt(
            f"expected version {_VERSION} of {venue}, found {state.version} of {state.venue}"
        )
    return state
