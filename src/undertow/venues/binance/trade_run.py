"""A run of trade messages of one stream, read by a compiled loop instead of one by one.

History and replays have thousands of them in a row. Only plain messages in sequence are taken
(`plain_trades`); the first other one ends the run and goes the usual way, so the rows and the state
are the same either way.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.text.plain_trades import (
    BUY_LOTS,
    INTEGER,
    KEYS,
    LAST_NS,
    NEXT_ID,
    NUMBER,
    SELL_LOTS,
    SENTINEL,
    TRUTH,
    WORD,
    read_plain_trades,
)
from undertow.venues.binance.event_clock import CLOCK_SKEW_NS_MAX
from undertow.venues.binance.instrument_feed import InstrumentFeed
from undertow.venues.binance.streams import Channel
from undertow.venues.row_bytes import ROW_BYTES

LEAST_MESSAGES: Final = 64
"""Shorter runs are not worth the way into the compiled loop."""

MOST_MESSAGES: Final = 4_096

_INTEGERS: Final = {Channel.TRADE: "ETt", Channel.AGG_TRADE: "ETafl"}
_ID_KEY: Final = {Channel.TRADE: "t", Channel.AGG_TRADE: "a"}
_OPTIONAL: Final = "XM"


class TradeRun:
    """The trade stream of one instrument: how its plain messages look and what they become."""

    __slots__ = ("_envelope", "_fields", "_prefix", "_required", "_rules", "_steps", "_words")

    def __init__(self, feed: InstrumentFeed, channel: Channel, name: str, unit_ns: int) -> None:
        self._prefix = f'{{"stream":"{name}","data":{{'.encode()
        self._envelope = _bytes(self._prefix)
        self._steps = np.array(feed.grid.steps, np.int64)
        buy, sell = (
            int.from_bytes(tail, "little", signed=True)
            for tail in (feed.tails.buy, feed.tails.sell)
        )
        rules = (ord(_ID_KEY[channel]), unit_ns, CLOCK_SKEW_NS_MAX, buy, sell)
        self._rules = np.array(rules, np.int64)
        self._fields = np.zeros((KEYS, 3), np.int64)
        words = b""
        kinds = [(key, INTEGER, b"") for key in _INTEGERS[channel]]
        kinds += [("p", NUMBER, b""), ("q", NUMBER, b"")]
        kinds += [("m", TRUTH, b"truefalse"), ("M", TRUTH, b"truefalse")]
        kinds += [("s", WORD, f'"{feed.symbol}"'.encode()), ("e", WORD, f'"{channel}"'.encode())]
        if channel is Channel.TRADE:
            kinds.append(("X", WORD, b'"MARKET"'))
        for key, kind, word in kinds:
            self._fields[ord(key)] = kind, len(words), len(words) + len(word)
            words += word
        self._words = _bytes(words)
        required = [ord(key) for key, _, _ in kinds if key not in _OPTIONAL]
        self._required = np.array(required, np.int64)

    def may_begin(self, messages: Sequence[bytes], start: int) -> bool:
        """Whether the next `LEAST_MESSAGES` look like this stream's."""
        last = start + LEAST_MESSAGES - 1
        prefix = self._prefix
        return (
            last < len(messages)
            and messages[start].startswith(prefix)
            and messages[last].startswith(prefix)
            and messages[start + LEAST_MESSAGES // 2].startswith(prefix)
        )

    def read(
        self, messages: Sequence[bytes], receive_times_ns: Sequence[int], next_id: int, last_ns: int
    ) -> tuple[NDArray[np.int64], "RunEnd"]:
        """The rows, (taken, 8) words, of the plain messages in sequence that come first."""
        text = _bytes(b"".join([*messages, SENTINEL]))
        lengths = np.fromiter(map(len, messages), np.int64, len(messages))
        state = np.zeros(4, np.int64)
        state[NEXT_ID], state[LAST_NS] = next_id, last_ns
        rows = np.empty((len(messages), ROW_BYTES // 8), np.int64)
        taken = read_plain_trades(
            text,
            np.cumsum(lengths),
            np.array(receive_times_ns, np.int64),
            self._envelope,
            self._fields,
            self._required,
            self._words,
            self._steps,
            self._rules,
            state,
            rows,
        )
        return rows[:taken], RunEnd(state.tolist())


class RunEnd:
    """Where a run left off: the id that comes next, the greatest event time, lots by side."""

    __slots__ = ("buy_lots", "last_ns", "next_id", "sell_lots")

    def __init__(self, state: list[int]) -> None:
        self.next_id = state[NEXT_ID]
        self.last_ns = state[LAST_NS]
        self.buy_lots = state[BUY_LOTS]
        self.sell_lots = state[SELL_LOTS]


def _bytes(data: bytes) -> NDArray[np.uint8]:
    return np.frombuffer(data, np.uint8)
