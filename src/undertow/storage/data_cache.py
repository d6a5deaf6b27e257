"""Answers kept for a while: tickers, candles and vendors' responses, each kind for its own time.

Whoever asks a venue or a vendor looks here first, so that ten strategies asking for one candle make
one request. A kind's time to live is a matter of the data: a ticker is old after a second, a list
of instruments after an hour. Time is the clock's that is passed in, so a backtest ages its answers
by its own time (VEN-45).
"""

from collections.abc import Callable
from enum import StrEnum

import msgspec
from cachetools import TTLCache

from undertow.domain.errors import ConfigurationError
from undertow.domain.time import NS_PER_MS
from undertow.timeline.clock import Clock


class DataKind(StrEnum):
    """What an answer is about; its name is the field of `CacheConfig` with its time to live."""

    TICKER = "ticker_ms"
    CANDLES = "candles_ms"
    FUNDING = "funding_ms"
    OPEN_INTEREST = "open_interest_ms"
    INSTRUMENTS = "instruments_ms"
    VENDOR = "vendor_ms"


class CacheConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Times to live in milliseconds, 0 = never kept; most answers kept of each kind."""

    ticker_ms: int = 1_000
    candles_ms: int = 5_000
    funding_ms: int = 60_000
    open_interest_ms: int = 60_000
    instruments_ms: int = 3_600_000
    vendor_ms: int = 300_000
    most_answers: int = 4_096

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            value, least = getattr(self, name), int(name == "most_answers")
            if value < least:
                raise ConfigurationError(f"expected {name} of at least {least}, found {value}")


class CacheCounts(msgspec.Struct):
    """Of one kind: answers found, not found (never asked or too old), and put."""

    hits: int = 0
    misses: int = 0
    puts: int = 0


class DataCache:
    """Answers as bytes, by kind and key; the least recently used goes first when a kind is full."""

    def __init__(self, clock: Clock, config: CacheConfig | None = None) -> None:
        config = config or CacheConfig()
        self.counts = {kind: CacheCounts() for kind in DataKind}
        self._kept: dict[DataKind, TTLCache[str, bytes]] = {
            kind: TTLCache(
                config.most_answers, getattr(config, kind.value) * NS_PER_MS, timer=clock.now_ns
            )
            for kind in DataKind
        }

    def get(self, kind: DataKind, key: str) -> bytes | None:
        """The answer, or None when there is none that is young enough."""
        found = self._kept[kind].get(key)
        counts = self.counts[kind]
        counts.hits += found is not None
        counts.misses += found is None
        return found

    def put(self, kind: DataKind, key: str, answer: bytes) -> None:
        """Keep an answer for the time its kind lives; one of before is replaced."""
        self.counts[kind].puts += 1
        self._kept[kind][key] = answer

    def get_or_ask(self, kind: DataKind, key: str, ask: Callable[[], bytes]) -> bytes:
        """The kept answer, else a fresh one; what `ask` raises is not kept."""
        found = self.get(kind, key)
        if found is None:
            found = ask()
            self.put(kind, key, found)
        return found

    def drop(self, kind: DataKind, key: str) -> None:
        """Forget an answer that is known to be wrong now; nothing happens when there is none."""
        self._kept[kind].pop(key, None)

    def size(self, kind: DataKind) -> int:
        """Answers of a kind that are young enough now."""
        self._kept[kind].expire()
        return len(self._kept[kind])
