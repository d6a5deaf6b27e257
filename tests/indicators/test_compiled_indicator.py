"""Declared indicators: their parameters are checked, and no step leaves its stretch of state."""

from collections.abc import Iterator

import numpy as np
import pytest

from undertow.domain.errors import ConfigurationError, SnapshotCorrupt
from undertow.indicators.averages import Ema
from undertow.indicators.compiled_indicator import CompiledIndicator
from undertow.indicators.momentum import Roc, Rsi
from undertow.indicators.registry import INDICATORS
from undertow.kernels.step import sweep

COMPILED = {name: kind for name, kind in INDICATORS.items() if issubclass(kind, CompiledIndicator)}
ROWS = 300
GUARD = 64


def _settings(kind: type[CompiledIndicator], seed: int) -> dict[str, float]:
    # Whole parameters anywhere from their least value to twice the default.
    rng = np.random.default_rng(seed)
    return {
        one.name: int(rng.integers(int(max(one.least, 0)), int(min(one.most, 2 * one.default + 6))))
        for one in kind.parameters
        if isinstance(one.default, int)
    }


def _made(kind: type[CompiledIndicator]) -> Iterator[CompiledIndicator]:
    yield kind()
    for seed in range(8):
        try:
            yield kind(**_settings(kind, seed))
        except ConfigurationError:
            continue  # parameters that clash are refused; nothing to run


@pytest.mark.parametrize("name", sorted(COMPILED))
def test_no_step_writes_past_its_state_and_the_warmup_is_exact(name: str) -> None:
    rng = np.random.default_rng(21)
    for one in _made(COMPILED[name]):
        columns = tuple(100.0 + rng.random(ROWS) for _ in one.inputs)
        state = np.zeros(len(one._memory) + GUARD)
        state[-GUARD:] = 7.5
        out = np.empty((len(one.outputs), ROWS))
        sweep(one.step.compiled.address, columns, one._constants, state, out)
        assert np.all(state[-GUARD:] == 7.5), one
        assert np.all(np.isnan(out[0, : one.warmup])), one
        is_said = np.isfinite(out[0])
        assert not is_said.any() or int(np.argmax(is_said)) == one.warmup, one


def test_parameters_are_taken_in_order_or_by_name() -> None:
    assert Roc(5, 1.0).settings == Roc(scale=1.0, period=5).settings == {"period": 5, "scale": 1.0}
    assert repr(Roc(5)) == "Roc(period=5, scale=100.0)"


@pytest.mark.parametrize(
    ("values", "named", "message"),
    [
        ((5, 1.0, 2.0), {}, "found 3 values"),
        ((5,), {"period": 6}, "expected roc period once, found it twice"),
        ((), {"perio": 6}, "did you mean 'period'"),
        ((2.5,), {}, "expected roc period to be a whole number of at least 1, found 2.5"),
        ((True,), {}, "found True"),
        ((5, float("nan")), {}, "expected roc scale to be a number"),
        ((5, 0.0), {}, "at least 1e-09, found 0"),
    ],
)
def test_wrong_parameters_are_refused(
    values: tuple[float, ...], named: dict[str, float], message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        Roc(*values, **named)


def test_a_whole_number_stands_for_a_fraction() -> None:
    assert Rsi(14, 40).settings == {"period": 14, "flat": 40.0}


def test_a_state_of_another_length_is_refused() -> None:
    long, short = Ema(3), Ema(3)
    long._memory = np.zeros(9)
    with pytest.raises(SnapshotCorrupt, match="expected 16 bytes of state of Ema"):
        short.load(long.dump())
