"""Which columns of a table are ticks: trades, quotes, book levels or mark prices.

| layout | file |
| --- | --- |
| tardis | `trades`, `incremental_book_L2`, `book_snapshot_5/25`, `quotes`, `derivative_ticker` |
| binance | archives: `trades`, `aggTrades`, `bookTicker`, with or without header; `T_DEPTH` books;
  `metrics` (open interest) |
| freqtrade | `<PAIR>-trades`: timestamp, id, type, side, price, amount, cost |
| hyperliquid | `non_mm_trades`: time, user, coin, side, px, sz, crossed |
| lean | ticks: ms since midnight, bid, ask |
| trades, quotes | any header with a time, price and quantity, or bid and ask, under known names |
"""

from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.domain.errors import DataError
from undertow.storage.layouts.lean import lean_file, lean_scale, lean_times
from undertow.storage.layouts.raw_table import RawTable
from undertow.storage.layouts.ticks import BOOK, FACTS, QUOTES, TRADES, Ticks, make_ticks
from undertow.storage.layouts.time_column import read_times

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_TIMES = ("timestamp", "time", "transact_time", "transaction_time", "date", "datetime", "ts", "t")
_QTYS = ("amount", "qty", "quantity", "size", "sz", "volume")
_IDS = ("id", "trade_id", "agg_trade_id", "tid", "update_id")
_MAKERS = ("is_buyer_maker", "buyer_maker", "isbuyermaker", "m")
_BIDS = ("bid_price", "best_bid_price", "bid")
_ASKS = ("ask_price", "best_ask_price", "ask")
_BID_QTYS = ("bid_amount", "best_bid_qty", "bid_size", "bid_qty", "bidsize")
_ASK_QTYS = ("ask_amount", "best_ask_qty", "ask_size", "ask_qty", "asksize")
_BUYS = frozenset(("buy", "bid", "b", "1", "true"))
_TRADES_NAMELESS = ("id", "price", "qty", "quote_qty", "time", "is_buyer_maker", "best")
_AGG_NAMELESS = (
    *("agg_trade_id", "price", "quantity", "first_trade_id", "last_trade_id"),
    *("transact_time", "is_buyer_maker", "best"),
)


class TickLayout(msgspec.Struct, frozen=True):
    """How to read a table: its layout, its stream, and what makes ticks of a piece of it.

    names: our column names, where the file has none. symbols: the column of the symbol, or empty.
    """

    name: str
    stream: str
    decode: Callable[[RawTable, Path], Ticks]
    names: tuple[str, ...] = ()
    symbols: str = ""
    venues: str = ""

    def read(self, raw: RawTable, path: Path) -> Ticks:
        """The ticks of a piece; raises `DataError` for columns that are not as the layout has."""
        try:
            return self.decode(named(raw, self.names), path)
        except KeyError as error:
            raise DataError(f"{raw.member}: expected a column {error}, found none") from error


def named(raw: RawTable, names: tuple[str, ...]) -> RawTable:
    """The table with these names for its first columns."""
    if not names or raw.has_header:
        return raw
    columns = dict(zip(names, raw.columns.values(), strict=False))
    return RawTable(raw.form, columns, True, raw.member)


def tick_layout(raw: RawTable, path: Path) -> TickLayout | None:
    """The layout of a table by its first piece; None when it is none of ticks."""
    lean = lean_file(raw, path)
    if lean is not None:
        return TickLayout("lean", QUOTES, _lean) if lean.type == "tick" else None
    if not raw.has_header:
        return _nameless(raw)
    names = {name.lower() for name in raw.columns}
    return _tardis(names) or _venue_export(names) or _plain(names)


def _tardis(names: set[str]) -> TickLayout | None:
    if not {"exchange", "symbol", "timestamp", "local_timestamp"} <= names:
        return None
    if "is_snapshot" in names:
        return _of_tardis(BOOK, _tardis_book)
    if "asks[0].price" in names:
        return _of_tardis(BOOK, _tardis_snapshots)
    if "funding_rate" in names:
        return _of_tardis(FACTS, _tardis_ticker)
    if {"ask_price", "bid_price"} <= names:
        return _of_tardis(QUOTES, _quotes)
    return _of_tardis(TRADES, _trades) if "price" in names else None


def _of_tardis(stream: str, decode: Callable[[RawTable, Path], Ticks]) -> TickLayout:
    return TickLayout("tardis", stream, decode, symbols="symbol", venues="exchange")


