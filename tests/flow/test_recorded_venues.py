"""Flow of eight recordings of six venues beside sums that polars takes from the raw messages.

The rows are made here, message by message, from what each venue sends; the sums come from the text
of the same lines by path, as exact decimals. Nothing is shared between the two but the files.
"""

import gzip
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from undertow.domain.fixed import Step
from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EVENT, EventKind
from undertow.flow.flow_state import FlowState

GRID = Step.of("0.0000000001")
DIGITS = 10
S = 10**9
SPOT, LINEAR, INVERSE = MarketKind.SPOT, MarketKind.LINEAR, MarketKind.INVERSE

Print = tuple[str, int, int, str, str]
"""Symbol, time in ns, aggressor's side, price, quantity."""


class VenueFile(msgspec.Struct, frozen=True):
    """Where a venue's messages are and what polars has to know of them.

    trades: path of the trade or the list of trades in a message; marks: texts that only messages of
    trades have; fields: symbol, side, price, quantity within a trade; buys: the side's text of an
    aggressive buy.
    """

    venue: str
    file: str
    kind: MarketKind
    marks: tuple[str, ...]
    trades: str
    fields: tuple[str, str, str, str]
    buys: str
    contract: str = "1"


FILES = (
    VenueFile("binance", "BINANCE.ws.1.0", SPOT, ("@aggTrade",), "$.data",
              ("s", "m", "p", "q"), "false"),
    VenueFile("binance", "BINANCE_FUTURES.ws.1.0", LINEAR, ("@aggTrade",), "$.data",
              ("s", "m", "p", "q"), "false"),
    VenueFile("binance", "BINANCE_DELIVERY.ws.1.0", INVERSE, ("@aggTrade",), "$.data",
              ("s", "m", "p", "q"), "false", "10"),
    VenueFile("coinbase", "COINBASE.ws.28.0", SPOT, ('"type":"match"',), "$",
              ("product_id", "side", "price", "size"), "sell"),
    VenueFile("kucoin", "KUCOIN.ws.1.0", SPOT, ("trade.l3match",), "$.data",
              ("symbol", "side", "price", "size"), "buy"),
    VenueFile("bitmex", "BITMEX.ws.1.0", INVERSE, ('"table":"trade"', '"action":"insert"'),
              "$.data[*]", ("symbol", "side", "price", "size"), "Buy"),
    VenueFile("bybit", "BYBIT.ws.26.0", INVERSE, ('"topic":"trade.',), "$.data[*]",
              ("symbol", "side", "price", "size"), "Buy"),
    VenueFile("bitget", "BITGET.ws.1.0", SPOT, ('"channel":"trade"', '"action":"update"'),
              "$.data[*]", ("", "3", "1", "2"), "buy"),
)  # fmt: skip


def lines(folder: Path, one: VenueFile) -> list[str]:
    """`receive time: message` of every received line."""
    with gzip.open(folder / "cryptofeed" / f"{one.file}.gz", "rt") as stream:
        return [line for line in stream if not line.startswith("wss:")]


def prints(text: str, one: VenueFile) -> Iterator[Print]:
    """The trades of one message, read as a program would."""
    message: Any = msgspec.json.decode(text, type=dict[str, Any])
    body = message if one.trades == "$" else message["data"]
    for trade in body if isinstance(body, list) else [body]:
        if one.venue == "bitget":
            side = 1 if trade[3] == "buy" else -1
            yield message["arg"]["instId"], int(trade[0]) * 10**6, side, trade[1], trade[2]
            continue
        symbol, side, price, qty = (trade[name] for name in one.fields)
        bought = side is False if one.venue == "binance" else str(side) == one.buys
        yield symbol, 0, 1 if bought else -1, str(price), str(qty)


