"""A line of values as a small filled chart of block characters."""

from collections.abc import Sequence

_BLOCKS = " ▁▂▃▄▅▆▇█"
_STEPS = len(_BLOCKS) - 1


def area_chart(values: Sequence[float], width: int, height: int) -> list[str]:
    """`height` lines of `width` characters, the highest first; values are spread over the width.

    The lowest value still shows one step. A flat line lies at half height. Empty without values.
    """
    if not values or width < 1 or height < 1:
        return [" " * max(width, 0)] * max(height, 0)
    points = resampled(values, width)
    low, high = min(points), max(points)
    most = height * _STEPS
    scale = (most - 1) / (high - low) if high > low else 0.0
    levels = [1 + round((p - low) * scale) if scale else max(1, most // 2) for p in points]
    lines = []
    for row in range(height - 1, -1, -1):
        filled = (min(max(level - row * _STEPS, 0), _STEPS) for level in levels)
        lines.append("".join(_BLOCKS[step] for step in filled).ljust(width))
    return lines


def resampled(values: Sequence[float], width: int) -> list[float]:
    """At most `width` values, evenly spread, the last one always the newest."""
    count = len(values)
    if count <= width:
        return list(values)
    return [values[(i + 1) * count // width - 1] for i in range(width)]
