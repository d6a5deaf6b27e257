"""The order in which decisions of one instant are acted on (DEC-32)."""

from collections.abc import Iterable

from undertow.decision.decision import Decision
from undertow.domain.side import Side

RATIO_CAP = 100.0
"""Most that an imbalance counts for (DEC-20): a window without sells has an infinite ratio."""


def directed_ratio(ratio: float, side: Side) -> float:
    """A buy/sell ratio as seen by a side: itself for a long, 1/ratio for a short (D-21, D-141).

    Held to 0 .. `RATIO_CAP`, so that a window without any trade of the other side stays a number;
    NaN stays NaN.
    """
    seen = ratio
    if side is Side.SELL:
        seen = 1.0 / ratio if ratio else RATIO_CAP
    return min(seen, RATIO_CAP) if seen == seen else seen


def entry_score(bounce_strength: float, ratio: float, side: Side) -> float:
    """Rank of an entry candidate: bounce strength (0..1) times the directed 1-minute imbalance.

    A mirrored short ranks exactly as its long.
    """
    return bounce_strength * directed_ratio(ratio, side)


def ranked(decisions: Iterable[Decision]) -> list[Decision]:
    """Everything that is no entry first, as it came, then entries by falling rank.

    Exits free what entries need. Equal ranks keep their order, so the result depends on nothing
    but the decisions and the order they came in.
    """
    others: list[Decision] = []
    entries: list[tuple[float, Decision]] = []
    for decision in decisions:
        signal = decision.signal
        if decision.is_entry and signal is not None:
            entries.append((-signal.rank, decision))
        else:
            others.append(decision)
    entries.sort(key=lambda pair: pair[0])
    return others + [decision for _negated, decision in entries]
