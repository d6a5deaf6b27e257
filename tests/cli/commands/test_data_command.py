"""The five verbs from the command line, offline, on files that are written here."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.stand_ins.binance_rest import BinanceRest

from undertow.cli.main import main

LISTED = 1_704_067_200_000
HEAD = "date,open,high,low,close,volume\n"


def write(path: Path, bars: int = 2_000, *, skip: int = -200) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [
        f"{LISTED + n * 60_000},{100 + n % 7}.5,{102 + n % 7},{99 + n % 7},{101 + n % 7},1.5\n"
        for n in range(bars)
        if not skip <= n < skip + 100
    ]
    path.write_text(HEAD + "".join(rows))
    return path


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    def run(*words: object) -> tuple[int, str]:
        code = main([str(word) for word in ("data", *words)])
        return code, capsys.readouterr().out

    return run


Call = Callable[..., tuple[int, str]]


def test_import_list_check(call: Call, tmp_path: Path) -> None:
    path, catalog = write(tmp_path / "binance" / "BTC_USDT-1m.csv"), tmp_path / "data"
    (tmp_path / "binance" / "other.csv").write_text("a,b\n1,2\n")
    code, out = call("import", path.parent, "--data", catalog)
    assert code == 0
    assert "imported  BTC_USDT-1m.csv (freqtrade): BTC/USDT@binance candles-1m" in out
    assert "refused   other.csv" in out
    assert out.endswith("2 files: 1 imported, 1 refused\n")
    code, out = call("list", "--data", catalog, "--json")
    assert json.loads(out)[0] == {
        "instrument": "BTC/USDT@binance", "series": "candles-1m", "from": "2024-01-01T00:00",
        "to": "2024-01-02T09:20", "tick": "0.1", "lot": "0.1", "steps": "inferred",
    }  # fmt: skip
    code, out = call("check", "--data", catalog, "--json")
    (report,) = json.loads(out)
    assert (code, report["verdict"], report["score"]) == (0, "good", 100.0)


def test_bad_data_has_its_exit_code(call: Call, tmp_path: Path) -> None:
    path = write(tmp_path / "BTC_USDT-1m.csv", skip=500)
    code, out = call("check", path)
    assert code == 3
    assert "bad   BTC/USDT@unknown candles-1m gap: 100 of 2,000 1m bars are missing" in out
    assert call("check", tmp_path / "none.csv")[0] == 3
    nothing = tmp_path / "x.csv"
    nothing.write_text("a,b\n1,2\n")
    assert call("import", nothing, "--data", tmp_path / "data")[0] == 3


def test_what_the_user_says_of_a_file(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "prices.csv"
    path.write_text("when,a,b,c,d\n2024-01-01 00:00,10,12,9,11\n2024-01-01 00:05,10,12,9,11\n")
    words = ["import", path, "--data", tmp_path / "data", "--pair", "BTC-USDT", "--venue", "okx"]
    columns = ["time=when", "open=a", "high=b", "low=c", "close=d"]
    mapping = [word for column in columns for word in ("--column", column)]
    code, out = call(*words, *mapping, "--market", "linear", "--timezone", "EST", "--json")
    (one,) = json.loads(out)
    (series,) = one["series"]
    assert (code, series["instrument_id"]) == (0, "BTC/USDT:USDT@okx")
    assert series["first_ns"] == (LISTED // 1_000 + 5 * 3_600) * 10**9
    assert call(*words, "--column", "when")[0] == 2


def test_convert(call: Call, tmp_path: Path) -> None:
    path = write(tmp_path / "binance" / "BTC_USDT-1m.csv")
    code, out = call("convert", path, "--to", tmp_path / "out", "--format", "csv", "-i", "1h")
    written = tmp_path / "out" / "binance" / "BTC_USDT-1h.csv"
    assert (code, out) == (0, f"written: {written}\n")
    assert len(written.read_text().splitlines()) == 1 + 33
    code, out = call("convert", path, "--to", tmp_path / "x", "--format", "cvs", "--json")
    assert code == 2


def test_bars_of_trades(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "binance" / "BTCUSDT-trades-2024-01-01.csv"
    path.parent.mkdir()
    rows = [f"{n},{100 + n % 5}.5,2,1,{LISTED + n * 500},{n % 2 == 0}\n" for n in range(2_000)]
    path.write_text("".join(rows))
    assert call("import", path, "--data", tmp_path / "data")[0] == 0
    words = ["convert", tmp_path / "data", "--to", tmp_path / "out", "--format", "freqtrade-json"]
    assert call(*words, "--from-trades")[0] == 2
    code, out = call(*words, "--from-trades", "-i", "1m", "--json")
    (written,) = json.loads(out)
    bars = json.loads(Path(written).read_text())
    assert (code, len(bars)) == (0, 16)
    assert bars[0] == [LISTED, 100.5, 104.5, 100.5, 104.5, 240.0]
    assert call("convert", tmp_path / "out", "--to", tmp_path, "--from-trades", "-i", "1m")[0] == 3


def test_download(call: Call, tmp_path: Path) -> None:
    with BinanceRest(LISTED, LISTED + 100 * 60_000) as venue:
        words = [
            *("download", "--exchange", "binance", "--market", "linear", "-p", "BTCUSDT"),
            *("--timeframe", "1m", "5m", "--timerange", f"{LISTED}-{LISTED + 6_000_000}"),
            *("--what", "candles", "funding", "mark", "trades", "--url", venue.url),
            *("--data", tmp_path / "data", "--json"),
        ]
        code, out = call(*words)
        rows = {row["series"]: row["new"] for row in json.loads(out)}
        assert code == 0
        assert rows == {
            "candles-1m": 100, "candles-5m": 20, "funding": 1, "mark-1m": 100, "mark-5m": 20,
            "trades": 24_000,
        }  # fmt: skip
        again = {row["new"] for row in json.loads(call(*words)[1])}
        assert again == {0}
        assert call("download", "--exchange", "binance", "--data", tmp_path)[0] == 2
