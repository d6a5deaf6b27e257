"""Where the parts of `undertow flow` go: two columns below 110 characters, three above."""

from collections.abc import Iterable

import msgspec
from rich.console import Console, ConsoleOptions, RenderResult
from rich.segment import Segment
from rich.style import Style

from undertow.cli.flow_view.flow_report import FlowReport
from undertow.cli.flow_view.level_lines import magnet_lines, profile_lines, wall_lines
from undertow.cli.flow_view.state_lines import state_lines
from undertow.cli.flow_view.venue_lines import imbalance_lines, venue_lines
from undertow.cli.view.line import Line, beside, section, stacked
from undertow.cli.view.palette import DIM, STRONG, signed

WIDE = 110
LEAST_WIDTH, LEAST_HEIGHT = 60, 20
STILL_PROFILE = 12
_RULE = 1
_STATE_NARROW = 8
_MIDDLE_NARROW = 6
_LEAST_VENUES = 8


class FlowScreen(msgspec.Struct, frozen=True):
    """One frame. `footer` is its last line. height 0: as high as everything needs."""

    report: FlowReport
    origin: str
    footer: str
    width: int
    height: int = 0

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for place, line in enumerate(compose_flow(self)):
            if place:
                yield Segment.line()
            for text, style in line.spans:
                yield Segment(text, Style.parse(style))
        if not self.height:
            yield Segment.line()


def compose_flow(screen: FlowScreen) -> list[Line]:
    """Lines of exactly the screen's width; exactly its height of them when it has one."""
    width, height = screen.width, screen.height or _needed(screen)
    if width < LEAST_WIDTH or height < LEAST_HEIGHT:
        words = f"This view needs a terminal of {LEAST_WIDTH}x{LEAST_HEIGHT} characters."
        return stacked([Line((words, DIM))], width, height)
    body = _wide(screen, height - 2) if width >= WIDE else _narrow(screen, height - 2)
    return stacked([_head(screen), *body, Line((screen.footer, DIM))], width, height)


def _needed(screen: FlowScreen) -> int:
    report = screen.report
    venues = _RULE + 1 + len(report.sums) + len(report.venues)
    if screen.width >= WIDE:
        _, _, right = _columns(screen.width)
        return 2 + venues + max(STILL_PROFILE, len(_state(report, right))) + _RULE
    return 2 + venues + STILL_PROFILE + 2 * _RULE + len(_state(report, screen.width))


def _columns(width: int) -> tuple[int, int, int]:
    left, centre = width * 33 // 100, width * 31 // 100
    return left, centre, width - left - centre


def _state(report: FlowReport, width: int) -> list[Line]:
    lines = state_lines(report, width=width)
    return lines + (magnet_lines(report, height=len(report.levels)) if report.levels else [])


def _head(screen: FlowScreen) -> Line:
    report = screen.report
    line = Line((report.asset, STRONG))
    shown = next((one for one in report.venues if one.instrument_id == report.instrument), None)
    if shown is not None and shown.last == shown.last:
        line.add(f"  {shown.last:,.{report.price_digits}f}", STRONG)
        if shown.move == shown.move:
            line.add(f"  {shown.move:+.2%} 15m", signed(shown.move))
    return line.add(f"  {report.instrument}  {report.time}", DIM)


def _narrow(screen: FlowScreen, lines: int) -> list[Line]:
    # On 80x24: venues 8, profile and ladder 6, state 8; what is more goes to the profile.
    report, width = screen.report, screen.width
    everything = _state(report, width)
    state = min(_RULE + len(everything), max(_STATE_NARROW, lines // 3))
    if screen.height == 0:
        state = _RULE + len(everything)
    wanted = _RULE + 1 + len(report.sums) + len(report.venues)
    venues = min(wanted, max(6, lines - state - _MIDDLE_NARROW - max(0, lines - 30) // 2))
    if screen.height == 0:
        venues = wanted
    middle = lines - venues - state
    left = width // 2 - 1
    right = width - left - 1
    return [
        *_venues(screen, venues),
        *beside(
            _ladder(report, left, middle),
            beside(stacked([], 1, middle), _profile(report, right, middle)),
        ),
        *_part("STATE", everything, (width, state)),
    ]


def _wide(screen: FlowScreen, lines: int) -> list[Line]:
    report, width = screen.report, screen.width
    left, centre, right = _columns(width)
    everything = _state(report, right)
    wanted = _RULE + 1 + len(report.sums) + len(report.venues)
    middle = max(lines - wanted, min(_RULE + len(everything), lines - _LEAST_VENUES))
    gap = stacked([], 1, middle)
    return [
        *_venues(screen, lines - middle),
        *beside(
            beside(_ladder(report, left - 1, middle), gap),
            beside(
                beside(_profile(report, centre - 1, middle), gap),
                _part("STATE", everything, (right, middle)),
            ),
        ),
    ]


def _part(title: str, body: Iterable[Line], size: tuple[int, int], note: str = "") -> list[Line]:
    return section(title, body, size, framed=False, note=note)


def _venues(screen: FlowScreen, height: int) -> list[Line]:
    body = venue_lines(screen.report, width=screen.width, height=height - _RULE)
    note = f"dollars, 15 min  {screen.origin}"
    return _part("VENUES", body, (screen.width, height), note)


def _ladder(report: FlowReport, width: int, height: int) -> list[Line]:
    walls = [
        Line(("walls: distance, money, age, persistence", DIM)),
        *wall_lines(report, height=height),
    ]
    body = [*imbalance_lines(report, width=width), *walls]
    return _part("IMBALANCE", body, (width, height), "bought : sold")


def _profile(report: FlowReport, width: int, height: int) -> list[Line]:
    body = profile_lines(report, width=width, height=height - _RULE)
    return _part("PROFILE", body, (width, height), "15 min")
