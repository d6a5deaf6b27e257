"""The strategies of a request, with the best parameters of a search where a file has them."""

from pathlib import Path

import msgspec

from undertow.backtest.search.parameter_file import parameter_path, with_parameter_file
from undertow.cli.backtesting.request import BacktestRequest
from undertow.decision.strategy import Strategy

NONE = "none"


class ChosenStrategies(msgspec.Struct, frozen=True):
    """words: which files of parameters were applied, a line each."""

    strategies: tuple[Strategy, ...]
    words: tuple[str, ...]


def chosen_strategies(request: BacktestRequest) -> ChosenStrategies:
    """Each strategy as configured; then what `--params` names, or the file `<Class>.json` that a
    search left beside the strategy's own. `--params none` takes neither.
    """
    strategies: list[Strategy] = []
    words: list[str] = []
    for entry in request.strategies:
        strategy = entry.strategy()
        path = _path(request.params, entry.name)
        if path is not None:
            strategy = with_parameter_file(strategy, path)
            words.append(f"parameters of {strategy.strategy_id} are those of {path}")
        strategies.append(strategy)
    return ChosenStrategies(tuple(strategies), tuple(words))


def _path(params: str, name: str) -> Path | None:
    if params == NONE:
        return None
    if params:
        return Path(params)
    beside = parameter_path(name)
    return beside if beside is not None and beside.is_file() else None
