"""Recorded raw messages of a venue, read through the very codec that a live feed uses.

A recording is one or more files that together are one continuous stream of one source. A line is
`<receive time, ns> <raw JSON message>`; files are plain or gzip, told by their first bytes. Memory
is bounded: a chunk of lines at a time, whatever the size of the files.

Flaws are counted and named by file and line, and do not stop the reading: garbage lines and
malformed messages (`malformed`), duplicates, gaps, receive times that go back (rows keep the
greatest time so far). A file that ends in the middle of its compressed data is read as far as it
goes and then raises `DataError`, unless lenient.
"""

import re
import zlib
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec
import numpy as np

from undertow.domain.errors import ConfigurationError, DataError
from undertow.domain.fixed import format_scaled, parse_scaled
from undertow.domain.instrument import Instrument
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EventArray
from undertow.domain.time import NS_PER_DAY
from undertow.venues.binance.codec import BinanceCodec
from undertow.venues.binance.inferred_instruments import InstrumentInference
from undertow.venues.binance.instrument_feed import FeedTotals
from undertow.venues.binance.market import BinanceMarket, TimeUnit
from undertow.venues.refusal import Reason

CHUNK_LINES = 1_000
LONGEST_LINE = 1 << 25
"""Bytes; a longer line is no message and ends the reading."""

_BLOCK = 1 << 18
_SALVAGE = 64
_GZIP = b"\x1f\x8b"
_QTY_DIGITS = 18
_TIME_CHARACTERS = 19
_SENT = re.compile(rb'"E":(\d{1,18})\b')


class RecordingSpec(msgspec.Struct, frozen=True):
    """A source and its files, in order."""

    source: str
    paths: tuple[Path, ...]

    @classmethod
    def parse(cls, text: str) -> "RecordingSpec":
        """From `VENUE=FILE[,FILE...]`; raises `ConfigurationError` or `UnknownNameError`."""
        source, equals, files = text.partition("=")
        paths = tuple(Path(name) for name in files.split(",") if name)
        if not equals or not paths:
            raise ConfigurationError(f"expected VENUE=FILE[,FILE...], found {text!r}")
        BinanceMarket.named(source)
        for path in paths:
            if not path.is_file():
                raise ConfigurationError(f"expected a recorded file, found none at {path}")
        return cls(source, paths)


class RecordedInstrument(msgspec.Struct, frozen=True):
    """One instrument of a recording. Quantities are exact, in coins (contracts on COIN-M).

    tick, lot: what the recording is counted in; `is_inferred` when they come from its own decimals.
    depth_messages: in sequence; book_updates: of these, the ones applied after the snapshot.
    """

    instrument_id: str
    raw_symbol: str
    tick: str
    lot: str
    contract_size: str
    is_inferred: bool
    trades: int
    buy_qty: str
    sell_qty: str
    quotes: int
    depth_messages: int
    book_updates: int
    book_gaps: int
    trade_gaps: int
    lost_trades: int
    duplicates: int
    inexact_sizes: int


class RecordingSummary(msgspec.Struct, frozen=True):
    """What was in a recording. `messages` are its lines.

    malformed: counts by reason; malformed_examples: the first of each, with file and line.
    ignored: sound messages of no use, by why. went_back: receive times below an earlier one.
    truncated_files: files that broke off. time_unit: of the venue's times, as found.
    """

    source: str
    messages: int
    trades: int
    buy_qty: str
    sell_qty: str
    book_updates: int
    gaps: int
    duplicates: int
    malformed: dict[str, int]
    malformed_examples: dict[str, str]
    ignored: dict[str, int]
    went_back: int
    truncated: bool
    truncated_files: tuple[str, ...]
    rows: int
    first_receive_ns: int
    last_receive_ns: int
    time_unit: str
    instruments: tuple[RecordedInstrument, ...]


