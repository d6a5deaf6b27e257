"""Whether a strategy with two faces means the same by both, on a sample of every run."""

from collections.abc import Sequence

from undertow.backtest.bias.finding import BiasKind, BiasReport, Finding
from undertow.backtest.bias.primed_run import has_callbacks, has_signals
from undertow.backtest.face_check import check_faces
from undertow.backtest.instrument_bars import InstrumentBars, read_bars
from undertow.backtest.signal_run import wishes_of
from undertow.decision.strategy import Strategy
from undertow.decision.timeframe import timeframe_seconds
from undertow.domain.errors import StrategyFault
from undertow.timeline.market_data import MarketData

SAMPLE_BARS = 1_000
_LEAST_BARS = 30


def look_at_faces(strategies: Sequence[Strategy], data: MarketData) -> BiasReport:
    """Every strategy that wrote callbacks and signals, on the first instrument it wants. One whose
    signals wish nothing at all has no second face.
    """
    findings: list[Finding] = []
    looks = 0
    for strategy in strategies:
        if not (has_signals(strategy) and has_callbacks(strategy)):
            continue
        sources = read_bars(data, timeframe_seconds(strategy.timeframe))
        wanted = [i for i, one in enumerate(sources) if strategy.wants(one.instrument)]
        if not wanted or not _wishes(strategy, sources[wanted[0]]):
            continue
        looks += 1
        found = check_faces(strategy, data, index=wanted[0], bars=SAMPLE_BARS)
        if not found.is_same:
            text = (
                f"{strategy.strategy_id} trades otherwise by callbacks than by signals: "
                f"{found.differences[0]}"
            )
            findings.append(Finding(BiasKind.FACES, strategy.strategy_id, 0, 1.0, text))
    return BiasReport(tuple(findings), looks={"faces": looks} if looks else {})


def _wishes(strategy: Strategy, source: InstrumentBars) -> bool:
    if len(source.bars) < _LEAST_BARS:
        return False
    try:
        return bool(wishes_of(strategy, source.bars).bits.any())
    except StrategyFault:
        return True  # the comparison will say what is wrong with them
