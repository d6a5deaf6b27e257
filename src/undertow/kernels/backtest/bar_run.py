"""Signals over bars: entries and exits at the next open, stops and targets inside the bar.

One account on one instrument, in floats: for sweeps and analysis. What is decided at the close of
a bar is filled at the open of the next, worsened by half a spread and slippage, with the taker fee.
A stop lives from the bar of the entry on and fills inside a bar, or at the open of a bar that opens
beyond it. A target is watched, not rested, as the engine does it: when an open has reached it, the
position leaves at the next open; an extreme is noticed one bar later. When a stop was hit inside a
bar, nothing is decided at the close of that bar: the fill is heard only after it. A position is
closed before another is opened, so that a reversal takes two bars. Funding is paid at the open on
what was held before it.
"""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.backtest.signal_bits import (
    LONG_ENTRY,
    LONG_EXIT,
    SHORT_ENTRY,
    SHORT_EXIT,
)
from undertow.kernels.compiled import compiled

STAKE_ALL = 0
STAKE_SHARE = 1
STAKE_MONEY = 2
STAKE_RISK = 3

BY_SIGNAL = 0
BY_STOP = 1
BY_TARGET = 2
BY_LIQUIDATION = 3
AT_END = 4

NO_BAR = -1
DAY_NS = 86_400_000_000_000
SNAP = 1e-9
"""Floats this near above a whole number are that number before they are rounded up."""

RULES = np.dtype(
    [
        ("taker", np.float64),
        ("half_rate", np.float64),
        ("slip_rate", np.float64),
        ("slip_ticks", np.float64),
        ("range_share", np.float64),
        ("range_scale", np.float64),
        ("tick", np.float64),
        ("lot", np.float64),
        ("stake", np.float64),
        ("leverage", np.float64),
        ("maintenance", np.float64),
        ("stake_mode", np.int64),
    ]
)
"""taker: fee rate. half_rate .. range_share: see `worsened`. tick: the grid of prices,
0 = none. lot: quantities are whole multiples of it, 0 = any. stake: see `lots_for`. maintenance:
share of the notional below which the account is liquidated.
"""

ACCOUNT = np.dtype(
    [
        ("cash", np.float64),
        ("qty", np.float64),
        ("pending", np.int64),
        ("pending_qty", np.float64),
        ("pending_stop", np.float64),
        ("pending_target", np.float64),
        ("reference", np.float64),
        ("stop", np.float64),
        ("target", np.float64),
        ("reached", np.int64),
        ("trades", np.int64),
        ("fills", np.int64),
        ("equity", np.float64),
        ("peak", np.float64),
        ("drawdown", np.float64),
        ("day_ns", np.int64),
        ("day_equity", np.float64),
        ("days", np.int64),
        ("mean", np.float64),
        ("squares", np.float64),
        ("bars", np.int64),
        ("liquidations", np.int64),
        ("faults", np.int64),
    ]
)
"""What the run remembers between two stretches of bars.

qty: signed base units. pending: 0, +1 or -1 to enter, 2 to leave at the next open, 3 to leave for
the target. reached: 1 when a bar has reached the target. drawdown: the
greatest fall from a peak of equity at closes, as a share of the peak. days, mean, squares: whole
days (UTC) and the running mean and sum of squared deviations of their returns. faults: entries not
made because their stop was not on the losing side.
"""

BAR_TRADE = np.dtype(
    [
        ("open_bar", np.int64),
        ("close_bar", np.int64),
        ("side", np.int64),
        ("reason", np.int64),
        ("qty", np.float64),
        ("entry_price", np.float64),
        ("exit_price", np.float64),
        ("entry_reference", np.float64),
        ("exit_reference", np.float64),
        ("entry_raw", np.float64),
        ("exit_raw", np.float64),
        ("entry_fee", np.float64),
        ("exit_fee", np.float64),
        ("funding", np.float64),
        ("stop", np.float64),
        ("low", np.float64),
        ("high", np.float64),
    ]
)
"""One position, flat to flat. reference: the close at which it was decided; raw: the price before
slippage. close_bar: `NO_BAR` while open. low, high: extremes of the bars held."""

