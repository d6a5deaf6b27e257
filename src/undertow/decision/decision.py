"""What one evaluation of a strategy on one instrument came to."""

import msgspec

from undertow.domain.identity import DecisionId, InstrumentId, StrategyId
from undertow.domain.intent import Action, Signal, Verdict


class Decision(msgspec.Struct, frozen=True):
    """The outcome with every verdict that was reached and the numbers behind it.

    decision_id: given by the host; empty while the strategy still holds it.
    outcome: "enter", "exit", "tighten", "hold", or the name of the level that stopped an entry.
    side: direction that was judged, +1 long, -1 short, 0 when none could be told.
    score: confluence points. inputs: finite numbers that no check carries (prices, indicators).
    """

    decision_id: DecisionId
    strategy: StrategyId
    instrument_id: InstrumentId
    outcome: str
    side: int
    score: float
    verdicts: tuple[Verdict, ...]
    inputs: dict[str, float]
    signal: Signal | None

    @property
    def is_entry(self) -> bool:
        """True when the signal asks to open a position."""
        return self.signal is not None and self.signal.action is Action.ENTER

    @property
    def reason(self) -> str:
        """Reason code of the last verdict, or the signal's own reason."""
        if self.verdicts:
            return self.verdicts[-1].reason
        return self.signal.reason if self.signal else ""
