"""The detection study: all its days in a pool of processes, resumable, and what they come to."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import msgspec

from undertow.backtest.detection.day_plan import DayPlan
from undertow.backtest.detection.day_result import DayResult, decode_day, encode_day
from undertow.backtest.detection.detector import Detector
from undertow.backtest.detection.detector_catalog import DETECTORS, detectors_for
from undertow.backtest.detection.episode import Tally, detections_of, episodes_of, tally
from undertow.backtest.detection.power import Estimate, Power, alarms_a_day, power_of
from undertow.backtest.detection.simulated_day import simulate_day
from undertow.backtest.detection.threshold_choice import ThresholdChoice, choose_threshold
from undertow.domain.errors import DataError

Progress = Callable[[int, int], None]
"""Told how many days of how many are done."""


class DetectorReport(msgspec.Struct, frozen=True):
    """One detector's row. curve: power at each threshold over all days, loosest first. null:
    detections a day where its pattern is missing and all else is there; quiet: where there is
    nothing at all. null_days, quiet_days: how many days say so.
    """

    name: str
    row: str
    threshold: str
    default: float
    at_default: Power
    choice: ThresholdChoice
    curve: list[tuple[float, Power]]
    null: Estimate
    null_days: int
    quiet: Estimate
    quiet_days: int


class StudyReport(msgspec.Struct, frozen=True):
    """Everything the study found. cpu_s: processor time of all days."""

    days: int
    null_days: int
    quiet_days: int
    seconds: int
    rows: int
    cpu_s: float
    detectors: list[DetectorReport]


def run_days(
    plans: Sequence[DayPlan], folder: Path, jobs: int, progress: Progress
) -> list[DayResult]:
    """Simulate what `folder` does not hold yet, keep each day there, return all in plan order,
    days that no detector is for left out.

    A day that lacks a detector is simulated again for the missing ones only. Raises `DataError`
    when a file there is of another plan or another market.
    """
    folder.mkdir(parents=True, exist_ok=True)
    known = {plan: _kept(folder, plan) for plan in plans}
    waiting = [(plan, missing) for plan in plans if (missing := _missing(plan, known[plan]))]
    done = len(plans) - len(waiting)
    progress(done, len(plans))
    for plan, result in _simulated(waiting, jobs):
        known[plan] = _merged(known[plan], result)
        _keep(folder, known[plan])
        done += 1
        progress(done, len(plans))
    return [day for plan in plans if (day := known[plan]) is not None]


def _simulated(
    waiting: Sequence[tuple[DayPlan, tuple[str, ...]]], jobs: int
) -> Iterator[tuple[DayPlan, DayResult]]:
    if jobs <= 1:
        for plan, names in waiting:
            yield plan, simulate_named(plan, names)
        return
    with ProcessPoolExecutor(max_workers=jobs) as pool:
        futures = {pool.submit(simulate_named, plan, names): plan for plan, names in waiting}
        for future in as_completed(futures):
            yield futures[future], future.result()


def simulate_named(plan: DayPlan, names: tuple[str, ...]) -> DayResult:
    """One day for the detectors of these names: what a process of the pool does."""
    return simulate_day(plan, [DETECTORS[name] for name in names])


def _kept(folder: Path, plan: DayPlan) -> DayResult | None:
    path = folder / plan.name
    if not path.exists():
        return None
    result = decode_day(path.read_bytes())
    if result.plan != plan:
        raise DataError(f"expected {path} to be a day of {plan}, found {result.plan}")
    return result


def _keep(folder: Path, result: DayResult | None) -> None:
    day = _present(result)
    path = folder / day.plan.name
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(encode_day(day))
    Path(unfinished).replace(path)


def _missing(plan: DayPlan, known: DayResult | None) -> tuple[str, ...]:
    wanted = detectors_for(plan)
    return tuple(name for name in wanted if known is None or name not in known.signs)


def _merged(known: DayResult | None, fresh: DayResult) -> DayResult:
    if known is None:
        return fresh
    if (known.truth, known.rows) != (fresh.truth, fresh.rows):
        raise DataError(f"expected {fresh.plan.name} to be what it was; delete the older days")
    return msgspec.structs.replace(fresh, signs={**known.signs, **fresh.signs})


def _present(result: DayResult | None) -> DayResult:
    assert result is not None
    return result


def report_of(results: Sequence[DayResult]) -> StudyReport:
    """What all days together say of each detector."""
    planted = [day for day in results if not day.plan.without and not day.plan.is_quiet]
    null = [day for day in results if day.plan.without]
    quiet = [day for day in results if day.plan.is_quiet]
    return StudyReport(
        days=len(planted),
        null_days=len(null),
        quiet_days=len(quiet),
        seconds=max((day.plan.seconds for day in results), default=0),
        rows=sum(day.rows for day in results),
        cpu_s=sum(day.spent_s for day in results),
        detectors=[_report(detector, planted, null, quiet) for detector in DETECTORS.values()],
    )


def _report(
    detector: Detector,
    planted: Sequence[DayResult],
    null: Sequence[DayResult],
    quiet: Sequence[DayResult],
) -> DetectorReport:
    by_threshold = {
        threshold: [_tally(day, detector, threshold) for day in planted]
        for threshold in detector.thresholds
    }
    without = [day for day in null if set(detector.kinds) <= set(day.plan.without)]
    return DetectorReport(
        name=detector.name,
        row=detector.row,
        threshold=detector.threshold,
        default=detector.default,
        at_default=power_of(by_threshold[detector.default]),
        choice=choose_threshold(by_threshold, detector.default),
        curve=[(threshold, power_of(days)) for threshold, days in by_threshold.items()],
        null=alarms_a_day([_tally(day, detector, detector.default) for day in without]),
        null_days=len(without),
        quiet=alarms_a_day([_tally(day, detector, detector.default) for day in quiet]),
        quiet_days=len(quiet),
    )


def _tally(day: DayResult, detector: Detector, threshold: float) -> Tally:
    detections = detections_of(day.signs[detector.name], detector, threshold)
    return tally(detections, episodes_of(day, detector), detector, day.plan.seconds)
