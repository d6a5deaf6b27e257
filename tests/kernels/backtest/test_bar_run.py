"""Signals over bars, against a slow run in plain Python written from the rules in words."""

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.kernels.backtest import bar_run
from undertow.kernels.backtest.signal_bits import (
    LONG_ENTRY,
    LONG_EXIT,
    SHORT_ENTRY,
    SHORT_EXIT,
)

HOUR_NS = 3_600_000_000_000
NOTHING = np.empty(0)
TICK = 0.5


def market(seed: int, count: int = 600) -> dict[str, NDArray[Any]]:
    rng = np.random.default_rng(seed)
    close = np.rint(200 + np.cumsum(rng.normal(0, 2, count))) * TICK
    opened = np.rint(np.concatenate([[200], close[:-1] / TICK]) + rng.integers(-3, 4, count)) * TICK
    high = np.maximum(opened, close) + rng.integers(0, 6, count) * TICK
    low = np.minimum(opened, close) - rng.integers(0, 6, count) * TICK
    side = rng.integers(0, 16, count).astype(np.uint8)
    bits = np.where(rng.random(count) < 0.3, side, 0).astype(np.uint8)
    up = (bits & LONG_ENTRY) > 0
    away = rng.integers(1, 12, count) * TICK
    return {
        "open": opened, "high": high, "low": low, "close": close, "bits": bits,
        "stop": np.where(rng.random(count) < 0.7, close - np.where(up, 1, -1) * away, np.nan),
        "target": np.where(rng.random(count) < 0.5, close + np.where(up, 1, -1) * away, np.nan),
        "size": np.where(rng.random(count) < 0.2, 3.0, np.nan),
        "funding": np.where(rng.random(count) < 0.05, rng.normal(0, 0.2, count), 0.0),
        "close_ns": (np.arange(count) + 1) * HOUR_NS,
    }  # fmt: skip


def rules(**changes: float) -> NDArray[np.void]:
    row = np.zeros(1, bar_run.RULES)
    given = {
        "taker": 0.001, "half_rate": 0.002, "slip_rate": 0.001, "slip_ticks": 1,
        "range_share": 0.5, "range_scale": 0.1, "tick": TICK, "lot": 0.01, "stake": 0.5,
        "leverage": 1.0, "maintenance": 0.005, "stake_mode": bar_run.STAKE_SHARE, **changes,
    }  # fmt: skip
    for name, value in given.items():
        row[name] = value
    return row


def fresh(cash: float = 1_000.0) -> NDArray[np.void]:
    account = np.zeros(1, bar_run.ACCOUNT)
    for name in ("cash", "equity", "peak", "day_equity"):
        account[name] = cash
    account["day_ns"] = bar_run.DAY_NS
    return account


def run(
    given: dict[str, NDArray[Any]], row: NDArray[np.void], cuts: tuple[int, ...] = ()
) -> tuple[NDArray[np.void], NDArray[np.void], NDArray[np.float64]]:
    account, trades = fresh(), np.zeros(600, bar_run.BAR_TRADE)
    equity = np.zeros(len(given["close"]))
    for stop in (*cuts, len(given["close"])):
        part = {name: column[:stop] for name, column in given.items()}
        bar_run.run_bars(
            part["close_ns"],
            (part["open"], part["high"], part["low"], part["close"]),
            part["bits"],
            (part["stop"], part["target"], part["size"]),
            part["funding"],
            row,
            account,
            trades,
            equity[:stop],
        )
    return account, trades[: int(account["trades"][0])], equity


