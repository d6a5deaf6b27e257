from collections.abc import Callable
from typing import Any

import pytest

from undertow.cli.strategy_catalog import find
from undertow.indicators.registry import FAMILIES, INDICATORS

Command = Callable[..., Any]


def test_strategies_with_their_presets_can_all_be_made(command: Command) -> None:
    rows = command("list", "strategies", "--json").json
    assert [row["name"] for row in rows] == ["buy_and_hold", "ema_cross", "scalper"]
    for row in rows:
        assert row["about"]
        for preset in row["presets"].split(", "):
            assert find(row["name"]).preset(preset).strategy_id == row["name"]


def test_venues_say_what_they_are_for(command: Command) -> None:
    rows = command("list", "venues", "--json").json
    uses = {row["name"]: row["use"].partition(" ")[0] for row in rows}
    assert uses["aster"] == "run"
    assert uses["binance.coinm"] == "replay"


def test_indicators_are_those_of_the_registry(command: Command) -> None:
    rows = command("list", "indicators", "--json").json
    assert [row["name"] for row in rows] == list(INDICATORS)
    assert all(row["about"] and row["source"] and row["family"] for row in rows)
    (ema,) = (row for row in rows if row["name"] == "ema")
    (period,) = ema["parameters"]
    assert (period["name"], period["default"], period["most"]) == ("period", 20, None)


def test_indicators_are_one_line_each_under_their_family(command: Command) -> None:
    lines = command("list", "indicators").out.splitlines()
    assert lines[0] == f"indicators: {len(INDICATORS)} in {len(FAMILIES)} families"
    names = [line.split()[0] for line in lines if line.startswith("  ")]
    assert names == list(INDICATORS)
    heads = [line.partition(" (")[0] for line in lines[1:] if line and not line.startswith(" ")]
    assert heads == list(FAMILIES)
    (ema,) = (line for line in lines if line.startswith("  ema "))
    assert "period=20 (1 up)" in ema
    (pin,) = (line for line in lines if line.startswith("  pin_bar "))
    assert "tail=0.666667 (0.5 to 1)" in pin


@pytest.mark.parametrize("what", ["strategies", "venues", "indicators"])
def test_people_get_a_table(command: Command, what: str) -> None:
    answer = command("list", what)
    assert answer.code == 0
    assert answer.out.startswith(what)


def test_a_wrong_word_is_answered_with_the_right_one(
    command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        command("list", "indicator")
