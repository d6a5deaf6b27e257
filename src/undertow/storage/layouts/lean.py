"""Data as LEAN keeps it: zips named by day or symbol in folders by class, market and resolution.

`<class>/<market>/<tick|second|minute>/<symbol>/<YYYYMMDD>_<quote|trade>.zip` and
`<class>/<market>/<hour|daily>/<symbol>[_quote|_trade].zip`; the member is named
`<YYYYMMDD>_<symbol>_<resolution>_<type>[_perp].csv` or `<symbol>.csv`.

Rows: time; then bid open, high, low, close, size and the same of the ask (quote bars), open, high,
low, close, volume (trade bars), or bid and ask (ticks). The time is in ms since midnight, or a date
and time for hours and days. Prices of `equity` and `option` are in 1/10,000 of a dollar. Midnight
is New York's for equity; UTC for crypto and, as stamped, for forex and cfd: whether that is true
of a market is for the check to say (FXCM's are EST).
"""

import re
from pathlib import Path

import msgspec
import numpy as np

from undertow.domain.errors import DataError
from undertow.storage.catalog.series_name import SeriesKind
from undertow.storage.catalog.series_part import PRICES
from undertow.storage.catalog.timeframe_names import Times
from undertow.storage.layouts.candle_layout import CandleTable
from undertow.storage.layouts.raw_table import RawTable
from undertow.storage.layouts.time_column import read_times

MEMBER = re.compile(
    r"(?P<date>\d{8})_(?P<symbol>\w+?)_(?P<resolution>tick|second|minute)_(?P<type>quote|trade)"
    r"(?P<perp>_perp)?\.csv"
)
CLASSES = ("forex", "crypto", "cryptofuture", "cfd", "equity")
CENTS = {"equity": 10_000.0}
ZONES = {"equity": "America/New_York"}
_NS_PER_MS = 1e6
_WIDTHS = {11: "quote", 6: "trade", 3: "tick"}


class LeanFile(msgspec.Struct, frozen=True):
    """What a member's name, path and width say. `date_ns` is 0 where rows carry the date."""

    asset_class: str
    type: str
    date_ns: int
    is_perpetual: bool


def lean_file(raw: RawTable, path: Path) -> LeanFile | None:
    """What a table is in LEAN's layout; None when it is not of it."""
    folders = [part.lower() for part in path.parts]
    found = next((name for name in reversed(folders) if name in CLASSES), "")
    kind = _WIDTHS.get(len(raw.columns), "")
    if raw.has_header or raw.form != "csv" or not kind:
        return None
    match = MEMBER.fullmatch(raw.member)
    if match:
        if (kind == "tick") != (match["resolution"] == "tick"):
            return None
        date = match["date"]
        day = np.datetime64(f"{date[:4]}-{date[4:6]}-{date[6:]}", "ns").astype(np.int64)
        is_perpetual = bool(match["perp"]) or found == "cryptofuture"
        return LeanFile(found, kind, int(day), is_perpetual)
    if kind in ("quote", "trade") and found and path.suffix == ".zip":
        return LeanFile(found, kind, 0, found == "cryptofuture")
    return None


def lean_times(raw: RawTable, file: LeanFile) -> Times:
    """Stamps of the rows, as they stand, in ns."""
    if not file.date_ns:
        return read_times(raw.columns["0"]).times_ns
    since = raw.floats("0")
    if not (np.isfinite(since).all() and (since >= 0).all() and (since < 90_000_000).all()):
        raise DataError(f"{raw.member}: expected milliseconds since midnight, found others")
    times: Times = file.date_ns + np.rint(since * _NS_PER_MS).astype(np.int64)
    return times


def lean_bars(raw: RawTable, file: LeanFile) -> dict[SeriesKind, CandleTable]:
    """The bars of a file: candles, or those of bid and ask."""
    times = lean_times(raw, file)
    if file.type == "trade":
        return {SeriesKind.CANDLES: _table(raw, file, times, 1)}
    # A side that was not quoted at all in a bar stands as zeros or is empty.
    return {
        SeriesKind.BID: _table(raw, file, times, 1),
        SeriesKind.ASK: _table(raw, file, times, 6),
    }


def lean_scale(file: LeanFile) -> float:
    """What prices of the file are divided by."""
    return CENTS.get(file.asset_class, 1.0)


def _table(raw: RawTable, file: LeanFile, times: Times, first: int) -> CandleTable:
    scale = lean_scale(file)
    prices = {
        name: raw.floats(str(place)) / scale for place, name in enumerate(PRICES, start=first)
    }
    nothing = np.full(len(times), np.nan)
    is_trade = file.type == "trade"
    return CandleTable(
        layout="lean",
        times_ns=times,
        open=prices["open"],
        high=prices["high"],
        low=prices["low"],
        close=prices["close"],
        volume=raw.floats(str(first + 4)) if is_trade else np.zeros(len(times)),
        bought=nothing,
        trades=nothing,
        volume_unit="units" if is_trade else "none",
    )
