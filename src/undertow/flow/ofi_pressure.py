"""Pressure at the best bid and ask: spikes of order-flow imbalance and its build-up (FLOW-06).

OFI is the event form of Cont, Kukanov & Stoikov (2014) (see `kernels.flow.best_quote`), summed over
steps of whole closed seconds. A spike is a step more than 3 standard deviations from the steps
before it. A build-up is OFI of one sign over a longer stretch while the price stays where it was:
somebody leans on the book and the price has not answered, an early flag of a breakout in that
direction. How early, and how often it is right, is for a study to measure. To compare instruments
and hours OFI is also told over the average depth, by which the paper scales its price impact.
"""

from math import nan, sqrt
from typing import Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.domain.errors import CallerError
from undertow.flow.flow_view import Bars
from undertow.flow.sufficiency import LEAST_SAMPLES, Shortfall, shortfall
from undertow.stats.robust import robust_scale


class OfiView(Protocol):
    """What is read of an instrument's flow; `InstrumentFlow` is one."""

    def bars(self, timeframe_s: int, count: int) -> Bars: ...
    def ofi_by_second(self, seconds: int) -> NDArray[np.int64]: ...
    def best_sizes(self) -> NDArray[np.float32]: ...


class OfiRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """step_s: length of a step. baseline_s: seconds looked back on, 900 at most. least_z: of a
    spike and of a build-up. is_robust: median and median absolute deviation (`stats.robust`)
    instead of mean and standard deviation. build_s: length of a build-up. most_move: of the price
    over the build-up, in its usual move over such a stretch.
    """

    step_s: int = 1
    baseline_s: int = 600
    least_z: float = 3.0
    is_robust: bool = False
    build_s: int = 120
    most_move: float = 0.5

    def __post_init__(self) -> None:
        is_fit = 1 <= self.step_s <= self.build_s <= self.baseline_s <= 900
        if not is_fit or self.least_z <= 0.0 or self.most_move < 0.0:
            raise CallerError(
                "expected 1 <= step_s <= build_s <= baseline_s <= 900, least_z > 0 and most_move"
                f" >= 0, found {self}"
            )


DEFAULT_OFI = OfiRules()


class OfiPressure(msgspec.Struct, frozen=True, gc=False):
    """side: +1 buyers press, -1 sellers, 0 neither; of the spike, else of the build-up.

    ofi_lots, zscore: of the last step. build_lots, build_zscore: of the last build_s seconds.
    move: of the price meanwhile, in usual moves, signed. is_spike, is_building: see the module.
    depth_lots: average depth, the mean size at the best bid and ask over the looks at the book
    within the baseline; per_depth, build_per_depth: both sums over it; NaN without a book.
    Numbers are NaN and the flags False when `is_sufficient` is False (`shortfall` says why) or
    nothing ever varied.
    """

    side: int
    ofi_lots: int
    zscore: float
    is_spike: bool
    build_lots: int
    build_zscore: float
    move: float
    is_building: bool
    is_sufficient: bool
    depth_lots: float = nan
    shortfall: Shortfall | None = None

    @property
    def per_depth(self) -> float:
        """OFI of the last step in average depths."""
        return self.ofi_lots / self.depth_lots if self.depth_lots > 0.0 else nan

    @property
    def build_per_depth(self) -> float:
        """OFI of the build-up in average depths."""
        return self.build_lots / self.depth_lots if self.depth_lots > 0.0 else nan


def ofi_pressure(flow: OfiView, rules: OfiRules = DEFAULT_OFI) -> OfiPressure:
    """The pressure as of the last closed second. Needs 60 steps before the last one."""
    closes = flow.bars(1, rules.baseline_s)["close_ticks"]
    sizes = flow.best_sizes()[-rules.baseline_s :].astype(np.float64)
    found = pressure_of(flow.ofi_by_second(rules.baseline_s), closes, rules)
    depth_lots = float(sizes.mean()) if len(sizes) and found.is_sufficient else nan
    return msgspec.structs.replace(found, depth_lots=depth_lots)