Record: TypeAlias = Any
Records: TypeAlias = Any


@compiled
def worsened(price: float, side: int, spread: float, rules: Record) -> float:
    """The price a taker of `side` pays: half a spread beyond the last price, then slippage.

    Slippage is the larger of slip_ticks and of slip_rate of the price, and range_share of `spread`,
    the range of the bar before times range_scale. Each part is rounded up to whole ticks where
    there is a grid.
    """
    tick = rules.tick
    if tick <= 0.0:
        met = price * (1.0 + side * rules.half_rate)
        return float(met + side * (met * rules.slip_rate + spread * rules.range_share))
    met = np.rint(price / tick)
    met += side * np.ceil(met * rules.half_rate - SNAP)
    slip = max(rules.slip_ticks, np.ceil(met * rules.slip_rate - SNAP))
    slip += np.ceil(np.ceil(spread / tick - SNAP) * rules.range_share - SNAP)
    return float(max(1.0, met + side * slip) * tick)


@compiled
def floored(qty: float, lot: float) -> float:
    """A quantity on the grid of lots."""
    return qty if lot <= 0.0 else np.floor(qty / lot + SNAP) * lot


@compiled
def lots_for(equity: float, close: float, stop: float, rules: Record) -> float:
    """The quantity asked for at a signal's close; inf for all that can be paid.

    `STAKE_SHARE`: stake * equity * leverage / close. `STAKE_MONEY`: stake / close. `STAKE_RISK`:
    the quantity that loses stake * equity at the stop, taker fees at both ends included.
    """
    if rules.stake_mode == STAKE_SHARE:
        return float(rules.stake * equity * rules.leverage / close)
    if rules.stake_mode == STAKE_MONEY:
        return float(rules.stake / close)
    if rules.stake_mode == STAKE_RISK:
        loss = abs(close - stop) + rules.taker * (close + stop)
        return rules.stake * equity / loss if loss > 0.0 else 0.0
    return np.inf


@compiled
def affordable(account: Record, price: float, rules: Record) -> float:
    """The quantity that the account can pay for at a price, fee included."""
    return float(account.cash * rules.leverage / (price * (1.0 + rules.taker * rules.leverage)))


@compiled
def enter(
    i: int,
    open_: float,
    spread: float,
    account: Record,
    rules: Record,
    trades: Records,
) -> None:
    """Open the pending position at the open of bar i; nothing when it can pay for no lot."""
    side = account.pending
    account.pending = 0
    price = worsened(open_, side, spread, rules)
    qty = floored(min(account.pending_qty, affordable(account, price, rules)), rules.lot)
    if not qty > 0.0 or not price > 0.0:
        return
    fee = qty * price * rules.taker
    account.cash -= side * qty * price + fee
    account.qty = side * qty
    account.stop = account.pending_stop
    account.target = account.pending_target
    account.reached = 1 if side * (price - account.target) >= 0.0 else 0
    account.fills += 1
    k = account.trades
    account.trades += 1
    if k < len(trades):
        trade = trades[k]
        trade.open_bar = i
        trade.close_bar = NO_BAR
        trade.side = side
        trade.qty = qty
        trade.entry_price = price
        trade.entry_raw = open_
        trade.entry_reference = account.reference
        trade.entry_fee = fee
        trade.funding = 0.0
        trade.stop = account.stop
        trade.low = price
        trade.high = price


@compiled
def leave(
    i: int,
    raw: float,
    price: float,
    rate: float,
    reason: int,
    account: Record,
    trades: Records,
) -> None:
    """Close the position at a price in bar i."""
    qty = abs(account.qty)
    fee = qty * price * rate
    account.cash += account.qty * price - fee
    account.qty = 0.0
    account.pending = 0
    account.fills += 1
    k = account.trades - 1
    if k < len(trades):
        trade = trades[k]
        trade.close_bar = i
        trade.exit_price = price
        trade.exit_raw = raw
        trade.exit_reference = account.reference
        trade.exit_fee = fee
        trade.reason = reason
        trade.low = min(trade.low, price)
        trade.high = max(trade.high, price)


