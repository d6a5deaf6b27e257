"""What happened last, newest at the top."""

from undertow.cli.view.event_feed import EventFeed, FeedLine
from undertow.cli.view.line import Line
from undertow.cli.view.palette import DIM
from undertow.domain.time import utc_text

_WORD = 8


def activity_panel(feed: EventFeed, *, height: int) -> list[Line]:
    """As many lines as fit."""
    lines = list(feed.lines)[::-1][:height]
    if not lines:
        return [Line(("nothing yet: signals, fills and closes appear here", DIM))]
    return [_line(line) for line in lines]


def _line(line: FeedLine) -> Line:
    words = Line((f"{utc_text(line.at_ns)[11:19]} ", DIM), (f"{line.word:<{_WORD}} ", line.style))
    if line.count > 1:
        words.add(f"x{line.count} ", line.style)
    return words.add(line.text, line.text_style)
