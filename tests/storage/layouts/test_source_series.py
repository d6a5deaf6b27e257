"""Whole files to series: whose they are, what the user may say, what is assumed."""

from pathlib import Path

import pytest

from undertow.domain.errors import ConfigurationError, DataError
from undertow.domain.fixed import Step
from undertow.domain.instrument import MarketKind
from undertow.storage.catalog.pair_name import symbol_of
from undertow.storage.layouts.source_series import (
    PERPETUAL_LEVERAGE,
    SourceOptions,
    instrument_of,
    read_source_series,
)

HEAD = "date,open,high,low,close,volume\n"
START = 1_704_067_200


def candle_file(path: Path, *, price: str = "10.5", bars: int = 5, step: int = 300) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = "".join(
        f"{START + n * step},{price},{price},{price},{price},1.25\n" for n in range(bars)
    )
    path.write_text(HEAD + rows)
    return path


def test_the_name_says_whose_it_is(tmp_path: Path) -> None:
    path = candle_file(tmp_path / "binance" / "futures" / "BTC_USDT_USDT-5m-futures.csv")
    (series,) = read_source_series(path)
    instrument = series.facts.instrument
    assert instrument.instrument_id == "BTC/USDT:USDT@binance"
    assert (instrument.kind, instrument.max_leverage) == (MarketKind.LINEAR, PERPETUAL_LEVERAGE)
    assert (instrument.price_step, instrument.qty_step) == (Step(1, 1), Step(1, 2))
    assert (series.facts.series.text, series.facts.steps_from) == ("candles-5m", "inferred")
    assert series.candles.price("open").tolist() == [10.5] * 5


def test_the_user_says_more(tmp_path: Path) -> None:
    path = candle_file(tmp_path / "prices.csv")
    with pytest.raises(ConfigurationError, match="say it with --pair"):
        read_source_series(path)
    options = SourceOptions(venue="okx", pair="BTCUSD", market="inverse", kind="mark")
    (series,) = read_source_series(path, options)
    assert series.facts.instrument.instrument_id == "BTC/USD:BTC@okx"
    assert series.facts.series.text == "mark-5m"
    spot = read_source_series(path, SourceOptions(pair="BTC/USDT:USDT", market="spot"))[0]
    assert spot.facts.instrument.instrument_id == "BTC/USDT@unknown"
    with pytest.raises(ConfigurationError, match="spot, linear or inverse"):
        read_source_series(path, SourceOptions(pair="BTCUSD", market="swap"))


def test_stamps_of_another_zone(tmp_path: Path) -> None:
    path = candle_file(tmp_path / "EURUSD.csv", price="1.1")
    (series,) = read_source_series(path, SourceOptions(timezone="EST"))
    assert int(series.candles.opens_ns[0]) == (START + 5 * 3_600) * 10**9


def test_points_and_scales(tmp_path: Path) -> None:
    path = candle_file(tmp_path / "EURUSD.csv", price="129613")
    (series,) = read_source_series(path)
    assert (series.candles.price("open")[0], series.flaws) == (1.29613, {"points": 5})
    (scaled,) = read_source_series(path, SourceOptions(scale=10.0))
    assert scaled.candles.price("open")[0] == 12961.3


def test_funding_rates(tmp_path: Path) -> None:
    path = tmp_path / "bybit" / "BTC_USDT_USDT-8h-funding_rate.csv"
    path.parent.mkdir()
    second = f"{START + 28_800},-0.00005,0,0,0,0\n"
    rows = f"{START}.008,0.0001,0,0,0,0\n{second}{second}"
    path.write_text(HEAD + rows)
    (series,) = read_source_series(path)
    assert series.facts.series.text == "funding"
    assert series.columns["rate_e12"].tolist() == [100_000_000, -50_000_000]
    assert series.columns["time_ns"][0] == START * 10**9 + 8_000_000
    assert series.flaws == {"duplicate": 1}
    path.write_text(HEAD + f"{START},7,0,0,0,0\n")
    with pytest.raises(DataError, match="expected funding rates"):
        read_source_series(path)


def test_what_is_assumed_of_an_instrument() -> None:
    found = [
        instrument_of(symbol_of(text), "x") for text in ("BTC/USD:BTC", "BTC/USDT", "BTC/USDT:USDT")
    ]
    assert [one.kind for one in found] == [MarketKind.INVERSE, MarketKind.SPOT, MarketKind.LINEAR]
    assert [one.settle for one in found] == ["BTC", "USDT", "USDT"]
    assert found[1].max_leverage == 1