@compiled
def is_stopped(
    i: int,
    open_: float,
    worst: float,
    spread: float,
    account: Record,
    rules: Record,
    trades: Records,
) -> bool:
    """The stop, then the liquidation; True when the position is closed."""
    side = 1 if account.qty > 0.0 else -1
    if side * (account.stop - worst) >= 0.0:
        raw = account.stop if side * (open_ - account.stop) > 0.0 else open_
        account.reference = raw
        price = worsened(raw, -side, spread, rules)
        leave(i, raw, price, rules.taker, BY_STOP, account, trades)
        return True
    notional = abs(account.qty) * worst
    if account.cash + account.qty * worst <= rules.maintenance * notional:
        # At the bankruptcy price: the account ends with nothing, and owes nothing.
        price = -account.cash / account.qty
        account.reference = price
        account.liquidations += 1
        leave(i, price, price, 0.0, BY_LIQUIDATION, account, trades)
        account.cash = 0.0
        return True
    return False


@compiled
def on_grid(side: int, close: float, stop: float, tick: float) -> float:
    """A stop in whole ticks, toward the position, at least one tick from the price."""
    if stop != stop or tick <= 0.0:
        return stop
    ticks = stop / tick
    whole = np.rint(ticks)
    if abs(ticks - whole) > 1e-6:
        whole = np.ceil(ticks) if side > 0 else np.floor(ticks)
        last = np.rint(close / tick)
        if side * (last - whole) <= 0.0 and side * (close - stop) > 0.0:
            whole = last - side
    return float(whole * tick)


@compiled
def watch_target(open_: float, high: float, low: float, close: float, account: Record) -> None:
    """At the close: leave when the target was reached before, or note that this bar reached it.

    The open is known while the bar lasts, the extreme only when it is over.
    """
    side = 1 if account.qty > 0.0 else -1
    best = high if side > 0 else low
    if account.reached != 0 or side * (open_ - account.target) >= 0.0:
        account.pending = 3
        account.reference = close
    elif side * (best - account.target) >= 0.0:
        account.reached = 1


@compiled
def decide(
    bits: int,
    close: float,
    stop: float,
    target: float,
    size: float,
    account: Record,
    rules: Record,
) -> None:
    """At the close: an exit when there is a position, an entry when there is none."""
    if account.qty != 0.0:
        wanted = LONG_EXIT if account.qty > 0.0 else SHORT_EXIT
        if bits & wanted and account.pending == 0:
            account.pending = 2
            account.reference = close
        return
    side = 1 if bits & LONG_ENTRY else (-1 if bits & SHORT_ENTRY else 0)
    if side == 0 or (bits & LONG_ENTRY and bits & SHORT_ENTRY):
        return
    placed = on_grid(side, close, stop, rules.tick)
    if side * (close - placed) <= 0.0:
        account.faults += 1
        return
    qty = size if size > 0.0 else lots_for(account.cash, close, placed, rules)
    if not qty > 0.0:
        return
    account.pending = side
    account.pending_qty = qty
    account.pending_stop = placed
    account.pending_target = target
    account.reference = close


@compiled
def pay(money: float, account: Record, trades: Records) -> None:
    """Funding of the open position: `money` a base unit, paid by a long."""
    paid = account.qty * money
    account.cash -= paid
    if account.trades <= len(trades):
        trades[account.trades - 1].funding += paid


@compiled
def trade_at_open(
    i: int,
    open_: float,
    spread: float,
    account: Record,
    rules: Record,
    trades: Records,
) -> None:
    """What was decided at the last close is done."""
    if account.pending >= 2:
        side = 1 if account.qty > 0.0 else -1
        reason = BY_TARGET if account.pending == 3 else BY_SIGNAL
        price = worsened(open_, -side, spread, rules)
        leave(i, open_, price, rules.taker, reason, account, trades)
    else:
        enter(i, open_, spread, account, rules, trades)


@compiled
def note_extremes(high: float, low: float, account: Record, trades: Records) -> None:
    """A bar through which the position was held."""
    if account.trades <= len(trades):
        trade = trades[account.trades - 1]
        trade.low = min(trade.low, low)
        trade.high = max(trade.high, high)