def fed(folder: Path, one: VenueFile) -> tuple[FlowState, list[str]]:
    """A flow state that took every trade of a file, and the symbols in the table's order."""
    found: list[tuple[int, Print]] = []
    for line in lines(folder, one):
        stamp, _, text = line.partition(": ")
        if all(mark in text for mark in one.marks):
            receive_ns = int(Decimal(stamp) * S)
            found += [(receive_ns, each) for each in prints(text, one)]
    symbols = sorted({each[0] for _, each in found})
    table = InstrumentTable(
        [
            Instrument(
                f"{symbol}/USD", one.venue, symbol, one.kind, symbol, "USD",
                "USD" if one.kind is not INVERSE else symbol, GRID, GRID,
                contract_size=Step.of(one.contract),
            )
            for symbol in symbols
        ]
    )  # fmt: skip
    rows = np.zeros(len(found), EVENT)
    for row, (receive_ns, (symbol, event_ns, side, price, qty)) in zip(rows, found, strict=True):
        row["event_time_ns"] = event_ns or receive_ns
        row["receive_time_ns"] = receive_ns
        row["kind"], row["side"] = EventKind.TRADE, side
        row["instrument"] = symbols.index(symbol)
        row["price_ticks"], row["qty_lots"] = GRID.count(price), GRID.count(qty)
    state = FlowState(
        table,
        [one.venue],
    )
    assert state.advance(rows, 0, len(rows), 2**62) == len(rows)
    return state, symbols


def summed(folder: Path, one: VenueFile) -> Any:
    """By symbol and side: trades, sum of quantity and of price * quantity, as exact decimals."""
    pl = pytest.importorskip("polars")
    text = pl.col("line").str.split_exact(": ", 1).struct.field("field_1")
    raw = pl.DataFrame({"line": lines(folder, one)}).select(text.alias("text"))
    for mark in one.marks:
        raw = raw.filter(pl.col("text").str.contains(mark, literal=True))
    names = ["symbol", "side", "price", "qty"]
    if "[*]" in one.trades:
        inner = pl.List(pl.String) if one.venue == "bitget" else pl.Struct(
            dict.fromkeys(one.fields, pl.String)
        )  # fmt: skip
        shape = pl.Struct({"data": pl.List(inner), "arg": pl.Struct({"instId": pl.String})})
        raw = raw.with_columns(pl.col("text").str.json_decode(shape).alias("m"))
        raw = raw.unnest("m").unnest("arg").explode("data")
        paths = [
            pl.col("instId") if not name
            else pl.col("data").list.get(int(name)) if name.isdigit()
            else pl.col("data").struct.field(name)
            for name in one.fields
        ]  # fmt: skip
    else:
        paths = [pl.col("text").str.json_path_match(f"{one.trades}.{name}") for name in one.fields]
    exact = pl.Decimal(38, DIGITS)
    table = raw.select(path.alias(name) for path, name in zip(paths, names, strict=True))
    return (
        table.with_columns(
            (pl.col("side") == one.buys).alias("is_buy"),
            pl.col("price").cast(pl.Float64),
            pl.col("qty").cast(exact),
        )
        .group_by("symbol", "is_buy")
        .agg(
            pl.len().alias("trades"),
            pl.col("qty").sum(),
            (pl.col("price") * pl.col("qty").cast(pl.Float64)).sum().alias("value"),
            (pl.col("qty").cast(pl.Float64) / pl.col("price")).sum().alias("inverse"),
        )
        .sort("symbol", "is_buy")
    )


@pytest.mark.parametrize("one", FILES, ids=lambda one: one.file)
def test_sums_equal_those_of_the_raw_messages(one: VenueFile, recorded: Path) -> None:
    state, symbols = fed(recorded, one)
    table = summed(recorded, one)
    assert set(table["symbol"]) == set(symbols)
    for index, symbol in enumerate(symbols):
        flow = state[index]
        window = flow.window(900)
        for row in table.filter(table["symbol"] == symbol).iter_rows(named=True):
            side = 0 if row["is_buy"] else 1
            size = float(one.contract)
            base, usd = flow.traded_base()[side], flow.traded_usd()[side]
            trades = (window.buy_trades, window.sell_trades)[side]
            lots = (window.buy_lots, window.sell_lots)[side]
            assert trades == row["trades"]
            assert lots == int(row["qty"].scaleb(DIGITS))
            quantity = float(row["qty"]) * size
            expected = (row["inverse"] * size, quantity) if one.kind is INVERSE else (
                quantity, row["value"] * size
            )  # fmt: skip
            assert (base, usd) == pytest.approx(expected, rel=1e-12)


def test_the_recordings_hold_enough_to_tell_a_difference(recorded: Path) -> None:
    trades = {one.file: int(summed(recorded, one)["trades"].sum()) for one in FILES}
    assert min(trades.values()) > 0
    assert sum(trades.values()) > 300