def pressure_of(
    ofi_lots: NDArray[np.int64], close_ticks: NDArray[np.int64], rules: OfiRules = DEFAULT_OFI
) -> OfiPressure:
    """The same of OFI per second and closing prices of the same seconds, both oldest first; the
    depth is left unknown.
    """
    if ofi_lots.shape != close_ticks.shape or ofi_lots.ndim != 1:
        raise CallerError(
            f"expected OFI and closes of the same seconds, found {ofi_lots.shape} and"
            f" {close_ticks.shape}"
        )
    flow, closes = ofi_lots[-rules.baseline_s :], close_ticks[-rules.baseline_s :]
    steps = _steps(flow, rules.step_s)
    missing = shortfall(f"steps of {rules.step_s} s", len(steps), LEAST_SAMPLES + 1)
    missing = missing or shortfall("seconds of OFI", len(flow), rules.build_s + 1)
    if missing is not None:
        return OfiPressure(0, 0, nan, False, 0, nan, nan, False, False, nan, missing)
    centre, spread = _usual(steps[:-1], rules)
    zscore = (float(steps[-1]) - centre) / spread
    build = _build_zscore(steps, rules)
    move = _move(closes, rules.build_s)
    is_spike = abs(zscore) > rules.least_z
    is_building = _is_building(flow[-rules.build_s :], build, move, rules)
    return OfiPressure(
        side=_sign(zscore) if is_spike else (_sign(build) if is_building else 0),
        ofi_lots=int(steps[-1]),
        zscore=zscore,
        is_spike=is_spike,
        build_lots=int(flow[-rules.build_s :].sum()),
        build_zscore=build,
        move=move,
        is_building=is_building,
        is_sufficient=True,
    )


def _steps(flow: NDArray[np.int64], step_s: int) -> NDArray[np.float64]:
    # Whole steps, counted back from the newest second.
    if step_s == 1:
        return flow.astype(np.float64)
    count = len(flow) // step_s
    sums = flow[len(flow) - count * step_s :].reshape(count, step_s).sum(axis=1)
    return np.asarray(sums, dtype=np.float64)


def _sign(value: float) -> int:
    return (value > 0.0) - (value < 0.0)


def _usual(steps: NDArray[np.float64], rules: OfiRules) -> tuple[float, float]:
    # Middle and spread; NaN where nothing varies: a score against a constant means nothing. It is
    # asked for every second of every instrument, so the mean and deviation are written out: the
    # bits of numpy.mean and numpy.std at a third of their time.
    if rules.is_robust:
        return float(np.median(steps)), robust_scale(steps)
    mean = float(np.add.reduce(steps)) / len(steps)
    away = steps - mean
    spread = sqrt(float(np.add.reduce(away * away)) / (len(steps) - 1))
    return mean, spread if spread > 0.0 else nan


def _build_zscore(steps: NDArray[np.float64], rules: OfiRules) -> float:
    # The sum of n steps against n times the mean and sqrt(n) deviations of the steps before them.
    count = rules.build_s // rules.step_s
    before = steps[:-count]
    if len(before) < LEAST_SAMPLES:
        return nan
    centre, spread = _usual(before, rules)
    return (float(np.add.reduce(steps[-count:])) - count * centre) / (spread * sqrt(count))


def _move(closes: NDArray[np.int64], build_s: int) -> float:
    known = closes[: len(closes) - build_s]
    if len(known) <= LEAST_SAMPLES:
        return nan
    before = (known[1:] - known[:-1]).astype(np.float64)
    usual = sqrt(float(np.add.reduce(before * before)) / len(before) * build_s)
    return float(closes[-1] - closes[-build_s - 1]) / usual if usual > 0.0 else nan


def _is_building(flow: NDArray[np.int64], build: float, move: float, rules: OfiRules) -> bool:
    # Both halves must lean the same way: one burst is a spike, not a build-up.
    if not (abs(build) > rules.least_z and abs(move) <= rules.most_move):
        return False
    half, side = len(flow) // 2, _sign(build)
    return side * int(flow[:half].sum()) > 0 and side * int(flow[half:].sum()) > 0
