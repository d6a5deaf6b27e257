"""Answers of a vectorised strategy are checked for what they must be."""

import numpy as np
import pytest

from undertow.decision.signals import Signals
from undertow.domain.errors import StrategyFault


def test_wishes_and_levels_come_back_as_given() -> None:
    given = Signals(long_entry=[True, False], stop=[1, np.nan])
    assert given.wish("long_entry", 2).tolist() == [True, False]  # type: ignore[union-attr]
    assert given.wish("short_exit", 2) is None
    np.testing.assert_array_equal(given.level("stop", 2), [1.0, np.nan])
    assert len(given.level("size", 2)) == 0
    assert set(Signals.__struct_fields__) == {*Signals.wishes(), *Signals.levels()}


def test_wrong_shapes_and_kinds_are_named() -> None:
    with pytest.raises(StrategyFault, match="long_entry to be 2 booleans"):
        Signals(long_entry=[True]).wish("long_entry", 2)
    with pytest.raises(StrategyFault, match="float64"):
        Signals(long_exit=[0.5, 1.0]).wish("long_exit", 2)
    with pytest.raises(StrategyFault, match="stop to be 2 numbers"):
        Signals(stop=[1.0]).level("stop", 2)
    with pytest.raises(StrategyFault, match="target to be numbers"):
        Signals(target=["a", "b"]).level("target", 2)
