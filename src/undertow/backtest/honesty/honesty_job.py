"""One job of the study of honesty: its samples drawn, its questions asked, the answers added."""

from collections.abc import Callable

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from undertow.backtest.bias.bias_check import look_for_bias
from undertow.backtest.gate import GateVerdict
from undertow.backtest.honesty.honesty_plan import Job, Part
from undertow.backtest.honesty.interval_coverage import coverage
from undertow.backtest.honesty.market_search import (
    DiaryReader,
    MarketSearch,
    average_pairs,
    coin_tosses,
)
from undertow.backtest.honesty.measured import Measured, added, of
from undertow.backtest.honesty.noise_law import SHUFFLED
from undertow.backtest.honesty.noise_market import noise_market, planted_market
from undertow.backtest.honesty.noise_sample import noise_sample
from undertow.backtest.honesty.significance_battery import (
    PAIR,
    Sample,
    family_p_values,
    is_long_enough,
    overfitting,
    pair_p_values,
    single_p_values,
)
from undertow.backtest.honesty.zoo import CLEAN, PEEKS, market

Recorded = NDArray[np.float64]
Answers = dict[str, Measured]

SIZES = (0.01, 0.05, 0.10)
_ZOO = {kind.__name__: kind for kind in (*PEEKS, *CLEAN)}
_RUN = {"is_research": True, "stake": "unlimited"}


def do_job(recorded: Recorded, job: Job) -> Answers:
    """What a worker does. recorded: returns of real candles, or none."""
    rng = np.random.Generator(np.random.PCG64(job.seed))
    return added(_ANSWERS[job.part](recorded, job, rng) for _ in range(job.samples))


def _noise(recorded: Recorded, job: Job, rng: Generator) -> Answers:
    sample = noise_sample(job.law, job.size, rng, recorded)
    smallest = {**single_p_values(sample, rng), **pair_p_values(sample, rng)}
    for name, values in family_p_values(sample, rng).items():
        smallest[name] = float(values.min())
    found = {
        f"{name}@{size:g}": of([value <= size])
        for name, value in smallest.items()
        for size in SIZES
    }
    for size in SIZES:
        found[f"track_record@{size:g}"] = of([is_long_enough(sample, 1.0 - size)])
    share = overfitting(sample)
    return found | {"pbo": of([share]), "pbo below 0.5": of([share < 0.5])}


def _power(recorded: Recorded, job: Job, rng: Generator) -> Answers:
    sample = noise_sample(job.law, job.size, rng, recorded, sharpe=job.sharpe)
    values = {**single_p_values(sample, rng), **_first_better(sample, rng)}
    for name, several in family_p_values(sample, rng).items():
        values[name] = float(several[0])
    return {f"{name}@0.05": of([value <= 0.05]) for name, value in values.items()}


def _first_better(sample: Sample, rng: Generator) -> dict[str, float]:
    ratios = sample.returns[:, :2].mean(axis=0) / sample.returns[:, :2].std(axis=0)
    if ratios[0] <= ratios[1]:
        return dict.fromkeys(PAIR, 1.0)
    return pair_p_values(sample, rng)


def _coverage(_: Recorded, job: Job, rng: Generator) -> Answers:
    return coverage(job.law, job.size, 1, rng)


def _search(recorded: Recorded, job: Job, rng: Generator) -> Answers:
    bars = min(job.size, len(recorded)) if job.law == SHUFFLED else job.size
    source = noise_market(job.law, bars, rng, recorded)
    most = max(job.tries)
    tried = coin_tosses(most, job.block, rng) if job.block else average_pairs(most, rng)
    search = MarketSearch(tried, source)
    found: Answers = {}
    for tries in job.tries:
        verdict = search.verdict(tries, rng)
        found |= _told(verdict, tries) | {f"passed@{tries}": of([verdict.passed])}
        found[f"sharpe@{tries}"] = of([search.sharpes[search.best(tries)]])
    return found


def _edge(_: Recorded, job: Job, rng: Generator) -> Answers:
    source = planted_market(job.sharpe, job.block, job.size, rng)
    readers = [DiaryReader(key=key, block=job.block) for key in range(max(job.tries))]
    search = MarketSearch(readers, source)
    found: Answers = {"own sharpe": of([search.sharpes[0]])}
    for tries in job.tries:
        is_real = search.best(tries) == 0
        verdict = search.verdict(tries, rng)
        found |= _told(verdict, tries)
        found[f"sharpe@{tries}"] = of([search.sharpes[search.best(tries)]])
        found[f"chosen@{tries}"] = of([is_real])
        found[f"passed@{tries}"] = of([verdict.passed and is_real])
        found[f"passed wrongly@{tries}"] = of([verdict.passed and not is_real])
    return found


def _told(verdict: GateVerdict, tries: int) -> Answers:
    return {f"check {check.name}@{tries}": of([check.passed]) for check in verdict.checks}


def _looks(_: Recorded, job: Job, rng: Generator) -> Answers:
    seed = int(rng.integers(1, 1 << 30))
    report = look_for_bias([_ZOO[job.law]()], market(seed), _RUN)
    return {"found": of([not report.is_clean])}


_ANSWERS: dict[Part, Callable[[Recorded, Job, Generator], Answers]] = {
    Part.NOISE: _noise,
    Part.POWER: _power,
    Part.COVERAGE: _coverage,
    Part.SEARCH: _search,
    Part.EDGE: _edge,
    Part.LOOKS: _looks,
}
