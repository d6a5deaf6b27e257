"""Look-ahead of a strategy that the engine asks bar by bar: callbacks, exits, sizes, cached frames.

A stretch of the data is run as it is, then with the future taken away at some time, then with
another future after it. Whatever was decided before that time must be the same: the engine shows a
strategy nothing of the future, so a difference means that it got it elsewhere, from columns it was
given at once, from a file, from the clock. Cuts lie right behind decisions, where a look ahead
shows best, and at random.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from undertow.backtest.bias.decision_trace import Decided, decisions, first_difference
from undertow.backtest.bias.finding import BiasKind, BiasReport, Finding
from undertow.backtest.bias.look_plan import LookPlan
from undertow.backtest.bias.other_future import OtherFuture
from undertow.backtest.bias.primed_run import primed_run
from undertow.backtest.result import BacktestResult
from undertow.backtest.sealed_data import SealedData
from undertow.decision.strategy import Strategy
from undertow.domain.time import utc_text
from undertow.timeline.market_data import MarketData

_LEAST_SHARE = 0.2
"""A cut lies no earlier than this share of the stretch: before it there is nothing to compare."""


class RunLooks:
    """Compares runs of one set of strategies with one set of settings."""

    def __init__(
        self, strategies: Sequence[Strategy], data: MarketData, settings: dict[str, Any]
    ) -> None:
        self._strategies = strategies
        self._data = data
        self._settings = settings

    def look(self, plan: LookPlan) -> BiasReport:
        """Run, cut, alter and compare."""
        stretch = first_rows(self._data, plan.rows)
        whole = self._run(stretch)
        again = self._run(stretch)
        if again.state_hash != whole.state_hash:
            return BiasReport((self._not_deterministic(whole, again),), looks={"repeat": 1})
        findings: list[Finding] = []
        cuts = self._cuts(whole, stretch, plan)
        for number, at_ns in enumerate(cuts):
            findings += self._compare(whole, SealedData(stretch, at_ns), at_ns, "was taken away")
            other = OtherFuture(stretch, at_ns, plan.seed + number)
            findings += self._compare(whole, other, at_ns, "was another")
        return BiasReport(_merged(findings, 2 * len(cuts)), looks={"run": 2 * len(cuts) + 1})

    def _run(self, data: MarketData) -> BacktestResult:
        return primed_run(self._strategies, data, self._settings)

    def _compare(
        self, whole: BacktestResult, data: MarketData, at_ns: int, what: str
    ) -> list[Finding]:
        found = self._run(data)
        if found.failures and not whole.failures:
            text = f"{self._name} fails when the future {what}: {found.failures[0]}"
            return [Finding(BiasKind.FAILED, self._name, at_ns, 1.0, text)]
        differs = first_difference(decisions(whole, at_ns), decisions(found, at_ns))
        if differs is None:
            return []
        return [self._looked_ahead(differs, at_ns, what)]

    def _looked_ahead(self, differs: Decided, at_ns: int, what: str) -> Finding:
        text = (
            f"{differs.strategy} on {differs.instrument_id} decided otherwise at "
            f"{utc_text(differs.time_ns)} ({differs.what}) when the future from "
            f"{utc_text(at_ns)} on {what}"
        )
        return Finding(BiasKind.LOOK_AHEAD, differs.strategy, differs.time_ns, 1.0, text)

    def _not_deterministic(self, whole: BacktestResult, again: BacktestResult) -> Finding:
        end_ns = 2**63 - 1
        differs = first_difference(decisions(whole, end_ns), decisions(again, end_ns))
        when = "" if differs is None else f", first at {utc_text(differs.time_ns)}"
        text = (
            f"{self._name}: the same run twice gave two results{when}: a clock, chance or memory "
            "of its own"
        )
        at_ns = 0 if differs is None else differs.time_ns
        return Finding(BiasKind.NOT_DETERMINISTIC, self._name, at_ns, 1.0, text)

    def _cuts(self, whole: BacktestResult, data: MarketData, plan: LookPlan) -> list[int]:
        start_ns, stop_ns = data.span_ns
        earliest = start_ns + int((stop_ns - start_ns) * _LEAST_SHARE)
        rng = np.random.Generator(np.random.PCG64(plan.seed))
        made = [one.time_ns + 1 for one in decisions(whole, stop_ns) if one.time_ns >= earliest]
        cuts = set(rng.integers(earliest, max(earliest + 1, stop_ns), plan.cuts))
        if made:
            cuts |= set(rng.choice(made, min(plan.cuts, len(made)), replace=False))
        return sorted(int(at_ns) for at_ns in cuts)

    @property
    def _name(self) -> str:
        return "+".join(str(one.strategy_id) for one in self._strategies)


def first_rows(data: MarketData, count: int) -> MarketData:
    """The data up to about so many rows (whole blocks); all of it when it has no more."""
    seen = 0
    for block in data.blocks():
        if seen >= count and len(block):
            return SealedData(data, int(block["receive_time_ns"][0]))
        seen += len(block)
    return data


def _merged(findings: list[Finding], looks: int) -> tuple[Finding, ...]:
    # One finding of a kind for each strategy: the earliest, with how many looks showed it.
    kept: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        kept.setdefault((finding.kind, finding.strategy), []).append(finding)
    merged = []
    for group in kept.values():
        first = min(group, key=lambda one: one.at_ns)
        share = len(group) / max(1, looks)
        merged.append(Finding(first.kind, first.strategy, first.at_ns, share, first.text))
    return tuple(merged)
