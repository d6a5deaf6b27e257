import msgspec

from undertow.cli.flow_view.flow_report import FlowReport
from undertow.cli.flow_view.level_lines import magnet_lines, profile_lines, wall_lines
from undertow.cli.flow_view.told_levels import ToldLevel, ToldWall


def test_the_profile_marks_its_point_of_control_and_the_price(report: FlowReport) -> None:
    lines = [line.text for line in profile_lines(report, width=50, height=9)]
    assert 4 <= len(lines) <= 9
    assert sum("POC" in line for line in lines) == 1
    assert sum("◂" in line for line in lines) <= 1
    assert any(" VA" in line for line in lines)
    longest = max(lines, key=lambda line: line.count("█"))
    assert longest.count("█") >= 20


def test_without_trades_it_says_so(report: FlowReport) -> None:
    empty = msgspec.structs.replace(report, profile=None, walls=(), levels=())
    assert profile_lines(empty, width=50, height=9)[0].text == "no trades yet"
    assert wall_lines(empty, height=3)[0].text == "no walls rest now"
    assert magnet_lines(empty, height=3)[0].text == "no levels known yet"


def test_walls_and_levels_say_where_and_how_long(report: FlowReport) -> None:
    wall = ToldWall("bid", 93_000.0, -12.3, 2.5e6, 61, 0.4, is_spoof_like=True)
    level = ToldLevel("zone + round", "above", 95_000.0, 42.0, 0.64, 6.1e6)
    full = msgspec.structs.replace(report, walls=(wall,), levels=(level,))
    text = wall_lines(full, height=3)[0].text
    assert text == "bid 93,000.0 -12.3bp $2.50M 61s 40%"
    line = magnet_lines(full, height=3)[0].text
    assert line == "▲ 95,000.0 +42.0bp 0.64 $6.10M zone + round"
