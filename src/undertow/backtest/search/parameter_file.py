"""The best parameters of a search as a small JSON file that a backtest reads back.

`<Class>.json` beside the strategy's file, as candle engines' users know it:
`{"strategy_name": "Cross", "params": {"buy": {"fast": 12}}, ...}`, grouped by space.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from undertow.backtest.search.search_result import SearchResult
from undertow.decision.strategy import Strategy
from undertow.domain.errors import ConfigurationError
from undertow.domain.parameter import Value, with_parameters

VERSION = 1


class _File(msgspec.Struct, frozen=True):
    strategy_name: str
    params: dict[str, dict[str, Value]]


def parameter_path(strategy: str) -> Path | None:
    """Where the parameters of `path/to/file.py:Class` lie; None for a strategy without a file."""
    path, colon, kind = strategy.rpartition(":")
    return Path(path).parent / f"{kind}.json" if colon and path.endswith(".py") else None


def write_parameters(result: SearchResult, kind: str, path: Path) -> Path:
    """Keep the best set, with what is said about how far to trust it; kind: name of the class."""
    best = result.best
    params: dict[str, dict[str, Value]] = {}
    for name, value in best.parameters.items():
        params.setdefault(result.spaces[name], {})[name] = value
    content: dict[str, Any] = {
        "strategy_name": kind,
        "params": params,
        "loss": dict(zip(result.losses, best.losses, strict=True)),
        "overfit": result.overfit.words,
        "version": VERSION,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n")
    return path


def read_parameters(path: Path) -> Mapping[str, Value]:
    """Parameters by dotted name; raises `ConfigurationError` for a file that is none."""
    try:
        found = msgspec.json.decode(path.read_bytes(), type=_File)
    except FileNotFoundError:
        raise ConfigurationError(
            f"expected a file of parameters, found nothing at {path}"
        ) from None
    except msgspec.DecodeError as error:
        raise ConfigurationError(f"expected parameters in {path}: {error}") from error
    return {name: value for group in found.params.values() for name, value in group.items()}


def with_parameter_file(strategy: Strategy, path: Path) -> Strategy:
    """The strategy with the parameters of a file; a name or value that it does not have raises."""
    return with_parameters(strategy, read_parameters(path))
