"""`undertow flow`: on the embedded market, on a recording, on a journal, and its refusals."""

import gzip
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., Any]


@pytest.fixture
def small(files: Path) -> list[object]:
    return ["-c", files / "small.yaml", "--warm-up", "90"]


def test_a_still_of_the_embedded_market(command: Command, small: list[object]) -> None:
    answer = command("flow", "BTC", *small, "--for", "60s", "--once", "--seed", "7")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith("BTC  ")
    for word in ("VENUES", "aster perp", "IMBALANCE", "PROFILE", "STATE", "embedded market"):
        assert word in answer.out
    assert "Not investment advice" in answer.out


def test_the_numbers_are_the_same_every_time(command: Command, small: list[object]) -> None:
    args = ("flow", "btc/usdt", *small, "--for", "30s", "--json")
    answer = command(*args)
    data = answer.json
    assert answer.code == 0
    assert (data["asset"], data["instrument"]) == ("BTC", "BTC/USDT@aster")
    assert data["origin"] == "embedded market, seed 7"
    assert len(data["venues"]) == 2
    assert data["venues"][0]["last"] > 0
    assert command(*args).json == data


def test_a_journal_has_the_rows_of_its_run(command: Command, finished: tuple[Path, Any]) -> None:
    folder = next((finished[0] / "journal").iterdir())
    answer = command("flow", "BTC", "--journal", folder, "--json")
    assert (answer.code, answer.err) == (0, "")
    assert answer.json["origin"].startswith("journal of ut")
    assert answer.json["rows"] > 1_000
    short = command("flow", "BTC", "--journal", folder, "--for", "10s", "--json")
    assert 0 < short.json["rows"] < answer.json["rows"]


def _recording(path: Path, count: int = 40) -> Path:
    lines = []
    for k in range(count):
        at_ms = 1_700_000_000_000 + 2_000 * k
        trade = {
            "stream": "btcusdt@trade",
            "data": {
                "e": "trade", "E": at_ms, "s": "BTCUSDT", "t": k + 1, "p": f"{37_000 + k}.10",
                "q": "0.250", "T": at_ms, "m": k % 3 == 0, "M": True,
            },
        }  # fmt: skip
        lines.append(
            f"{at_ms * 1_000_000 + 40_000_000} {json.dumps(trade, separators=(',', ':'))}\n"
        )
    path.write_bytes(gzip.compress("".join(lines).encode()))
    return path


def test_a_recording(command: Command, tmp_path: Path) -> None:
    path = _recording(tmp_path / "trades.gz")
    answer = command("flow", "BTC", "--recording", f"binance.spot={path}", "--json")
    assert (answer.code, answer.err) == (0, "")
    (venue,) = answer.json["venues"]
    assert (venue["instrument_id"], venue["last"]) == ("BTC/USDT@binance", 37_039.1)
    assert venue["left_out"] == ""


def test_a_recording_that_breaks_off_is_shown_and_named(command: Command, tmp_path: Path) -> None:
    path = _recording(tmp_path / "trades.gz", 4_000)
    path.write_bytes(path.read_bytes()[:-2_000])
    answer = command("flow", "BTC", "--recording", f"binance.spot={path}", "--once")
    assert answer.code == 3
    assert "BTC/USDT@binance" in answer.out
    assert "trades.gz" in answer.err
    lenient = command("flow", "BTC", "--recording", f"binance.spot={path}", "--once", "--lenient")
    assert lenient.code == 0


def test_figures_are_written(command: Command, small: list[object], tmp_path: Path) -> None:
    answer = command("flow", "BTC", *small, "--for", "60s", "--json", "--png", tmp_path / "out")
    assert answer.code == 0
    assert (tmp_path / "out" / "bars.png").exists()
    assert "wrote" in answer.err


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("BTX",), "did you mean 'BTC'"),
        (("BTC", "--recording", "a=b", "--journal", "c"), "found both"),
        (("BTC", "--for", "soon"), "a length of time"),
        (("BTC", "--journal", "nowhere"), "nowhere"),
    ],
)
def test_wrong_arguments_are_answered_at_once(
    args: tuple[str, ...], words: str, command: Command, files: Path
) -> None:
    answer = command("flow", *args, "-c", files / "small.yaml")
    assert answer.code in (2, 3)
    assert words in answer.err


def test_a_missing_library_is_said_before_the_run(
    command: Command, small: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "plotly", None)
    answer = command("flow", "BTC", *small, "--json", "--html", "anywhere")
    assert (answer.code, answer.out) == (2, "")
    assert "pip install undertow[plot]" in answer.err


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_live_view_draws_and_gives_the_terminal_back(
    command: Command, small: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = _Terminal()
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("LINES", "30")
    from undertow.cli.main import main

    monkeypatch.setattr(sys, "stdout", screen)
    args = ["flow", "BTC", *map(str, small), "--for", "20s", "--speed", "max"]
    assert main(args) == 0
    text = screen.getvalue()
    assert "VENUES" in text
    assert text.count("\x1b[?1049h") == text.count("\x1b[?1049l") == 1
    assert "STATE" in text.partition("\x1b[?1049l")[2]
