"""A catalog with one sound and one flawed series, and their neighbours."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import pytest

from undertow.domain.errors import DataError
from undertow.domain.fixed import Step
from undertow.domain.instrument_table import InstrumentTable
from undertow.storage.catalog.candles import Candles
from undertow.storage.catalog.catalog import Catalog
from undertow.storage.catalog.pair_name import symbol_of
from undertow.storage.catalog.series_name import SeriesKind, SeriesName
from undertow.storage.catalog.series_part import SERIES_VERSION, SeriesFacts
from undertow.storage.checks.data_report import check_data, is_bad
from undertow.storage.layouts.source_series import instrument_of

Make = Callable[..., Candles]


def put(path: Path, instrument: object, kind: SeriesKind, candles: Candles) -> None:
    name = SeriesName(kind, candles.timeframe)
    facts = SeriesFacts(SERIES_VERSION, instrument, name)  # type: ignore[arg-type]
    Catalog(path).store(facts.instrument, name).add(facts, candles.columns)


def test_verdicts_series_by_series(
    tmp_path: Path, table: InstrumentTable, make_candles: Make
) -> None:
    put(tmp_path, table[0], SeriesKind.CANDLES, make_candles(183 * 24, "1h"))
    holed = make_candles(183 * 24, "1h").part(np.arange(183 * 24) % 10 > 0)
    put(tmp_path, table[2], SeriesKind.CANDLES, holed)
    heard: list[tuple[int, int, str]] = []
    reports = check_data(tmp_path, tell=lambda *said: heard.append(said))
    assert [(one.instrument_id, one.verdict) for one in reports] == [
        ("BTC/USDT:USDT@binance", "good"), ("BTC/USDT:USDT@bybit", "bad"),
    ]  # fmt: skip
    assert is_bad(reports)
    assert not is_bad(reports[:1])
    assert heard[-1][:2] == (2, 2)
    only = check_data(tmp_path, ["BTC/USDT:USDT@binance"])
    assert {one.instrument_id for one in only} >= {"BTC/USDT:USDT@binance"}
    with pytest.raises(DataError, match="found"):
        check_data(tmp_path / "none")


def test_bid_against_ask(tmp_path: Path, make_candles: Make) -> None:
    euro = instrument_of(symbol_of("EUR/USD"), "oanda", Step(1, 5), Step(1, 0))
    bid = make_candles(100)
    higher = {
        name: values + 20
        for name, values in bid.columns.items()
        if name in ("open", "high", "low", "close")
    }
    ask = msgspec.structs.replace(bid, columns={**bid.columns, **higher})
    ask.columns["close"][3] -= 40
    put(tmp_path, euro, SeriesKind.BID, bid)
    put(tmp_path, euro, SeriesKind.ASK, ask)
    report = next(one for one in check_data(tmp_path) if one.series == "bid-5m")
    found = {one.kind: one for one in report.findings}
    assert found["crossed"].count == 1
    assert "bps" in found["spread"].text
