"""Look-ahead of the vectorised face: what it says of the first bars must not depend on the rest.

`signals` is asked for the first k bars alone, and for bars that are others from k on: its answer up
to k must be the one it gave for all. This finds shifted columns, means and deviations over
everything, pivots that repaint, joined bars that were not closed yet. Cheap, because nothing is
simulated.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from undertow.backtest.bias.finding import BiasKind, BiasReport, Finding
from undertow.backtest.bias.look_plan import LookPlan
from undertow.backtest.bias.primed_run import has_signals
from undertow.backtest.instrument_bars import read_bars
from undertow.decision.bar_columns import PRICES, BarColumns
from undertow.decision.signals import Signals
from undertow.decision.strategy import Strategy
from undertow.decision.timeframe import timeframe_seconds
from undertow.domain.time import utc_text
from undertow.timeline.market_data import MarketData

_LEAST_BARS = 30
_WARM_SHARE = 0.01
"""Of the bars whose signals may change with the beginning of the history: averages that never
forget change a tie now and then, a global level changes many.
"""


def look_at_signals(strategies: Sequence[Strategy], data: MarketData, plan: LookPlan) -> BiasReport:
    """Every strategy with signals, on every instrument it wants."""
    findings: list[Finding] = []
    looks = 0
    for strategy in (one for one in strategies if has_signals(one)):
        for source in read_bars(data, timeframe_seconds(strategy.timeframe)):
            if not strategy.wants(source.instrument):
                continue
            seconds = timeframe_seconds(strategy.timeframe)
            bars = source.bars.resampled(seconds)
            if len(bars) < _LEAST_BARS:
                continue
            one = _Looks(strategy, source.instrument.instrument_id, bars)
            found, count = one.look(plan)
            findings += found
            looks += count
    return BiasReport(tuple(findings), looks={"signals": looks} if looks else {})


class _Looks:
    def __init__(self, strategy: Strategy, instrument_id: str, bars: BarColumns) -> None:
        self._strategy = strategy
        self._instrument_id = instrument_id
        self._bars = bars

    def look(self, plan: LookPlan) -> tuple[list[Finding], int]:
        whole = self._columns(self._bars)
        rng = np.random.Generator(np.random.PCG64(plan.seed))
        cuts = self._cuts(whole, plan, rng)
        ahead: list[tuple[int, str, str]] = []
        for number, cut in enumerate(cuts):
            ahead += self._differs(whole, self._bars.head(cut), cut, "were taken away")
            other = _altered(self._bars, cut, plan.seed + number)
            ahead += self._differs(whole, other, cut, "were others")
        findings = [self._finding(ahead, 2 * len(cuts))] if ahead else []
        late = self._late_starts(whole, plan, rng)
        findings += late
        return findings, 2 * len(cuts) + plan.starts

    def _columns(self, bars: BarColumns) -> dict[str, NDArray[np.generic]]:
        own = bars.declare(self._strategy.indicators())
        found = self._strategy.signals(own)
        assert isinstance(found, Signals), "the run before this one has checked it"
        columns: dict[str, NDArray[np.generic]] = {}
        for name in Signals.wishes():
            wish = found.wish(name, len(own))
            columns[name] = np.zeros(len(own), np.bool_) if wish is None else wish
        for name in Signals.levels():
            level = found.level(name, len(own))
            columns[name] = level if len(level) else np.full(len(own), np.nan)
        return columns

    def _differs(
        self, whole: dict[str, NDArray[np.generic]], bars: BarColumns, cut: int, what: str
    ) -> list[tuple[int, str, str]]:
        # (bar, column, words) of the first bar before the cut that changed.
        part = self._columns(bars)
        places = [
            (int(np.argmax(changed)), name, what)
            for name, column in part.items()
            if (changed := _unequal(column[:cut], whole[name][:cut])).any()
        ]
        return [min(places)] if places else []

    def _finding(self, ahead: list[tuple[int, str, str]], looks: int) -> Finding:
        bar, name, what = min(ahead)
        at_ns = int(self._bars.close_time_ns[bar])
        text = (
            f"{self._strategy.strategy_id} on {self._instrument_id}: {name} at {utc_text(at_ns)} "
            f"changed when later bars {what} ({len(ahead)} of {looks} looks)"
        )
        share = len(ahead) / looks
        return Finding(BiasKind.LOOK_AHEAD, self._strategy.strategy_id, at_ns, share, text)

    def _cuts(
        self, whole: dict[str, NDArray[np.generic]], plan: LookPlan, rng: np.random.Generator
    ) -> list[int]:
        # Half of them right behind a wish, where a look ahead shows best.
        count = len(self._bars)
        wished = np.zeros(count, np.bool_)
        for name in Signals.wishes():
            wished |= whole[name].astype(np.bool_)
        behind = np.flatnonzero(wished) + 1
        behind = behind[(behind >= _LEAST_BARS // 2) & (behind < count)]
        half = min(len(behind), plan.signal_cuts // 2)
        chosen = rng.choice(behind, half, replace=False) if half else np.zeros(0, np.int64)
        blind = rng.integers(_LEAST_BARS // 2, count, plan.signal_cuts - half)
        return sorted({int(cut) for cut in (*chosen, *blind)})

    def _late_starts(
        self,
        whole: dict[str, NDArray[np.generic]],
        plan: LookPlan,
        rng: np.random.Generator,
    ) -> list[Finding]:
        count = len(self._bars)
        worst, at = 0.0, 0
        for _ in range(plan.starts):
            start = int(rng.integers(1, max(2, count // 4)))
            judged = start + (count - start) // 2
            part = self._columns(_tail(self._bars, start))
            changed = np.zeros(count - judged, np.bool_)
            for name in Signals.wishes():
                changed |= _unequal(part[name][judged - start :], whole[name][judged:])
            share = float(changed.mean()) if len(changed) else 0.0
            if share > worst:
                worst, at = share, judged + int(np.argmax(changed))
        if worst <= _WARM_SHARE:
            return []
        at_ns = int(self._bars.close_time_ns[at])
        text = (
            f"{self._strategy.strategy_id} on {self._instrument_id}: {worst:.1%} of the bars wish "
            "something else when the history begins later, however long ago"
        )
        return [Finding(BiasKind.WARM_UP, self._strategy.strategy_id, at_ns, worst, text)]


def _unequal(one: NDArray[np.generic], other: NDArray[np.generic]) -> NDArray[np.bool_]:
    differs = one != other
    if one.dtype.kind == "f":
        differs &= ~(np.isnan(one.astype(float)) & np.isnan(other.astype(float)))
    return np.asarray(differs, np.bool_)


def _altered(bars: BarColumns, cut: int, seed: int) -> BarColumns:
    # Other bars from `cut` on: another level, other swings, other volume.
    rng = np.random.Generator(np.random.PCG64([seed, cut]))
    count = len(bars) - cut
    factor = np.exp(rng.choice((-1.0, 1.0)) * 0.03 + rng.normal(0.0, 0.02, count))
    columns: dict[str, NDArray[np.float64]] = {}
    for name, column in bars.columns.items():
        known = column.copy()
        scale = factor if name in PRICES else rng.uniform(0.2, 5.0, count)
        if name in ("open", "high", "low", "close", "volume", "buy_volume", "sell_volume"):
            known[cut:] = column[cut:] * scale
        columns[name] = known
    return _remade(bars, bars.open_time_ns, columns)


def _tail(bars: BarColumns, start: int) -> BarColumns:
    columns = {name: column[start:] for name, column in bars.columns.items()}
    return _remade(bars, bars.open_time_ns[start:], columns)


def _remade(
    bars: BarColumns, opens: NDArray[np.int64], columns: dict[str, NDArray[np.float64]]
) -> BarColumns:
    # Columns that are made of others (hl2 ...) are made anew when they are asked for.
    given = {
        name: column
        for name, column in columns.items()
        if name in (*PRICES, "volume", "buy_volume", "sell_volume", "trades")
    }
    from undertow.domain.bar import TIMEFRAME_NAMES

    return BarColumns(opens, given, TIMEFRAME_NAMES[bars.timeframe_s])
