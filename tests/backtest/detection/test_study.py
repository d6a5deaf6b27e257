from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from undertow.backtest.detection import study
from undertow.backtest.detection.day_plan import FIRST_NULL, FIRST_QUIET, GROUPS, DayPlan
from undertow.backtest.detection.day_result import DayResult, Signs, decode_day, encode_day
from undertow.backtest.detection.detector_catalog import DETECTORS
from undertow.backtest.detection.study import report_of, run_days
from undertow.domain.errors import DataError
from undertow.simulator.market.ground_truth import GroundTruth, TruthKind

PLANS = (
    DayPlan(1, 1_500),
    DayPlan(2, 1_500),
    DayPlan(FIRST_NULL, 1_500, without=GROUPS[0]),
    DayPlan(FIRST_QUIET, 1_500, is_quiet=True),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("study")


@pytest.fixture(scope="module")
def days(folder: Path) -> list[DayResult]:
    return run_days(PLANS, folder, 1, lambda _done, _total: None)


def _steps() -> tuple[list[tuple[int, int]], Callable[[int, int], None]]:
    told: list[tuple[int, int]] = []
    return told, lambda done, total: told.append((done, total))


def test_days_are_kept_and_not_simulated_twice(folder: Path, days: list[DayResult]) -> None:
    told, tell = _steps()
    assert run_days(PLANS, folder, 1, tell) == days
    assert told == [(4, 4)]
    assert [day.plan for day in days] == list(PLANS)


def test_a_pool_comes_to_the_same(tmp_path: Path, days: list[DayResult]) -> None:
    told, tell = _steps()
    found = run_days(PLANS[:2], tmp_path, 2, tell)
    assert told == [(0, 2), (1, 2), (2, 2)]
    alike = [msgspec.structs.replace(day, spent_s=0.0) for day in found]
    assert alike == [msgspec.structs.replace(day, spent_s=0.0) for day in days[:2]]


def test_a_missing_detector_is_added_to_a_day(tmp_path: Path, days: list[DayResult]) -> None:
    for name in ("cascade", "regime"):
        signs = {key: seen for key, seen in days[0].signs.items() if key != name}
        less = msgspec.structs.replace(days[0], signs=signs)
        (tmp_path / PLANS[0].name).write_bytes(encode_day(less))
        (day,) = run_days(PLANS[:1], tmp_path, 1, lambda _done, _total: None)
        assert day.signs == days[0].signs
    kept = decode_day((tmp_path / PLANS[0].name).read_bytes())
    assert kept.signs == days[0].signs


def test_when_it_is_over_what_is_there_is_told(tmp_path: Path, days: list[DayResult]) -> None:
    (tmp_path / PLANS[0].name).write_bytes(encode_day(days[0]))
    found = run_days(PLANS, tmp_path, 1, lambda _done, _total: None, lambda: True)
    assert found == days[:1]


@pytest.mark.parametrize("change", ["plan", "truth"])
def test_days_of_another_study_are_refused(
    tmp_path: Path, days: list[DayResult], change: str
) -> None:
    other = days[0]
    if change == "plan":
        other = msgspec.structs.replace(other, plan=DayPlan(1, 1_800))
    else:
        other = msgspec.structs.replace(other, truth=[], signs={})
    (tmp_path / PLANS[0].name).write_bytes(encode_day(other))
    with pytest.raises(DataError, match="expected"):
        run_days(PLANS[:1], tmp_path, 1, lambda _done, _total: None)


def test_the_report_counts_days_by_what_was_planted(days: list[DayResult]) -> None:
    report = report_of(days)
    assert (report.days, report.null_days, report.quiet_days) == (2, 1, 1)
    by_name = {one.name: one for one in report.detectors}
    assert list(by_name) == list(DETECTORS)
    assert (by_name["whale"].null_days, by_name["cascade"].null_days) == (1, 0)
    assert by_name["cascade"].null.value != by_name["cascade"].null.value
    assert by_name["cascade"].quiet_days == 1


@pytest.fixture
def perfect(
    make_day: Callable[..., DayResult], make_record: Callable[..., GroundTruth]
) -> list[DayResult]:
    # Two days on which the whale detector is right at 100 and cries wolf at 50.
    truth = [make_record(2_000, 2_010, 1), make_record(3_000, 3_010, -1)]
    signs = Signs([1_500, 2_005, 3_005], [1, 1, -1], [60.0, 1_200.0, 1_200.0])
    none = Signs([], [], [])
    seen = dict.fromkeys(DETECTORS, none) | {"whale": signs}
    return [make_day(truth, seen, DayPlan(seed, 4_000)) for seed in (1, 2)]


def test_a_detector_that_is_right_has_precision_and_recall_of_one(
    perfect: list[DayResult],
) -> None:
    whale = report_of(perfect).detectors[0]
    assert (whale.at_default.precision.value, whale.at_default.recall.value) == (1.0, 1.0)
    assert whale.at_default.delay_median_s == 5.0
    loosest = whale.curve[0][1]
    assert loosest.precision.value == pytest.approx(2 / 3)
    assert not whale.choice.is_better


def test_a_detector_that_takes_a_spoof_for_a_wall_is_told(
    make_day: Callable[..., DayResult], make_record: Callable[..., GroundTruth]
) -> None:
    truth = [
        make_record(2_000, 2_100, 1, kind=TruthKind.WALL),
        make_record(3_000, 3_100, 1, kind=TruthKind.SPOOF),
        make_record(4_000, 4_100, -1, kind=TruthKind.SPOOF),
    ]
    signs = Signs([2_050, 3_050], [1, 1], [12.0, 3.0])
    seen = dict.fromkeys(DETECTORS, Signs([], [], [])) | {"wall": signs}
    days = [make_day(truth, seen, DayPlan(seed, 5_000)) for seed in (1, 2)]
    wall = {one.name: one for one in report_of(days).detectors}["wall"]
    assert (wall.at_default.recall.value, wall.mistaken.value) == (1.0, 0.5)
    assert wall.choice.is_better
    assert wall.mistaken_better.value == 0.0


def test_the_pool_can_import_what_it_runs() -> None:
    assert study.complete_day.__module__ == "undertow.backtest.detection.study"
