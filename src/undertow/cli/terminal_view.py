"""The live terminal view of a run: one screen, drawn a few times a second, that changes nothing.

`TerminalView` reads the engine between two of its steps: call it from the event loop on which the
engine runs. What it draws is a function of the engine's state and of what `sample` remembered.
"""

import resource
import sys
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.live import Live
from rich.segment import Segment
from rich.style import Style

from undertow.cli.main import DISCLAIMER
from undertow.cli.view.event_feed import Item
from undertow.cli.view.screen_layout import Screen, compose
from undertow.cli.view.view_state import Gauges, RunGauges, ViewState
from undertow.domain.time import NS_PER_MS
from undertow.engine.engine import Engine

if TYPE_CHECKING:
    from undertow.live.paper_run import PaperRun

FRAMES_PER_S = 4.0
_FOOTER = f"Ctrl-C ends the run in good order.  {DISCLAIMER}"


def no_gauges() -> RunGauges:
    """For runs whose driver tells nothing."""
    return RunGauges()


class TerminalView:
    """The screen of one engine.

    recent: the last effects, oldest first, filled by the driver; reports of fills may be among
    them. speed_text: what was asked for, such as "x10" or "max". gauges: asked before each frame.
    """

    def __init__(
        self,
        engine: Engine,
        recent: Sequence[Item],
        *,
        speed_text: str,
        mode: str = "paper",
        gauges: Gauges = no_gauges,
    ) -> None:
        self._engine = engine
        self._recent = recent
        self._speed_text = speed_text
        self._mode = mode
        self.state = ViewState(engine, gauges)

    def sample(self, wall_ns: int) -> None:
        """Remember rates, equity and what happened, at this time of the wall clock."""
        self.state.sample(self._engine, wall_ns, self._recent)

    def render(self) -> RenderableType:
        """The screen, in whatever size it is then drawn."""
        return _SizedScreen(self)

    def screen(self, width: int, height: int) -> Screen:
        """What is drawn at a size."""
        return Screen(
            engine=self._engine,
            state=self.state,
            mode=self._mode,
            speed_text=self._speed_text,
            footer=_FOOTER,
            width=width,
            height=height,
        )


class _SizedScreen:
    """Composes the screen when its size is known."""

    def __init__(self, view: TerminalView) -> None:
        self._view = view

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        height = options.height or console.height
        for place, line in enumerate(compose(self._view.screen(options.max_width, height))):
            if place:
                yield Segment.line()
            for text, style in line.spans:
                yield Segment(text, Style.parse(style))


class LiveScreen:
    """Draws a view on the terminal at most `FRAMES_PER_S` times a second, and gives the terminal
    back as it was when it is left, however it is left.
    """

    def __init__(
        self,
        view: TerminalView,
        console: Console | None = None,
        wall_ns: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        self._view = view
        self._wall_ns = wall_ns
        self._drawn_ns = 0
        self._live = Live(
            view.render(),
            console=console or Console(),
            screen=True,
            auto_refresh=False,
            redirect_stdout=False,
            redirect_stderr=False,
        )

    def __enter__(self) -> "LiveScreen":
        self._live.__enter__()
        return self

    def __exit__(self, *raised: object) -> None:
        self._live.stop()

    def tick(self) -> None:
        """Draw a frame if it is time for one."""
        now_ns = self._wall_ns()
        if self._drawn_ns and now_ns - self._drawn_ns < 1e9 / FRAMES_PER_S * 0.9:
            return
        self._drawn_ns = now_ns
        self._view.sample(now_ns)
        self._live.update(self._view.render(), refresh=True)


class PaperGauges:
    """Reads the gauges of a paper run: its journal, and how late its event loop ticks."""

    def __init__(self, paper: "PaperRun", period_s: float) -> None:
        self._paper = paper
        self._period_ms = period_s * 1e3
        self._ticked_ns = 0

    def __call__(self) -> RunGauges:
        now_ns = time.monotonic_ns()
        passed_ms = (now_ns - self._ticked_ns) / NS_PER_MS if self._ticked_ns else self._period_ms
        self._ticked_ns = now_ns
        journal = self._paper.journal
        return RunGauges(
            journal_frames=journal.position.sequence,
            journal_durable=journal.durable_sequence,
            loop_lag_ms=max(0.0, passed_ms - self._period_ms),
            memory_mib=_memory_mib(),
        )


async def run_with_view(paper: "PaperRun") -> None:
    """Drive an opened paper run and show it until it ends."""
    from undertow.live.paper_run import KILL_POLL_S

    speed = paper.plan.speed
    view = TerminalView(
        paper.session.engine,
        paper.recording.recent,
        speed_text="max" if speed is None else f"x{speed:g}",
        gauges=PaperGauges(paper, KILL_POLL_S),
    )
    with LiveScreen(view) as screen:
        screen.tick()
        await paper.run(on_tick=screen.tick)


def _memory_mib() -> float:
    # Linux counts in KiB, macOS in bytes.
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1 << 20) if sys.platform == "darwin" else most / (1 << 10)
