import pytest

from undertow.cli.flow_view.flow_report import FlowReport
from undertow.cli.flow_view.venue_lines import imbalance_lines, sparkline, venue_lines
from undertow.cli.view.figures import compact

NAN = float("nan")


def test_every_member_has_its_row(report: FlowReport) -> None:
    lines = [line.text for line in venue_lines(report, width=100, height=30)]
    assert len(lines) == 1 + 3 + 4
    assert lines[1].startswith("total")
    assert compact(report.sums[0].cvd_usd, plus=True) in lines[1]
    assert "aster perp ◂" in lines[5]
    for told, line in zip(report.venues, lines[4:], strict=True):
        assert f"{told.last:,.{report.price_digits}f}" in line


def test_what_does_not_fit_is_counted(report: FlowReport) -> None:
    lines = venue_lines(report, width=60, height=5)
    assert len(lines) == 5
    assert lines[-1].text == "and 4 more"
    assert "spread" not in lines[0].text


def test_a_member_that_does_not_count_says_so(broken_report: FlowReport) -> None:
    text = "\n".join(line.text for line in venue_lines(broken_report, width=100, height=30))
    assert text.count("left out") == 1


def test_sparklines_leave_out_what_is_not_known() -> None:
    assert sparkline([1.0, NAN, 2.0, 3.0], 5) == "  ▁▅█"
    assert sparkline([NAN], 3) == "   "


@pytest.mark.parametrize("width", [26, 38, 80])
def test_the_ladder_has_a_line_a_window(width: int, report: FlowReport) -> None:
    lines = [line.text for line in imbalance_lines(report, width=width)]
    assert [line[:3].strip() for line in lines] == ["30s", "1m", "5m", "15m"]
    assert f"{report.windows[0].ratio:.2f}:1" in lines[0]
