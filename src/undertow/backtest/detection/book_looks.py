"""Looks at one instrument's book: honest walls and spoofs."""

from collections.abc import Iterable

import numpy as np

from undertow.backtest.detection.detector import Look, Scene, Sign
from undertow.domain.side import Side
from undertow.flow.instrument_flow import InstrumentFlow
from undertow.flow.walls import LEAST_AGE_S, LEAST_PERSISTENCE, Wall, honest_walls

LEVELS = 20


def look_for_wall_by_size(scene: Scene) -> Look:
    """FLOW-08: the largest wall that rests and passes the spoof filter; the score is its size in
    median levels of the book.
    """

    def look(now_ns: int) -> Sign | None:
        walls, usual = _book(scene, now_ns)
        wall = _largest(honest_walls(walls, LEAST_PERSISTENCE, LEAST_AGE_S))
        return Sign(int(wall.side), wall.lots / usual) if wall and usual else None

    return look


def look_for_wall_by_persistence(scene: Scene) -> Look:
    """FLOW-43: the largest wall that rests and is old enough; the score is its persistence."""

    def look(now_ns: int) -> Sign | None:
        wall = _largest(honest_walls(_book(scene, now_ns)[0], 0.0, LEAST_AGE_S))
        return Sign(int(wall.side), wall.persistence) if wall else None

    return look


def look_for_spoof(scene: Scene) -> Look:
    """FLOW-43: the wall of most lots that was pulled on approach; the score is its persistence."""

    def look(now_ns: int) -> Sign | None:
        wall = _largest(wall for wall in _book(scene, now_ns)[0] if wall.near_cancelled_lots)
        return Sign(int(wall.side), wall.persistence) if wall else None

    return look


def look_for_spoof_by_size(scene: Scene) -> Look:
    """FLOW-43: the largest spoof-like wall that was pulled on approach; the score is the most it
    showed in median levels of the book.
    """

    def look(now_ns: int) -> Sign | None:
        walls, usual = _book(scene, now_ns)
        wall = _largest(w for w in walls if w.is_spoof_like and w.near_cancelled_lots)
        return Sign(int(wall.side), wall.largest_lots / usual) if wall and usual else None

    return look


def median_level_lots(flow: InstrumentFlow) -> float:
    """Upper median lots of the best levels, both sides of the synced book; 0 without one."""
    both = [flow.depth(side, LEVELS)[:, 1] for side in (Side.BUY, Side.SELL)]
    lots = np.sort(np.concatenate(both))
    return float(lots[len(lots) // 2]) if len(lots) else 0.0


def _book(scene: Scene, now_ns: int) -> tuple[tuple[Wall, ...], float]:
    # All tracked walls and the median level, worked out once for all looks of an instant.
    kept = scene.shared.get("book")
    if kept is None or kept[0] != now_ns:
        flow = scene.flow[scene.focus]
        kept = (now_ns, (flow.tracked_walls(), median_level_lots(flow)))
        scene.shared["book"] = kept
    walls: tuple[tuple[Wall, ...], float] = kept[1]
    return walls


def _largest(walls: Iterable[Wall]) -> Wall | None:
    return max(walls, key=lambda wall: (wall.largest_lots, -wall.price_ticks), default=None)
