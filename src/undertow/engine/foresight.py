"""Asking strategies about many bars at once, while nothing but bars can happen to them.

While no order is at work, nothing is watched and no timer is due, rows change the flow and nothing
else, and strategies that are silent change nothing at all. So the flow is run ahead over a stretch,
the indicators over the bars it closed, and the strategies are asked bar by bar out of plain lists.
The first that says anything, looks at the flow, or fails ends the stretch: everything goes to that
bar, and its answer takes the ordinary way.

The ordinary way and this one give the same state, decisions and effects; a property test holds both
against each other. Where the conditions do not hold this does nothing.
"""

from collections.abc import Callable, Iterable
from itertools import chain
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.decision.answer import HOLD, WAIT
from undertow.decision.context import Context
from undertow.decision.decision import Decision
from undertow.decision.deployment import Deployment
from undertow.decision.foreseen_context import ForeseenContext
from undertow.decision.indicator_set import DEPTH, ForeseenSeries
from undertow.decision.strategy import Answer
from undertow.domain.bar import Bar
from undertow.domain.market_event import EventArray
from undertow.domain.position import PositionView
from undertow.flow.look_ahead import LookAhead

if TYPE_CHECKING:
    from undertow.engine.engine import Engine

FEWEST_BARS = 8
MOST_BARS = 2_048
FEWEST_ROWS = 64
"""Shorter stretches are not worth the copy of the flow that going back needs."""

MOST_ROWS_A_BAR = 100
"""With more rows to a bar, asking costs nothing beside them, and going back costs them again."""

REST = 64
"""Calls without looking ahead after a stretch that could not be foreseen."""

_PIECE = 32
_MOST_LOOKS = 32
"""Looks at the flow without an answer after which it is not worth it any more."""


class _Lane(msgspec.Struct):
    # One deployment over one stretch. seen: its bars asked about so far, the present one included.
    deployment: Deployment
    ctx: ForeseenContext
    foreseen: ForeseenSeries
    outcome: str
    seen: int = 0

    @property
    def on_bar(self) -> Callable[[Context, Bar], Answer]:
        """The strategy's own."""
        return self.deployment.strategy.on_bar


