"""What every indicator owes: both faces in one arithmetic, NaN in warm-up, exact snapshots."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from undertow.domain.errors import CallerError, SnapshotCorrupt, UnknownNameError
from undertow.indicators.averages import Ema
from undertow.indicators.registry import INDICATORS, make_indicator
from undertow.indicators.step_indicator import StepIndicator

Columns = dict[str, NDArray[np.float64]]
Bars = Callable[[int, int], Columns]
ROWS = 260

every = pytest.mark.parametrize("name", sorted(INDICATORS))


def stream(indicator: StepIndicator, rows: list[tuple[float, ...]]) -> dict[str, list[float]]:
    """Every output after each update; NaN for an update that was no observation."""
    found: dict[str, list[float]] = {name: [] for name in indicator.outputs}
    for row in rows:
        indicator.update(*row)
        is_seen = bool(np.all(np.isfinite(row)))
        for name in indicator.outputs:
            found[name].append(indicator.value(name) if is_seen else np.nan)
    return found


def rows_of(indicator: StepIndicator, columns: Columns) -> list[tuple[float, ...]]:
    return list(zip(*(columns[name].tolist() for name in indicator.inputs), strict=True))


@every
def test_both_faces_give_the_same_bits(name: str, bars: Bars) -> None:
    indicator, columns = make_indicator(name), bars(1, ROWS)
    batch = indicator.batch(*(columns[key] for key in indicator.inputs))
    streamed = stream(indicator, rows_of(indicator, columns))
    for key in indicator.outputs:
        assert np.array(streamed[key]).tobytes() == batch[key].tobytes()


@every
def test_warmup_is_nan_and_then_speaks(name: str, bars: Bars) -> None:
    indicator, columns = make_indicator(name), bars(2, ROWS)
    batch = indicator.batch(*(columns[key] for key in indicator.inputs))["value"]
    assert np.all(np.isnan(batch[: indicator.warmup]))
    assert not np.any(np.isnan(batch[indicator.warmup :]))


@every
def test_the_future_never_changes_the_past(name: str, bars: Bars) -> None:
    indicator, columns = make_indicator(name), bars(3, ROWS)
    inputs = [columns[key] for key in indicator.inputs]
    whole = indicator.batch(*inputs)
    for cut in (5, 130, 201):
        part = indicator.batch(*(column[:cut] for column in inputs))
        for key in indicator.outputs:
            assert part[key].tobytes() == whole[key][:cut].tobytes()


@every
def test_a_missing_number_is_no_observation(name: str, bars: Bars) -> None:
    indicator, columns = make_indicator(name), bars(4, ROWS)
    holes = np.isin(np.arange(ROWS), [0, 7, 150])
    broken = {key: np.where(holes, np.nan, column) for key, column in columns.items()}
    batch = indicator.batch(*(broken[key] for key in indicator.inputs))
    dense = indicator.batch(*(columns[key][~holes] for key in indicator.inputs))
    streamed = stream(indicator, rows_of(indicator, broken))
    for key in indicator.outputs:
        assert np.all(np.isnan(batch[key][holes]))
        assert batch[key][~holes].tobytes() == dense[key].tobytes()
        assert np.array_equal(np.array(streamed[key]), batch[key], equal_nan=True)


@every
@settings(deadline=None, max_examples=8, derandomize=True)
@given(cut=st.integers(0, ROWS))
def test_dump_load_continue_is_never_having_stopped(name: str, cut: int) -> None:
    rng = np.random.default_rng(5)
    first = make_indicator(name)
    columns = {key: 100.0 + rng.random(ROWS) for key in first.inputs}
    rows = rows_of(first, columns)
    straight = stream(first.fresh(), rows)
    stream(first, rows[:cut])
    second = first.fresh()
    second.load(first.dump())
    assert second.dump() == first.dump()
    rest = stream(second, rows[cut:])
    for key in first.outputs:
        assert np.array(rest[key]).tobytes() == np.array(straight[key][cut:]).tobytes()


@every
def test_a_fresh_one_has_the_same_parameters_and_no_past(name: str, bars: Bars) -> None:
    indicator, columns = make_indicator(name), bars(6, ROWS)
    start = indicator.dump()
    stream(indicator, rows_of(indicator, columns))
    assert indicator.fresh().dump() == start
    assert indicator.fresh().settings == indicator.settings
    assert indicator.dump() != start


def test_numpy_scalars_are_taken_as_floats() -> None:
    ema = Ema(1)
    assert type(ema.update(np.float64(3.5))) is float
    assert type(ema.update(4)) is float


def test_wrong_inputs_are_refused() -> None:
    with pytest.raises(CallerError, match="found 2 values"):
        Ema(3).update(1.0, 2.0)
    with pytest.raises(CallerError, match="of one length"):
        make_indicator("atr").batch(np.ones(3), np.ones(3), np.ones(2))


def test_an_unknown_output_is_refused_with_a_suggestion() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'plus_di'"):
        make_indicator("adx").value("plus_d")


@pytest.mark.parametrize("other", [Ema(4), make_indicator("sma", {"period": 3})])
def test_a_state_of_another_indicator_is_refused(other: StepIndicator) -> None:
    with pytest.raises(SnapshotCorrupt, match=r"expected version 1 of Ema\(period=3\)"):
        Ema(3).load(other.dump())


@pytest.mark.parametrize("data", [b"", b"\x93\x01", b"\x01", b"rubbish"])
def test_a_damaged_state_is_refused(data: bytes) -> None:
    with pytest.raises(SnapshotCorrupt):
        Ema(3).load(data)
