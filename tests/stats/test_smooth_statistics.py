"""Expected: the package's own plain measures for values; numerical differences for influences."""

from collections.abc import Callable

import numpy as np
import pytest

from undertow.stats import (
    SmoothStatistic,
    cagr,
    compounded_equity,
    growth_statistic,
    mean_statistic,
    profit_factor,
    profit_factor_statistic,
    sharpe,
    sharpe_statistic,
    sortino,
    sortino_statistic,
    volatility,
    volatility_statistic,
)

RETURNS = np.random.default_rng(1).standard_t(4, 60) * 0.02 + 0.002
ALL: list[tuple[SmoothStatistic, Callable[[object], float]]] = [
    (mean_statistic(), lambda x: float(np.mean(x))),  # type: ignore[call-overload]
    (sharpe_statistic(365**0.5), lambda x: sharpe(x, 365)),  # type: ignore[arg-type]
    (sortino_statistic(365**0.5), lambda x: sortino(x, 365)),  # type: ignore[arg-type]
    (growth_statistic(365.0), lambda x: cagr(compounded_equity(x), 365)),  # type: ignore[arg-type]
    (profit_factor_statistic(), profit_factor),  # type: ignore[list-item]
    (volatility_statistic(365**0.5), lambda x: volatility(x, 365)),  # type: ignore[arg-type]
]
NAMES = [statistic.name for statistic, _ in ALL]


@pytest.mark.parametrize(("statistic", "plain"), ALL, ids=NAMES)
def test_the_value_is_that_of_the_plain_measure(
    statistic: SmoothStatistic, plain: Callable[[object], float]
) -> None:
    table = np.column_stack([RETURNS, RETURNS[::-1] * 2])
    found = [statistic.printed(float(value)) for value in statistic.value(table)]
    assert found == pytest.approx([plain(table[:, 0]), plain(table[:, 1])], rel=1e-9)


@pytest.mark.parametrize(("statistic", "plain"), ALL, ids=NAMES)
def test_the_influence_is_the_effect_of_more_weight(
    statistic: SmoothStatistic, plain: Callable[[object], float]
) -> None:
    # Observation k taken once more among 400 copies of the sample: weight raised by 1 / (400 n).
    copies = np.tile(RETURNS, 400)
    more = np.array([statistic.value(np.append(copies, x)[:, None])[0] for x in RETURNS[:12]])
    effect = (more - statistic.value(copies[:, None])[0]) * (len(copies) + 1)
    found = statistic.influence(RETURNS[:, None])[:12, 0]
    size = float(np.std(statistic.influence(RETURNS[:, None])))
    assert found / size == pytest.approx(effect / size, abs=0.01)
    assert np.mean(statistic.influence(RETURNS[:, None])) == pytest.approx(0.0, abs=1e-12 * size)
    assert plain(RETURNS) == plain(RETURNS.copy())


def test_undefined_columns_are_nan() -> None:
    flat = np.full((20, 1), 0.1)
    for statistic in (sharpe_statistic(), profit_factor_statistic(), volatility_statistic()):
        assert np.isnan(statistic.value(flat)).all()
        assert np.isnan(statistic.influence(flat)).all() or statistic.name == "profit_factor"
    assert np.isnan(sortino_statistic().value(flat)).all()
    assert np.isnan(growth_statistic(1e6).printed(1.0))
