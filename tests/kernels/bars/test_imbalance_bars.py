"""Imbalance bars against a plain list-based twin of the definition."""

from collections.abc import Callable
from math import inf
from typing import Any

import pytest

from undertow.flow.bar_kinds import ImbalanceBars, Measure, SignFrom

Make = Callable[..., Any]
S = 1_000_000_000


def tick_rule(prices: list[int]) -> list[int]:
    signs, sign = [], 0
    for k, price in enumerate(prices):
        if k and price != prices[k - 1]:
            sign = 1 if price > prices[k - 1] else -1
        signs.append(sign)
    return signs


def ewma(values: list[float], span: float) -> float:
    keep = 1.0 - 2.0 / (span + 1.0)
    total = weight = 0.0
    for value in values:
        total, weight = total * keep + value, weight * keep + 1.0
    return total / weight


def plain(trades: list[Any], kind: ImbalanceBars) -> list[tuple[int, int, float]]:
    """(closing trade, trades, theta) of each bar."""
    signs = tick_rule([t[1] for t in trades])
    if kind.sign_from is SignFrom.SIDE:
        signs = [t[3] for t in trades]
    sizes = {Measure.TRADES: 1, Measure.QTY: 2, Measure.VALUE: 3}[kind.measure]
    values: list[float] = []
    lengths: list[float] = []
    bars = []
    expected, trades_expected, theta, begun = None, float(kind.first_trades), 0.0, 0
    for k, (_, price, lots, _) in enumerate(trades):
        values.append(signs[k] * [1, lots, price * lots][sizes - 1])
        theta += values[-1]
        if expected is None and len(values) >= kind.first_trades:
            held = values[-kind.window :]
            expected = ewma(held, len(held))
        if expected is None or not abs(theta) > trades_expected * abs(expected):
            continue
        bars.append((k, k + 1 - begun, theta))
        lengths.append(k + 1 - begun)
        if not kind.is_constant:
            mean = ewma(lengths[-kind.previous_bars :], kind.previous_bars)
            trades_expected = min(max(mean, kind.least_trades), kind.most_trades)
        held = values[-kind.window :]
        expected, theta, begun = ewma(held, len(held)), 0.0, k + 1
    return bars


@pytest.mark.parametrize("measure", list(Measure))
@pytest.mark.parametrize(("least", "most"), [(0.0, inf), (10.0, 60.0)])
@pytest.mark.parametrize("is_constant", [False, True])
def test_as_the_plain_twin(
    measure: Measure, least: float, most: float, is_constant: bool,
    *, make_builder: Make, rows_of: Make, random_trades: Make,
) -> None:  # fmt: skip
    for sign_from in SignFrom:
        kind = ImbalanceBars(measure, 20, 100, 3, least, most, is_constant, sign_from)
        trades = random_trades(11, 4000)
        bars = make_builder(kind).push(rows_of(trades))
        expected = plain(trades, kind)
        assert len(bars) == len(expected) > 0
        assert bars["close_time_ns"].tolist() == [trades[k][0] for k, _, _ in expected]
        counts = (bars["buy_trades"] + bars["sell_trades"]).tolist()
        assert counts == [count for _, count, _ in expected]
        assert bars["theta"].tolist() == [theta for _, _, theta in expected]


def one_way(count: int, first: int = 100) -> list[tuple[int, int, int, int]]:
    """Prices that rise at every trade."""
    return [(k * S, first + k, 1, 1) for k in range(1, count + 1)]


def test_the_bound_is_strict(make_builder: Make, rows_of: Make) -> None:
    # All signs are +1 from the second trade on: E = 1, so theta must exceed E[T], not equal it.
    kind = ImbalanceBars(Measure.TRADES, 5, 5, is_constant=True)
    bars = make_builder(kind).push(rows_of(one_way(13)))
    # The first value is 0: at trade 5 E < 1 but theta = 4 > 5 E only when E < 0.8.
    held = ewma([0, 1, 1, 1, 1], 5)
    assert 5 * held > 4
    assert (bars["buy_trades"] + bars["sell_trades"]).tolist() == [6, 6]
    assert bars["theta"][1] == 6.0
    assert bars["expected_imbalance"][1] == 1.0


def test_signs_before_the_first_change_count_in_the_warm_up(
    make_builder: Make, rows_of: Make
) -> None:
    flat = [(k * S, 100, 1, 1) for k in range(1, 10)]
    kind = ImbalanceBars(Measure.TRADES, 10, 10)
    builder = make_builder(kind)
    assert len(builder.push(rows_of(flat))) == 0
    # The tenth trade ends the warm-up: E is tiny, theta = 1 exceeds 10 E only if E < 0.1.
    bars = builder.push(rows_of([(20 * S, 101, 1, 1)]))
    mean = ewma([0.0] * 9 + [1.0], 10)
    assert len(bars) == int(10 * mean < 1)


def test_bounds_hold_the_expected_trades(
    make_builder: Make, rows_of: Make, random_trades: Make
) -> None:
    kind = ImbalanceBars(Measure.TRADES, 20, 100, 3, 15.0, 25.0)
    bars = make_builder(kind).push(rows_of(random_trades(12, 5000)))
    assert bars["expected_trades"].min() >= 15.0
    assert bars["expected_trades"].max() <= 25.0
