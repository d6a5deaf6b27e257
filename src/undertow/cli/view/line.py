"""Styled lines of text with a known width, and the few ways in which panels put them together.

Rich draws the result; its tables and layouts would take longer than everything else on the screen.
"""

from collections.abc import Iterable, Sequence
from typing import Self

from rich.cells import cell_len, set_cell_size

from undertow.cli.view.palette import DIM, FRAME, TEXT, TITLE

Span = tuple[str, str]
"""Some text and its style."""

ELLIPSIS = "…"
FRAME_COLUMNS, FRAME_LINES, RULE_LINES = 4, 2, 1
"""What a frame takes of a panel's room, and a rule."""


class Line:
    """Spans side by side, on one line of the screen."""

    __slots__ = ("spans", "width")

    def __init__(self, *spans: Span) -> None:
        self.spans: list[Span] = []
        self.width = 0
        for text, style in spans:
            self.add(text, style)

    def add(self, text: str, style: str = TEXT) -> Self:
        """Put text at the end."""
        self.spans.append((text, style))
        self.width += cell_len(text)
        return self

    def join(self, other: "Line") -> Self:
        """Put another line at the end."""
        self.spans += other.spans
        self.width += other.width
        return self

    def fitted(self, width: int) -> "Line":
        """Exactly that wide: filled with spaces, or cut with an ellipsis."""
        if self.width <= width:
            filled = Line()
            filled.join(self)
            return filled.add(" " * (width - self.width), "") if self.width < width else filled
        cut = Line()
        for text, style in self.spans:
            room = width - 1 - cut.width
            if cell_len(text) > room:
                cut.add(set_cell_size(text, max(0, room)), style)
                cut.add(ELLIPSIS, DIM)
                break
            cut.add(text, style)
        return cut

    @property
    def text(self) -> str:
        """The words without their styles."""
        return "".join(text for text, _ in self.spans)


def pairs(*named: tuple[str, str, str]) -> Line:
    """Names, values and the values' styles, three spaces apart."""
    line = Line()
    for place, (name, value, style) in enumerate(named):
        line.add(f"{'   ' if place else ''}{name} ", DIM).add(value, style)
    return line


def tabulated(names: Sequence[str], rows: Sequence[Sequence[Line]], *, left: int = 1) -> list[Line]:
    """Columns as wide as their widest cell, one space apart; the first `left` start at the left,
    the others end at the right. Without names there is no head.
    """
    cells = [[Line((name, DIM)) for name in names], *rows] if names else list(rows)
    if not cells:
        return []
    widths = [max(cell.width for cell in column) for column in zip(*cells, strict=True)]
    lines = []
    for row in cells:
        line = Line()
        for place, (cell, width) in enumerate(zip(row, widths, strict=True)):
            gap = " " * (width - cell.width)
            if place:
                line.add(" ", "")
            if place < left:
                line.join(cell).add("" if place == len(row) - 1 else gap, "")
            else:
                line.add(gap, "").join(cell)
        lines.append(line)
    return lines


def section(
    title: str, body: Iterable[Line], size: tuple[int, int], *, framed: bool, note: str = ""
) -> list[Line]:
    """A panel of exactly `size` (columns, lines): its title in a rule, or in a frame around it."""
    width, height = size
    heading = Line((title, TITLE))
    if note:
        heading.add(f"  {note}", DIM)
    if not framed:
        return stacked([_ruled(heading, width), *body], width, height)
    inner = stacked(body, width - FRAME_COLUMNS, height - FRAME_LINES)
    edge = Line(("╭─ ", FRAME)).join(heading.fitted(min(heading.width, width - FRAME_COLUMNS - 2)))
    edge.add(f" {'─' * (width - edge.width - 2)}╮", FRAME)
    sides = [Line(("│ ", FRAME)).join(line).add(" │", FRAME) for line in inner]
    return [edge, *sides, Line((f"╰{'─' * (width - 2)}╯", FRAME))]


def inner_size(size: tuple[int, int], *, framed: bool) -> tuple[int, int]:
    """What is left inside of a section of that size."""
    width, height = size
    if framed:
        return width - FRAME_COLUMNS, max(0, height - FRAME_LINES)
    return width, max(0, height - RULE_LINES)


def stacked(lines: Iterable[Line], width: int, height: int) -> list[Line]:
    """Exactly `height` lines of exactly `width`: what is too much is left out."""
    kept = [line.fitted(width) for line, _ in zip(lines, range(height), strict=False)]
    return kept + [Line((" " * width, ""))] * (height - len(kept))


def beside(left: Sequence[Line], right: Sequence[Line]) -> list[Line]:
    """Two panels of one height side by side."""
    return [Line().join(one).join(other) for one, other in zip(left, right, strict=True)]


def _ruled(heading: Line, width: int) -> Line:
    line = Line().join(heading)
    return line.add(f" {'─' * max(0, width - heading.width - 1)}", FRAME)
