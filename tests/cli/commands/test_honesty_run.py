import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet


def test_the_page_its_numbers_and_figures_are_written_and_remade(
    command: Any, tmp_path: Path
) -> None:
    page = tmp_path / "docs" / "honesty.md"
    args = ("study", "honesty", "--page", page, "--jobs", "1")
    first = command(*args, "--quick", "--minutes", "0")
    assert first.code == 0
    assert "1 of 40 jobs" in first.out
    told = page.read_text()
    assert "ended early" in told
    kept = page.with_suffix("") / "results.json"
    assert json.loads(kept.read_bytes())["plan"]["name"] == "quick"
    for name in ("alarms.png", "power.png"):
        assert (kept.parent / name).read_bytes().startswith(b"\x89PNG")
    page.write_text("lost")
    again = command(*args, "--remake", "--json")
    assert again.code == 0
    assert again.json["jobs"] == 1
    assert page.read_text() == told


def test_real_candles_are_shuffled_when_given(command: Any, tmp_path: Path) -> None:
    candles = tmp_path / "candles.parquet"
    times = pa.array([3_600_000 * place for place in range(2_500)], pa.timestamp("ms", "UTC"))
    closes = [100.0 + place % 7 for place in range(2_500)]
    parquet.write_table(pa.table({"date": times, "close": closes}), candles)
    page = tmp_path / "honesty.md"
    args = ("study", "honesty", "--quick", "--page", page, "--jobs", "1", "--minutes", "0")
    assert command(*args, "--candles", candles).code == 0
    assert "2,499 hours of real candles were shuffled" in page.read_text()


def test_without_kept_results_nothing_can_be_remade(command: Any, tmp_path: Path) -> None:
    answer = command("study", "honesty", "--remake", "--page", tmp_path / "honesty.md")
    assert answer.code != 0
    assert "expected results of the study" in answer.err
