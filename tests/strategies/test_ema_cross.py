import ast
import inspect
import math
from collections.abc import Callable
from typing import Any

import pytest

from undertow.decision.strategy import Strategy
from undertow.strategies.ema_cross import EmaCross

WAVE = [100_000 + round(800 * math.sin(i / 90)) for i in range(2_400)]  # trades, 10 s apart
PERP, SPOT = "BTC/USDT:USDT@aster", "BTC/USDT@aster"


@pytest.fixture
def traded(trader: Callable[..., Any], tape: Callable[..., Any]) -> Any:
    running = trader(EmaCross())
    running.feed(tape(WAVE))
    return running


def steps(running: Any, instrument_id: str) -> list[tuple[str, int]]:
    found = [one for one in running.decisions if one.instrument_id == instrument_id]
    return [(one.outcome, one.side) for one in found]


def test_turns_with_the_wave(traded: Any) -> None:
    turns = [("enter", -1), ("exit", -1), ("enter", 1), ("exit", 1)]
    assert steps(traded, PERP)[:8] == turns * 2


def test_spot_is_only_bought(traded: Any) -> None:
    assert steps(traded, SPOT)[:4] == [("enter", 1), ("exit", 1)] * 2


def test_each_entry_has_its_stop_two_ranges_away(traded: Any) -> None:
    for one in traded.decisions:
        if one.is_entry:
            away = one.side * (one.signal.entry_ticks - one.signal.stop_ticks)
            assert away == pytest.approx(2 * one.inputs["atr"] / 0.1, abs=1.0)


def test_a_wave_with_these_turns_is_a_profit(traded: Any) -> None:
    money, entry = 0, None
    for one in traded.decisions:
        if one.instrument_id == PERP and one.is_entry:
            entry = one
        elif one.instrument_id == PERP and entry is not None:
            money += entry.side * (one.signal.entry_ticks - entry.signal.entry_ticks)
    assert money > 0


@pytest.mark.parametrize("cut", [100, 1_234, 4_000])
def test_restored_goes_on_as_if_never_stopped(
    trader: Callable[..., Any], tape: Callable[..., Any], copy: Any, traded: Any, cut: int
) -> None:
    rows = tape(WAVE)
    first, second = trader(EmaCross()), trader(EmaCross())
    first.feed(rows[:cut])
    copy(first, second)
    second.feed(rows[cut:])
    assert first.decisions + second.decisions == traded.decisions
    assert second.host.snapshot() == traded.host.snapshot()


def test_its_parameters_are_its_own() -> None:
    assert EmaCross(fast=5, slow=20).indicators()["slow"].warmup == 19
    assert issubclass(EmaCross, Strategy)
    assert EmaCross.name == "ema_cross"


def test_fits_on_the_first_screen() -> None:
    tree = ast.parse(inspect.getsource(EmaCross))
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node):
            node.body = node.body[1:]
    assert len(ast.unparse(tree).splitlines()) <= 18
