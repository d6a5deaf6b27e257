from collections.abc import Callable
from math import isnan
from typing import Any

import pytest

from undertow.domain.side import Side
from undertow.flow.volume_reversal import volume_reversal

Make = Callable[..., Any]
CALM = [(10_000, 10_010, 9_990, 10_000, 5, 5)] * 20


@pytest.mark.parametrize(("sell", "is_reversed"), [(15, True), (14, False)])
def test_three_bars_of_selling_reverse_a_long(
    sell: int, is_reversed: bool, bars_of: Make, mirrored: Make
) -> None:
    bars = bars_of([*CALM, *[(10_000, 10_010, 9_990, 10_000, 10, sell)] * 3])
    found = volume_reversal(bars, Side.BUY)
    assert (found.is_reversed, found.run) == (is_reversed, 3 * is_reversed)
    assert volume_reversal(mirrored(bars), Side.SELL).is_reversed is is_reversed
    assert not volume_reversal(bars, Side.SELL).is_reversed


@pytest.mark.parametrize(("close", "is_reversed"), [(9_969, True), (9_970, False), (10_040, False)])
def test_one_violent_bar_reverses(
    close: int, is_reversed: bool, bars_of: Make, mirrored: Make
) -> None:
    bars = bars_of([*CALM, (10_000, 10_050, 9_900, close, 15, 15)])
    found = volume_reversal(bars, Side.BUY)
    assert (found.is_reversed, found.volume_ratio) == (is_reversed, 3.0)
    assert found.move == pytest.approx(close / 10_000 - 1.0)
    assert volume_reversal(mirrored(bars), Side.SELL).is_reversed is is_reversed


def test_bars_without_trades_end_a_run(bars_of: Make) -> None:
    selling = (10_000, 10_010, 9_990, 10_000, 0, 9)
    bars = bars_of([*CALM, selling, selling, (10_000, 10_000, 10_000, 10_000, 0, 0)])
    assert volume_reversal(bars, Side.BUY).run == 0


def test_too_few_bars_say_nothing(bars_of: Make) -> None:
    found = volume_reversal(bars_of(CALM[:3]), Side.BUY)
    assert (found.is_reversed, found.is_sufficient) == (False, False)
    assert isnan(found.move)
