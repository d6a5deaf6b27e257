"""Recorded raw messages into a catalog, through the venue's own codec; the ones without are named.

Lines are `<receive time, ns> <message>` (hftbacktest) or `<receive time, s>: <message>`
(cryptofeed). Binance is read: which of its three markets it is, is told by the messages. Messages
of other venues are recognised and refused with their venue's name.
"""

import gzip
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from undertow.backtest.recording import open_recordings
from undertow.domain.errors import DataError
from undertow.storage.catalog.catalog import Catalog
from undertow.storage.catalog.instrument_facts import InstrumentFacts
from undertow.storage.catalog.series_name import asset_class
from undertow.storage.imports.import_log import ImportedSeries
from undertow.storage.imports.tick_store import TickStore
from undertow.storage.layouts.source_name import read_source_name
from undertow.storage.layouts.source_series import SourceOptions
from undertow.venues.binance.instruments import decode_exchange_info
from undertow.venues.binance.market import BinanceMarket

_LOOKED_AT = 400
_NS_LINE = re.compile(rb"\d{19} \{")
_S_LINE = re.compile(rb"(\d{9,10}\.\d+): (\{.*)")
_MARKETS = {"spot": "spot", "linear": "usdm", "inverse": "coinm"}
_INFO = re.compile(rb"https://\S*binance\S*/exchangeInfo -> [\d.]+: (\{.*)")


class BinanceRecordings:
    """Reads recorded messages of Binance's markets."""

    name = "binance-raw"

    def fits(self, path: Path) -> bool:
        """Whether its lines are messages of Binance."""
        return _binance_market(_lines(path)) != ""

    def import_file(
        self, catalog: Catalog, path: Path, options: SourceOptions
    ) -> list[ImportedSeries]:
        """Every row that the codec makes of it, instrument by instrument."""
        market = _MARKETS.get(options.market, "") or _binance_market(_lines(path))
        with tempfile.TemporaryDirectory() as folder:
            plain = Path(folder) / "messages"
            if not _convert(path, plain):
                plain = path
            recordings = open_recordings([f"binance.{market}={plain}"], is_lenient=True)
            (recording,) = recordings.sources
            stores = {}
            for index in recording.indexes:
                instrument = recordings.table[index]
                lake = catalog.folder / asset_class(instrument)
                stores[index] = TickStore(lake, instrument, f"binance.{market}")
            for rows in recording.chunks():
                for index, store in stores.items():
                    mine = rows[rows["instrument"] == index]
                    mine["instrument"] = mine["source"] = 0
                    store.add(mine)
        summary = recording.summary()
        return [
            _imported(catalog, store, sum(summary.malformed.values())) for store in stores.values()
        ]


class BinanceInstruments:
    """Reads recorded answers to exchangeInfo into the catalog's list of instruments."""

    name = "binance-instruments"

    def fits(self, path: Path) -> bool:
        """Whether its first line is such an answer."""
        return any(_INFO.match(line) for line in _lines(path)[:1])

    def import_file(
        self, catalog: Catalog, path: Path, options: SourceOptions
    ) -> list[ImportedSeries]:
        """All instruments that can be understood."""
        found = _INFO.match(next(_all_lines(path)))
        if found is None:
            raise DataError(f"{path.name}: expected an answer to exchangeInfo, found none")
        market = BinanceMarket.SPOT
        if b"/fapi/" in found[0][:80]:
            market = BinanceMarket.USDM
        elif b"/dapi/" in found[0][:80]:
            market = BinanceMarket.COINM
        info = decode_exchange_info(market, found[1])
        InstrumentFacts(catalog.folder).put(one.instrument for one in info.listings)
        return []


class UnreadRecordings:
    """Recognises recorded messages of venues that have no codec yet, and says so."""

    name = "raw"

    def fits(self, path: Path) -> bool:
        """Whether its lines are recorded messages, or answers."""
        first = _lines(path)[:2]
        marks = (
            b"wss://",
            b"https://",
            b'{"topic"',
            b'{"success"',
            b'{"channel"',
            b"configuration:",
        )
        return any(
            _NS_LINE.match(line) or _S_LINE.match(line) or line.startswith(marks) for line in first
        )

    def import_file(
        self, catalog: Catalog, path: Path, options: SourceOptions
    ) -> list[ImportedSeries]:
        """Raises `DataError` with the venue."""
        venue = options.venue or read_source_name(path).venue or path.name.split(".")[0].lower()
        raise DataError(f"{path.name}: recorded messages of {venue}: no codec for these yet")


READERS = (BinanceInstruments(), BinanceRecordings(), UnreadRecordings())


def _binance_market(lines: list[bytes]) -> str:
    messages = [line for line in lines if _NS_LINE.match(line) or _S_LINE.match(line)]
    text = b"\n".join(messages)
    if b'"stream":"' not in text or not re.search(rb'"e":"(trade|aggTrade|depthUpdate)"', text):
        return ""
    if b'"pu":' not in text and b'"bookTicker","u"' not in text:
        return "spot"
    return "coinm" if re.search(rb'"s":"[A-Z0-9]+USD_', text) else "usdm"


def _lines(path: Path) -> list[bytes]:
    try:
        return [line for line, _ in zip(_all_lines(path), range(_LOOKED_AT), strict=False)]
    except (OSError, EOFError, RuntimeError, zlib.error, zipfile.BadZipFile):
        return []


def _all_lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        start = file.read(2)
    if start == b"\x1f\x8b":
        with gzip.open(path) as plain:
            yield from plain
    elif start == b"PK":
        with zipfile.ZipFile(path) as archive, archive.open(archive.namelist()[0]) as member:
            yield from member
    else:
        with path.open("rb") as file:
            yield from file


def _convert(path: Path, to: Path) -> bool:
    # Lines with seconds into lines with nanoseconds; False when there are none.
    count = 0
    with to.open("wb") as file:
        for line in _all_lines(path):
            found = _S_LINE.match(line)
            if found:
                seconds, _, fraction = found[1].partition(b".")
                file.write(seconds + fraction[:9].ljust(9, b"0") + b" " + found[2] + b"\n")
                count += 1
    return count > 0


def _imported(catalog: Catalog, store: TickStore, malformed: int) -> ImportedSeries:
    store.close()
    flaws = {"malformed": malformed} if malformed else {}
    quality = store.quality
    return ImportedSeries(
        instrument_id=store.instrument.instrument_id,
        series="raw",
        folder=str(store.folder.relative_to(catalog.folder)),
        rows=quality.rows,
        first_ns=store.first_ns,
        last_ns=store.last_ns,
        counts=store.counts,
        flaws=flaws,
    )
