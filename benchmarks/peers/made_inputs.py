"""Inputs of the peers' jobs from our own seeds, in the file layout that the peers' scripts read.

bars_00.npz .. bars_09.npz: ts, open, high, low, close, volume; 525,600 minutes, tick 0.01.
trades.npz: ts, price (tick 0.1), size (step 0.001), side; 10 M trades over 7 days. l2.npz: kind (0
depth, 1 trade), side, px, qty, exch_ts, local_ts, last; about 5 M rows, 50 levels a side.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numba
import numpy as np

T0 = 1_704_067_200_000_000_000
MINUTE = 60_000_000_000
BARS, SYMBOLS, TRADES, L2_ROWS = 525_600, 10, 10_000_000, 5_000_000
NAMES = ("trades", "l2", *(f"bars_{k:02d}" for k in range(SYMBOLS)))


def make_inputs(folder: Path) -> None:
    """Write what is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    makers: dict[str, Callable[[], Any]] = {
        "trades": lambda: trades(9_200),
        "l2": lambda: book_rows(9_300),
        **{f"bars_{k:02d}": partial(bars, 9_100 + k) for k in range(SYMBOLS)},
    }
    for name in NAMES:
        if not (folder / f"{name}.npz").exists():
            columns: Any = makers[name]()
            np.savez(folder / f"{name}.npz", **columns)


def bars(seed: int) -> dict[str, np.ndarray]:
    """A year of minutes of a random walk with volatility that changes by the day."""
    rng = np.random.default_rng(seed)
    pace = np.repeat(np.exp(rng.normal(0, 0.4, BARS // 1_440)), 1_440) * 6e-4
    close = np.rint(30_000_00 * np.exp(np.cumsum(rng.standard_normal(BARS) * pace)))
    opened = np.concatenate([[30_000_00.0], close[:-1]]) + rng.integers(-300, 301, BARS)
    wick = rng.integers(0, 2_000, (2, BARS))
    return {
        "ts": T0 + np.arange(BARS) * MINUTE,
        "open": opened / 100,
        "high": (np.maximum(opened, close) + wick[0]) / 100,
        "low": (np.minimum(opened, close) - wick[1]) / 100,
        "close": close / 100,
        "volume": rng.integers(1, 100_000, BARS) / 1000,
    }


def trades(seed: int) -> dict[str, np.ndarray]:
    """Trades in bursts around a drifting price."""
    rng = np.random.default_rng(seed)
    gaps = rng.exponential(1.0, TRADES)
    ts = T0 + np.rint(np.cumsum(gaps) / gaps.sum() * (7 * 86_400 * 1e9 - 1e9)).astype(np.int64)
    side = np.where(rng.random(TRADES) < 0.5, 1, -1)
    steps = np.where(rng.random(TRADES) < 0.12, side, 0)
    ticks = 600_000 + np.cumsum(steps)
    size = np.maximum(1, np.rint(np.exp(rng.normal(3.0, 1.2, TRADES)))) / 1000
    return {"ts": ts, "price": ticks / 10, "size": size, "side": side.astype(np.int8)}


@numba.njit
def _walk(seed, rows, columns, ets, last):  # type: ignore[no-untyped-def]  # pragma: no cover
    # One message: somebody takes from the touch, or a few levels change; the window is refilled.
    np.random.seed(seed)  # noqa: NPY002 - the only generator that compiled code has
    kind, side, px, qty = columns
    book = np.zeros((2, 400_000), np.int64)
    floor, bid, t, k = 400_000, 200_000, T0 + 1_000_000, 0
    ask = bid + 1
    for d in range(50):
        book[0, bid - d] = np.random.randint(1, 4_000)  # noqa: NPY002
        book[1, ask + d] = np.random.randint(1, 4_000)  # noqa: NPY002
    for s in range(2):
        for d in range(50):
            p = bid - d if s == 0 else ask + d
            kind[k], side[k], px[k], qty[k], ets[k] = 0, 1 - 2 * s, p + floor, book[s, p], t
            k += 1
    last[k - 1] = 1
    while k < rows - 400:
        t += 1_000 + int(-np.log(1.0 - np.random.random()) * 17e6)  # noqa: NPY002
        start = k
        s = np.random.randint(0, 2)  # noqa: NPY002
        if np.random.random() < 0.12:  # noqa: NPY002
            p = bid if s == 0 else ask
            took = min(book[s, p], np.random.randint(1, 3_000))  # noqa: NPY002
            kind[k], side[k], px[k], qty[k] = 1, 2 * s - 1, p + floor, took
            k += 1
            book[s, p] -= took
            kind[k], side[k], px[k], qty[k] = 0, 1 - 2 * s, p + floor, book[s, p]
            k += 1
        else:
            for _ in range(np.random.randint(1, 4)):  # noqa: NPY002
                d = min(49, int(-np.log(1.0 - np.random.random()) * 8.0))  # noqa: NPY002
                p = bid - d if s == 0 else ask + d
                if ask - bid > 1 and np.random.random() < 0.3:  # noqa: NPY002
                    p = bid + 1 if s == 0 else ask - 1
                lots = np.random.randint(1, 4_000)  # noqa: NPY002
                book[s, p] = lots if lots != book[s, p] else lots + 1
                kind[k], side[k], px[k], qty[k] = 0, 1 - 2 * s, p + floor, book[s, p]
                k += 1
                bid, ask = max(bid, p if s == 0 else 0), min(ask, p if s == 1 else 1 << 60)
        while book[0, bid] == 0:
            bid -= 1
        while book[1, ask] == 0:
            ask += 1
        for s in range(2):
            touch, step = (bid, -1) if s == 0 else (ask, 1)
            for d in range(40, 62):
                p = touch + step * d
                want = 1_500 + d if d < 50 and book[s, p] == 0 else (0 if d >= 50 else book[s, p])
                if want != book[s, p]:
                    book[s, p] = want
                    kind[k], side[k], px[k], qty[k] = 0, 1 - 2 * s, p + floor, want
                    k += 1
        ets[start:k] = t
        last[k - 1] = 1
    return k


def book_rows(seed: int) -> dict[str, np.ndarray]:
    """Depth changes and trades of one book."""
    columns = (
        np.zeros(L2_ROWS, np.uint8), np.zeros(L2_ROWS, np.int8),
        np.zeros(L2_ROWS, np.int64), np.zeros(L2_ROWS, np.int64),
    )  # fmt: skip
    ets, last = np.zeros(L2_ROWS, np.int64), np.zeros(L2_ROWS, np.uint8)
    count = _walk(seed, L2_ROWS, columns, ets, last)
    kind, side, px, qty = (column[:count] for column in columns)
    ets, last = ets[:count], last[:count]
    message = np.cumsum(np.concatenate([[0], last[:-1]]))
    rng = np.random.default_rng(seed)
    delay = (np.exp(rng.standard_normal(message[-1] + 1) * 0.35) * 1_500_000).astype(np.int64)
    local = np.maximum.accumulate(ets + delay[message])
    return {
        "kind": kind, "side": side, "px": px / 10.0, "qty": qty / 1000.0,
        "exch_ts": ets, "local_ts": local, "last": last,
    }  # fmt: skip
