"""The ground truth so far: finished records, bounded, and the regimes that still last."""

from collections import deque

import msgspec

from undertow.simulator.market.ground_truth import EVERY_ASSET, GroundTruth, TruthKind
from undertow.simulator.market.market_regime import TREND, VOLATILITY, Regime


class TruthState(msgspec.Struct, frozen=True):
    """What a `TruthLog` holds, for snapshots."""

    finished: list[GroundTruth]
    lasting: list[GroundTruth]
    dropped: int


class TruthLog:
    """Records in the order in which they ended, at most `most` of them."""

    def __init__(self, assets: tuple[str, ...], most: int) -> None:
        self._names = (*assets, EVERY_ASSET)
        self._most = most
        self._finished: deque[GroundTruth] = deque()
        self._lasting: list[GroundTruth] = []
        self.dropped = 0

    def begin(self, regimes: list[int], now_ns: int) -> None:
        """The market begins: one regime per asset and, last, the common factor."""
        self._lasting = [self._regime(c, regime, now_ns) for c, regime in enumerate(regimes)]

    def switch(self, component: int, regime: int, now_ns: int) -> None:
        """A regime ended and another began."""
        ended = self._lasting[component]
        self.add(msgspec.structs.replace(ended, end_ns=now_ns))
        self._lasting[component] = self._regime(component, regime, now_ns)

    def add(self, record: GroundTruth) -> None:
        """Keep a finished record; the oldest is dropped beyond the bound, and counted."""
        self._finished.append(record)
        if len(self._finished) > self._most:
            self._finished.popleft()
            self.dropped += 1

    def records(self) -> list[GroundTruth]:
        """Finished records in order of their end, then the regimes that last (end_ns 0)."""
        return [*self._finished, *self._lasting]

    def state(self) -> TruthState:
        """Everything, for a snapshot."""
        return TruthState(list(self._finished), list(self._lasting), self.dropped)

    def load(self, state: TruthState) -> None:
        """Replace everything by a snapshot's."""
        self._finished = deque(state.finished)
        self._lasting = list(state.lasting)
        self.dropped = state.dropped

    def _regime(self, component: int, regime: int, now_ns: int) -> GroundTruth:
        return GroundTruth(
            TruthKind.REGIME,
            self._names[component],
            -1,
            now_ns,
            0,
            int(TREND[regime]),
            float(VOLATILITY[regime]),
            f"regime={Regime(regime).name.lower()}",
        )
