"""A finished backtest is judged: the try is written down, and look-ahead is looked for."""

import time

import msgspec

from undertow.backtest.bias.bias_check import look_for_bias
from undertow.backtest.bias.finding import BiasReport
from undertow.backtest.bias.look_plan import LookPlan
from undertow.backtest.deflation import Deflation, deflate
from undertow.backtest.judgement import Judgement
from undertow.backtest.result import BacktestResult
from undertow.backtest.result_trial import trial_of
from undertow.cli.app_config import AppConfig
from undertow.cli.backtesting.chosen_strategies import chosen_strategies
from undertow.cli.backtesting.market_source import open_market
from undertow.cli.backtesting.request import BacktestRequest
from undertow.cli.home import home_folder
from undertow.domain.errors import ConfigurationError
from undertow.domain.suggestion import did_you_mean
from undertow.storage.trial_ledger import TrialLedger

LEDGER = "trials.sqlite"
LOOKS = ("quick", "exhaustive", "none")


def judged(
    request: BacktestRequest, config: AppConfig, result: BacktestResult, looks: str
) -> Judgement:
    """Count the try and look for bias as hard as asked: quick, exhaustive or none."""
    return Judgement(deflation=counted(result), bias=looked(request, config, result, looks))


def counted(result: BacktestResult) -> Deflation:
    """Write the try down; what all tries of its family on its market leave of it."""
    trial = trial_of(result, "backtest")
    with TrialLedger(home_folder() / LEDGER) as ledger:
        ledger.add([trial], time.time_ns())
    return recounted(result)


def recounted(result: BacktestResult) -> Deflation:
    """What all tries until now leave of a result, those made after it included."""
    trial = trial_of(result, "backtest")
    with TrialLedger(home_folder() / LEDGER) as ledger:
        rows = ledger.rows(trial.family, trial.market, (trial.start_ns, trial.stop_ns))
    return deflate(trial, [row.trial for row in rows])


def looked(
    request: BacktestRequest, config: AppConfig, result: BacktestResult, looks: str
) -> BiasReport | None:
    """The bias detectors' report; None when they were not to look."""
    if looks not in LOOKS:
        raise ConfigurationError(
            f"expected --bias of {', '.join(LOOKS)}, found {looks!r};{did_you_mean(looks, LOOKS)}"
        )
    if looks == "none" or result.failures:
        return None
    plan = LookPlan.exhaustive() if looks == "exhaustive" else LookPlan()
    settings = msgspec.structs.asdict(request.settings) | {"fills": result.fills}
    strategies = chosen_strategies(request).strategies
    data = open_market(request, config).data
    return look_for_bias(strategies, data, settings, result, plan)
