"""Series of a catalog or of files written for other programs, and larger bars or bars of trades.

| format | what is written |
| --- | --- |
| freqtrade-feather, freqtrade-json, freqtrade-jsongz, freqtrade-parquet | freqtrade's folders |
| csv | `time, open, high, low, close, volume`, UTC, exact decimals |
| parquet | the same columns as floats |
| numpy | jesse's array: time in ms, open, close, high, low, volume |
| catalog | our own series |

Reading a written file back gives the same candles in all of these: floats are the shortest decimals
of the exact prices.
"""

import gzip
import json
from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet as pq

from undertow.domain.errors import ConfigurationError
from undertow.domain.instrument import Instrument
from undertow.domain.suggestion import did_you_mean
from undertow.domain.symbol import parse_symbol
from undertow.domain.time import utc_text
from undertow.storage.atomic_file import write_atomically
from undertow.storage.catalog.candles import Candles
from undertow.storage.catalog.catalog import Catalog
from undertow.storage.catalog.series_name import SeriesKind, SeriesName
from undertow.storage.catalog.series_part import SERIES_VERSION, SeriesFacts
from undertow.storage.disk_refusal import refusals

_SUFFIXES = {
    SeriesKind.CANDLES: "futures",
    SeriesKind.MARK: "mark",
    SeriesKind.INDEX: "index",
    SeriesKind.BID: "bid",
    SeriesKind.ASK: "ask",
}


def write_candles(
    candles: Candles,
    instrument: Instrument,
    folder: Path,
    file_format: str,
    kind: SeriesKind = SeriesKind.CANDLES,
) -> Path:
    """Write candles in a format; returns the file (or the catalog's folder of the series)."""
    if file_format == "catalog":
        return _to_catalog(candles, instrument, folder, kind)
    if file_format not in _WRITERS:
        known = [*_WRITERS, "catalog"]
        raise ConfigurationError(
            f"expected a format, found {file_format!r};{did_you_mean(file_format, known)}"
        )
    ending, write = _WRITERS[file_format]
    path = folder / _name(candles, instrument, kind, ending)
    with refusals("create the folder", path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, write(candles))
    return path


def format_names() -> tuple[str, ...]:
    """Formats that can be written."""
    return (*_WRITERS, "catalog")


def _name(candles: Candles, instrument: Instrument, kind: SeriesKind, ending: str) -> str:
    pair = parse_symbol(instrument.symbol).file_name
    if not instrument.is_perp:
        suffix = "" if kind is SeriesKind.CANDLES else f"-{_SUFFIXES[kind]}"
        return f"{instrument.venue}/{pair}-{candles.timeframe}{suffix}{ending}"
    return f"{instrument.venue}/futures/{pair}-{candles.timeframe}-{_SUFFIXES[kind]}{ending}"


def _to_catalog(candles: Candles, instrument: Instrument, folder: Path, kind: SeriesKind) -> Path:
    name = SeriesName(kind, candles.timeframe)
    store = Catalog(folder).store(instrument, name)
    store.add(SeriesFacts(SERIES_VERSION, instrument, name), candles.columns, "convert")
    return store.folder


def _table(candles: Candles) -> "pa.Table":
    times = pa.array(candles.opens_ns // 1_000_000, pa.timestamp("ms", "UTC"))
    prices = {name: candles.price(name) for name in ("open", "high", "low", "close")}
    return pa.table({"date": times, **prices, "volume": candles.volume})


def _rows(candles: Candles) -> list[list[float]]:
    prices = [candles.price(name).tolist() for name in ("open", "high", "low", "close")]
    times = (candles.opens_ns // 1_000_000).tolist()
    return [list(row) for row in zip(times, *prices, candles.volume.tolist(), strict=True)]


def _feather(candles: Candles) -> list[bytes]:
    sink = BytesIO()
    pyarrow.feather.write_feather(_table(candles), sink, compression="lz4")
    return [sink.getvalue()]


def _parquet(candles: Candles) -> list[bytes]:
    sink = BytesIO()
    pq.write_table(_table(candles), sink, compression="zstd")
    return [sink.getvalue()]


def _json(candles: Candles) -> list[bytes]:
    return [json.dumps(_rows(candles), separators=(",", ":")).encode()]


def _jsongz(candles: Candles) -> list[bytes]:
    return [gzip.compress(_json(candles)[0], mtime=0)]


def _csv(candles: Candles) -> Iterable[bytes]:
    yield b"time,open,high,low,close,volume\n"
    columns = candles.columns
    price, qty = candles.price_step, candles.qty_step
    for row in range(len(candles)):
        cells = [utc_text(int(candles.opens_ns[row]))[:19] + "Z"]
        cells += [price.text(int(columns[name][row])) for name in ("open", "high", "low", "close")]
        cells.append(qty.text(int(columns["volume"][row])))
        yield (",".join(cells) + "\n").encode()


def _numpy(candles: Candles) -> list[bytes]:
    names = ("open", "close", "high", "low")
    columns = [(candles.opens_ns // 1_000_000).astype(np.float64)]
    columns += [candles.price(name) for name in names]
    sink = BytesIO()
    np.save(sink, np.stack([*columns, candles.volume], axis=1), allow_pickle=False)
    return [sink.getvalue()]


_WRITERS: dict[str, tuple[str, Callable[[Candles], Iterable[bytes]]]] = {
    "freqtrade-feather": (".feather", _feather),
    "freqtrade-json": (".json", _json),
    "freqtrade-jsongz": (".jsongz", _jsongz),
    "freqtrade-parquet": (".parquet", _parquet),
    "csv": (".csv", _csv),
    "parquet": (".parquet", _parquet),
    "numpy": (".npy", _numpy),
}
