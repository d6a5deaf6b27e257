"""Where the names of levels are written so that none covers another."""

from collections.abc import Sequence


def level_places(levels: Sequence[float], low: float, high: float, gap: float) -> list[float]:
    """A place for each level, in their order: at least `gap` apart where the room allows, within
    low .. high, and as near to the levels as that leaves (least squares).

    The places less their ranks' gaps must not fall, so this is an isotonic regression: neighbours
    that would overlap share the mean of what they want (pool adjacent violators).
    """
    if not levels:
        return []
    order = sorted(range(len(levels)), key=lambda i: levels[i])
    step = min(gap, (high - low) / max(len(levels) - 1, 1))
    pools: list[tuple[float, int]] = []
    for rank, i in enumerate(order):
        pools.append((levels[i] - rank * step, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (one, few), (other, more) = pools[-2:]
            pools[-2:] = [((one * few + other * more) / (few + more), few + more)]
    wanted = [value for value, count in pools for _ in range(count)]
    most = high - (len(levels) - 1) * step
    places = [0.0] * len(levels)
    for rank, i in enumerate(order):
        places[i] = min(max(wanted[rank], low), most) + rank * step
    return places
