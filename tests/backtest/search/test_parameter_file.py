"""Best parameters to a file and back."""

import json
from pathlib import Path

import msgspec
import pytest
from tests.backtest.search.search_strategies import Searched
from tests.backtest.search.test_search_result import searched

from undertow.backtest.search.parameter_file import (
    parameter_path,
    read_parameters,
    with_parameter_file,
    write_parameters,
)
from undertow.domain.errors import ConfigurationError, UnknownNameError


def test_there_and_back(tmp_path: Path) -> None:
    found = searched("a", "b")
    rows = tuple(
        msgspec.structs.replace(row, parameters={"fast": 5, "average": "ema"}) for row in found.rows
    )
    spaces = {"fast": "buy", "average": "sell"}
    found = msgspec.structs.replace(found, rows=rows, spaces=spaces)
    path = write_parameters(found, "Searched", tmp_path / "new" / "Searched.json")
    told = json.loads(path.read_text())
    assert told["strategy_name"] == "Searched"
    assert told["params"] == {"buy": {"fast": 5}, "sell": {"average": "ema"}}
    assert told["overfit"] == found.overfit.words
    assert read_parameters(path) == {"fast": 5, "average": "ema"}
    strategy = with_parameter_file(Searched(slow=16), path)
    assert (strategy.fast, strategy.slow, strategy.average) == (5, 16, "ema")  # type: ignore[attr-defined]


def test_where_it_lies() -> None:
    assert parameter_path("some/mine.py:Cross") == Path("some/Cross.json")
    assert parameter_path("ema_cross") is None


def test_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="found nothing"):
        read_parameters(tmp_path / "none.json")
    path = tmp_path / "bad.json"
    path.write_text('{"strategy_name": "Cross"}')
    with pytest.raises(ConfigurationError, match="expected parameters in"):
        read_parameters(path)
    path.write_text('{"strategy_name": "Cross", "params": {"buy": {"fats": 3}}}')
    with pytest.raises(UnknownNameError, match="did you mean 'fast'"):
        with_parameter_file(Searched(), path)