class Slow:
    """The same rules, a bar at a time, over plain numbers."""

    def __init__(self, row: np.void) -> None:
        self.row = row
        self.cash, self.qty = 1_000.0, 0.0
        self.wish: tuple[Any, ...] | None = None
        self.stop = self.target = math.nan
        self.reached = False
        self.trades: list[list[float]] = []
        self.equity: list[float] = []

    def price(self, raw: float, side: int, spread: float) -> float:
        row = self.row
        ticks = round(raw / TICK)
        ticks += side * math.ceil(ticks * row["half_rate"] - 1e-9)
        slip = max(row["slip_ticks"], math.ceil(ticks * row["slip_rate"] - 1e-9))
        scaled = spread * row["range_scale"]
        slip += math.ceil(math.ceil(scaled / TICK - 1e-9) * row["range_share"] - 1e-9)
        return float(max(1, ticks + side * slip) * TICK)

    def close_at(self, i: int, raw: float, spread: float, reason: int) -> None:
        side = 1 if self.qty > 0 else -1
        price = self.price(raw, -side, spread)
        self.cash += self.qty * price - abs(self.qty) * price * self.row["taker"]
        self.qty = 0.0
        self.trades[-1] += [i, price, reason]

    def open_at(self, i: int, raw: float, spread: float, wish: tuple[Any, ...]) -> None:
        side, qty, stop, target = wish
        price = self.price(raw, side, spread)
        most = self.cash / (price * (1 + self.row["taker"]))
        qty = math.floor(min(qty, most) / self.row["lot"] + 1e-9) * self.row["lot"]
        if qty <= 0:
            return
        self.cash -= side * qty * price + qty * price * self.row["taker"]
        self.qty, self.stop, self.target = side * qty, stop, target
        self.reached = side * (price - target) >= 0
        self.trades.append([i, side, qty, price])

    def bar(self, i: int, given: dict[str, NDArray[Any]]) -> None:
        o, h, low, c = (float(given[name][i]) for name in ("open", "high", "low", "close"))
        before = float(given["high"][i - 1] - given["low"][i - 1]) if i else 0.0
        self.cash -= self.qty * float(given["funding"][i])
        wish, self.wish = self.wish, None
        if wish and self.qty:
            self.close_at(i, o, before, wish[0])
        elif wish:
            self.open_at(i, o, before, wish)
        was_hit = False
        if self.qty:
            side = 1 if self.qty > 0 else -1
            worst, best = (low, h) if side > 0 else (h, low)
            if side * (self.stop - worst) >= 0:
                raw = self.stop if side * (o - self.stop) > 0 else o
                self.close_at(i, raw, h - low, bar_run.BY_STOP)
                was_hit = True
            elif self.reached or side * (o - self.target) >= 0:
                self.wish = (bar_run.BY_TARGET,)
            elif side * (best - self.target) >= 0:
                self.reached = True
        self.equity.append(self.cash + self.qty * c)
        if not was_hit and not self.wish:
            self.decide(
                int(given["bits"][i]), c, *(given[n][i] for n in ("stop", "target", "size"))
            )

    def decide(self, bits: int, close: float, stop: float, target: float, size: float) -> None:
        if self.qty:
            wanted = LONG_EXIT if self.qty > 0 else SHORT_EXIT
            self.wish = (bar_run.BY_SIGNAL,) if bits & wanted else None
            return
        entries = bits & (LONG_ENTRY | SHORT_ENTRY)
        if entries not in (LONG_ENTRY, SHORT_ENTRY):
            return
        side = 1 if entries == LONG_ENTRY else -1
        if side * (close - stop) <= 0:
            return
        qty = size if size > 0 else self.row["stake"] * self.cash / close
        self.wish = (side, qty, stop, target)


@pytest.mark.parametrize("seed", range(8))
def test_trades_are_those_of_the_slow_run(seed: int) -> None:
    given, row = market(seed), rules()
    slow = Slow(row[0])
    for i in range(len(given["close"])):
        slow.bar(i, given)
    account, trades, equity = run(given, row)
    assert len(trades) > 20
    names = ("open_bar", "side", "qty", "entry_price", "close_bar", "exit_price", "reason")
    closed = [one for one in slow.trades if len(one) == len(names)]
    found = [[float(trade[name]) for name in names] for trade in trades[: len(closed)]]
    np.testing.assert_allclose(found, closed)
    np.testing.assert_allclose(equity, slow.equity)
    assert len({trade[-1] for trade in closed}) == 3
    assert account["equity"][0] == pytest.approx(slow.equity[-1])


