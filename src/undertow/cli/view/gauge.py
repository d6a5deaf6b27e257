"""Small horizontal bars of block characters."""

from undertow.cli.view.line import Line
from undertow.cli.view.palette import BAD, DIM, FRAME, GOOD

_EIGHTHS = " ▏▎▍▌▋▊▉█"


def signed_gauge(value: float, half: int) -> Line:
    """A bar from the middle: right and green for `value` up to 1, left and red down to -1.

    `2 * half + 1` characters wide; the middle alone where the value is unknown (NaN).
    """
    size = min(abs(value), 1.0) if value == value else 0.0
    whole, rest = divmod(round(size * half * 2), 2)
    if value > 0:
        bar = "█" * whole + ("▌" if rest else "")
        return Line((" " * half, ""), ("│", DIM), (bar.ljust(half), GOOD))
    bar = ("▐" if rest else "") + "█" * whole
    middle = DIM if value == value else FRAME
    return Line((bar.rjust(half), BAD), ("│", middle), (" " * half, ""))


def meter(share: float, width: int) -> str:
    """A bar of `width` characters filled to a share of 0..1, to an eighth of a character."""
    whole, rest = divmod(round(min(max(share, 0.0), 1.0) * width * 8), 8)
    part = _EIGHTHS[rest] if rest else ""
    return f"{'█' * whole}{part}".ljust(width)
