"""How large the study of honesty is, and its jobs: small, seeded, independent of one another."""

from collections.abc import Iterator
from enum import StrEnum
from itertools import chain, zip_longest

import msgspec

from undertow.backtest.honesty.noise_law import LAWS, NOISE, SHUFFLED
from undertow.backtest.honesty.zoo import CLEAN, PEEKS

EDGES = (-2.0, 0.5, 1.0, 2.0, 3.0)
"""Yearly Sharpe ratios whose power is measured; the losing one must not be seen as an edge."""

YEARS = (1, 3, 5)
BLOCKS = (24, 120)
"""Hours of a block of the diary: about 180 trades a year, and about 36."""

MARKET_EDGES = (1.0, 2.0, 3.0)
DAYS = 365
COINS = "coin tosses"
"""Searches of strategies that toss a coin for each block instead of crossing averages."""


class Part(StrEnum):
    """What is studied."""

    NOISE = "noise"
    POWER = "power"
    COVERAGE = "coverage"
    SEARCH = "search"
    EDGE = "edge"
    LOOKS = "looks"


class Job(msgspec.Struct, frozen=True):
    """`samples` samples of one case. case: its name on the page. law: of the noise, or the strategy
    of the zoo. size: days of the samples, bars of the markets. block: hours, of diaries; 0 = the
    search crosses averages.
    """

    part: Part
    case: str
    law: str
    samples: int
    seed: tuple[int, ...]
    sharpe: float = 0.0
    size: int = DAYS
    block: int = 0
    tries: tuple[int, ...] = ()


class HonestyPlan(msgspec.Struct, frozen=True):
    """noise, power, coverage, markets, edges: samples a case. looks: seeds of the zoo. A job has
    `portion` samples at most. years: of the markets. tries: the searches' sizes.
    """

    name: str = "full"
    seed: int = 20_251
    noise: int = 1_000
    power: int = 300
    coverage: int = 300
    markets: int = 200
    edges: int = 200
    looks: int = 3
    portion: int = 10
    years: int = 3
    tries: tuple[int, ...] = (10, 100, 1_000)
    edge_tries: tuple[int, ...] = (1, 100)
    zoo: tuple[str, ...] = tuple(kind.__name__ for kind in (*PEEKS, *CLEAN))

    def jobs(self, *, has_recorded: bool) -> list[Job]:
        """All jobs, those of all cases in turn: a study that ends early has looked at everything.

        has_recorded: whether there are real candles to shuffle.
        """
        laws = [*NOISE, SHUFFLED] if has_recorded else list(NOISE)
        cases = [
            *self._returns(laws),
            *self._markets(laws),
            *(self._looks(name) for name in self.zoo),
            *self._coins(),
        ]
        rounds = zip_longest(*(self._portions(place, case) for place, case in enumerate(cases)))
        return [job for job in chain.from_iterable(rounds) if job is not None]

    def _returns(self, laws: list[str]) -> Iterator[Job]:
        for law in laws:
            yield Job(Part.NOISE, law, law, self.noise, ())
        for years in YEARS:
            for edge in EDGES:
                name = f"Sharpe {edge:g}, {years} years"
                size = years * DAYS
                yield Job(Part.POWER, name, "fat tails", self.power, (), edge, size)
        for law in LAWS:
            yield Job(Part.COVERAGE, law, law, self.coverage, ())

    def _markets(self, laws: list[str]) -> Iterator[Job]:
        bars = self.years * DAYS * 24
        for law in laws:
            case = Job(Part.SEARCH, law, law, self.markets, (), size=bars, tries=self.tries)
            yield case
        for block in BLOCKS:
            for edge in MARKET_EDGES:
                name = f"Sharpe {edge:g}, blocks of {block} h"
                yield Job(Part.EDGE, name, "", self.edges, (), edge, bars, block, self.edge_tries)

    def _coins(self) -> Iterator[Job]:
        bars = self.years * DAYS * 24
        for block in BLOCKS:
            case = Job(Part.SEARCH, f"{COINS}, {block} h", "fat tails", self.markets, ())
            yield msgspec.structs.replace(case, size=bars, block=block, tries=self.tries)

    def _looks(self, name: str) -> Job:
        return Job(Part.LOOKS, name, name, self.looks, ())

    def _portions(self, place: int, case: Job) -> Iterator[Job]:
        size = 1 if case.part is Part.LOOKS else self.portion
        for number, first in enumerate(range(0, case.samples, size)):
            samples = min(size, case.samples - first)
            seed = (self.seed, place, number)
            yield msgspec.structs.replace(case, samples=samples, seed=seed)


QUICK = HonestyPlan(
    name="quick",
    noise=30,
    power=4,
    coverage=16,
    markets=3,
    edges=4,
    looks=1,
    portion=30,
    tries=(10, 50),
    edge_tries=(1, 20),
    zoo=("NextClose", "GlobalScore", "FutureHour", "AverageCross", "ClosedFive", "HourOfDay"),
)
"""Under a minute: shows that the machinery works, and gross errors."""
