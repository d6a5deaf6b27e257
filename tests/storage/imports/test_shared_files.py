"""The recorded files beside the project: counts and flaws as their own README states them."""

import gzip
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from undertow.domain.fixed import Step
from undertow.domain.market_event import EventKind
from undertow.storage.catalog.catalog import Catalog
from undertow.storage.checks.data_report import SeriesReport, check_data
from undertow.storage.imports.file_import import FileImport, FileOutcome
from undertow.storage.layouts.source_series import SourceOptions
from undertow.storage.open_data import open_market_data

pytestmark = pytest.mark.recorded


def run(catalog: Path, *paths: Path, **said: str) -> dict[str, FileOutcome]:
    options = SourceOptions(**said)  # type: ignore[arg-type]
    found = FileImport(Catalog(catalog), options).run(paths)
    return {Path(one.origin).name: one for one in found}


def reports(catalog: Path) -> dict[str, SeriesReport]:
    return {f"{one.instrument_id} {one.series}": one for one in check_data(catalog)}


def text_of(report: SeriesReport, kind: str) -> str:
    return " ".join(one.text for one in report.findings if one.kind == kind)


def test_candles_with_marks_and_funding(recorded: Path, tmp_path: Path) -> None:
    found = run(
        tmp_path, recorded / "candles" / "okx_swap", recorded / "candles" / "bybit_linear_2025"
    )
    assert {one.outcome for one in found.values()} == {"imported"}
    assert found["BTC_USDT_USDT-5m-futures_2022.parquet"].series[0].counts.added == 70_499
    assert found["ETH_USDT_USDT-funding_rate_2025q4.parquet"].series[0].counts.added == 284
    data = open_market_data(tmp_path, ["BTC/USDT:USDT@okx"], "1m", "20260101-20260110")
    rows = np.concatenate(list(data.blocks()))
    kinds = {
        EventKind(kind).name: int((rows["kind"] == kind).sum()) for kind in np.unique(rows["kind"])
    }
    assert kinds == {"MARK_PRICE": 216, "FUNDING": 27, "BAR_OPEN": 12_960, "BAR": 12_960}
    checked = reports(tmp_path)
    assert "189 bars without volume" in text_of(
        checked["BTC/USDT:USDT@okx candles-5m"], "zero_volume"
    )


def test_the_set_in_new_york_time_is_caught(recorded: Path, tmp_path: Path) -> None:
    forex = recorded / "lean" / "forex"
    run(tmp_path, forex / "fxcm" / "hour", forex / "oanda" / "hour")
    run(tmp_path, forex / "fxcm" / "minute", forex / "oanda" / "minute")
    checked = reports(tmp_path)
    for series in ("bid-1h", "ask-1h", "bid-1m", "ask-1m"):
        said = text_of(checked[f"EUR/USD@fxcm {series}"], "time_zone")
        assert "import with --timezone -05:00 --replace" in said
        assert checked[f"EUR/USD@fxcm {series}"].verdict == "bad"
        assert "times are not UTC" not in text_of(checked[f"EUR/USD@oanda {series}"], "time_zone")
    # The second source says the same: five hours.
    assert "-5 bars away" in text_of(checked["EUR/USD@fxcm bid-1h"], "time_zone")
    data = open_market_data(tmp_path, ["EUR/USD@fxcm"], "1h")
    assert [note.kind for note in data.notes][:2] == ["gap", "time_zone"]


def test_the_right_zone_mends_it(recorded: Path, tmp_path: Path) -> None:
    run(tmp_path, recorded / "lean" / "forex" / "fxcm" / "minute", timezone="EST")
    for one in reports(tmp_path).values():
        assert text_of(one, "time_zone") == ""


def test_ticks_of_forex_are_crossed_and_in_new_york_time(recorded: Path, tmp_path: Path) -> None:
    ticks = recorded / "lean" / "forex" / "fxcm" / "tick" / "eurusd"
    found = run(tmp_path, ticks / "20140502_quote.zip", ticks / "20140504_quote.zip")
    assert [one.series[0].counts.added for one in found.values()] == [96_406, 8_025]
    (one,) = reports(tmp_path).values()
    assert "--timezone -05:00" in text_of(one, "time_zone")
    assert "crossed or locked" in text_of(one, "crossed_quotes")


def test_exports_of_metatrader(recorded: Path, tmp_path: Path) -> None:
    found = run(tmp_path, recorded / "ejtrader")
    assert found["EURUSDh4.csv.gz"].series[0].flaws["points"] == 14_400
    checked = reports(tmp_path)
    for name in ("EUR/USD@unknown candles-4h", "XAU/USD@unknown candles-1h"):
        assert "--timezone NewYork+7h" in text_of(checked[name], "time_zone")
    (euro, gold) = open_market_data(tmp_path).table
    assert (euro.price_step, gold.price_step) == (Step(1, 5), Step(1, 2))


def test_one_minute_candles_of_two_venues(recorded: Path, tmp_path: Path) -> None:
    found = run(tmp_path, recorded / "iaqf_2023_depeg")
    assert found["kraken_BTCUSDC_1m_20230301_20230321.csv.gz"].layout == "kraken"
    checked = reports(tmp_path)
    assert "12,971 bars without volume" in text_of(
        checked["BTC/USDC@binance candles-1m"], "zero_volume"
    )
    assert "72,883 of 129,600" in text_of(checked["BTC/USDC@kraken candles-1m"], "gap")


def test_small_samples_and_exports(recorded: Path, tmp_path: Path) -> None:
    with gzip.open(recorded / "hyperliquid" / "non_mm_trades.csv.gz", "rt") as file:
        lines = list(islice(file, 2_001))
    export = tmp_path / "hyperliquid" / "non_mm_trades.csv"
    export.parent.mkdir()
    export.write_text("".join(lines))
    found = run(tmp_path / "data", recorded / "nautilus_data", export)
    refused = {name: one.reason for name, one in found.items() if one.outcome == "refused"}
    assert set(refused) == {
        "btc-perp-20211231-20220201_1m.csv.gz",  # the pair is not in its name
        "bybit_xrpusdt-ob500_20241201.data.zip",  # raw messages
        "short-term-interest.csv.gz",
    }
    assert found["binance_btcusdt-trades.parquet"].series[0].counts.added == 2_001
    assert found["truefx_usdjpy-ticks.csv"].series[0].counts.added == 1_000
    trades = found["non_mm_trades.csv"].series
    assert sum(one.rows + one.apart for one in trades) == 2_000
    more = run(
        tmp_path / "data", recorded / "nautilus_data" / "btc-perp-20211231-20220201_1m.csv.gz",
        pair="BTC/USDT:USDT", venue="ftx",
    )  # fmt: skip
    assert next(iter(more.values())).series[0].counts.added == 45_031
