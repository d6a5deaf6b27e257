"""Samplers by name: each proposes inside the space, and again the same."""

import importlib.util
from collections.abc import Mapping

import pytest
from tests.backtest.search.search_strategies import Searched

from undertow.backtest.search.samplers import Sampler, check_sampler
from undertow.backtest.search.search_result import SearchRow, TryState
from undertow.backtest.search.search_settings import SearchSettings
from undertow.backtest.search.search_space import search_space
from undertow.backtest.search.search_study import SearchStudy
from undertow.domain.errors import ConfigurationError
from undertow.domain.parameter import Value

SPACE = search_space(Searched, ("buy",))
NEEDS = {Sampler.GP: "torch", Sampler.CMA_ES: "cmaes"}


def walk(sampler: Sampler, seed: int, batches: int = 4) -> list[Mapping[str, Value]]:
    """Sets proposed in batches of three; the loss is smallest at fast 4, margin 0.01."""
    settings = SearchSettings(sampler=sampler, seed=seed, batch=3)
    study = SearchStudy(SPACE, settings, "one")
    found = []
    for _ in range(batches):
        for proposal in study.propose(3):
            values = proposal.values
            loss = abs(float(values["fast"]) - 4.0) + abs(float(values["margin"]) - 0.01)
            row = SearchRow(
                number=proposal.number, state=TryState.DONE, parameters=values, losses=(loss,)
            )
            study.tell(proposal, row)
            found.append(values)
    return found


@pytest.mark.parametrize("sampler", list(Sampler))
def test_inside_the_space_and_again_the_same(sampler: Sampler) -> None:
    needed = NEEDS.get(sampler, "")
    if needed and importlib.util.find_spec(needed) is None:
        with pytest.raises(ConfigurationError, match=f"pip install {needed}"):
            check_sampler(sampler, 1)
        return
    found = walk(sampler, 3)
    assert found == walk(sampler, 3)
    for values in found:
        for name, parameter in SPACE.items():
            parameter.require(name, values[name])
    assert len({tuple(values.items()) for values in found}) > 4
    if sampler is not Sampler.GRID:
        assert found != walk(sampler, 4)


def test_several_losses_need_a_sampler_that_knows_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())
    check_sampler(Sampler.NSGA3, 3)
    with pytest.raises(ConfigurationError, match="a sampler for several losses"):
        check_sampler(Sampler.CMA_ES, 2)
