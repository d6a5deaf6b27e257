"""Who proposes the next parameters: Optuna's samplers by name, and a walk over the whole grid.

A sampler is made anew for each batch, seeded with the search's seed and the batch's first number:
so a search that was stopped after a batch and resumed proposes what it would have proposed.
"""

import importlib.util
import warnings
from enum import StrEnum
from types import ModuleType
from typing import Any

from undertow.domain.errors import ConfigurationError


class Sampler(StrEnum):
    """TPE: Bergstra et al. (2011), the default. GP: Gaussian process. CMA_ES: Hansen (2016), for
    numbers alone. NSGA2, NSGA3: Deb et al. (2002, 2014), for several losses. QMC: scrambled Sobol
    points. RANDOM. GRID: every set once, in order.
    """

    TPE = "tpe"
    GP = "gp"
    CMA_ES = "cma-es"
    NSGA2 = "nsga2"
    NSGA3 = "nsga3"
    QMC = "qmc"
    RANDOM = "random"
    GRID = "grid"


_NEEDED = {Sampler.GP: "torch", Sampler.CMA_ES: "cmaes"}
_SEVERAL = (Sampler.TPE, Sampler.GP, Sampler.NSGA2, Sampler.NSGA3, Sampler.QMC)


def check_sampler(sampler: Sampler, losses: int) -> None:
    """Raise `ConfigurationError` when a library is missing, or for several losses at once."""
    needed = _NEEDED.get(sampler, "")
    if needed and importlib.util.find_spec(needed) is None:
        raise ConfigurationError(
            f"expected {needed} for the sampler {sampler}, found it missing: pip install {needed}"
        )
    if losses > 1 and sampler is Sampler.CMA_ES:
        several = ", ".join(_SEVERAL)
        raise ConfigurationError(
            f"expected a sampler for several losses ({several}), found {sampler}"
        )


def new_sampler(optuna: ModuleType, sampler: Sampler, seed: int, number: int) -> Any:
    """The sampler of the batch that begins with try `number`."""
    of = optuna.samplers
    fresh = (seed * 1_000_003 + number) % 2**32
    random = of.RandomSampler(seed=fresh)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        if sampler is Sampler.TPE:
            return of.TPESampler(seed=fresh)
        if sampler is Sampler.GP:
            return of.GPSampler(seed=fresh, deterministic_objective=True)
        if sampler is Sampler.CMA_ES:
            return of.CmaEsSampler(
                seed=fresh, independent_sampler=random, warn_independent_sampling=False
            )
        if sampler is Sampler.NSGA2:
            return of.NSGAIISampler(seed=fresh)
        if sampler is Sampler.NSGA3:
            return of.NSGAIIISampler(seed=fresh)
        if sampler is Sampler.QMC:
            # One sequence for the whole search: its place in it is kept in the study.
            return of.QMCSampler(
                seed=seed,
                scramble=True,
                independent_sampler=random,
                warn_asynchronous_seeding=False,
                warn_independent_sampling=False,
            )
    return random
