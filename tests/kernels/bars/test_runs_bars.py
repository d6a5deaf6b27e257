"""Runs bars against a plain list-based twin."""

from collections.abc import Callable
from typing import Any

import pytest

from undertow.flow.bar_kinds import Measure, RunsBars, SignFrom

Make = Callable[..., Any]
S = 1_000_000_000


def ewma(values: list[float], span: float) -> float:
    keep = 1.0 - 2.0 / (span + 1.0)
    total = weight = 0.0
    for value in values:
        total, weight = total * keep + value, weight * keep + 1.0
    return total / weight


def recent(values: list[float], window: int) -> float:
    held = values[-window:]
    return ewma(held, len(held))


class Plain:
    """Runs bars, the obvious way, by the aggressor's side."""

    def __init__(self, kind: RunsBars) -> None:
        self.kind = kind
        self.bars: list[tuple[int, int, float]] = []
        self.kept: dict[int, list[float]] = {1: [], -1: []}
        self.lengths: list[float] = []
        self.shares: list[float] = []
        self.trades = float(kind.first_trades)
        self.share: float | None = None
        self.restart()

    def restart(self) -> None:
        self.theta = {1: 0.0, -1: 0.0}
        self.count = self.buys = 0

    def means(self) -> tuple[float, float]:
        return recent(self.kept[1], self.kind.window), recent(self.kept[-1], self.kind.window)

    def add(self, k: int, trade: Any) -> None:
        _, price, lots, side = trade
        value = {Measure.TRADES: 1, Measure.QTY: lots, Measure.VALUE: price * lots}
        amount = value[self.kind.measure]
        self.kept[side].append(amount)
        self.theta[side] += amount
        self.count += 1
        self.buys += side > 0
        if self.share is None:
            if min(len(self.kept[1]), len(self.kept[-1])) < self.kind.first_trades:
                return
            self.share = self.buys / self.count
            self.expected = self.means()
        most = max(self.share * self.expected[0], (1 - self.share) * self.expected[1])
        if max(self.theta.values()) > self.trades * most:
            self.close(k)

    def close(self, k: int) -> None:
        sign = 1 if self.theta[1] >= self.theta[-1] else -1
        self.bars.append((k, self.count, sign * self.theta[sign]))
        self.lengths.append(self.count)
        self.shares.append(self.buys / self.count)
        last = self.kind.previous_bars
        self.share = ewma(self.shares[-last:], last)
        if not self.kind.is_constant:
            mean = ewma(self.lengths[-last:], last)
            self.trades = min(max(mean, self.kind.least_trades), self.kind.most_trades)
        self.expected = self.means()
        self.restart()


@pytest.mark.parametrize("measure", list(Measure))
@pytest.mark.parametrize("is_constant", [False, True])
def test_as_the_plain_twin(
    measure: Measure, is_constant: bool, make_builder: Make, rows_of: Make, random_trades: Make
) -> None:
    kind = RunsBars(measure, 20, 60, 3, 8.0, 90.0, is_constant, SignFrom.SIDE)
    trades = random_trades(21, 4000)
    twin = Plain(kind)
    for k, trade in enumerate(trades):
        twin.add(k, trade)
    bars = make_builder(kind).push(rows_of(trades))
    assert bars["close_time_ns"].tolist() == [trades[k][0] for k, _, _ in twin.bars]
    assert (bars["buy_trades"] + bars["sell_trades"]).tolist() == [n for _, n, _ in twin.bars]
    assert bars["theta"].tolist() == [theta for _, _, theta in twin.bars]
    assert len(bars) > 5


def test_no_bar_before_both_sides_have_their_trades(make_builder: Make, rows_of: Make) -> None:
    kind = RunsBars(Measure.TRADES, 3, 10, sign_from=SignFrom.SIDE)
    buys = [(k * S, 100, 1, 1) for k in range(1, 50)]
    builder = make_builder(kind)
    assert len(builder.push(rows_of(buys))) == 0
    sells = [(k * S, 100, 1, -1) for k in range(60, 63)]
    bars = builder.push(rows_of(sells))
    assert (bars["buy_trades"].tolist(), bars["sell_trades"].tolist()) == ([49], [3])
    assert bars["theta"][0] == 49.0
    assert bars["expected_imbalance"][0] == 49 / 52


def test_a_run_may_be_interrupted_and_sells_are_negative(make_builder: Make, rows_of: Make) -> None:
    kind = RunsBars(Measure.TRADES, 1, 5, is_constant=True, sign_from=SignFrom.SIDE)
    sides = [1, -1, -1, 1, -1]
    bars = make_builder(kind).push(rows_of([(k * S, 100, 1, s) for k, s in enumerate(sides, 1)]))
    # Share 1/2 and one expected trade: the bound is 1/2, reached when the warm-up ends.
    assert bars["theta"].tolist()[:2] == [1.0, -1.0]
