"""Worked by hand."""

from math import isnan, nan

import pytest

from undertow.domain.side import Side
from undertow.ledger.liquidation_distance import (
    BufferVerdict,
    is_stop_inside,
    judge_buffer,
    liquidation_distance,
    margin_buffer,
)


def test_distance_is_adverse() -> None:
    assert liquidation_distance(Side.BUY, 100, 90) == pytest.approx(0.1)
    assert liquidation_distance(Side.SELL, 100, 110) == pytest.approx(0.1)
    assert liquidation_distance(Side.BUY, 89, 90) < 0
    assert isnan(liquidation_distance(Side.BUY, 100, nan))


def test_verdicts() -> None:
    assert margin_buffer(20, 100) == pytest.approx(0.8)
    verdicts = [judge_buffer(b) for b in (0.5, 0.499, 0.3, 0.299, nan)]
    keep, hold, reduce = BufferVerdict
    assert verdicts == [keep, hold, hold, reduce, reduce]
    assert isnan(margin_buffer(20, 0))


def test_a_stop_must_be_met_first() -> None:
    assert is_stop_inside(Side.BUY, 95, 90)
    assert not is_stop_inside(Side.BUY, 90, 90)
    assert is_stop_inside(Side.SELL, 105, 110)
    assert not is_stop_inside(Side.SELL, 111, 110)
    assert is_stop_inside(Side.BUY, 1, nan)
