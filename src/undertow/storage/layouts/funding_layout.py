"""Tables of funding rates: a time and a rate, under the names that venues give them.

Binance's archive (`calc_time, funding_interval_hours, last_funding_rate`), its REST answers
(`fundingTime, fundingRate`), and any header with a time and a column of a known name of a rate.
Freqtrade keeps rates in files of candles instead, in `open`.
"""

import numpy as np

from undertow.storage.layouts.candle_layout import CandleTable
from undertow.storage.layouts.raw_table import RawTable
from undertow.storage.layouts.time_column import read_times

_TIMES = ("calc_time", "fundingtime", "funding_time", "timestamp", "time", "date")
_RATES = ("last_funding_rate", "fundingrate", "funding_rate", "rate")


def is_rate_table(raw: RawTable) -> bool:
    """Whether a table has a time and a rate, and is none of candles."""
    names = {name.lower() for name in raw.columns}
    return bool(names & set(_TIMES) and names & set(_RATES)) and "open" not in names


def read_rate_table(raw: RawTable) -> CandleTable:
    """The rates as freqtrade would keep them: in `open`."""
    lower = {name.lower(): name for name in raw.columns}
    time = next(lower[name] for name in _TIMES if name in lower)
    rate = next(lower[name] for name in _RATES if name in lower)
    times, nothing = read_times(raw.columns[time]), np.zeros(len(raw))
    return CandleTable(
        layout="funding",
        times_ns=times.times_ns,
        open=raw.floats(rate),
        high=nothing,
        low=nothing,
        close=nothing,
        volume=nothing,
        bought=nothing,
        trades=nothing,
        time_units=times.units,
    )
