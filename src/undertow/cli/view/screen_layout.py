"""Where each panel goes: stacked below 100 columns, side by side above.

Heights are counted out here so that every panel knows its room; none ever scrolls.
"""

import msgspec

from undertow.cli.view.account_panel import account_panel
from undertow.cli.view.activity_panel import activity_panel
from undertow.cli.view.flow_panel import flow_panel
from undertow.cli.view.funnel_panel import funnel_panel
from undertow.cli.view.header_panel import header
from undertow.cli.view.line import FRAME_LINES, Line, beside, inner_size, section, stacked
from undertow.cli.view.machine_panel import machine_panel
from undertow.cli.view.palette import DIM
from undertow.cli.view.positions_panel import positions_panel
from undertow.cli.view.view_state import ViewState
from undertow.engine.engine import Engine

WIDE = 100
TALL = 30
LEAST_WIDTH, LEAST_HEIGHT = 60, 16
_MACHINE_LINES = 6
_FLOW_NOTE = "all venues, 15 min, $"

Size = tuple[int, int]
"""Columns and lines."""


class Screen(msgspec.Struct, frozen=True):
    """One frame to be drawn: what is seen, what is remembered, and the size."""

    engine: Engine
    state: ViewState
    mode: str
    speed_text: str
    footer: str
    width: int
    height: int


def compose(screen: Screen) -> list[Line]:
    """The whole screen: exactly its height in lines of exactly its width."""
    width, height = screen.width, screen.height
    if width < LEAST_WIDTH or height < LEAST_HEIGHT:
        words = f"This view needs a terminal of {LEAST_WIDTH}x{LEAST_HEIGHT} characters."
        return stacked([Line((words, DIM))], width, height)
    head = header(
        screen.engine, screen.state, mode=screen.mode, speed_text=screen.speed_text, width=width
    )
    lines = height - len(head) - 1
    is_wide = width >= WIDE and height >= TALL
    body = _wide(screen, lines) if is_wide else _narrow(screen, lines)
    return stacked([*head, *body, Line((screen.footer, DIM))], width, height)


def _narrow(screen: Screen, lines: int) -> list[Line]:
    # 19 lines on an 80x24 terminal: flow 6, positions 4, account and funnel 5, the rest happens.
    width, spare = screen.width, max(0, lines - 19)
    flow, positions, middle = 6 + spare // 3, 4 + spare // 4, 5 + spare // 5
    left = width // 2 - 2
    account = stacked(_account(screen, (left - 1, middle), framed=False), left, middle)
    return [
        *_flow(screen, (width, flow), framed=False),
        *_positions(screen, (width, positions), framed=False),
        *beside(account, _funnel(screen, (width - left, middle), framed=False)),
        *_activity(screen, (width, lines - flow - positions - middle), framed=False),
    ]


def _wide(screen: Screen, lines: int) -> list[Line]:
    engine, width = screen.engine, screen.width
    flow = min(FRAME_LINES + 1 + len(engine.table.assets), max(8, lines * 3 // 10))
    activity = max(6, lines // 4)
    middle = lines - flow - activity
    left = width * 58 // 100
    right = width - left
    held = len(engine.ledger.positions)
    positions = min(FRAME_LINES + 1 + max(2, held), middle // 2)
    machine = FRAME_LINES + min(_MACHINE_LINES, max(3, middle // 3))
    return [
        *_flow(screen, (width, flow), framed=True),
        *beside(
            [
                *_positions(screen, (left, positions), framed=True),
                *_funnel(screen, (left, middle - positions), framed=True),
            ],
            [
                *_account(screen, (right, middle - machine), framed=True),
                *_machine(screen, (right, machine), framed=True),
            ],
        ),
        *_activity(screen, (width, activity), framed=True),
    ]


def _flow(screen: Screen, size: Size, *, framed: bool) -> list[Line]:
    width, height = inner_size(size, framed=framed)
    body = flow_panel(screen.engine, width=width, height=height)
    left_out = not all(screen.engine.flow.asset(a).is_complete for a in screen.engine.table.assets)
    note = f"{_FLOW_NOTE}  * a venue is left out: not healthy" if left_out else _FLOW_NOTE
    return section("FLOW", body, size, framed=framed, note=note)


def _positions(screen: Screen, size: Size, *, framed: bool) -> list[Line]:
    width, height = inner_size(size, framed=framed)
    body = positions_panel(screen.engine, width=width, height=height)
    return section("POSITIONS", body, size, framed=framed)


def _funnel(screen: Screen, size: Size, *, framed: bool) -> list[Line]:
    body = funnel_panel(screen.engine, height=inner_size(size, framed=framed)[1])
    return section("FUNNEL", body, size, framed=framed, note="why nothing happens")


def _account(screen: Screen, size: Size, *, framed: bool) -> list[Line]:
    width, height = inner_size(size, framed=framed)
    body = account_panel(screen.engine, screen.state, width=width, height=height)
    return section("ACCOUNT", body, size, framed=framed)


def _machine(screen: Screen, size: Size, *, framed: bool) -> list[Line]:
    body = machine_panel(screen.engine, screen.state)
    return section("ENGINE", body, size, framed=framed)


def _activity(screen: Screen, size: Size, *, framed: bool) -> list[Line]:
    body = activity_panel(screen.state.feed, height=inner_size(size, framed=framed)[1])
    return section("ACTIVITY", body, size, framed=framed)
