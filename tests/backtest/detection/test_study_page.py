import json
from collections.abc import Callable

import pytest

from undertow.backtest.detection.day_plan import DayPlan
from undertow.backtest.detection.day_result import DayResult, Signs
from undertow.backtest.detection.detector_catalog import DETECTORS
from undertow.backtest.detection.power import Estimate
from undertow.backtest.detection.study import StudyReport, report_of
from undertow.backtest.detection.study_page import (
    Circumstances,
    interval,
    number,
    study_json,
    study_page,
    verdict,
)
from undertow.simulator.market.ground_truth import GroundTruth

WHERE = Circumstances("2026-01-05", "2 cores", "1.0")


@pytest.fixture
def report(
    make_day: Callable[..., DayResult], make_record: Callable[..., GroundTruth]
) -> StudyReport:
    # A whale is seen at 1,200 and 200 wrong signs pass the default; "large trades" sees nothing.
    truth = [make_record(2_000, 2_010, 1)]
    seconds = [*range(2_100, 3_600, 100), 5_000]
    signs = Signs([2_005, *seconds], [1] * 17, [1_200.0, *[1_100.0] * 16])
    seen = {name: Signs([], [], []) for name in DETECTORS} | {"whale burst": signs}
    return report_of([make_day(truth, seen, DayPlan(seed, 9_000)) for seed in (1, 2, 3, 4)])


def test_the_page_has_every_detector_in_every_part(report: StudyReport) -> None:
    page = study_page(report, WHERE)
    assert page.startswith("# Detection study")
    for name in DETECTORS:
        expected = 3 if DETECTORS[name].lookalikes else 2
        assert page.count(f"\n| {name} |") == expected
        assert f"**{name}**" in page
    assert "**4 seeded days** (a whole study has 200; this one ended early)" in page


def test_a_poor_default_is_called_poor_and_the_better_one_named(report: StudyReport) -> None:
    by_name = {one.name: one for one in report.detectors}
    text = verdict(by_name["whale burst"])
    assert "detects poorly (precision below 0.5)" in text
    assert "No threshold tried did better" in text
    assert "recall below 0.5" in verdict(by_name["large trades"])
    assert "no episode" in verdict(by_name["cascade"])


def test_the_json_is_the_report(report: StudyReport) -> None:
    data = json.loads(study_json(report, WHERE))
    assert data["circumstances"]["date"] == "2026-01-05"
    first = data["study"]["detectors"][1]
    assert first["name"] == "whale burst"
    assert first["at_default"]["recall"]["value"] == 1.0
    assert data["study"]["detectors"][0]["at_default"]["delay_median_s"] is None


def test_what_is_not_defined_is_a_dash() -> None:
    nan = float("nan")
    assert interval(Estimate(nan, nan, nan)) == "-"
    assert interval(Estimate(0.5, 0.25, 0.75)) == "0.50 (0.25 to 0.75)"
    assert interval(Estimate(0.5, nan, nan)) == "0.50"
    assert number(nan) == "-"
    assert number(0.125) == "0.12"
