"""The report page: complete, self-contained, and honest in its first lines."""

import re
from html.parser import HTMLParser
from pathlib import Path

import msgspec

from undertow.backtest.result import BacktestResult
from undertow.plot.run.report_page import ReportNotes, run_figures, write_images, write_report
from undertow.timeline.market_data import DataNote

replace = msgspec.structs.replace


class _Reader(HTMLParser):
    """Collects tags, and checks that they close in order."""

    _VOID = frozenset({"meta", "br", "link"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.cells: list[str] = []
        self.lines: list[str] = []
        self.sources: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.sources += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag not in self._VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "td":
            self.cells.append(data)
        if self.open and self.open[-1] == "li":
            self.lines.append(data)


def _read(path: Path) -> _Reader:
    reader = _Reader()
    reader.feed(path.read_text("utf-8"))
    assert reader.open == []
    return reader


def test_the_page_opens_without_a_network_and_says_everything(
    run: BacktestResult, tmp_path: Path
) -> None:
    flawed = replace(run, notes=(DataNote("gap", "", 3, "3 gaps <of> an hour"),))
    words = ("one of 12 tries of this strategy here",)
    page = write_report(flawed, tmp_path / "r.html", ReportNotes(words, {"base": run}))
    read = _read(page)
    assert read.sources == []
    assert read.lines[:2] == ["data: 3 gaps <of> an hour", words[0]]
    assert read.lines[2].endswith("data fidelity: bars, fills: pessimistic")
    assert "fills at the next open" in read.lines
    text = page.read_text("utf-8")
    for name in ("equity", "trades", "calendar", "rolling", "excursions", "results"):
        assert f'id="figure-{name}"' in text
    for heading in ("Headline", "Under other fills", "Costs", "By exit reason", "All measures"):
        assert f"<h2>{heading}</h2>" in text
    assert "fees" in read.cells
    interval = re.search(r"<td>sharpe</td><td>[-\d.]+</td><td>[-\d.]+ to [-\d.]+</td>", text)
    assert interval is not None


def test_equal_results_give_equal_pages(run: BacktestResult, tmp_path: Path) -> None:
    first, second = (write_report(run, tmp_path / name) for name in ("a.html", "b.html"))
    assert first.read_bytes() == second.read_bytes()


def test_a_run_without_trades_still_has_a_page(run: BacktestResult, tmp_path: Path) -> None:
    empty = replace(run, trades=())
    assert set(run_figures(empty, ReportNotes())) == {"equity", "trades", "calendar", "rolling"}
    read = _read(write_report(empty, tmp_path / "r.html"))
    assert "undefined" in read.cells


def test_what_a_user_wrote_is_shown_and_not_run(run: BacktestResult, tmp_path: Path) -> None:
    sharp = replace(run, settings={"note": "<script>alert(1)</script>"})
    text = write_report(sharp, tmp_path / "r.html").read_text("utf-8")
    assert "<script>alert(1)</script>" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_images(run: BacktestResult, tmp_path: Path) -> None:
    found = write_images(run, tmp_path / "png")
    assert {path.stem for path in found} == {
        "equity",
        "trades",
        "calendar",
        "rolling",
        "excursions",
        "results",
    }
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in found)
