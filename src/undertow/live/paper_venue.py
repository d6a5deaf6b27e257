"""The embedded world as a venue: synthetic market and simulated exchanges behind the protocol.

It pushes what its `Lockstep` gives, a slice at a time, and waits until the engine has handled it
and its commands have come back: so a paper run depends on its seed and its configuration, never on
how fast the machine or the event loop was. Market time runs at `speed` times the wall clock, or as
fast as it goes.
"""

import asyncio
from collections.abc import Awaitable, Callable

from undertow.domain.command import Command
from undertow.domain.engine_input import ReportReceived
from undertow.domain.instrument import Instrument
from undertow.domain.time import NS_PER_S
from undertow.simulator.lockstep import Lockstep
from undertow.timeline.clock import Clock
from undertow.timeline.row_slice import RowSlice
from undertow.venues.capabilities import NEEDED_FOR_TRADING, Capabilities, Capability
from undertow.venues.venue import VenueSink

LONGEST_NAP_S = 0.05
"""How long a paced venue sleeps at most before it looks at the clock again."""

Settled = Callable[[], Awaitable[None]]


class PaperVenue:
    """All venues of the embedded market; ends by itself at `until_ns` of market time."""

    name = "embedded"
    capabilities = Capabilities(
        (
            *NEEDED_FOR_TRADING,
            Capability.MARK_PRICE,
            Capability.LIQUIDATIONS,
            Capability.OPEN_INTEREST,
            Capability.AMEND,
            Capability.TRIGGER_ORDERS,
            Capability.POST_ONLY,
            Capability.REDUCE_ONLY,
        )
    )

    def __init__(
        self,
        world: Lockstep,
        instruments: tuple[Instrument, ...],
        settled: Settled,
        clock: Clock,
        *,
        next_due_ns: Callable[[], int],
        speed: float | None,
        until_ns: int | None = None,
    ) -> None:
        self._world = world
        self._instruments = instruments
        self._settled = settled
        self._clock = clock
        self._next_due_ns = next_due_ns
        self._speed = speed
        self._until_ns = until_ns
        self._is_open = True
        self._wall_start_ns = 0
        self._world_start_ns = 0

    def instruments(self) -> tuple[Instrument, ...]:
        """The synthetic market's instruments."""
        return self._instruments

    async def run(self, sink: VenueSink) -> None:
        """Push the world into the sink until it ends, is closed, or `until_ns` is reached."""
        self._wall_start_ns = self._clock.now_ns()
        self._world_start_ns = self._world.now_ns
        while self._is_open and not self._is_over():
            item = self._world.next_item(self._limit_ns(), self._next_due_ns())
            if item is None:
                if self._world.has_ended:
                    return
                await self._nap()
            elif isinstance(item, RowSlice):
                sink.on_market_rows(item.rows[item.start : item.stop])
                self._world.consume(item.stop)
                await self._settled()
            elif isinstance(item, ReportReceived):
                sink.on_report(item)
                await self._settled()
            else:
                sink.on_clock(item)
                await self._settled()

    async def submit(self, command: Command) -> None:
        """Hand the command to its simulated exchange."""
        self._world.submit([command], command.sent_ns)

    async def close(self) -> None:
        """Stop after the current slice."""
        self._is_open = False

    def _is_over(self) -> bool:
        return self._until_ns is not None and self._world.now_ns >= self._until_ns

    def _limit_ns(self) -> int:
        limit = self._world.now_ns + self._world.round_trip_ns
        if self._until_ns is not None:
            limit = min(limit, self._until_ns)
        if self._speed is not None:
            limit = min(limit, self._paced_ns())
        return limit

    def _paced_ns(self) -> int:
        assert self._speed is not None
        elapsed = self._clock.now_ns() - self._wall_start_ns
        return self._world_start_ns + int(elapsed * self._speed)

    async def _nap(self) -> None:
        # At full speed an empty slice is passed at once; a paced run waits for the wall clock.
        if self._speed is None:
            await asyncio.sleep(0)
            return
        ahead_ns = self._world.now_ns + self._world.round_trip_ns - self._paced_ns()
        nap = max(0.0, ahead_ns / self._speed / NS_PER_S)
        await asyncio.sleep(min(nap, LONGEST_NAP_S))
