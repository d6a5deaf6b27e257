"""The synthetic market as market data: a stretch of it, the same rows whenever it is read.

For first runs without any download, for tests, and for studies whose truth is known. It is made
anew each time it is read, so it needs no room; reading it costs what making it costs.
"""

import hashlib
from collections.abc import Iterator

import msgspec
import numpy as np

from undertow.domain.errors import ConfigurationError
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EventArray
from undertow.domain.time import NS_PER_S
from undertow.simulator.market.market_config import MarketConfig
from undertow.simulator.market.synthetic_market import SyntheticMarket
from undertow.timeline.market_data import DataFidelity, DataNote

_ENDLESS_NS = 2**63 - 1


class SyntheticData:
    """`duration_s` of market time from the configuration's start on."""

    def __init__(self, config: MarketConfig, duration_s: int, seed: int) -> None:
        if duration_s < 1:
            raise ConfigurationError(f"expected a duration of at least 1 s, found {duration_s}")
        self._config = config
        self._seed = seed
        self._blocks = -(-duration_s * NS_PER_S // config.block_ns)
        market = self._market()
        self.table: InstrumentTable = market.table
        self.sources = market.sources
        self.fidelity = DataFidelity.L2
        self.notes = (
            DataNote("synthetic", "", 0, "made by the synthetic market: no venue ever traded this"),
        )

    @property
    def span_ns(self) -> tuple[int, int]:
        """The stretch of market time, which is also that of receiving."""
        start_ns = self._config.start_ns
        return start_ns, start_ns + self._blocks * self._config.block_ns

    @property
    def digest(self) -> str:
        """Of everything that decides the rows."""
        parts = (self._config, self._blocks, self._seed)
        return hashlib.blake2b(msgspec.msgpack.encode(parts), digest_size=16).hexdigest()

    def blocks(self, start_ns: int = 0, stop_ns: int = _ENDLESS_NS) -> Iterator[EventArray]:
        """Rows received in [start_ns, stop_ns), a block of the market at a time."""
        market = self._market()
        for _ in range(self._blocks):
            rows = market.next_block()
            if not len(rows) or rows["receive_time_ns"][-1] < start_ns:
                continue
            times = rows["receive_time_ns"]
            if times[0] >= stop_ns:
                return
            first, last = np.searchsorted(times, [start_ns, stop_ns])
            yield rows[first:last]

    def _market(self) -> SyntheticMarket:
        seed = np.random.SeedSequence(self._seed).spawn(1)[0]
        return SyntheticMarket(self._config, np.random.Generator(np.random.PCG64(seed)))
