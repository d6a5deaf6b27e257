"""An order's story for people: sections from the market to the profit, in the order of time."""

from collections.abc import Iterable, Iterator

from rich.console import Group, RenderableType
from rich.rule import Rule
from rich.text import Text

from undertow.cli.why.order_story import (
    OrderStory,
    ToldDecision,
    ToldOrder,
    ToldPosition,
    ToldRisk,
    ToldVerdict,
)
from undertow.cli.why.story_tables import (
    bars_table,
    caps_table,
    checks_table,
    clock,
    figure,
    latency_table,
    life_table,
    orders_table,
    parts_table,
    trades_table,
)
from undertow.domain.time import utc_text

Mark = tuple[str, str]
"""A word and its style."""

_GOOD, _BAD, _DIM = "green", "red", "dim"
_MARKS: tuple[Mark, Mark] = (("pass", _GOOD), ("FAIL", _BAD))
_EXIT_MARKS: tuple[Mark, Mark] = (("fires", "yellow"), ("quiet", _DIM))
"""An exit rule that holds is a reason to leave; one that does not is no failure."""

_CHANGES_SHOWN = 4


def render_story(story: OrderStory) -> RenderableType:
    """The whole story; every number of it comes from the journal."""
    return Group(*_head(story), *_sections(story))


def _sections(story: OrderStory) -> Iterator[RenderableType]:
    yield from _section("What the engine had seen", _seen(story))
    if story.decision is not None:
        yield from _section(f"Decision {story.decision.decision_id}", _decision(story.decision))
    if story.risk is not None:
        yield from _section("Risk", _risk(story.risk))
    if story.execution:
        yield from _section("Execution", _execution(story))
    yield from _section(f"Life of {story.order.client_order_id}", [life_table(story.order)])
    yield from _section("Latency", [latency_table(story.latencies)])
    if story.position is not None:
        yield from _section(f"Position {story.position.position_id}", _position(story.position))
    if story.others:
        yield from _section("Other orders of the position", [orders_table(story.others)])


def _section(title: str, parts: Iterable[RenderableType]) -> Iterator[RenderableType]:
    yield Text()
    yield Rule(Text(title, "bold"), align="left", style=_DIM)
    yield from parts


def _head(story: OrderStory) -> Iterator[RenderableType]:
    order, run = story.order, story.run
    side = order.side.upper()
    colour = _GOOD if order.side == "buy" else _BAD
    yield Text.assemble(
        (f"{order.client_order_id}  ", "bold"),
        (side, f"bold {colour}"),
        (f" {order.qty} {order.instrument_id}", "bold"),
        f"  {order.terms}",
    )
    yield Text(f"{order.purpose} of {order.strategy}, {_outcome(order)}")
    yield Text(f"Why: {story.rule}", "bold cyan")
    yield Text(
        f"sent {utc_text(order.sent_ns)} in run {run.run_id} ({run.mode}, version {run.version}, "
        f"seed {run.seed}, configuration {run.config_digest[:12]})",
        _DIM,
    )


def _outcome(order: ToldOrder) -> str:
    if not order.average_price:
        return order.state
    fees = ", ".join(f"{amount} {currency}" for currency, amount in order.fees.items())
    return f"{order.state}: {order.filled_qty} at {order.average_price} on average, fees {fees}"


def _seen(story: OrderStory) -> Iterator[RenderableType]:
    wake = story.wake
    if wake is not None:
        yield Text.assemble(
            "woken at ",
            (clock(wake.at_ns), "bold"),
            f": {wake.what}",
            (f"  (after journal frame {wake.sequence})", _DIM),
        )
    if story.bars:
        yield bars_table(story.bars)
    if story.trades:
        yield trades_table(story.trades)


