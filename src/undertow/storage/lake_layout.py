"""Where recorded market data lies: `venue/market/symbol/date/hour/`, one folder an hour (UTC).

Hours are of the receive time, which is the order of the rows. A part file is named
`<source>.<first row>-<last row>.parquet` by the numbers of its rows in their source; a part whose
range lies inside another's of the same source (left by a compaction that was cut off) is not read.
"""

import re
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from undertow.domain.instrument import Instrument
from undertow.domain.symbol import parse_symbol
from undertow.domain.time import NS_PER_HOUR, NS_PER_S

_PART = re.compile(r"(?P<source>.+)\.(?P<first>\d{19})-(?P<last>\d{19})\.parquet")
_LAST_HOUR = (1 << 63) // NS_PER_HOUR - 1
_UNSAFE = re.compile(r"[^A-Za-z0-9_\-]")


class LakePart(msgspec.Struct, frozen=True, order=True):
    """A part file: rows `first` .. `last` of a source (not all of them of this instrument)."""

    first: int
    last: int
    source: str
    path: Path


def instrument_folder(lake: Path, instrument: Instrument) -> Path:
    """The folder of an instrument, e.g. `binance/linear/BTC_USDT_USDT`."""
    symbol = parse_symbol(instrument.symbol).file_name
    return lake / instrument.venue / instrument.kind.name.lower() / symbol


def hour_folder(instrument: Path, hour: int) -> Path:
    """The folder of an hour, counted from 1970-01-01, e.g. `2024-08-08/23`."""
    moment = datetime.fromtimestamp(hour * (NS_PER_HOUR // NS_PER_S), UTC)
    return instrument / moment.strftime("%Y-%m-%d") / moment.strftime("%H")


def part_path(folder: Path, source: str, first: int, last: int) -> Path:
    """The file of a part in an hour's folder."""
    return folder / f"{safe_source(source)}.{first:019d}-{last:019d}.parquet"


def safe_source(source: str) -> str:
    """A source's name as file names carry it."""
    return _UNSAFE.sub("_", source)


def hours(instrument: Path, first_hour: int, last_hour: int) -> list[Path]:
    """The hours that have a folder, from `first_hour` to `last_hour`, in order."""
    if not instrument.is_dir():
        return []
    begin = hour_folder(instrument, max(first_hour, 0)).relative_to(instrument).as_posix()
    end = hour_folder(instrument, min(last_hour, _LAST_HOUR)).relative_to(instrument).as_posix()
    found = (path for path in instrument.glob("*/*") if path.is_dir())
    return sorted(path for path in found if begin <= f"{path.parent.name}/{path.name}" <= end)


def part_files(hour: Path, source: str | None = None) -> list[LakePart]:
    """Every part file in an hour's folder, by source and row; only of `source` when given."""
    matches = [(_PART.fullmatch(path.name), path) for path in hour.iterdir()]
    found = [
        LakePart(int(match["first"]), int(match["last"]), match["source"], path)
        for match, path in matches
        if match and (source is None or match["source"] == safe_source(source))
    ]
    return sorted(found, key=lambda part: (part.source, part.first, -part.last))


def parts(hour: Path, source: str | None = None) -> list[LakePart]:
    """The parts to read: the same without those whose range lies inside another's."""
    whole: list[LakePart] = []
    for part in part_files(hour, source):
        before = whole[-1] if whole else None
        if before is None or before.source != part.source or part.last > before.last:
            whole.append(part)
    return whole
