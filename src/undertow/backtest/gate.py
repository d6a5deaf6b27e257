"""The deployment gate: may this result go on to paper and live? (BT-24, BT-32, BT-36)

Every check says what was measured and what is asked. One that cannot be judged, because there is
too little to judge, does not pass: not knowing is no reason to risk money. Against a baseline the
candidate must be better by more than luck (Ledoit and Wolf's studentised bootstrap of the Sharpe
difference); alone it must be better than nothing, after every try that was made.
"""

from collections.abc import Sequence
from math import isnan

import msgspec

from undertow.backtest.comparison import sharpe_difference
from undertow.backtest.deflation import Deflation
from undertow.backtest.reports.equity_measures import EquityMeasures, equity_measures
from undertow.backtest.reports.trade_measures import TradeMeasures, trade_measures
from undertow.backtest.result import BacktestResult
from undertow.domain.errors import ConfigurationError
from undertow.domain.time import NS_PER_DAY


class GateConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is asked; 0 switches a check off (1 for `max_drawdown`, `max_overfitting`).

    deflated_sharpe: probability that the true Sharpe ratio is above 0, all tries counted. days,
    trades: least history. profit_factor, win_rate, sharpe: to be exceeded. max_drawdown: share of
    the peak, not to be reached. max_random_p: p-value against random entries. max_overfitting:
    probability of backtest overfitting of the search it came from. confidence, block, resamples: of
    the comparison with a baseline. fills: the result must have been made with these.
    """

    deflated_sharpe: float = 0.95
    days: float = 180.0
    trades: int = 30
    profit_factor: float = 1.5
    win_rate: float = 0.45
    sharpe: float = 1.0
    max_drawdown: float = 0.20
    max_random_p: float = 0.05
    max_overfitting: float = 0.5
    confidence: float = 0.95
    block: int = 5
    resamples: int = 4_999
    fills: str = "pessimistic"

    def __post_init__(self) -> None:
        for name in ("deflated_sharpe", "win_rate", "max_drawdown", "max_overfitting"):
            if not 0 <= getattr(self, name) <= 1:
                raise ConfigurationError(
                    f"expected {name} from 0 to 1, found {getattr(self, name)}"
                )
        if not 0.5 < self.confidence < 1 or self.block < 1 or self.resamples < 99:
            raise ConfigurationError(
                "expected a confidence above 0.5 and below 1, a block of at least 1 and at least "
                f"99 resamples, found {self.confidence}, {self.block}, {self.resamples}"
            )


class GateCheck(msgspec.Struct, frozen=True):
    """One condition; value and threshold are NaN where there is no number."""

    name: str
    passed: bool
    value: float
    threshold: float
    words: str


class GateVerdict(msgspec.Struct, frozen=True):
    """All checks, in the order of the gate."""

    checks: tuple[GateCheck, ...]

    @property
    def passed(self) -> bool:
        """True when every check has passed."""
        return all(check.passed for check in self.checks)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why not, in words; empty when it may pass."""
        return tuple(check.words for check in self.checks if not check.passed)


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a candidate beside its result; None = was not looked at.

    findings: of the bias detectors, in words; empty = looked and found nothing. random_p: p-value
    against random entries. overfitting: PBO of the search.
    """

    deflation: Deflation | None = None
    findings: tuple[str, ...] | None = None
    random_p: float | None = None
    overfitting: float | None = None


def judge(
    candidate: BacktestResult,
    evidence: Evidence,
    config: GateConfig,
    baseline: BacktestResult | None = None,
) -> GateVerdict:
    """Judge a candidate, against a baseline when there is one."""
    equity = equity_measures(candidate.equity)
    trades = trade_measures(candidate.trades, candidate.start_ns, candidate.stop_ns)
    checks = [
        *_honesty(candidate, evidence, config),
        *_size(candidate, config),
        *_targets(equity, trades, config),
        *_luck(evidence, config),
    ]
    if baseline is not None:
        checks.append(_against(candidate, baseline, config))
    return GateVerdict(tuple(checks))


def _honesty(
    candidate: BacktestResult, evidence: Evidence, config: GateConfig
) -> Sequence[GateCheck]:
    nan = float("nan")
    fills = candidate.fills
    words = f"made with {fills} fills, {config.fills} ones are asked for"
    checks = [GateCheck("fills", fills == config.fills, nan, nan, words)]
    failures = len(candidate.failures)
    words = f"the strategy failed {failures} times"
    words += f", first: {candidate.failures[0]}" if failures else ""
    checks.append(GateCheck("failures", failures == 0, float(failures), 0.0, words))
    findings = evidence.findings
    words = "look-ahead was not looked for" if findings is None else f"found: {'; '.join(findings)}"
    is_clean = findings is not None and not findings
    checks.append(GateCheck("bias", is_clean, float(len(findings or ())), 0.0, words))
    return checks


def _size(candidate: BacktestResult, config: GateConfig) -> Sequence[GateCheck]:
    days = (candidate.stop_ns - candidate.start_ns) / NS_PER_DAY
    return (
        _at_least("days", days, config.days, "days of history"),
        _at_least("trades", len(candidate.trades), config.trades, "trades"),
    )


def _targets(
    equity: EquityMeasures, trades: TradeMeasures, config: GateConfig
) -> Sequence[GateCheck]:
    depth, most = -equity.max_drawdown, config.max_drawdown
    shallow = depth < most or most >= 1.0
    words = f"the deepest drawdown is {depth:.1%}, below {most:.1%} is asked for"
    checks = [GateCheck("max_drawdown", shallow, depth, most, words)]
    words = "equity reached zero" if equity.is_ruined else "equity never reached zero"
    checks.append(GateCheck("ruin", not equity.is_ruined, float(equity.is_ruined), 0.0, words))
    factor = trades.profit_factor
    if isnan(factor) and trades.wins and not trades.losses:
        factor = float("inf")  # nothing was lost: better than any factor that is asked for
    checks.append(_above("profit_factor", factor, config.profit_factor))
    checks.append(_above("win_rate", trades.win_rate, config.win_rate))
    checks.append(_above("sharpe", equity.sharpe, config.sharpe))
    return checks


def _luck(evidence: Evidence, config: GateConfig) -> Sequence[GateCheck]:
    checks = []
    if config.deflated_sharpe:
        found = evidence.deflation
        value = float("nan") if found is None else found.deflated_sharpe
        words = "the tries were not counted" if found is None else found.words
        passed = value >= config.deflated_sharpe
        checks.append(GateCheck("deflated_sharpe", passed, value, config.deflated_sharpe, words))
    if evidence.random_p is not None and config.max_random_p:
        value, most = evidence.random_p, config.max_random_p
        words = f"random entries do as well with p = {value:.3f}, at most {most:.3f} is asked for"
        checks.append(GateCheck("random_entries", value <= most, value, most, words))
    if evidence.overfitting is not None and config.max_overfitting < 1.0:
        value, most = evidence.overfitting, config.max_overfitting
        words = f"the search overfits with probability {value:.2f}, below {most:.2f} is asked for"
        checks.append(GateCheck("overfitting", value < most, value, most, words))
    return checks


def _against(candidate: BacktestResult, baseline: BacktestResult, config: GateConfig) -> GateCheck:
    found = sharpe_difference(
        candidate,
        baseline,
        block=config.block,
        resamples=config.resamples,
        level=config.confidence,
    )
    words = f"{found.words}; all of the interval above 0 is asked for"
    return GateCheck("better_than_baseline", found.low > 0.0, found.low, 0.0, words)


def _at_least(name: str, value: float, least: float, what: str) -> GateCheck:
    words = f"{value:g} {what}, at least {least:g} are asked for"
    return GateCheck(name, value >= least, float(value), float(least), words)


def _above(name: str, value: float, floor: float) -> GateCheck:
    shown = "undefined" if isnan(value) else f"{value:.3f}"
    words = f"the {name.replace('_', ' ')} is {shown}, more than {floor:g} is asked for"
    return GateCheck(name, value > floor or not floor, value, floor, words)