@compiled
def end_days(close_ns: int, before: float, equity: float, account: Record) -> None:
    """Book the return of each whole day that is over at a close."""
    while close_ns >= account.day_ns:
        value = equity if close_ns == account.day_ns else before
        change = value / account.day_equity - 1.0 if account.day_equity > 0.0 else 0.0
        account.day_equity = value
        account.day_ns += DAY_NS
        account.days += 1
        delta = change - account.mean
        account.mean += delta / account.days
        account.squares += delta * (change - account.mean)


@compiled
def run_bars(
    close_ns: NDArray[np.int64],
    prices: tuple[NDArray[np.float64], ...],
    bits: NDArray[np.uint8],
    levels: tuple[NDArray[np.float64], ...],
    funding: NDArray[np.float64],
    rules: NDArray[np.void],
    accounts: NDArray[np.void],
    trades: Records,
    equity: NDArray[np.float64],
) -> None:
    """Go on over bars [account.bars, n).

    prices: open, high, low, close. bits: `signal_bits`. levels: stop, target, size at the signal's
    bar, NaN or empty for none. funding: money per base unit that a long pays at the open, or empty.
    rules: `RULES`, accounts: `ACCOUNT`, one each. trades: `BAR_TRADE`; positions beyond its length
    are only counted. equity: at each close, or empty.
    """
    open_, high, low, close = prices
    stops, targets, sizes = levels
    rule, account = rules[0], accounts[0]
    nan = np.nan
    start = account.bars
    scale = rule.range_scale
    for i in range(start, len(close)):
        before = account.equity
        was_hit = False
        spread = scale * (high[i - 1] - low[i - 1]) if i > 0 else 0.0
        if account.qty != 0.0 and len(funding) > 0 and funding[i] != 0.0:
            pay(funding[i], account, trades)
        if account.pending != 0:
            trade_at_open(i, open_[i], spread, account, rule, trades)
        if account.qty != 0.0:
            worst = low[i] if account.qty > 0.0 else high[i]
            spread = scale * (high[i] - low[i])
            was_hit = is_stopped(i, open_[i], worst, spread, account, rule, trades)
            if not was_hit:
                watch_target(open_[i], high[i], low[i], close[i], account)
                note_extremes(high[i], low[i], account, trades)
        account.equity = account.cash + account.qty * close[i]
        account.peak = max(account.peak, account.equity)
        if account.equity < account.peak:
            account.drawdown = max(account.drawdown, 1.0 - account.equity / account.peak)
        if close_ns[i] >= account.day_ns:
            end_days(close_ns[i], before, account.equity, account)
        if len(equity) > 0:
            equity[i] = account.equity
        if bits[i] != 0 and not was_hit:
            stop = stops[i] if len(stops) > 0 else nan
            target = targets[i] if len(targets) > 0 else nan
            size = sizes[i] if len(sizes) > 0 else nan
            decide(bits[i], close[i], stop, target, size, account, rule)
    account.bars = len(close)


@compiled
def run_columns(
    close_ns: NDArray[np.int64],
    prices: tuple[NDArray[np.float64], ...],
    bits: NDArray[np.uint8],
    levels: tuple[NDArray[np.float64], ...],
    funding: NDArray[np.float64],
    rules: NDArray[np.void],
    accounts: NDArray[np.void],
) -> None:
    """The same bars under many columns of signals: bits (k, n), accounts (k,).

    levels: each (k, n), or empty. Only the accounts are kept.
    """
    stops, targets, sizes = levels
    no_trades = np.empty(0, BAR_TRADE)
    no_equity = np.empty(0, np.float64)
    nothing = np.empty(0, np.float64)
    for k in range(len(bits)):
        one = (
            stops[k] if len(stops) > 0 else nothing,
            targets[k] if len(targets) > 0 else nothing,
            sizes[k] if len(sizes) > 0 else nothing,
        )
        run_bars(
            close_ns, prices, bits[k], one, funding, rules, accounts[k : k + 1],
            no_trades, no_equity,
        )  # fmt: skip