class LineReader:
    """The lines of files in order, without their ends. `starts` are the lines before each file,
    `truncated` the files that broke off; both are complete when the reading is.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = tuple(paths)
        self.starts: list[int] = []
        self.truncated: list[Path] = []

    def chunks(self, lines: int = CHUNK_LINES) -> Iterator[list[bytes]]:
        """Lists of at most so many lines."""
        self.starts, self.truncated = [], []
        count = 0
        for path in self._paths:
            self.starts.append(count)
            for found in self._of_file(path):
                count += len(found)
                for first in range(0, len(found), lines):
                    yield found[first : first + lines]

    def place(self, number: int) -> str:
        """Where the line of that number (from 1, over all files) stands: `file:line`."""
        file = max(bisect_left(self.starts, number) - 1, 0)
        return f"{self._paths[file].name}:{number - self.starts[file]}"

    def _of_file(self, path: Path) -> Iterator[list[bytes]]:
        rest = b""
        for block in self._blocks(path):
            *found, rest = (rest + block).split(b"\n")
            if len(rest) > LONGEST_LINE:
                raise DataError(f"expected lines below {LONGEST_LINE} bytes in {path.name}")
            yield found
        if rest and path not in self.truncated:
            yield [rest]

    def _blocks(self, path: Path) -> Iterator[bytes]:
        with path.open("rb") as file:
            is_gzip = file.read(2) == _GZIP
            file.seek(0)
            blocks = iter(lambda: file.read(_BLOCK), b"")
            if is_gzip:
                yield from self._inflated(path, blocks)
            else:
                yield from blocks

    def _inflated(self, path: Path, blocks: Iterator[bytes]) -> Iterator[bytes]:
        # Several members after each other are one file, as gzip has it.
        inflate = zlib.decompressobj(wbits=31)
        for block in blocks:
            data = block
            while data:
                if inflate.eof:
                    inflate = zlib.decompressobj(wbits=31)
                before = inflate.copy()
                try:
                    plain = inflate.decompress(data, _BLOCK)
                except zlib.error:
                    self.truncated.append(path)
                    yield _salvaged(before, data)
                    return
                if plain:
                    yield plain
                data = inflate.unused_data if inflate.eof else inflate.unconsumed_tail
        if not inflate.eof:
            self.truncated.append(path)


def _salvaged(inflate: "zlib._Decompress", data: bytes) -> bytes:
    # What comes out before the damage: a call that fails gives nothing, so small ones are made.
    plain = bytearray()
    with suppress(zlib.error):
        for start in range(0, len(data), _SALVAGE):
            plain += inflate.decompress(data[start : start + _SALVAGE])
    return bytes(plain)


class Recording:
    """One source's recording; iterate `chunks` once, then ask for the `summary`.

    instruments: by their index in the run's table (`open_recordings` infers them).
    source: the run's index of this source. is_lenient: a truncated file does not raise.
    """

    def __init__(
        self,
        spec: RecordingSpec,
        instruments: Mapping[int, Instrument],
        source: int = 0,
        time_unit: TimeUnit = TimeUnit.MILLISECOND,
        *,
        is_inferred: bool = False,
        is_lenient: bool = False,
    ) -> None:
        self.spec = spec
        self._lines = LineReader(spec.paths)
        self._instruments = dict(instruments)
        self._time_unit = time_unit
        self._is_inferred = is_inferred
        self._is_lenient = is_lenient
        market = BinanceMarket.named(spec.source)
        self._codec = BinanceCodec(market, instruments, source, time_unit)
        self._rows = 0
        self._went_back = 0
        self._first_ns = 0
        self._last_ns = 0

    @property
    def indexes(self) -> tuple[int, ...]:
        """Table indexes of its instruments."""
        return tuple(self._instruments)

    def chunks(self, lines: int = CHUNK_LINES) -> Iterator[EventArray]:
        """The rows, one array per chunk of lines; receive times never decrease. Raises `DataError`
        after the last row when a file was truncated, unless lenient.
        """
        for chunk in self._lines.chunks(lines):
            rows = self._decode(chunk)
            self._rows += len(rows)
            yield rows
        if self._lines.truncated and not self._is_lenient:
            names = ", ".join(path.name for path in self._lines.truncated)
            raise DataError(f"expected whole files, found {names} truncated; all before was read")

    def summary(self) -> RecordingSummary:
        """What was read so far; whole once `chunks` has ended."""
        refusals, codec = self._codec.refusals, self._codec
        instruments = tuple(
            _recorded(instrument, codec.totals(index), is_inferred=self._is_inferred)
            for index, instrument in self._instruments.items()
        )
        examples = {
            reason: f"{self._lines.place(example.number)}: {example.detail}: {example.text}"
            for reason, example in refusals.examples.items()
        }
        return RecordingSummary(
            source=self.spec.source,
            messages=codec.messages,
            trades=sum(each.trades for each in instruments),
            buy_qty=_sum([each.buy_qty for each in instruments]),
            sell_qty=_sum([each.sell_qty for each in instruments]),
            book_updates=sum(each.depth_messages for each in instruments),
            gaps=sum(each.book_gaps + each.trade_gaps for each in instruments),
            duplicates=sum(each.duplicates for each in instruments),
            malformed=dict(refusals.counts),
            malformed_examples=examples,
            ignored=dict(codec.ignored),
            went_back=self._went_back,
            truncated=bool(self._lines.truncated),
            truncated_files=tuple(path.name for path in self._lines.truncated),
            rows=self._rows,
            first_receive_ns=self._first_ns,
            last_receive_ns=self._last_ns,
            time_unit=self._time_unit.value,
            instruments=instruments,
        )

    def _decode(self, lines: list[bytes]) -> EventArray:
        # Runs of good lines go to the codec together; a garbage line between is counted in place.
        messages: list[bytes] = []
        times: list[int] = []
        parts: list[EventArray] = []
        for line in lines:
            text, _, message = line.partition(b" ")
            receive_ns = self._receive_time(text, message)
            if receive_ns:
                messages.append(message)
                times.append(receive_ns)
                continue
            parts.append(self._codec.decode(messages, times))
            messages, times = [], []
            detail = "expected a receive time in ns and a message"
            self._codec.refuse(Reason.LINE, detail, line)
        parts.append(self._codec.decode(messages, times))
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def _receive_time(self, text: bytes, message: bytes) -> int:
        # 0 = none that could be true. A time that goes back is raised to the last one.
        if not (text.isdigit() and len(text) <= _TIME_CHARACTERS and message):
            return 0
        receive_ns, last = int(text), self._last_ns
        if receive_ns < last:
            self._went_back += 1
            return last
        if receive_ns - last > NS_PER_DAY:
            # The first line, or days were left out, or the stamp is garbage: the message knows.
            if not self._is_near(message, receive_ns):
                return 0
            self._first_ns = self._first_ns or receive_ns
        self._last_ns = receive_ns
        return receive_ns

    def _is_near(self, message: bytes, receive_ns: int) -> bool:
        sent = _SENT.search(message)
        if sent is None:
            return not self._last_ns
        return abs(int(sent[1]) * self._time_unit.ns - receive_ns) < NS_PER_DAY


class Recordings(msgspec.Struct, frozen=True):
    """Several recordings over one table: the order of sources is the order they were given in."""

    table: InstrumentTable
    sources: tuple[Recording, ...]


def open_recordings(texts: Sequence[str], *, is_lenient: bool = False) -> Recordings:
    """Open recordings given as `VENUE=FILE[,FILE...]`.

    The instruments and the unit of times are inferred from the messages, which reads every file
    once more (`InstrumentInference`). Raises `CallerError` for a wrong text and `DataError` for a
    recording without a message of its venue.
    """
    specs = [RecordingSpec.parse(text) for text in texts]
    inferred = [_infer(spec) for spec in specs]
    table = InstrumentTable(each for inference in inferred for each in inference.instruments())
    sources: list[Recording] = []
    first = 0
    for rank, (spec, inference) in enumerate(zip(specs, inferred, strict=True)):
        found = dict(enumerate(inference.instruments(), first))
        first += len(found)
        sources.append(
            Recording(
                *(spec, found, rank, inference.time_unit),
                is_inferred=True,
                is_lenient=is_lenient,
            )
        )
    return Recordings(table, tuple(sources))


def _infer(spec: RecordingSpec) -> InstrumentInference:
    inference = InstrumentInference(BinanceMarket.named(spec.source))
    for lines in LineReader(spec.paths).chunks():
        for line in lines:
            inference.add(line)
    return inference


def _recorded(
    instrument: Instrument, totals: FeedTotals, *, is_inferred: bool
) -> RecordedInstrument:
    return RecordedInstrument(
        instrument_id=instrument.instrument_id,
        raw_symbol=instrument.raw_symbol,
        tick=instrument.price_step.text(1),
        lot=instrument.qty_step.text(1),
        contract_size=instrument.contract_size.text(1),
        is_inferred=is_inferred,
        trades=totals.trades,
        buy_qty=instrument.qty_text(totals.buy_lots),
        sell_qty=instrument.qty_text(totals.sell_lots),
        quotes=totals.quotes,
        depth_messages=totals.depth_messages,
        book_updates=totals.book_updates,
        book_gaps=totals.book_gaps,
        trade_gaps=totals.trade_gaps,
        lost_trades=totals.lost_trades,
        duplicates=totals.duplicates,
        inexact_sizes=totals.inexact_sizes,
    )


def _sum(texts: list[str]) -> str:
    return format_scaled(sum(parse_scaled(text, _QTY_DIGITS) for text in texts), _QTY_DIGITS)
