"""Recorded messages of the invented market into a catalog; strangers are named, not guessed."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from undertow.backtest.recorded_import import READERS, BinanceInstruments, UnreadRecordings
from undertow.backtest.recording import open_recordings
from undertow.domain.errors import DataError
from undertow.domain.market_event import EventKind
from undertow.storage.catalog.catalog import Catalog
from undertow.storage.catalog.instrument_facts import InstrumentFacts
from undertow.storage.imports.file_import import FileImport, FileOutcome
from undertow.storage.layouts.source_series import SourceOptions
from undertow.storage.open_data import open_market_data
from undertow.timeline.market_data import DataFidelity
from undertow.venues.binance.encoder import PrintedDigits
from undertow.venues.binance.instruments import (
    PERPETUAL_DELIVERY_MS,
    Listing,
    encode_exchange_info,
)
from undertow.venues.binance.market import BinanceMarket


def run(catalog: Path, *paths: Path) -> list[FileOutcome]:
    return FileImport(Catalog(catalog), readers=READERS).run(paths)


def test_both_markets_are_told_and_every_row_comes_in(
    tmp_path: Path, binance_files: dict[str, Path]
) -> None:
    found = run(tmp_path, *binance_files.values())
    assert [(one.outcome, one.layout) for one in found] == [("imported", "binance-raw")] * 2
    for source, path in binance_files.items():
        (recording,) = open_recordings([f"{source}={path}"]).sources
        rows = np.concatenate(list(recording.chunks()))
        symbol = "BTC/USDT" if source.endswith("spot") else "BTC/USDT:USDT"
        data = open_market_data(tmp_path, [f"{symbol}@binance"])
        assert data.fidelity is DataFidelity.L2
        read = np.concatenate(list(data.blocks()))
        for name in ("kind", "price_ticks", "qty_lots", "event_time_ns", "sequence"):
            assert read[name].tolist() == rows[name].tolist()
    assert {one.outcome for one in run(tmp_path, *binance_files.values())} == {"there"}


def test_lines_with_seconds(tmp_path: Path, binance_files: dict[str, Path]) -> None:
    lines = gzip.decompress(binance_files["binance.spot"].read_bytes()).splitlines()
    told = [line.partition(b" ") for line in lines]
    path = tmp_path / "BINANCE.ws.1.0"
    seconds = (b"%d.%09d" % divmod(int(stamp), 10**9) for stamp, _, _ in told)
    path.write_bytes(
        b"wss://stream.binance.com/stream <-> 1.0\n"
        + b"".join(b"%s: %s\n" % (at, text) for at, (_, _, text) in zip(seconds, told, strict=True))
    )
    (found,) = run(tmp_path / "data", path)
    assert (found.outcome, found.series[0].flaws) == ("imported", {})
    data = open_market_data(tmp_path / "data")
    kinds = np.concatenate([rows["kind"] for rows in data.blocks()])
    assert {EventKind.TRADE, EventKind.BOOK_LEVEL} <= set(kinds.tolist())


@pytest.mark.parametrize(
    ("name", "text", "venue"),
    [
        ("bybit_orderbook.jsonl", '{"topic":"orderbook.50.BTCUSDT","ts":1}\n', "bybit"),
        ("KUCOIN.ws.1.0", "wss://ws-api.kucoin.com <-> 1\n", "kucoin"),
        (
            "btcusd_hyperliquid",
            '1737918843893903000 {"channel":"l2Book","data":{}}\n',
            "hyperliquid",
        ),
        ("OKX.0", "https://www.okx.com/api/v5/public/instruments -> 1.5: {}\n", "okx"),
    ],
)
def test_venues_without_a_codec_are_named(tmp_path: Path, name: str, text: str, venue: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    (found,) = run(tmp_path / "data", path)
    assert found.outcome == "refused"
    assert found.reason == f"{name}: recorded messages of {venue}: no codec for these yet"


def test_a_venues_list_of_instruments(tmp_path: Path, binance_files: dict[str, Path]) -> None:
    run(tmp_path / "data", binance_files["binance.usdm"])
    (one,) = open_market_data(tmp_path / "data").table
    listed = Listing(one, "TRADING", "PERPETUAL", PERPETUAL_DELIVERY_MS, PrintedDigits(2, 3))
    body = encode_exchange_info(BinanceMarket.USDM, (listed,))
    path = tmp_path / "BINANCE_FUTURES.0.gz"
    head = b"https://fapi.binance.com/fapi/v1/exchangeInfo -> 1626992731.5: "
    path.write_bytes(gzip.compress(head + body + b"\nconfiguration: {}\n"))
    (found,) = run(tmp_path / "data", path)
    assert (found.outcome, found.layout) == ("imported", "binance-instruments")
    assert len(InstrumentFacts(tmp_path / "data")) == 1
    path.write_bytes(b"nothing\n")
    assert not BinanceInstruments().fits(path)
    with pytest.raises(DataError, match="expected an answer"):
        BinanceInstruments().import_file(Catalog(tmp_path), path, SourceOptions())
    assert not UnreadRecordings().fits(tmp_path / "none")