def _venue_export(names: set[str]) -> TickLayout | None:
    if {"first_update_id", "last_update_id", "side", "update_type", "price", "qty"} <= names:
        return TickLayout("binance", BOOK, _binance_depth, symbols="symbol")
    if {"time", "coin", "side", "px", "sz", "crossed"} <= names:
        return TickLayout("hyperliquid", TRADES, _hyperliquid, symbols="coin", venues="hyperliquid")
    if {"best_bid_price", "best_ask_price"} <= names:
        return TickLayout("binance", QUOTES, _quotes)
    if {"create_time", "sum_open_interest"} <= names:
        return TickLayout("binance", FACTS, _binance_metrics, symbols="symbol")
    if "agg_trade_id" in names or {"is_buyer_maker", "quote_qty"} <= names:
        return TickLayout("binance", TRADES, _trades)
    if {"timestamp", "id", "type", "side", "price", "amount", "cost"} <= names:
        return TickLayout("freqtrade", TRADES, _trades)
    return None


def _plain(names: set[str]) -> TickLayout | None:
    has_time = bool(names & set(_TIMES))
    if has_time and "open" not in names and names & set(_BIDS) and names & set(_ASKS):
        return TickLayout("quotes", QUOTES, _quotes, symbols="symbol" if "symbol" in names else "")
    has_side = "side" in names or names & set(_MAKERS)
    if has_time and "price" in names and names & set(_QTYS) and has_side:
        return TickLayout("trades", TRADES, _trades, symbols="symbol" if "symbol" in names else "")
    return None


def _nameless(raw: RawTable) -> TickLayout | None:
    # Binance's archives of before 2025: the last two columns are words, the first counts up.
    width = len(raw.columns)
    last = raw.columns.get(str(width - 1))
    if width not in (6, 7, 8) or last is None or str(last.type) not in ("bool", "string"):
        return None
    aggregated = width == 8 or (width == 7 and str(raw.columns["5"].type) == "int64")
    names = _AGG_NAMELESS if aggregated else _TRADES_NAMELESS
    return TickLayout("binance", TRADES, _trades, names[:width])


def _pick(raw: RawTable, names: tuple[str, ...]) -> str:
    lower = {name.lower(): name for name in raw.columns}
    return next((lower[name] for name in names if name in lower), "")


def _need(raw: RawTable, names: tuple[str, ...]) -> str:
    found = _pick(raw, names)
    if not found:
        raise DataError(f"{raw.member}: expected a column {names[0]}, found none")
    return found


def _stamps(raw: RawTable) -> dict[str, Ints]:
    event = read_times(raw.columns[_need(raw, _TIMES)]).times_ns
    received = np.zeros(len(event), np.int64)
    if "local_timestamp" in raw.columns:
        received = read_times(raw.columns["local_timestamp"]).times_ns
    return {"event_ns": event, "receive_ns": received}


def _ids(raw: RawTable) -> Ints:
    # Ids that are no numbers (BitMEX, freqtrade's texts) are not kept: 0 says so.
    name = _pick(raw, _IDS)
    if not name or str(raw.columns[name].type) not in ("int64", "int32", "uint64"):
        return np.zeros(len(raw), np.int64)
    found: Ints = np.nan_to_num(raw.columns[name].to_numpy(zero_copy_only=False)).astype(np.int64)
    return found


def _texts(raw: RawTable, name: str) -> list[str]:
    return [str(one).lower() for one in raw.columns[name].to_pylist()]


def _sides(raw: RawTable) -> Ints:
    maker = _pick(raw, _MAKERS)
    if maker:
        # The buyer was the maker: the aggressor sold.
        return np.array([-1 if text in ("true", "1") else 1 for text in _texts(raw, maker)])
    return np.array(
        [1 if text in _BUYS else -1 for text in _texts(raw, _need(raw, ("side",)))], np.int64
    )


def _trades(raw: RawTable, _: Path) -> Ticks:
    price, qty = raw.floats(_need(raw, ("price", "px"))), raw.floats(_need(raw, _QTYS))
    return make_ticks(TRADES, **_stamps(raw), price=price, qty=qty, side=_sides(raw), id=_ids(raw))


def _quotes(raw: RawTable, _: Path) -> Ticks:
    nothing = np.zeros(len(raw))
    bid, ask = _pick(raw, _BID_QTYS), _pick(raw, _ASK_QTYS)
    return make_ticks(
        QUOTES,
        **_stamps(raw),
        price=raw.floats(_need(raw, _BIDS)),
        price_b=raw.floats(_need(raw, _ASKS)),
        qty=raw.floats(bid) if bid else nothing,
        qty_b=raw.floats(ask) if ask else nothing,
        id=_ids(raw),
    )