def test_going_on_equals_never_having_stopped() -> None:
    given, row = market(3), rules()
    whole, parts = run(given, row), run(given, row, cuts=(1, 7, 100, 101, 350))
    for one, other in zip(whole, parts, strict=True):
        assert one.tobytes() == other.tobytes()


def test_drawdown_and_daily_returns_are_those_of_the_curve() -> None:
    given = market(5)
    account, _, equity = run(given, rules())
    curve = np.concatenate([[1_000.0], equity])
    falls = 1.0 - curve / np.maximum.accumulate(curve)
    assert account["drawdown"][0] == pytest.approx(falls.max())
    daily = curve[::24]
    returns = daily[1:] / daily[:-1] - 1.0
    assert account["days"][0] == len(returns) == 25
    assert account["mean"][0] == pytest.approx(returns.mean())
    assert account["squares"][0] == pytest.approx(returns.var() * len(returns))


def test_columns_are_single_runs() -> None:
    given, row = market(6), rules()
    other = np.roll(given["bits"], 5)
    accounts = np.concatenate([fresh(), fresh()])
    levels = tuple(np.stack([given[name]] * 2) for name in ("stop", "target", "size"))
    bar_run.run_columns(
        given["close_ns"], (given["open"], given["high"], given["low"], given["close"]),
        np.stack([given["bits"], other]), levels, given["funding"], row, accounts,
    )  # fmt: skip
    first, second = run(given, row)[0], run({**given, "bits": other}, row)[0]
    assert accounts.tobytes() == first.tobytes() + second.tobytes()


def test_a_short_that_loses_everything_is_liquidated_and_owes_nothing() -> None:
    close = np.array([100.0, 100.0, 150.0, 250.0, 250.0])
    given = {
        "open": close, "high": close, "low": close, "close": close,
        "bits": np.array([SHORT_ENTRY, 0, 0, 0, 0], np.uint8),
        "stop": NOTHING, "target": NOTHING, "size": NOTHING, "funding": NOTHING,
        "close_ns": (np.arange(5) + 1) * HOUR_NS,
    }  # fmt: skip
    row = rules(half_rate=0, slip_rate=0, slip_ticks=0, range_share=0, stake=1.0)
    account, trades, equity = run(given, row)
    assert trades["reason"].tolist() == [bar_run.BY_LIQUIDATION]
    assert account["liquidations"][0] == 1
    assert equity[-1] == 0.0


def test_a_stop_on_the_wrong_side_is_no_entry_and_is_counted() -> None:
    given = market(1)
    given["bits"][:] = LONG_ENTRY
    given["stop"] = given["close"] + TICK
    account, trades, _ = run(given, rules())
    assert len(trades) == 0
    assert account["faults"][0] == len(given["close"])


@pytest.mark.parametrize(
    ("mode", "stake", "expected"),
    [
        (bar_run.STAKE_ALL, 1.0, 1_000.0 / (100.0 * 1.001)),
        (bar_run.STAKE_SHARE, 0.25, 2.5),
        (bar_run.STAKE_MONEY, 400.0, 4.0),
        (bar_run.STAKE_RISK, 0.01, 10.0 / (5.0 + 0.001 * 195.0)),
    ],
)
def test_stakes(mode: int, stake: float, expected: float) -> None:
    flat = np.full(3, 100.0)
    given = {
        "open": flat, "high": flat, "low": flat, "close": flat,
        "bits": np.array([LONG_ENTRY, 0, 0], np.uint8), "stop": np.full(3, 95.0),
        "target": NOTHING, "size": NOTHING, "funding": NOTHING,
        "close_ns": (np.arange(3) + 1) * HOUR_NS,
    }  # fmt: skip
    row = rules(
        half_rate=0, slip_rate=0, slip_ticks=0, range_share=0, tick=0, lot=0, stake=stake,
        stake_mode=mode,
    )  # fmt: skip
    _, trades, _ = run(given, row)
    assert trades["qty"][0] == pytest.approx(expected)
