"""Detectors, days and signs made by hand, and one short simulated day."""

from collections.abc import Callable
from typing import Any

import pytest

from undertow.backtest.detection.day_plan import DayPlan
from undertow.backtest.detection.day_result import DayResult, Signs
from undertow.backtest.detection.detector import Detector
from undertow.backtest.detection.detector_catalog import DETECTORS
from undertow.backtest.detection.simulated_day import simulate_day
from undertow.simulator.market.ground_truth import GroundTruth, TruthKind

S = 1_000_000_000
SHORT = DayPlan(11, 2_400)


def detector(**changes: Any) -> Detector:
    """A detector of whales with thresholds 1, 2, 3 that is judged from the first second."""
    usual: dict[str, Any] = {
        "name": "x",
        "row": "FLOW-12",
        "kinds": (TruthKind.WHALE,),
        "threshold": "score",
        "default": 2.0,
        "thresholds": (1.0, 2.0, 3.0),
        "fresh": lambda _scene: lambda _now_ns: None,
        "warm_up_s": 0,
    }
    return Detector(**{**usual, **changes})


def record(start_s: int, end_s: int, side: int, **changes: Any) -> GroundTruth:
    """A whale on the focus."""
    usual: dict[str, Any] = {"kind": TruthKind.WHALE, "instrument": 1}
    return GroundTruth(
        asset="STU",
        start_ns=start_s * S,
        end_ns=end_s * S,
        side=side,
        magnitude=1.0,
        note="",
        **{**usual, **changes},
    )


def day(
    truth: list[GroundTruth], signs: dict[str, Signs] | None = None, plan: DayPlan | None = None
) -> DayResult:
    """A day that began at 0."""
    return DayResult(plan or DayPlan(1, 3_600), 0, 10, 1.0, truth, b"", signs or {})


@pytest.fixture
def make_detector() -> Callable[..., Detector]:
    return detector


@pytest.fixture
def make_record() -> Callable[..., GroundTruth]:
    return record


@pytest.fixture
def make_day() -> Callable[..., DayResult]:
    return day


@pytest.fixture(scope="session")
def short_day() -> DayResult:
    """Forty minutes with every detector."""
    return simulate_day(SHORT, tuple(DETECTORS.values()))