def _lean(raw: RawTable, path: Path) -> Ticks:
    file = lean_file(raw, path)
    assert file is not None
    scale = lean_scale(file)
    bids, asks = raw.floats("1") / scale, raw.floats("2") / scale
    return make_ticks(QUOTES, lean_times(raw, file), price=bids, price_b=asks)


def _hyperliquid(raw: RawTable, _: Path) -> Ticks:
    # Each row is one side of a trade. Where both sides are in the file, the taker's row stays.
    times = read_times(raw.columns["time"]).times_ns
    price, qty = raw.floats("px"), raw.floats("sz")
    took = np.array(_texts(raw, "crossed")) == "true"
    bought = np.array(_texts(raw, "side")) == "bid"
    coins = np.array(_texts(raw, "coin"))
    taken = set(zip(times[took], coins[took], price[took], qty[took], bought[took], strict=True))
    keys = zip(times, coins, price, qty, ~bought, strict=True)
    doubled = ~took & np.array([key in taken for key in keys], bool)
    side = np.where(bought == took, 1, -1)
    # A doubled row is marked by a side of 0, which no trade has.
    return make_ticks(TRADES, times, price=price, qty=qty, side=np.where(doubled, 0, side))


def _binance_metrics(raw: RawTable, _: Path) -> Ticks:
    # Open interest of every five minutes; the ratios beside it are not market data.
    times = read_times(raw.columns["create_time"]).times_ns
    nothing = np.full(len(times), np.nan)
    return make_ticks(FACTS, times, price=nothing, qty=raw.floats("sum_open_interest"))


def _binance_depth(raw: RawTable, _: Path) -> Ticks:
    snapshot = np.array(_texts(raw, "update_type")) == "snap"
    last = raw.floats("last_update_id").astype(np.int64)
    previous = raw.floats("pu").astype(np.int64) if "pu" in raw.columns else last
    side = np.where(np.array(_texts(raw, "side")) == "b", 1, -1)
    return make_ticks(
        BOOK,
        **_stamps(raw),
        price=raw.floats("price"),
        qty=raw.floats("qty"),
        side=side,
        id=last,
        previous=np.where(snapshot, last, previous),
        group=last,
        is_snapshot=snapshot,
    )


def _tardis_book(raw: RawTable, _: Path) -> Ticks:
    stamps = _stamps(raw)
    snapshot = np.array(_texts(raw, "is_snapshot")) == "true"
    side = np.where(np.array(_texts(raw, "side")) == "bid", 1, -1)
    return make_ticks(
        BOOK,
        **stamps,
        price=raw.floats("price"),
        qty=raw.floats("amount"),
        side=side,
        group=stamps["receive_ns"] * 2 + snapshot,
        is_snapshot=snapshot,
    )


def _tardis_snapshots(raw: RawTable, _: Path) -> Ticks:
    # Each row is a whole book of some levels a side: one snapshot.
    depth = sum(name.startswith("asks[") and name.endswith(".price") for name in raw.columns)
    stamps, count = _stamps(raw), len(raw)
    prices, qtys, sides = [], [], []
    for side, word in ((1, "bids"), (-1, "asks")):
        for level in range(depth):
            prices.append(raw.floats(f"{word}[{level}].price"))
            qtys.append(raw.floats(f"{word}[{level}].amount"))
            sides.append(side)
    width = 2 * depth
    price, qty = np.stack(prices, axis=1).ravel(), np.stack(qtys, axis=1).ravel()
    return make_ticks(
        BOOK,
        event_ns=np.repeat(stamps["event_ns"], width),
        receive_ns=np.repeat(stamps["receive_ns"], width),
        price=price,
        qty=qty,
        side=np.tile(np.array(sides, np.int64), count),
        group=np.repeat(stamps["receive_ns"], width),
        is_snapshot=np.ones(count * width, bool),
    )


def _tardis_ticker(raw: RawTable, _: Path) -> Ticks:
    name = _pick(raw, ("predicted_funding_rate",))
    predicted = raw.floats(name) if name else np.full(len(raw), np.nan)
    rate = np.where(np.isfinite(predicted), predicted, raw.floats("funding_rate"))
    funded = read_times(raw.columns["funding_timestamp"]).times_ns
    return make_ticks(
        FACTS,
        **_stamps(raw),
        price=raw.floats("mark_price"),
        price_b=raw.floats("index_price"),
        qty=raw.floats("open_interest"),
        qty_b=rate,
        id=funded,
    )