def _decision(decision: ToldDecision) -> Iterator[RenderableType]:
    side = {1: "long", -1: "short"}.get(decision.side, "no side")
    yield Text(f"{clock(decision.at_ns)}  outcome {decision.outcome}, {side}")
    if decision.inputs:
        shown = "  ".join(f"{name} {figure(value)}" for name, value in decision.inputs.items())
        yield Text(f"inputs: {shown}")
    is_exit = decision.outcome == "exit"
    yield from _verdicts(decision.levels, _EXIT_MARKS if is_exit else _MARKS)
    if decision.score_parts:
        score, most = figure(decision.score), figure(decision.score_maximum)
        yield Text(f"score {score} of {most} points:", "bold")
        yield parts_table(decision.score_parts)
    signal = decision.signal
    if signal is not None:
        prices = (
            ("entry", signal.entry_price),
            ("stop", signal.stop_price),
            ("target", signal.take_profit_price),
            ("trail", f"{signal.trail_percent:g} %" if signal.trail_percent else ""),
        )
        shown = "  ".join(f"{name} {text}" for name, text in prices if text)
        words = f"signal: {signal.action} {signal.side}, {signal.reason}"
        if signal.confidence:
            words += f", confidence {figure(signal.confidence)}"
        yield Text(f"{words}  {shown}".rstrip())


def _verdicts(
    verdicts: Iterable[ToldVerdict], marks: tuple[Mark, Mark] = _MARKS
) -> Iterator[RenderableType]:
    for verdict in verdicts:
        mark, style = marks[0] if verdict.passed else marks[1]
        yield Text.assemble((f"{mark} ", style), (verdict.name, "bold"), f"  {verdict.reason}")
        if verdict.checks:
            yield checks_table(verdict.checks)


def _risk(risk: ToldRisk) -> Iterator[RenderableType]:
    if risk.approved:
        yield Text.assemble(("approved", f"bold {_GOOD}"), f" {risk.qty}  ({risk.intent_id})")
    else:
        yield Text.assemble((f"refused {risk.code}", f"bold {_BAD}"), f": {risk.words}")
    prices = (("reference", risk.reference_price), ("stop", risk.stop_price))
    shown = "  ".join(f"{name} {text}" for name, text in prices if text)
    if shown:
        yield Text(shown)
    yield checks_table(risk.checks)
    if risk.caps:
        yield Text("sizing: the tightest cap decides", "bold")
        yield caps_table(risk.caps)


def _execution(story: OrderStory) -> Iterator[RenderableType]:
    for judged in story.execution:
        yield Text.assemble((clock(judged.at_ns), _DIM), "  ", (judged.outcome, "bold"))
        yield from _verdicts(judged.handlers)


def _position(position: ToldPosition) -> Iterator[RenderableType]:
    began = f"{position.side} {position.qty} from {position.entry_price}"
    yield Text(f"{began}, opened {clock(position.opened_ns)} by {position.entry_decision_id}")
    if position.is_open:
        yield Text("still open at the end of the journal", "yellow")
    else:
        by = f" by {position.exit_decision_id}" if position.exit_decision_id else ""
        yield Text(
            f"closed {clock(position.closed_ns)}{by} at {position.exit_price} after "
            f"{position.held_s:.1f} s: {position.exit_reason}"
        )
        style = _BAD if position.pnl.startswith("-") else _GOOD
        yield Text.assemble(
            (f"P&L {position.pnl} {position.currency} ({figure(position.pnl_percent)} %)", style),
            f" after fees {position.fees} and funding {position.funding}",
        )
    changes = position.stop_changes
    if changes:
        yield Text(f"stop: {len(changes)} changes", "bold")
        for change in changes[:_CHANGES_SHOWN]:
            yield Text(f"  {clock(change.at_ns)}  {change.price}  {change.reason}")
        hidden = len(changes) - _CHANGES_SHOWN
        if hidden > 1:
            yield Text(f"  ... {hidden - 1} more ...", _DIM)
        if hidden > 0:
            last = changes[-1]
            yield Text(f"  {clock(last.at_ns)}  {last.price}  {last.reason}")
