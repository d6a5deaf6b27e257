"""Files of ticks into the lake; a book that is cut by the pieces of reading stays whole."""

from pathlib import Path

import numpy as np
import pytest

from undertow.domain.errors import DataError
from undertow.domain.event_rows import from_array
from undertow.domain.fixed import Step
from undertow.domain.market_event import BookUpdate
from undertow.storage.catalog.catalog import Catalog
from undertow.storage.catalog.lake_feed import LakeFeed, lake_feeds
from undertow.storage.catalog.time_range import ALL_TIME
from undertow.storage.imports.import_log import ImportedSeries
from undertow.storage.imports.tick_import import import_ticks
from undertow.storage.layouts import table_batches as module
from undertow.storage.layouts.source_series import SourceOptions
from undertow.storage.layouts.table_batches import first_batch
from undertow.storage.layouts.tick_layout import tick_layout

US = 1_704_067_200_000_000


def run(path: Path, catalog: Path, **said: str) -> list[ImportedSeries]:
    layout = tick_layout(first_batch(path), path)
    assert layout is not None
    return import_ticks(Catalog(catalog), path, layout, SourceOptions(**said))  # type: ignore[arg-type]


def feeds(catalog: Path) -> list[LakeFeed]:
    return lake_feeds(catalog / "crypto", lambda one: True)


def test_an_archive_of_trades(tmp_path: Path) -> None:
    path = tmp_path / "BTCUSDT-aggTrades-2024-01.csv"
    rows = [
        f"{n},{42_000 + n / 10:.1f},0.00{1 + n % 9},{n},{n},{US // 1000 + n * 40},{n % 2 == 1}"
        for n in range(500)
    ]
    path.write_text("\n".join(rows))
    (one,) = run(path, tmp_path / "data", venue="binance", market="linear")
    assert (one.instrument_id, one.series, one.counts.added) == (
        "BTC/USDT:USDT@binance",
        "trades",
        500,
    )
    (feed,) = feeds(tmp_path / "data")
    assert (feed.instrument.price_step, feed.instrument.qty_step) == (Step(1, 1), Step(1, 3))
    found = np.concatenate(list(feed.rows(ALL_TIME, 0, 0)))
    assert found["price_ticks"].tolist() == [420_000 + n for n in range(500)]
    assert found["side"].tolist() == [-1 if n % 2 else 1 for n in range(500)]
    (again,) = run(path, tmp_path / "data", venue="binance", market="linear")
    assert (again.counts.added, again.counts.equal) == (0, 500)


@pytest.mark.parametrize("size", [120, 333, 1 << 22])
def test_a_book_stays_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(module, "BATCH_BYTES", size)
    head = "exchange,symbol,timestamp,local_timestamp,is_snapshot,side,price,amount\n"
    rows = [
        f"deribit,BTC-PERPETUAL,{US + n // 4},{US + n // 4},{n < 8},bid,{6_000 + n}.5,{n}\n"
        for n in range(40)
    ]
    path = tmp_path / "book.csv"
    path.write_text(head + "".join(rows))
    run(path, tmp_path / "data")
    (feed,) = feeds(tmp_path / "data")
    updates = list(from_array(np.concatenate(list(feed.rows(ALL_TIME, 0, 0)))))
    assert all(isinstance(one, BookUpdate) for one in updates)
    assert [len(one.levels) for one in updates if isinstance(one, BookUpdate)] == [4] * 10
    assert feed.instrument.instrument_id == "BTC/USD:BTC@deribit"


def test_several_symbols_and_what_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "non_mm_trades.csv"
    path.write_text(
        "time,user,coin,side,px,sz,crossed\n"
        "2024-01-01T00:00:00Z,0x1,ETH,Ask,1655.5,0.5,true\n"
        "2024-01-01T00:00:00Z,0x2,ETH,Bid,1655.5,0.5,false\n"
        "2024-01-01T00:00:01Z,0x1,kPEPE,Bid,0.0012,100,true\n"
    )
    found = {one.instrument_id: one for one in run(path, tmp_path / "data")}
    assert set(found) == {"ETH/USDC:USDC@hyperliquid", "KPEPE/USDC:USDC@hyperliquid"}
    ether = found["ETH/USDC:USDC@hyperliquid"]
    assert (ether.rows, ether.apart, ether.flaws) == (1, 1, {"refused": 1})


def test_zones_and_nothing_sound(tmp_path: Path) -> None:
    path = tmp_path / "EURUSD.csv"
    path.write_text("timestamp,bid,ask\n2024-01-01 17:00:00,1.1,1.1002\n")
    (one,) = run(path, tmp_path / "data", timezone="EST")
    assert one.first_ns == (US // 10**6 + 22 * 3_600) * 10**9
    path.write_text("timestamp,bid,ask\n2024-01-01 17:00:00,-1,0\n")
    with pytest.raises(DataError, match="expected quotes, found none"):
        run(path, tmp_path / "data")
