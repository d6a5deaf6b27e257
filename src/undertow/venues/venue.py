"""The small protocol that every venue implements, real ones and the paper one alike.

A venue pushes what it hears into a sink, already stamped with the time of receipt and already in
the venue's own sequence; it takes commands and answers them with reports through the same sink. It
decides nothing: no risk, no retries of unknown outcomes, no order state.
"""

from typing import Protocol

from undertow.domain.command import Command
from undertow.domain.engine_input import ClockAdvanced, ReportReceived, SourceChanged
from undertow.domain.instrument import Instrument
from undertow.domain.market_event import EventArray
from undertow.venues.capabilities import Capabilities


class VenueSink(Protocol):
    """Where a venue puts what it hears. Called from the venue's own task, in order of receipt."""

    def on_market_rows(self, rows: EventArray) -> None:
        """Market rows of one batch: `instrument` and `source` are the run's indexes, receive times
        never decrease. The array belongs to the sink from now on.
        """
        ...

    def on_report(self, received: ReportReceived) -> None:
        """A report about our orders or our account."""
        ...

    def on_source_changed(self, changed: SourceChanged) -> None:
        """A market-data connection of the venue went down or came back."""
        ...

    def on_clock(self, advanced: ClockAdvanced) -> None:
        """A venue that makes its own time (the paper one) says how late it is there."""
        ...


class Venue(Protocol):
    """A place that trades.

    Life: made by its factory with the instruments already loaded, `run` once, `submit` while it
    runs, `close` once. `run` ends after `close`, or raises an `undertow.domain.errors.VenueError`
    when the venue cannot be reached any more; reconnecting within its policy is its own business
    and shows as `SourceChanged`.
    """

    @property
    def name(self) -> str:
        """The venue part of instrument ids, e.g. `binance`."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What this venue can do, as data."""
        ...

    def instruments(self) -> tuple[Instrument, ...]:
        """The instruments it trades, in a stated order that does not change while it runs."""
        ...

    async def run(self, sink: VenueSink) -> None:
        """Push market rows, reports and source changes into the sink until closed."""
        ...

    async def submit(self, command: Command) -> None:
        """Send a command. Returns when its bytes have left (or the paper venue took it).

        The answer comes as a report. A command whose outcome is unknown is reported as
        `RequestTimedOut`; this method itself raises only `CallerError` for a command the venue can
        never take (see `capabilities`).
        """
        ...

    async def close(self) -> None:
        """Stop: no report or row is pushed after this returns. Closing twice is closing once."""
        ...
