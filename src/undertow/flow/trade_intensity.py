"""Trade intensity: how fast trades arrive, and how the rate falls with depth (FLOW-40).

Three measures: a rate with a fading memory (`TradeIntensity`), the plain rate of a window
(`flow.trade_window.TradeWindow.per_second`), and the fit of lambda = A exp(-k delta) that market
makers use (Avellaneda and Stoikov 2008, eq. 12).
"""

from math import exp, isfinite, nan

import msgspec
import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.domain.errors import CallerError, ConfigurationError, SnapshotCorrupt
from undertow.domain.market_event import EventArray
from undertow.domain.time import NS_PER_S
from undertow.flow.readable_rows import readable_rows
from undertow.kernels.bars.arrival_rate import ARRIVALS, push_arrivals

_COUNTERS = (
    "trades",
    "disordered_trades",
    "repeated_trades",
    "renumbered_trades",
    "refused_rows",
    "misdated_rows",
)


class ArrivalRate(msgspec.Struct, frozen=True, gc=False):
    """Trades per second by aggressor. is_warm: trades have been seen for three time constants."""

    buys: float
    sells: float
    is_warm: bool

    @property
    def trades(self) -> float:
        """Trades of both sides per second."""
        return self.buys + self.sells

    @property
    def imbalance(self) -> float:
        """(buys - sells) / (buys + sells), -1 to 1; NaN without trades."""
        return (self.buys - self.sells) / self.trades if self.trades > 0.0 else nan


class TradeIntensity:
    """Arrival rate of one instrument's trades with a memory of `tau_s` seconds."""

    def __init__(
        self, tau_s: float = 30.0, index: int = 0, *, most_lead_ns: int = 10 * NS_PER_S
    ) -> None:
        if not (isfinite(tau_s) and tau_s > 0.0) or most_lead_ns < 0:
            raise ConfigurationError(
                f"expected tau_s > 0 and most_lead_ns >= 0, found {tau_s} and {most_lead_ns}"
            )
        self._state = np.zeros(1, ARRIVALS)
        self._state["instrument"], self._state["most_lead_ns"] = index, most_lead_ns
        self._state["tau_ns"] = tau_s * NS_PER_S

    def push(self, rows: EventArray) -> None:
        """Apply `EVENT` rows; rows of other instruments and kinds are passed over."""
        push_arrivals(self._state, readable_rows(rows))

    def at(self, event_time_ns: int | None = None) -> ArrivalRate:
        """The rate at a time, the last trade's when none is given; NaN before any trade.

        A time before the last trade is taken as that of the last trade.
        """
        record = self._state[0]
        newest, tau = int(record["last_event_ns"]), float(record["tau_ns"])
        if newest == 0:
            return ArrivalRate(nan, nan, False)
        now_ns = newest if event_time_ns is None else max(newest, event_time_ns)
        scale = exp((newest - now_ns) / tau) / (tau / NS_PER_S)
        is_warm = now_ns - int(record["first_ns"]) >= 3.0 * tau
        return ArrivalRate(float(record["buys"]) * scale, float(record["sells"]) * scale, is_warm)

    @property
    def counters(self) -> dict[str, int]:
        """Trades taken, and what was out of order or left out, by name."""
        return {name: int(self._state[name][0]) for name in _COUNTERS}

    def snapshot(self) -> bytes:
        """The whole state."""
        return self._state.tobytes()

    def restore(self, data: bytes) -> None:
        """Become what was saved; raises `SnapshotCorrupt` when it had other settings."""
        if len(data) != ARRIVALS.itemsize:
            raise SnapshotCorrupt(f"expected {ARRIVALS.itemsize} bytes, found {len(data)}")
        saved = np.frombuffer(data, ARRIVALS)
        for name in ("instrument", "most_lead_ns", "tau_ns"):
            if saved[name] != self._state[name]:
                raise SnapshotCorrupt(
                    f"expected {name} {self._state[name][0]}, found {saved[name][0]}"
                )
        self._state[:] = saved


class IntensityFit(msgspec.Struct, frozen=True, gc=False):
    """lambda(delta) = a * exp(-k * delta); r2 of the fit to the logarithms; points used."""

    a: float
    k: float
    r2: float
    points: int

    def rate(self, depth: float) -> float:
        """Expected arrivals per unit of time at a depth."""
        return self.a * exp(-self.k * depth)


def depth_rates(distances: ArrayLike, seconds: float, depths: ArrayLike) -> NDArray[np.float64]:
    """Trades per second that reach each depth: those at least so far from the middle.

    distances: of each trade from the middle just before it, in the aggressor's direction.
    """
    if not (isfinite(seconds) and seconds > 0.0):
        raise CallerError(f"expected seconds above 0, found {seconds}")
    far = np.sort(np.asarray(distances, dtype=np.float64).ravel())
    reached = len(far) - np.searchsorted(far, np.asarray(depths, dtype=np.float64), side="left")
    return reached / seconds


def fit_intensity(depths: ArrayLike, rates: ArrayLike) -> IntensityFit:
    """Least squares of log(rate) on depth (log-linear): k = -slope, A = exp(intercept).

    Depths with a rate of 0 have no logarithm and are left out; NaN with fewer than 2 others, or
    all at one depth.
    """
    depth, rate = (np.asarray(column, dtype=np.float64).ravel() for column in (depths, rates))
    if depth.shape != rate.shape or not np.all(np.isfinite(depth)) or np.any(rate < 0.0):
        raise CallerError("expected as many rates of 0 or more as finite depths")
    is_used = rate > 0.0
    x, y = depth[is_used], np.log(rate[is_used])
    if len(x) < 2 or np.all(x == x[0]):
        return IntensityFit(nan, nan, nan, len(x))
    away = x - x.mean()
    slope = float(np.sum(away * y) / np.sum(away * away))
    level = float(y.mean()) - slope * float(x.mean())
    total = float(np.sum((y - y.mean()) ** 2))
    left = float(np.sum((y - level - slope * x) ** 2))
    r2 = 1.0 - left / total if total > 0.0 else nan
    return IntensityFit(exp(level), -slope, r2, len(x))
