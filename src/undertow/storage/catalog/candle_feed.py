"""Where the bars of one instrument come from: files of a series, or columns held in memory.

Either gives the same candles in the same order each time it is asked, a part at a time.
"""

from collections.abc import Iterator
from typing import Protocol

import msgspec

from undertow.domain.instrument import Instrument
from undertow.storage.catalog.candles import Candles, resampled_parts
from undertow.storage.catalog.series_part import digest_of, read_series_facts
from undertow.storage.catalog.series_store import SeriesStore, candles_of
from undertow.storage.catalog.time_range import TimeRange
from undertow.storage.catalog.timeframe_names import length_ns


class CandleFeed(Protocol):
    """Candles of one instrument and timeframe."""

    @property
    def instrument(self) -> Instrument:
        """In the steps that the candles are counted in."""
        ...

    @property
    def timeframe(self) -> str:
        """Length of the bars."""
        ...

    def parts(self, span: TimeRange) -> Iterator[Candles]:
        """The bars that open and close inside the span, in order of time."""
        ...

    def digest(self, span: TimeRange) -> str:
        """Equal digests of equal spans mean equal candles."""
        ...


class HeldCandles(msgspec.Struct, frozen=True):
    """Candles in memory."""

    instrument: Instrument
    candles: Candles

    @property
    def timeframe(self) -> str:
        """Length of the bars."""
        return self.candles.timeframe

    def parts(self, span: TimeRange) -> Iterator[Candles]:
        """All of them, at once."""
        yield self.candles.between(span.start_ns, span.stop_ns)

    def digest(self, span: TimeRange) -> str:
        """Of the columns."""
        return digest_of(self.candles.between(span.start_ns, span.stop_ns).columns)


class StoredCandles(msgspec.Struct, frozen=True):
    """Candles of a series on disk; a file at a time is in memory."""

    instrument: Instrument
    timeframe: str
    store: SeriesStore

    def parts(self, span: TimeRange) -> Iterator[Candles]:
        """A part for every file."""
        for facts, columns in self.store.parts(span.start_ns, span.stop_ns):
            found = candles_of(facts, columns).between(span.start_ns, span.stop_ns)
            yield found.in_steps(self.instrument.price_step, self.instrument.qty_step)

    def digest(self, span: TimeRange) -> str:
        """Of the files' own digests, and the ends of the span."""
        found = [read_series_facts(path).digest for path in self.store.paths()]
        return f"{':'.join(found)}[{span.text}]"


class ResampledCandles(msgspec.Struct, frozen=True):
    """Larger bars made of a feed's smaller ones.

    whole: the span in which the data begins and ends; spans that are asked for lie in it.
    """

    smaller: CandleFeed
    timeframe: str
    whole: TimeRange

    @property
    def instrument(self) -> Instrument:
        """That of the smaller bars."""
        return self.smaller.instrument

    def parts(self, span: TimeRange) -> Iterator[Candles]:
        """Larger bars that lie in the span as a whole."""
        filled = (part for part in self.smaller.parts(self.whole) if len(part))
        first = next(filled, None)
        is_start = first is not None and int(first.opens_ns[0]) >= span.start_ns
        yield from resampled_parts(self.smaller.parts(span), self.timeframe, is_start=is_start)

    def digest(self, span: TimeRange) -> str:
        """Of the smaller bars."""
        return f"{self.timeframe} of {self.smaller.digest(span)}"


def divides(smaller: str, larger: str) -> bool:
    """Whether bars of one length can be made of whole bars of another."""
    if smaller == larger:
        return True
    if larger == "1M":
        return length_ns(smaller) <= length_ns("1d") and length_ns("1d") % length_ns(smaller) == 0
    return smaller not in ("1M", "3d") and length_ns(larger) % length_ns(smaller) == 0
