"""Which column of a table is what of a candle: layouts of candle files, told by their columns.

| layout | columns |
| --- | --- |
| freqtrade | `date, open, high, low, close, volume`; JSON rows of these six, time in ms |
| binance | 12 columns from `open_time` to `ignore`, with or without a header |
| kraken | no header: time in s, open, high, low, close, volume, count |
| jesse | numpy, six columns: time in ms, open, **close**, high, low, volume |
| mt5 | `DATE, TIME, OPEN, HIGH, LOW, CLOSE, TICKVOL, VOL, SPREAD` or `..., tick_volume` |
| lean trade | no header: ms since midnight or date and time, open, high, low, close, volume |
| columns | any header with a time, open, high, low and close under a known or a given name |

A table that fits none is no table of candles.
"""

from collections.abc import Mapping

import msgspec
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from undertow.domain.errors import ConfigurationError, DataError
from undertow.domain.suggestion import did_you_mean
from undertow.storage.layouts.raw_table import RawTable
from undertow.storage.layouts.time_column import read_times

Floats = NDArray[np.float64]

_SYNONYMS = {
    "time": ("date", "time", "timestamp", "open_time", "opentime", "open time", "datetime", "t",
             "ts", "time_utc", "unix", "start"),
    "open": ("open", "o"),
    "high": ("high", "h"),
    "low": ("low", "l"),
    "close": ("close", "c"),
    "volume": ("volume", "vol", "v", "base_volume", "tickvol", "tick_volume", "amount"),
    "bought": ("taker_buy_volume", "taker_buy_base_volume", "taker_buy_base_asset_volume",
               "buy_volume"),
    "trades": ("count", "trades", "num_trades", "number_of_trades", "trade_count"),
}  # fmt: skip
_NAMELESS = {
    12: ("time", "open", "high", "low", "close", "volume", "", "", "trades", "bought", "", ""),
    11: ("time", "open", "high", "low", "close", "volume", "", "", "trades", "bought", ""),
    8: ("time", "open", "high", "low", "close", "", "volume", "trades"),
    7: ("time", "open", "high", "low", "close", "volume", "trades"),
    6: ("time", "open", "high", "low", "close", "volume"),
    5: ("time", "open", "high", "low", "close"),
}
_JESSE = ("time", "open", "close", "high", "low", "volume")
_NEEDED = ("time", "open", "high", "low", "close")
_TICK_VOLUMES = ("tickvol", "tick_volume")


class CandleTable(msgspec.Struct, frozen=True):
    """Candles as they stand in a file: any order, any flaw.

    times_ns: open times, 0 where none could be read. bought, trades: NaN where not told.
    layout: its name in the module's table. volume_unit: as in `SeriesFacts`.
    """

    layout: str
    times_ns: NDArray[np.int64]
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats
    bought: Floats
    trades: Floats
    volume_unit: str = "units"
    time_units: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.times_ns)


def read_candle_table(raw: RawTable, mapping: Mapping[str, str] | None = None) -> CandleTable:
    """The candles of a table; `mapping` names columns by our words (`time`, `open`, ...).

    Raises `DataError` when the table has no candles, `ConfigurationError` for a wrong mapping.
    """
    places, layout = _places(raw, dict(mapping or {}))
    times = read_times(_times(raw, places["time"]))
    count = len(raw)
    nothing = np.full(count, np.nan)
    found = {
        name: raw.floats(places[name]) if name in places else nothing
        for name in _SYNONYMS
        if name != "time"
    }
    unit = "units" if "volume" in places else "none"
    if places.get("volume", "").lower() in _TICK_VOLUMES:
        unit = "ticks"
    if unit == "none":
        found["volume"] = np.zeros(count)
    return CandleTable(layout, times.times_ns, **found, volume_unit=unit, time_units=times.units)


def is_candle_table(raw: RawTable) -> bool:
    """Whether a table without a mapping would be read as candles."""
    try:
        _places(raw, {})
    except (DataError, ConfigurationError):
        return False
    return True


def _places(raw: RawTable, mapping: dict[str, str]) -> tuple[dict[str, str], str]:
    if mapping:
        return _mapped(raw, mapping), "columns"
    if not raw.has_header:
        return _nameless(raw)
    lower = {name.lower(): name for name in raw.columns}
    places = {
        word: lower[known]
        for word, names in _SYNONYMS.items()
        for known in [next((name for name in names if name in lower), "")]
        if known
    }
    if {"date", "time"} <= set(lower):
        places["time"] = f"{lower['date']}+{lower['time']}"
    missing = [word for word in _NEEDED if word not in places]
    if missing:
        raise DataError(
            f"{raw.member}: expected columns of candles, found {', '.join(raw.columns)[:120]} "
            f"without {', '.join(missing)}"
        )
    return places, _layout_name(set(lower))


def _layout_name(names: set[str]) -> str:
    if names == {"date", "open", "high", "low", "close", "volume"}:
        return "freqtrade"
    if "taker_buy_volume" in names and "ignore" in names:
        return "binance"
    return "mt5" if names & set(_TICK_VOLUMES) else "columns"


def _nameless(raw: RawTable) -> tuple[dict[str, str], str]:
    width = len(raw.columns)
    if raw.form == "numpy" and width == 6:
        return _named(_JESSE), "jesse"
    words = _NAMELESS.get(width)
    if words is None or not _looks_like_candles(raw):
        raise DataError(f"{raw.member}: expected candles, found {width} columns without names")
    names = {12: "binance", 7: "kraken"}
    return _named(words), names.get(width, "freqtrade" if raw.form == "json" else "columns")


def _named(words: tuple[str, ...]) -> dict[str, str]:
    return {word: str(place) for place, word in enumerate(words) if word}


def _looks_like_candles(raw: RawTable) -> bool:
    # Prices in columns 1 to 4, the second the greatest and the third the least in most rows.
    if any(pa.types.is_string(raw.columns[str(place)].type) for place in range(1, 5)):
        return False
    opens, highs, lows, closes = (raw.floats(str(place)) for place in range(1, 5))
    right = (highs >= opens) & (highs >= closes) & (lows <= opens) & (lows <= closes)
    return bool(len(raw) and right.mean() > 0.5)


def _mapped(raw: RawTable, mapping: dict[str, str]) -> dict[str, str]:
    for word, name in mapping.items():
        if word not in _SYNONYMS:
            raise ConfigurationError(
                f"expected words of candles in the mapping, found {word!r};"
                f"{did_you_mean(word, _SYNONYMS)}"
            )
        if name not in raw.columns:
            raise ConfigurationError(
                f"expected a column of {raw.member}, found {name!r};"
                f"{did_you_mean(name, raw.columns)}"
            )
    missing = [word for word in _NEEDED if word not in mapping]
    if missing:
        raise ConfigurationError(f"expected columns for {', '.join(missing)} in the mapping")
    return mapping


def _times(raw: RawTable, place: str) -> "pa.Array":
    if place in raw.columns:
        return raw.columns[place]
    date, time = (raw.columns[name].to_pylist() for name in place.split("+"))
    return pa.array([f"{day} {moment}" for day, moment in zip(date, time, strict=True)])
