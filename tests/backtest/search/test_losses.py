"""Losses worked by hand on invented equity and trades."""

import math
from pathlib import Path

import msgspec
import numpy as np
import pytest
from tests.backtest.reports.made_results import result, trade

from undertow.backtest.reports.measures import measures
from undertow.backtest.search.losses import LOSSES, WORST, find_loss, headline, loss_of
from undertow.domain.errors import ConfigurationError, StrategyFault, UnknownNameError

UP = result(1_000.0 * np.cumprod(np.r_[1.0, [1.01, 0.995] * 20]), [trade(5.0, 1), trade(-1.0, 9)])
FLAT = result(np.full(41, 1_000.0), [])


def falling(depth: float, end: float) -> float:
    """The drawdown loss of a curve that falls by `depth` from 1000 and then ends at `end`."""
    low = 1_000.0 * (1.0 - depth)
    made = result(np.array([1_000.0, low, low, end] + [end] * 20), [trade(end - 1_000.0, 1)])
    return loss_of("max-drawdown", made)


def test_the_drawdown_loss_by_hand() -> None:
    assert falling(0.10, 1_200.0) == pytest.approx(-20.0 + 10.0)
    assert falling(0.10, 950.0) == pytest.approx(1_000.0 + 5.0)
    assert falling(0.25, 1_200.0) == pytest.approx(10_000.0 + 25.0)
    # A ratio of the peak: the size of the account does not matter (D-96).
    assert falling(0.199, 1_200.0) < falling(0.201, 5_000.0) < falling(0.30, 1_200.0) < WORST


def test_signs_and_sizes() -> None:
    found = measures(UP)
    gained = UP.final_balance / UP.starting_balance - 1.0
    assert loss_of("sharpe", UP) == -found["sharpe"] < 0.0
    assert loss_of("sortino", UP) == -found["sortino"]
    assert loss_of("calmar", UP) == -found["calmar"]
    assert loss_of("only-profit", UP) == pytest.approx(-gained)
    depth = abs(found["max_drawdown"])
    assert loss_of("profit-drawdown", UP) == pytest.approx(-gained * (1.0 - depth))
    assert loss_of("sharpe-daily", UP) == pytest.approx(loss_of("sharpe", UP))
    parts = [
        found["sharpe"], 10 * found["total_return"], found["profit_factor"] - 1,
        found["expectancy_ratio"], 10 * found["max_drawdown"],
    ]  # fmt: skip
    expected = -np.mean([part / (1 + abs(part)) for part in parts])
    assert loss_of("multi-metric", UP) == pytest.approx(expected)


@pytest.mark.parametrize("name", list(LOSSES))
def test_nothing_traded_is_a_finite_number(name: str) -> None:
    loss = loss_of(name, FLAT)
    assert math.isfinite(loss)
    undefined = name in ("sharpe", "sharpe-daily", "sortino", "calmar", "multi-metric")
    assert (loss == WORST) == undefined


def test_a_losing_run_is_worse_the_deeper_it_fell() -> None:
    shallow = result(np.array([1_000.0, 950.0] + [900.0] * 20), [trade(-100.0, 1)])
    deep = result(np.array([1_000.0, 850.0] + [900.0] * 20), [trade(-100.0, 1)])
    assert loss_of("profit-drawdown", shallow) == pytest.approx(0.1 * 1.1)
    assert loss_of("profit-drawdown", deep) == pytest.approx(0.1 * 1.15)


def test_names_of_other_engines_and_near_names() -> None:
    assert find_loss("SharpeHyperOptLoss") is LOSSES["sharpe"]
    assert find_loss("MaxDrawDownHyperOptLoss") is LOSSES["max-drawdown"]
    assert find_loss("sharpe_daily") is LOSSES["sharpe-daily"]
    with pytest.raises(UnknownNameError, match="did you mean 'sortino'"):
        find_loss("sortin")


def test_a_loss_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "own.py"
    path.write_text(
        "def trades(result):\n    return float(len(result.trades))\n"
        "def undefined(result):\n    return float('nan')\n"
        "def words(result):\n    return 'few'\n"
    )
    assert loss_of(f"{path}:trades", UP) == 2.0
    assert loss_of(f"{path}:undefined", UP) == WORST
    with pytest.raises(StrategyFault, match="found 'few'"):
        loss_of(f"{path}:words", UP)
    with pytest.raises(UnknownNameError, match="did you mean 'trades'"):
        find_loss(f"{path}:trade")
    with pytest.raises(UnknownNameError, match="found nothing"):
        find_loss(f"{tmp_path / 'none.py'}:trades")
    (tmp_path / "broken.py").write_text("1 / 0\n")
    with pytest.raises(ConfigurationError, match="ZeroDivisionError"):
        find_loss(f"{tmp_path / 'broken.py'}:trades")


def test_the_headline_of_a_row() -> None:
    row = headline(UP)
    assert row["total_trades"] == 2.0
    assert row["sharpe"] == -loss_of("sharpe", UP)
    assert math.isnan(headline(FLAT)["sharpe"])
    assert headline(msgspec.structs.replace(FLAT, final_balance=1_100.0))[
        "total_return"
    ] == pytest.approx(1_100.0 / FLAT.starting_balance - 1.0)
