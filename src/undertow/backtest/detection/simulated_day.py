"""One day of the synthetic market through the flow, with every detector looking on."""

import time
from collections.abc import Sequence

import msgspec
import numpy as np

from undertow.backtest.detection.day_plan import DayPlan
from undertow.backtest.detection.day_result import DayResult, Signs
from undertow.backtest.detection.detector import Detector, Look, Scene, Sign
from undertow.backtest.detection.stored_series import pack_series, unpack_series
from undertow.domain.market_event import EventArray
from undertow.domain.time import NS_PER_S
from undertow.flow.flow_config import FlowConfig
from undertow.flow.flow_state import FlowState
from undertow.simulator.market.ground_truth import TruthKind
from undertow.simulator.market.synthetic_market import SyntheticMarket

FOCUS = 1
"""The leading venue's perp: second in the table of one asset."""

SETTLED_S = 15
"""A minute is looked at so long after its end: everybody has closed it or is overdue by then."""

FLOW = FlowConfig(samples_1m=1_500, bars_1m=1_500, whale_day_ppm=1)
"""The defaults, but the minutes of a whole day are kept, and trades far below a whale's."""


class _Watch:
    # One detector's look and what it has seen.
    def __init__(self, detector: Detector, look: Look) -> None:
        self.cadence_s = detector.cadence_s
        self.signs = Signs([], [], [])
        self._detector, self._look = detector, look

    def at(self, second: int, now_ns: int) -> None:
        _note(self.signs, second, self._detector, self._look(now_ns))


def simulate_day(plan: DayPlan, detectors: Sequence[Detector]) -> DayResult:
    """Simulate the plan's market from its seed and look at it every second that somebody wants.

    Rows of a second are all applied before the looks at its end: a look sees what was received by
    then, and nothing later.
    """
    began = time.process_time()
    config = plan.config()
    rng = np.random.Generator(np.random.PCG64(plan.seed))
    market = SyntheticMarket(config, rng)
    flow = FlowState(market.table, market.sources, FLOW)
    scene = Scene(flow, config.assets[0], FOCUS, {})
    live = [(d, d.fresh(scene)) for d in detectors if d.fresh is not None]
    watches = [_Watch(detector, look) for detector, look in live]
    cadences = sorted({watch.cadence_s for watch in watches})
    by_cadence = [(c, [watch for watch in watches if watch.cadence_s == c]) for c in cadences]
    finest = cadences[0] if cadences else config.block_ns // NS_PER_S
    second, rows = 0, 0
    while second < plan.seconds:
        block = market.next_block()
        rows += len(block)
        applied = 0
        until = second + config.block_ns // NS_PER_S
        while second < until:
            second = min(until, second - second % finest + finest)
            now_ns = config.start_ns + second * NS_PER_S
            applied = _apply(flow, block, applied, now_ns)
            for cadence_s, waiting in by_cadence:
                if second % cadence_s == 0:
                    for watch in waiting:
                        watch.at(second, now_ns)
    truth = [t for t in market.truth if t.kind is not TruthKind.REGIME]
    day = DayResult(
        plan=plan,
        origin_ns=config.start_ns,
        rows=rows,
        spent_s=time.process_time() - began,
        truth=truth,
        minutes=pack_series(flow.asset(scene.asset).series(plan.seconds // 60)),
        signs={d.name: w.signs for (d, _), w in zip(live, watches, strict=True)},
    )
    return watch_minutes(day, [d for d in detectors if d.minutes is not None])


def watch_minutes(day: DayResult, detectors: Sequence[Detector]) -> DayResult:
    """The day with the signs of detectors that look at its settled minutes."""
    if not detectors:
        return day
    series = unpack_series(day.minutes)
    known_s = (series.time_ns - day.origin_ns) // NS_PER_S + SETTLED_S
    seen: dict[str, Signs] = {}
    for detector in detectors:
        assert detector.minutes is not None
        signs = seen[detector.name] = Signs([], [], [])
        for place, sign in detector.minutes(series):
            _note(signs, int(known_s[place]), detector, sign)
    return msgspec.structs.replace(day, signs={**day.signs, **seen})


def _note(signs: Signs, second: int, detector: Detector, sign: Sign | None) -> None:
    if sign is not None and detector.passes(sign.score, detector.thresholds[0]):
        signs.seconds.append(second)
        signs.sides.append(sign.side)
        signs.scores.append(float(sign.score))


def _apply(flow: FlowState, block: EventArray, applied: int, now_ns: int) -> int:
    # Nobody subscribes, so that only the timer stops the state.
    applied = flow.advance(block, applied, len(block), now_ns)
    flow.advance_clock(now_ns - 1)
    return applied
