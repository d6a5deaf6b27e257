"""Where the names of levels are written so that none covers another."""

from collections.abc import Sequence


def level_places(levels: Sequence[float], low: float, high: float, gap: float) -> list[float]:
    """A place for each level, in their order, at least `gap` apart where the room allows.

    Near to the level itself, never outside of low .. high.
    """
    order = sorted(range(len(levels)), key=lambda i: levels[i])
    room = (high - low) / max(len(levels) - 1, 1)
    step = min(gap, room)
    places = [0.0] * len(levels)
    floor = low
    for i in order:
        places[i] = max(levels[i], floor)
        floor = places[i] + step
    ceiling = high
    for i in reversed(order):
        places[i] = min(places[i], ceiling)
        ceiling = places[i] - step
    return places
