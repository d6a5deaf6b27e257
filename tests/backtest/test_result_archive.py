"""An archive gives the result back without loss, and known keys for other programs."""

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.backtest.conftest import Cross

from undertow.backtest.known_keys import market_change, strategy_keys
from undertow.backtest.library import backtest
from undertow.backtest.report_parts import ReportPart, report_of
from undertow.backtest.result import BacktestResult
from undertow.backtest.result_archive import read_archive, result_json, write_archive
from undertow.domain.errors import DataError

STAMP = "2026-01-02_03-04-05"


@pytest.fixture(scope="module")
def result() -> BacktestResult:
    from tests.backtest.conftest import candles

    settings: dict[str, Any] = {"stake": "unlimited", "is_research": True}
    made: BacktestResult = backtest(Cross(), candles(), instrument="ABC/USDT@x", **settings)
    return made


def test_what_is_written_is_read_back(result: BacktestResult, tmp_path: Path) -> None:
    path = write_archive(result, tmp_path, STAMP, "{}")
    for again in (read_archive(path), read_archive(tmp_path)):
        for name in BacktestResult.__struct_fields__:
            if name not in ("equity", "curves", "closes"):
                assert getattr(again, name) == getattr(result, name), name
        assert np.array_equal(again.equity.equity, result.equity.equity)
        assert np.array_equal(again.equity.time_ns, result.equity.time_ns)
        assert list(again.curves) == list(result.curves)
        assert list(again.closes) == list(result.closes)


def test_the_archive_holds_what_users_know(result: BacktestResult, tmp_path: Path) -> None:
    path = write_archive(result, tmp_path, STAMP, '{"run": 1}', with_signals=True)
    assert path.name == f"backtest-result-{STAMP}.zip"
    with zipfile.ZipFile(path) as archive:
        names = [name.removeprefix(path.stem) for name in archive.namelist()]
        known = json.loads(archive.read(f"{path.stem}.json"))
        source = archive.read(f"{path.stem}_cross.py").decode()
    assert {".json", "_config.json", "_wallet.feather", "_market_change.feather"} <= set(names)
    assert "_signals.json" in names
    assert "class Cross" in source
    assert list(known["strategy"]) == ["cross"]
    assert json.loads((tmp_path / ".last_result.json").read_text()) == {
        "latest_backtest": path.name
    }
    meta = json.loads((tmp_path / f"{path.stem}.meta.json").read_text())
    assert meta["cross"]["timeframe"] == "1m"


def test_equal_results_make_equal_files(result: BacktestResult, tmp_path: Path) -> None:
    one = write_archive(result, tmp_path / "a", STAMP, "{}").read_bytes()
    assert one == write_archive(result, tmp_path / "b", STAMP, "{}").read_bytes()


def test_known_keys_agree_with_the_trades(result: BacktestResult) -> None:
    keys = strategy_keys(result, "cross")
    assert keys["total_trades"] == len(result.trades) == len(keys["trades"])
    assert keys["profit_total_abs"] == pytest.approx(result.final_balance - 10_000)
    assert keys["wins"] + keys["losses"] + keys["draws"] == len(result.trades)
    assert keys["results_per_pair"][-1]["key"] == "TOTAL"
    row = keys["trades"][0]
    first = result.trades[0]
    assert row["pair"] == "ABC/USDT"
    assert row["open_timestamp"] == first.open_time_ns // 10**6
    assert row["profit_abs"] == first.pnl
    assert not row["is_short"]
    comparison = result_json(result)["strategy_comparison"]
    assert comparison[0]["trades"] == len(result.trades)
    (closes,) = result.closes.values()
    assert market_change(result) == closes.equity[-1] / closes.equity[0] - 1


@pytest.mark.parametrize("damage", [b"", b"PK no archive"])
def test_what_is_no_archive_is_refused(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(damage)
    with pytest.raises(DataError, match="expected a backtest result"):
        read_archive(path)
    with pytest.raises(DataError, match="found none"):
        read_archive(tmp_path)


def test_parts_of_a_report_stand_at_the_top_or_under_their_key(result: BacktestResult) -> None:
    home = "undertow.backtest.result_measures:result_measures"
    flat = report_of(result)
    assert flat["total_trades"] == len(result.trades)
    assert flat["sharpe"] == flat["sharpe"]
    nested = report_of(result, (ReportPart("measures", home),))
    assert list(nested) == ["measures"]
