"""The detectors under study, by name, with the thresholds of their requirements as defaults."""

from undertow.backtest.detection.book_looks import (
    look_for_spoof,
    look_for_spoof_by_size,
    look_for_wall_by_persistence,
    look_for_wall_by_size,
)
from undertow.backtest.detection.day_plan import DayPlan
from undertow.backtest.detection.detector import Detector
from undertow.backtest.detection.instrument_looks import (
    look_for_absorption,
    look_for_cascade,
    look_for_exhaustion,
    look_for_large_trades,
    look_for_sweep,
    look_for_whale,
    look_for_whale_burst,
)
from undertow.backtest.detection.minute_looks import (
    divergence_by,
    leader_by,
    opening_by,
    trap_by,
)
from undertow.flow.conviction import Leader
from undertow.flow.cvd_divergence import DivergenceRules
from undertow.flow.oi_regime import RegimeRules
from undertow.simulator.market.ground_truth import TruthKind as Kind

_USUAL_SWING = 5
_USUAL_LAG = 0.5
_WIDER = RegimeRules(window=10, least=0.75, persistence=2, edge=0.45)

_LIVE = (
    Detector(
        "whale",
        "FLOW-11",
        (Kind.WHALE,),
        "millionths of the day's volume in one unusual trade",
        1_000.0,
        (10.0, 20.0, 40.0, 70.0, 100.0, 150.0, 200.0, 300.0, 500.0, 1_000.0),
        fresh=look_for_whale,
    ),
    Detector(
        "whale burst",
        "FLOW-11",
        (Kind.WHALE,),
        "millionths of the day's volume in the unusual trades of 10 s",
        1_000.0,
        (50.0, 100.0, 150.0, 200.0, 300.0, 400.0, 600.0, 800.0, 1_000.0, 1_500.0, 2_000.0),
        fresh=look_for_whale_burst,
    ),
    Detector(
        "large trades",
        "FLOW-12",
        (Kind.WHALE,),
        "share of large trades in the side's volume of 10 s",
        0.0,
        (0.0, 0.2, 0.4, 0.6, 0.7, 0.8, 0.9, 0.95),
        fresh=look_for_large_trades,
    ),
    Detector(
        "wall",
        "FLOW-08",
        (Kind.WALL,),
        "size in median levels, of walls that pass the spoof filter",
        0.0,
        (0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 16.0, 20.0),
        fresh=look_for_wall_by_size,
        cadence_s=10,
        lookalikes=(Kind.SPOOF,),
    ),
    Detector(
        "wall by persistence",
        "FLOW-43",
        (Kind.WALL,),
        "persistence",
        0.5,
        (0.1, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95),
        fresh=look_for_wall_by_persistence,
        cadence_s=10,
        lookalikes=(Kind.SPOOF,),
    ),
    Detector(
        "spoof",
        "FLOW-43",
        (Kind.SPOOF,),
        "persistence of a wall pulled on approach",
        0.5,
        (0.9, 0.7, 0.5, 0.3, 0.2, 0.1, 0.05),
        fresh=look_for_spoof,
        cadence_s=10,
        lookalikes=(Kind.WALL,),
        is_least=False,
    ),
    Detector(
        "spoof by size",
        "FLOW-43",
        (Kind.SPOOF,),
        "most it showed in median levels, of spoof-like walls pulled on approach",
        0.0,
        (0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 16.0, 20.0),
        fresh=look_for_spoof_by_size,
        cadence_s=10,
        lookalikes=(Kind.WALL,),
    ),
    Detector(
        "absorption",
        "FLOW-27",
        (Kind.ABSORPTION,),
        "aggressive volume in 0.9 quantiles",
        1.0,
        (1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 6.0),
        fresh=look_for_absorption,
        cadence_s=10,
    ),
    Detector(
        "exhaustion",
        "FLOW-13",
        (Kind.EXHAUSTION,),
        "rate of 30 s over that of the 270 s before",
        0.5,
        (1.0, 0.8, 0.65, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05),
        fresh=look_for_exhaustion,
        is_least=False,
    ),
    Detector(
        "sweep",
        "none",
        (Kind.SWEEP,),
        "run in mean ranges of a second (no requirement gives one)",
        8.0,
        (2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 12.0),
        fresh=look_for_sweep,
        grace_s=10.0,
        silence_s=10.0,
    ),
    Detector(
        "cascade",
        "FLOW-22",
        (Kind.LONG_CASCADE, Kind.SHORT_CASCADE),
        "ratio of the last minute",
        2.0,
        (1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 6.0, 10.0, 20.0),
        fresh=look_for_cascade,
    ),
)

_OF_MINUTES = (
    *(
        Detector(
            "divergence" if swing == _USUAL_SWING else f"divergence, pivots of {swing}",
            "FLOW-05",
            (Kind.DIVERGENCE,),
            "strength",
            0.0,
            (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0),
            minutes=divergence_by(DivergenceRules(swing=swing)),
            cadence_s=60,
            grace_s=360.0,
            silence_s=300.0,
            warm_up_s=7_200,
        )
        for swing in (_USUAL_SWING, 2)
    ),
    *(
        Detector(
            f"{name} {window} min" if lag == _USUAL_LAG else f"{name} {window} min, lag {lag}",
            "FLOW-16",
            (kind,),
            "score of the leading market's imbalance",
            1.5,
            (1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0),
            minutes=leader_by(leader, window, lag),
            cadence_s=60,
            grace_s=180.0,
            silence_s=300.0,
            warm_up_s=7_200,
        )
        for window, lag in ((30, _USUAL_LAG), (3, 1.2))
        for name, kind, leader in (
            ("spot-led", Kind.SPOT_LEAD, Leader.SPOT_LED),
            ("perp-led", Kind.PERP_LEAD, Leader.PERP_LED),
        )
    ),
    *(
        Detector(
            name,
            "FLOW-17",
            (Kind.OI_BUILD,),
            "lesser of the changes of open interest and CVD in usual sizes",
            rules.least,
            (rules.least, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0),
            minutes=opening_by(rules),
            cadence_s=60,
            grace_s=180.0,
            silence_s=900.0,
            warm_up_s=7_200,
        )
        for name, rules in (("regime", RegimeRules()), ("regime, wider", _WIDER))
    ),
    *(
        Detector(
            f"venue trap {window} min",
            "VEN-02",
            (Kind.NETTED_TRAP,),
            "score of the venue's flow",
            2.0,
            (2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0),
            minutes=trap_by(window),
            cadence_s=60,
            grace_s=180.0,
            silence_s=300.0,
            warm_up_s=7_200,
            is_asset_wide=True,
        )
        for window in (15, 2)
    ),
)

DETECTORS: dict[str, Detector] = {detector.name: detector for detector in (*_LIVE, *_OF_MINUTES)}


def detectors_for(plan: DayPlan) -> tuple[str, ...]:
    """Names of those that a day is for: all, but on a day without a group only what it claims."""
    if not plan.without:
        return tuple(DETECTORS)
    return tuple(name for name, d in DETECTORS.items() if set(d.kinds) <= set(plan.without))
