"""Expected: counts worked from the plan's own numbers."""

from collections import Counter

from undertow.backtest.honesty.honesty_plan import QUICK, HonestyPlan, Part
from undertow.backtest.honesty.noise_law import SHUFFLED


def test_every_case_gets_its_samples_in_portions() -> None:
    plan = HonestyPlan()
    samples: Counter[tuple[Part, str]] = Counter()
    for job in plan.jobs(has_recorded=True):
        samples[job.part, job.case] += job.samples
        assert job.samples <= plan.portion
    wanted = {Part.NOISE: plan.noise, Part.POWER: plan.power, Part.COVERAGE: plan.coverage}
    wanted |= {Part.SEARCH: plan.markets, Part.EDGE: plan.edges, Part.LOOKS: plan.looks}
    assert all(samples[key] == wanted[key[0]] for key in samples)
    assert {part for part, _ in samples} == set(Part)


def test_seeds_are_all_different() -> None:
    jobs = HonestyPlan().jobs(has_recorded=True)
    assert len({job.seed for job in jobs}) == len(jobs)


def test_cases_take_turns() -> None:
    jobs = QUICK.jobs(has_recorded=False)
    cases = len({(job.part, job.case) for job in jobs})
    assert len({(job.part, job.case) for job in jobs[:cases]}) == cases


def test_without_real_candles_none_are_shuffled() -> None:
    assert SHUFFLED in {job.law for job in QUICK.jobs(has_recorded=True)}
    assert SHUFFLED not in {job.law for job in QUICK.jobs(has_recorded=False)}
