"""One small piece of each layout; what the columns mean is stated in the venues' own pages."""

from pathlib import Path

import numpy as np
import pytest

from undertow.storage.layouts.raw_table import RawTable, read_raw_table
from undertow.storage.layouts.tick_layout import TickLayout, tick_layout
from undertow.storage.layouts.ticks import Ticks

US = 1_704_067_200_000_000
TARDIS = "exchange,symbol,timestamp,local_timestamp,"


def read(
    tmp_path: Path, text: str, name: str = "x.csv"
) -> tuple[TickLayout | None, RawTable, Path]:
    path = tmp_path / name
    path.write_text(text)
    raw = read_raw_table(path)
    return tick_layout(raw, path), raw, path


def ticks(tmp_path: Path, text: str) -> tuple[str, str, Ticks]:
    layout, raw, path = read(tmp_path, text)
    assert layout is not None
    return layout.name, layout.stream, layout.read(raw, path)


def test_trades_of_tardis(tmp_path: Path) -> None:
    text = f"{TARDIS}id,side,price,amount\nbitmex,XBTUSD,{US},{US + 9},ab-c,sell,8531.5,2152\n"
    name, stream, found = ticks(tmp_path, text)
    assert (name, stream, found.side.tolist(), found.id.tolist()) == ("tardis", "trades", [-1], [0])
    assert (found.event_ns.tolist(), found.receive_ns.tolist()) == (
        [US * 1_000],
        [(US + 9) * 1_000],
    )
    assert (found.price.tolist(), found.qty.tolist()) == ([8531.5], [2152.0])


def test_books_of_tardis(tmp_path: Path) -> None:
    text = (
        f"{TARDIS}is_snapshot,side,price,amount\n"
        f"d,B,{US},{US},true,ask,6421.5,18640\nd,B,{US},{US},true,bid,6421,1\n"
        f"d,B,{US + 1},{US + 5},false,ask,6421.5,0\n"
    )
    _, stream, found = ticks(tmp_path, text)
    assert (stream, found.side.tolist()) == ("book", [-1, 1, -1])
    assert found.is_snapshot.tolist() == [True, True, False]
    assert len(set(found.group.tolist())) == 2


def test_snapshots_of_tardis(tmp_path: Path) -> None:
    levels = "asks[0].price,asks[0].amount,bids[0].price,bids[0].amount"
    text = f"{TARDIS}{levels}\nb,B,{US},{US},11,1,10,2\nb,B,{US + 1},{US + 1},12,1,,\n"
    _, _, found = ticks(tmp_path, text)
    assert found.side.tolist() == [1, -1, 1, -1]
    assert found.price[:2].tolist() == [10, 11]
    assert np.isnan(found.price[2])
    assert found.is_snapshot.all()


def test_quotes_and_tickers_of_tardis(tmp_path: Path) -> None:
    text = f"{TARDIS}ask_amount,ask_price,bid_price,bid_amount\nh,B,{US},{US},5,8629.3,8629.2,806\n"
    _, stream, found = ticks(tmp_path, text)
    assert (stream, found.price[0], found.price_b[0], found.qty[0]) == (
        "quotes",
        8629.2,
        8629.3,
        806,
    )
    columns = (
        "funding_timestamp,funding_rate,predicted_funding_rate,open_interest,last_price,"
        "index_price,mark_price"
    )
    text = f"{TARDIS}{columns}\nbitmex,X,{US},{US},{US + 7},0.0001,0.0002,100,9,9.5,9.25\n"
    _, stream, found = ticks(tmp_path, text)
    assert (stream, found.price[0], found.price_b[0], found.qty[0]) == ("facts", 9.25, 9.5, 100)
    assert (found.qty_b[0], found.id[0]) == (0.0002, (US + 7) * 1_000)


@pytest.mark.parametrize(
    "text",
    [
        "id,price,qty,quote_qty,time,is_buyer_maker\n5,10.5,2,21,1704067200000,true\n",
        "5,10.5,2,21,1704067200000,true,true\n",
        "5,10.5,2,21,1704067200000000,True,True\n",
        "agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker\n"
        "5,10.5,2,7,8,1704067200000,true\n",
        "5,10.5,2,7,8,1704067200000,true\n",
        "5,10.5,2,7,8,1704067200000,True,True\n",
    ],
)
def test_archives_of_binance(tmp_path: Path, text: str) -> None:
    name, stream, found = ticks(tmp_path, text)
    assert (name, stream, found.side.tolist(), found.id.tolist()) == (
        "binance",
        "trades",
        [-1],
        [5],
    )
    assert (found.price[0], found.qty[0], int(found.event_ns[0])) == (10.5, 2, US * 1_000)


def test_other_streams_of_binance(tmp_path: Path) -> None:
    head = (
        "update_id,best_bid_price,best_bid_qty,best_ask_price,best_ask_qty,"
        "transaction_time,event_time"
    )
    name, stream, found = ticks(tmp_path, f"{head}\n9,10,1,11,2,1704067200000,1704067200001\n")
    assert (name, stream, found.id[0], found.qty_b[0]) == ("binance", "quotes", 9, 2)
    head = "symbol,timestamp,first_update_id,last_update_id,side,update_type,price,qty,pu"
    text = f"{head}\nB,1704067200000,5,8,b,snap,10,1,-1\nB,1704067200001,9,12,a,set,11,0,8\n"
    _, stream, found = ticks(tmp_path, text)
    assert (stream, found.id.tolist(), found.previous.tolist()) == ("book", [8, 12], [8, 8])


def test_open_interest_of_binance(tmp_path: Path) -> None:
    text = "create_time,symbol,sum_open_interest,x\n2024-01-01 00:05:00,BTCUSDT,75120.5,1\n"
    name, stream, found = ticks(tmp_path, text)
    assert (name, stream, found.qty[0]) == ("binance", "facts", 75120.5)
    assert np.isnan(found.price[0])


def test_the_takers_side_of_hyperliquid(tmp_path: Path) -> None:
    head = "time,user,coin,side,px,sz,crossed\n"
    rows = (
        "2024-01-01T00:00:00Z,0x1,ETH,Ask,1655.5,0.5,true\n"
        "2024-01-01T00:00:00Z,0x2,ETH,Bid,1655.5,0.5,false\n"  # the other side of the first
        "2024-01-01T00:00:01Z,0x3,ETH,Bid,1656,0.25,false\n"  # its taker is not in the file
    )
    _, _, found = ticks(tmp_path, head + rows)
    assert found.side.tolist() == [-1, 0, -1]


def test_plain_tables(tmp_path: Path) -> None:
    assert ticks(tmp_path, "time,price,size,side\n1704067200,10,2,Buy\n")[2].side.tolist() == [1]
    name, stream, found = ticks(tmp_path, "timestamp,bid,ask\n2024-01-01 00:00:00,1.1,1.2\n")
    assert (name, stream, found.price_b[0], found.qty[0]) == ("quotes", "quotes", 1.2, 0)
    trade = "timestamp,id,type,side,price,amount,cost\n1704067200000,77,,sell,10,2,20\n"
    assert ticks(tmp_path, trade)[0] == "freqtrade"


@pytest.mark.parametrize("text", ["time,open,high,low,close\n1,1,1,1,1\n", "a,b\n1,2\n", "1,2,3\n"])
def test_other_tables_are_no_ticks(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text)[0] is None