class Foresight:
    """Belongs to one engine, which calls `run` where it would apply rows."""

    def __init__(self, engine: "Engine") -> None:
        self._engine = engine
        self._ahead: LookAhead | None = None
        self._deployments = engine.host.foreseeable()
        self._bars = FEWEST_BARS
        self._rest = 0
        self._looks = 0
        self._lanes: dict[int, _Lane] = {}
        self._rows: EventArray | None = None
        self._last_rows: EventArray | None = None
        self._can_read = False
        self._start = 0
        self._row = 0
        self._is_there = False

    def forget(self) -> None:
        """The flow has new arrays."""
        self._ahead = None

    def run(self, events: EventArray, start: int, stop: int, due_ns: int) -> int:
        """Go as far as nobody has anything to say; returns the first row not applied.

        What was decided at the last row waits in the engine, as after the ordinary way.
        """
        if self._rest or stop - start < FEWEST_ROWS or not self._is_possible(events):
            self._rest = max(0, self._rest - 1)
            return start
        ahead = self._ahead
        assert ahead is not None
        assert self._rows is not None
        self._start = self._row = start
        self._lanes = {}
        self._is_there = False
        ahead.run(self._rows, start, stop, due_ns, self._bars)
        if ahead.position - start > MOST_ROWS_A_BAR * max(1, ahead.count):
            self._deployments = None
        elif not ahead.count or self._prepare(ahead):
            return self._ask(ahead)
        ahead.go_back(start)
        self._rest = REST
        return start

    def _is_possible(self, events: EventArray) -> bool:
        engine, memory = self._engine, self._engine.memory
        if self._deployments is None or memory.watches or memory.awaited:
            return False
        if self._looks > _MOST_LOOKS or any(d.is_suspended for d in self._deployments.values()):
            self._deployments = None
            return False
        if self._ahead is None:
            self._ahead = engine.flow.look_ahead()
            if self._ahead is None:
                self._deployments = None
                return False
        if events is not self._last_rows:
            self._last_rows = events
            self._rows = engine.flow.readable(events)
            self._can_read = self._ahead.can_read(events)
        return self._can_read

    def _prepare(self, ahead: LookAhead) -> bool:
        # False when a strategy still warms up, or hears of bars it does not wait for.
        assert self._deployments is not None
        noted = ahead.notes["instrument"]
        for index, deployment in self._deployments.items():
            mine = noted == index
            if mine.all():
                bars = ahead.bars
            elif mine.any():
                bars = ahead.bars[mine]
            else:
                continue
            foreseen = deployment.indicators.foresee(bars, deployment.instrument)
            if not foreseen.defined:
                return False
            self._lanes[index] = self._lane(index, deployment, foreseen)
        return sum(len(lane.foreseen.closes) for lane in self._lanes.values()) == ahead.count

    def _lane(self, index: int, deployment: Deployment, foreseen: ForeseenSeries) -> _Lane:
        engine = self._engine
        held = engine.ledger.position(deployment.strategy_id, deployment.instrument.instrument_id)
        ctx = ForeseenContext(
            deployment.strategy_id,
            engine.flow,
            index,
            now_ns=0,
            indicators=deployment.indicators,
            state=deployment.state,
            cache=deployment.cache,
        )
        lane = _Lane(deployment, ctx, foreseen, WAIT if held is None else HOLD)

        def view() -> PositionView:
            assert held is not None
            return engine.keeper.view_at(held, ctx.last_ticks)

        ctx.prepare(
            foreseen.values,
            lambda: self._arrive(deployment),
            self._time,
            None if held is None else view,
        )
        return lane

    def _ask(self, ahead: LookAhead) -> int:
        if len(self._lanes) == 1:
            (lane,) = self._lanes.values()
            return self._ask_one(ahead, lane)
        lanes = self._lanes
        notes, bars = ahead.notes.tolist(), ahead.bars.tolist()
        position = ahead.position
        for (row, index, timeframe_s, last_ticks), numbers in zip(notes, bars, strict=True):
            lane = lanes[index]
            if lane.seen >= lane.foreseen.defined:
                # An indicator is undefined here: the ordinary way says so.
                ahead.go_back(self._row)
                self._commit(self._row)
                self._rest = 1
                return self._row
            self._row = row
            ctx = lane.ctx
            ctx.at = DEPTH + lane.seen
            ctx.last_ticks = last_ticks
            lane.seen += 1
            answer: Answer = None
            failure: Exception | None = None
            try:
                answer = lane.deployment.strategy.on_bar(ctx, Bar(index, timeframe_s, *numbers))
            except Exception as error:  # noqa: BLE001 - users' code; concluded by the host
                failure = error
            if answer is not None or failure is not None or self._is_there:
                return self._conclude(lane, answer, failure)
        self._bars = min(2 * self._bars, MOST_BARS)
        self._commit(position)
        return position

    def _ask_one(self, ahead: LookAhead, lane: _Lane) -> int:
        # The same for the bars of one instrument: what does not change is looked up once.
        ctx, on_bar, at = lane.ctx, lane.on_bar, DEPTH
        rows = _rows_of(ahead.notes[: lane.foreseen.defined], ahead.bars)
        answer: Answer = None
        failure: Exception | None = None
        for (self._row, index, timeframe_s, ctx.last_ticks), numbers in rows:
            ctx.at = at
            at += 1
            lane.seen = at - DEPTH
            try:
                answer = on_bar(ctx, Bar(index, timeframe_s, *numbers))
            except Exception as error:  # noqa: BLE001 - users' code; concluded by the host
                failure = error
            if answer is not None or failure is not None or self._is_there:
                return self._conclude(lane, answer, failure)
        if lane.seen < ahead.count:
            # An indicator is undefined at the next bar: the ordinary way says so.
            ahead.go_back(self._row)
            self._rest = 1
        else:
            self._bars = min(2 * self._bars, MOST_BARS)
        self._commit(ahead.position)
        return ahead.position

    def _conclude(self, lane: _Lane, answer: Answer, failure: Exception | None) -> int:
        # The bar has somebody's attention: the rest of it goes the ordinary way.
        ctx: Context = lane.ctx
        assert lane.ctx.flow is not None, "looking at it brings everything to this bar"
        self._looks += answer is None and failure is None
        # As far again as somebody was silent this time: what is run ahead in vain is bounded.
        asked = sum(one.seen for one in self._lanes.values())
        self._bars = max(FEWEST_BARS, min(2 * asked, MOST_BARS))

        def ask() -> Answer:
            if failure is not None:
                raise failure
            return answer

        host = self._engine.host
        host.begin()
        decisions: list[Decision] = host.conclude(lane.deployment, ctx, "on_bar", ask)
        self._engine.carry_out(decisions)
        return self._row

    def _arrive(self, deployment: Deployment) -> PositionView | None:
        assert self._ahead is not None
        row = self._row
        if self._ahead.position != row:
            self._ahead.go_back(row)
        self._is_there = True
        # The present bar is concluded by the host, all before it were silent.
        self._commit(row, present=deployment)
        return self._engine.keeper.position(
            deployment.strategy_id, deployment.instrument.instrument_id
        )

    def _commit(self, row: int, present: Deployment | None = None) -> None:
        engine = self._engine
        for lane in self._lanes.values():
            deployment = lane.deployment
            deployment.indicators.go_to(lane.foreseen, lane.seen)
            silent = lane.seen - (deployment is present)
            if silent:
                engine.host.count_silences(deployment, lane.outcome, silent)
        engine.passed(row - self._start)

    def _time(self) -> int:
        assert self._rows is not None
        return max(self._engine.now_ns, int(self._rows["receive_time_ns"][self._row - 1]))


def _rows_of(notes: NDArray[np.void], bars: NDArray[np.void]) -> Iterable[tuple[Any, Any]]:
    # Each note with its bar as plain numbers. In pieces: a stretch is mostly left early.
    pieces = (slice(at, at + _PIECE) for at in range(0, len(notes), _PIECE))
    return chain.from_iterable(
        zip(notes[piece].tolist(), bars[piece].tolist(), strict=False) for piece in pieces
    )
