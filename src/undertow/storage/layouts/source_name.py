"""What the path of a data file says: venue, pair, timeframe, kind of series.

Understood are freqtrade's names (`binance/futures/BTC_USDT_USDT-5m-futures.feather`), Binance's
archives (`um/daily/markPriceKlines/BTCUSDT/1m/BTCUSDT-1m-2024-01-01.zip`), Lean's folders
(`forex/oanda/minute/eurusd/20140501_quote.zip`) and loose ones (`kraken_BTCUSDC_1m_20230301.csv`).
What the path does not say stays empty.
"""

import re
from pathlib import Path

import msgspec

from undertow.domain.errors import ConfigurationError, UnknownNameError
from undertow.domain.symbol import SymbolName
from undertow.storage.catalog.pair_name import symbol_of
from undertow.storage.catalog.series_name import SeriesKind
from undertow.storage.catalog.timeframe_names import bar_length_name

VENUES = (
    "binanceus", "binance", "bybit", "okx", "kraken", "krakenfutures", "kucoin", "coinbase",
    "bitget", "mexc", "gateio", "gate", "htx", "huobi", "bitmex", "deribit", "hyperliquid", "dydx",
    "aster", "oanda", "fxcm", "truefx", "dukascopy", "bitstamp", "bitfinex", "ctrader", "mt5",
)  # fmt: skip
_KINDS = {
    "mark": SeriesKind.MARK,
    "markpriceklines": SeriesKind.MARK,
    "index": SeriesKind.INDEX,
    "indexpriceklines": SeriesKind.INDEX,
    "funding_rate": SeriesKind.FUNDING,
    "fundingrate": SeriesKind.FUNDING,
    "bid": SeriesKind.BID,
    "ask": SeriesKind.ASK,
    "futures": SeriesKind.CANDLES,
    "swap": SeriesKind.CANDLES,
}
_FUTURES = frozenset(
    ("futures", "swap", "um", "cm", "usdm", "coinm", "linear", "perp", "cryptofuture")
)
_UNITS = {"second": "1s", "minute": "1m", "hour": "1h", "daily": "1d"}
_ENDINGS = re.compile(r"(\.(csv|gz|zip|parquet|feather|json|jsongz|npy|txt|data))+$", re.I)
_LENGTH = re.compile(r"\d{1,2}(s|m|h|d|w|M|min|D|W)", re.ASCII)
_META_LENGTH = re.compile(r"(.*?)([mhd])(1|2|3|4|5|6|8|10|12|15|30)", re.I)
_DATE = re.compile(r"\d{4}(-?\d\d){0,2}|\d{4}q\d")
_LONGEST_COIN = 12


class SourceName(msgspec.Struct, frozen=True):
    """What a path says. `has_futures` when a folder or the name says futures or swap."""

    venue: str = ""
    symbol: SymbolName | None = None
    timeframe: str = ""
    kind: SeriesKind | None = None
    has_futures: bool = False


def read_source_name(path: Path) -> SourceName:
    """Understand a path as far as it goes; never raises."""
    stem = _ENDINGS.sub("", path.name)
    folders = [part.lower() for part in reversed(path.parent.parts[-6:])]
    words = _words(stem)
    said = [*(word.lower() for word in words), *folders]
    return SourceName(
        venue=_venue(said),
        symbol=_first_symbol(words, folders),
        timeframe=_timeframe(words, folders),
        kind=next((_KINDS[word] for word in said if word in _KINDS), None),
        has_futures=any(set(re.split(r"[_\-]", word)) & _FUTURES for word in said),
    )


def _words(stem: str) -> list[str]:
    # Cut at dashes, then at underscores where what is between is no pair or kind in file form.
    found: list[str] = []
    for word in stem.split("-"):
        plain = _without_date(word)
        if plain.lower() in _KINDS or _file_form(plain):
            found.append(plain)
        else:
            found += [part for part in word.split("_") if part]
    return found


def _without_date(word: str) -> str:
    parts = word.split("_")
    while len(parts) > 1 and _DATE.fullmatch(parts[-1]):
        parts.pop()
    return "_".join(parts)


def _file_form(word: str) -> bool:
    # BTC_USDT, BTC_USDT_USDT: capitals only, and no timeframe between.
    parts = word.split("_")
    return 2 <= len(parts) <= 3 and all(part.isupper() and part.isalnum() for part in parts)


def _timeframe(words: list[str], folders: list[str]) -> str:
    for word in words:
        if _LENGTH.fullmatch(word):
            return _length(word)
        meta = _META_LENGTH.fullmatch(word)
        if meta and (not meta[1] or _symbol(meta[1])):
            return _length(f"{meta[3]}{meta[2].lower()}")
    return next((_UNITS[word] for word in folders if word in _UNITS), "")


def _length(text: str) -> str:
    try:
        return bar_length_name(text)
    except ConfigurationError:
        return ""


def _first_symbol(words: list[str], folders: list[str]) -> SymbolName | None:
    for word in words:
        meta = _META_LENGTH.fullmatch(word)
        found = _symbol(word) or (_symbol(meta[1]) if meta else None)
        if found:
            return found
    if words and _DATE.fullmatch(words[0]) and folders:
        return _symbol(folders[0])  # Lean names the symbol by the folder of its days.
    return None


def _symbol(word: str) -> SymbolName | None:
    if not any(letter.isalpha() for letter in word) or word.lower() in VENUES:
        return None
    try:
        name = symbol_of(word)
    except UnknownNameError:
        return None
    is_plain = name.base.isalnum() and not name.base.isdigit() and not name.quote.isdigit()
    return name if is_plain and len(name.base) <= _LONGEST_COIN else None


def _venue(texts: list[str]) -> str:
    for text in texts:
        for word in re.split(r"[^a-z0-9]+", text):
            if word in VENUES:
                return word
    return ""
