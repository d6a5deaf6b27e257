"""What a series of an instrument is, and where it lies in the catalog.

```
<catalog>/<class>/<venue>/<market>/<symbol>/<kind>[-<timeframe>]/<period>.parquet
user_data/data/crypto/binance/linear/BTC_USDT_USDT/candles-5m/2023.parquet
```

The class is `crypto`, `forex` or `equity`; recorded rows by the hour (`lake_layout`) lie beside the
series in the same folder of the instrument. A period is a day for bars shorter than a minute, a
month below an hour, a year for all others, so that adding rows rewrites little.
"""

from enum import StrEnum
from pathlib import Path

import msgspec
import numpy as np

from undertow.domain.instrument import Instrument
from undertow.storage.catalog.timeframe_names import Times, bar_length_name, length_ns
from undertow.storage.lake_layout import instrument_folder

_DATES = {"D": "datetime64[D]", "M": "datetime64[M]", "Y": "datetime64[Y]"}
_MINUTE_NS = 60_000_000_000
CURRENCIES = frozenset(
    ("USD", "EUR", "GBP", "JPY", "CHF", "AUD", "CAD", "NZD", "SEK", "NOK", "DKK", "PLN", "CZK",
     "HUF", "TRY", "ZAR", "MXN", "SGD", "HKD", "CNH", "CNY", "XAU", "XAG", "XPT", "XPD")
)  # fmt: skip


class SeriesKind(StrEnum):
    """What the rows of a series are.

    CANDLES: traded prices. BID, ASK: candles of the quotes, where a broker gives these instead.
    MARK, INDEX: candles of the venue's mark and index price. FUNDING: rates paid.
    """

    CANDLES = "candles"
    BID = "bid"
    ASK = "ask"
    MARK = "mark"
    INDEX = "index"
    FUNDING = "funding"


TRADED = (SeriesKind.CANDLES, SeriesKind.BID)
"""Kinds that bars for a backtest are made of, the better one first."""


class SeriesName(msgspec.Struct, frozen=True, order=True):
    """A kind and its timeframe; the timeframe is empty for funding."""

    kind: SeriesKind
    timeframe: str = ""

    @property
    def text(self) -> str:
        """The name of its folder, e.g. `candles-5m`."""
        return f"{self.kind.value}-{self.timeframe}" if self.timeframe else self.kind.value

    @classmethod
    def of_folder(cls, name: str) -> "SeriesName | None":
        """The series that a folder's name says; None when it says none."""
        kind, _, timeframe = name.partition("-")
        if kind not in set(SeriesKind) or bool(timeframe) == (kind == SeriesKind.FUNDING):
            return None
        return cls(SeriesKind(kind), bar_length_name(timeframe) if timeframe else "")

    def periods(self, times_ns: Times) -> "np.ndarray[tuple[int], np.dtype[np.str_]]":
        """The period of each time: `2024-08-08`, `2024-08` or `2024`."""
        return times_ns.astype("datetime64[ns]").astype(_DATES[self._unit]).astype(str)

    def period_starts(self, times_ns: Times) -> Times:
        """Places where a new period begins among ascending times, the first place included."""
        numbers = times_ns.astype("datetime64[ns]").astype(_DATES[self._unit]).astype(np.int64)
        return np.flatnonzero(np.diff(numbers, prepend=numbers[:1] - 1))

    @property
    def _unit(self) -> str:
        length = length_ns(self.timeframe) if self.timeframe else length_ns("8h")
        if length < _MINUTE_NS:
            return "D"
        return "M" if length < 60 * _MINUTE_NS else "Y"


def asset_class(instrument: Instrument) -> str:
    """`forex` when both sides are currencies or metals, `equity` for base/USD shares marked so by
    their venue's name, `crypto` otherwise.
    """
    if instrument.base in CURRENCIES and instrument.quote in CURRENCIES:
        return "forex"
    return "equity" if instrument.venue in ("usa", "equity", "stocks") else "crypto"


def series_folder(catalog: Path, instrument: Instrument, name: SeriesName) -> Path:
    """The folder of a series in a catalog."""
    return instrument_folder(catalog / asset_class(instrument), instrument) / name.text
