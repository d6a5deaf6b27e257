"""The detection study: all its days in a pool of processes, resumable, and what they come to."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from pathlib import Path

import msgspec

from undertow.backtest.detection.day_plan import DayPlan
from undertow.backtest.detection.day_result import DayResult, decode_day, encode_day
from undertow.backtest.detection.detector import Detector
from undertow.backtest.detection.detector_catalog import DETECTORS, detectors_for
from undertow.backtest.detection.episode import Tally, detections_of, episodes_of, tally
from undertow.backtest.detection.power import Estimate, Power, alarms_a_day, power_of
from undertow.backtest.detection.simulated_day import simulate_day, watch_minutes
from undertow.backtest.detection.threshold_choice import ThresholdChoice, choose_threshold
from undertow.domain.errors import DataError
from undertow.simulator.market.ground_truth import TruthKind

Progress = Callable[[int, int], None]
"""Told how many days of how many are done."""

IsOver = Callable[[], bool]
"""Asked before each day: whether no more are to be simulated."""


class DetectorReport(msgspec.Struct, frozen=True):
    """One detector's row. curve: power at each threshold over all days, loosest first. null:
    detections a day where its pattern is missing and all else is there; quiet: where there is
    nothing at all. null_days, quiet_days: how many days say so. mistaken: share of its lookalikes'
    episodes in which it fires too, at the default and at the chosen threshold.
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
    mistaken: Estimate
    mistaken_better: Estimate


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
    plans: Sequence[DayPlan],
    folder: Path,
    jobs: int,
    progress: Progress,
    is_over: IsOver = lambda: False,
) -> list[DayResult]:
    """Simulate what `folder` does not hold yet, keep each day there, return all in plan order.

    Days that no detector is for, and those not done when it is over, are left out. A day that lacks
    a detector is simulated again for the missing ones only. Raises `DataError` when a file there is
    of another plan or another market.
    """
    folder.mkdir(parents=True, exist_ok=True)
    known = {plan: _kept(folder, plan) for plan in plans}
    waiting = [_Job(plan, known[plan], m) for plan in plans if (m := _missing(plan, known[plan]))]
    unfinished = {job.plan for job in waiting}
    total = sum(1 for plan in plans if detectors_for(plan))
    progress(total - len(unfinished), total)
    for result in _done(waiting, jobs, is_over):
        known[result.plan] = result
        unfinished.discard(result.plan)
        _keep(folder, result)
        progress(total - len(unfinished), total)
    complete = (known[plan] for plan in plans if plan not in unfinished)
    return [day for day in complete if day is not None]


class _Job(msgspec.Struct, frozen=True):
    # A day, what is known of it, and the detectors it lacks.
    plan: DayPlan
    known: DayResult | None
    names: tuple[str, ...]


def _done(waiting: Sequence[_Job], jobs: int, is_over: IsOver) -> Iterator[DayResult]:
    left = iter(waiting)
    if jobs <= 1:
        while not is_over() and (job := next(left, None)) is not None:
            yield complete_day(job)
        return
    with ProcessPoolExecutor(max_workers=jobs) as pool:
        running: set[Future[DayResult]] = set()
        while True:
            while len(running) < jobs and not is_over() and (job := next(left, None)) is not None:
                running.add(pool.submit(complete_day, job))
            if not running:
                return
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                yield future.result()


def complete_day(job: _Job) -> DayResult:
    """The day with the detectors it lacked: what a process of the pool does.

    It is simulated anew only for detectors that look at more than settled minutes.
    """
    detectors = [DETECTORS[name] for name in job.names]
    if job.known is None:
        return simulate_day(job.plan, detectors)
    day = job.known
    live = [detector for detector in detectors if detector.fresh is not None]
    if live:
        day = _merged(day, simulate_day(job.plan, live))
    return watch_minutes(day, [detector for detector in detectors if detector.minutes is not None])


def _kept(folder: Path, plan: DayPlan) -> DayResult | None:
    path = folder / plan.name
    if not path.exists():
        return None
    result = decode_day(path.read_bytes())
    if result.plan != plan:
        raise DataError(f"expected {path} to be a day of {plan}, found {result.plan}")
    return result


def _keep(folder: Path, day: DayResult) -> None:
    path = folder / day.plan.name
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(encode_day(day))
    unfinished.replace(path)


def _missing(plan: DayPlan, known: DayResult | None) -> tuple[str, ...]:
    wanted = detectors_for(plan)
    return tuple(name for name in wanted if known is None or name not in known.signs)


def _merged(known: DayResult, fresh: DayResult) -> DayResult:
    if (known.truth, known.rows) != (fresh.truth, fresh.rows):
        raise DataError(f"expected {fresh.plan.name} to be what it was; delete the older days")
    signs = {**known.signs, **fresh.signs}
    return msgspec.structs.replace(known, signs=signs, spent_s=known.spent_s + fresh.spent_s)


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
    choice = choose_threshold(by_threshold, detector.default)
    without = [day for day in null if set(detector.kinds) <= set(day.plan.without)]
    return DetectorReport(
        name=detector.name,
        row=detector.row,
        threshold=detector.threshold,
        default=detector.default,
        at_default=power_of(by_threshold[detector.default]),
        choice=choice,
        curve=[(threshold, power_of(days)) for threshold, days in by_threshold.items()],
        null=alarms_a_day([_tally(day, detector, detector.default) for day in without]),
        null_days=len(without),
        quiet=alarms_a_day([_tally(day, detector, detector.default) for day in quiet]),
        quiet_days=len(quiet),
        mistaken=_mistaken(planted, detector, detector.default),
        mistaken_better=_mistaken(planted, detector, choice.threshold),
    )


def _mistaken(days: Sequence[DayResult], detector: Detector, threshold: float) -> Estimate:
    return power_of([_tally(day, detector, threshold, detector.lookalikes) for day in days]).recall


def _tally(
    day: DayResult,
    detector: Detector,
    threshold: float,
    kinds: tuple[TruthKind, ...] | None = None,
) -> Tally:
    detections = detections_of(day.signs[detector.name], detector, threshold)
    return tally(detections, episodes_of(day, detector, kinds), detector, day.plan.seconds)
