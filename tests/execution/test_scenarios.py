"""Scenarios as text tables: an input by line, what it must cause indented below it.

Run with UNDERTOW_RECORD_SCENARIOS=1 to write what happens into the files; review the diff.
Inputs: `<time ms> <verb> <words>`; `key=value` words are options. Orders are o1, o2, ... in the
order of their making. `@<ms>` marks what a timer did between two inputs.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from undertow.domain.command import AmendOrder, CancelOrder, QueryOrder, SubmitOrder
from undertow.domain.event import (
    ExecutionJudged,
    ExecutionValidationFailed,
    OrderFailed,
    OrderOutcomeUnknown,
    OrderPlaced,
    PositionClosed,
    PositionOpened,
    PositionReconciliationFailed,
    SignalRejected,
    StopHit,
    StopMoved,
    SystemFailure,
)
from undertow.domain.identity import ClientOrderId, FillId, StrategyId, VenueOrderId
from undertow.domain.instrument import Instrument
from undertow.domain.intent import Intent
from undertow.domain.money import Money
from undertow.domain.order import (
    Limit,
    Liquidity,
    Market,
    OrderState,
    Purpose,
    Terms,
    TimeInForce,
    Trigger,
    TriggerWhen,
)
from undertow.domain.report import (
    AmendRejected,
    CancelRejected,
    FundingSettled,
    OrderAccepted,
    OrderAmended,
    OrderCanceled,
    OrderExpired,
    OrderFilled,
    OrderRejected,
    OrderStatus,
    OrderTriggered,
    PositionLiquidated,
    PositionReported,
    Report,
    RequestTimedOut,
)
from undertow.domain.side import Side
from undertow.execution import tracked_order
from undertow.execution.desk_step import DeskStep
from undertow.execution.execution_config import ExecutionConfig
from undertow.execution.order_table import TABLE as MOVES
from undertow.execution.order_table import Happening, next_state
from undertow.ledger.fill import Fill

FOLDER = Path(__file__).parent / "scenarios"
FILES = sorted(FOLDER.glob("*.txt"))
MS = 1_000_000
RECORD = "UNDERTOW_RECORD_SCENARIOS" in os.environ

World = Any
Words = tuple[list[str], dict[str, str]]


def _split(text: str) -> Words:
    words = text.split()
    options = dict(word.split("=", 1) for word in words if "=" in word)
    return [word for word in words if "=" not in word], options


def _name(word: str) -> ClientOrderId:
    own = word[0] == "o" and word[1:].isdigit()
    return ClientOrderId(f"ut1-{word}" if own else word)


def _terms(options: dict[str, str]) -> Terms:
    if "limit" in options:
        price, _, tif = options["limit"].partition("/")
        return Limit(int(price), TimeInForce(tif or "gtc"))
    if "trigger" in options:
        price, _, when = options["trigger"].partition("/")
        return Trigger(int(price), TriggerWhen(when), Market())
    return Market()


class Reader:
    """Turns the words of an input line into calls of a world."""

    def __init__(self, world: World, instruments: dict[str, Instrument]) -> None:
        self.world = world
        self.instruments = instruments

    def run(self, line: str) -> None:
        time_ms, verb, *rest = line.split(maxsplit=2)
        self.world.advance(int(time_ms) * MS)
        words, options = _split(rest[0] if rest else "")
        act = getattr(self, f"do_{verb}", None)
        if act is not None:
            act(words, options)
        else:
            self.world.report(self.read(verb, words, options))

    def on(self, options: dict[str, str]) -> Instrument:
        return self.instruments[options.get("on", "perp")]

    def key(self, options: dict[str, str]) -> tuple[StrategyId, Any]:
        return StrategyId(options.get("strategy", "alpha")), self.on(options).instrument_id

    def do_approve(self, words: list[str], options: dict[str, str]) -> None:
        purpose, side, lots = Purpose(words[0]), Side[words[1].upper()], int(words[2])
        names = {"ref": "reference_ticks", "stop": "stop_ticks", "trail": "trail_ppm"}
        names["target"] = "take_profit_ticks"
        more: dict[str, Any] = {names[k]: int(v) for k, v in options.items() if k in names}
        strategy = options.get("strategy", "alpha")
        on, terms = self.on(options), _terms(options)
        reason = options.get("reason", "signal")
        intent = self.world.intent(
            purpose, side, terms, on=on, strategy=strategy, reason=reason, **more
        )
        self.world.approve(intent, lots)

    def do_wait(self, words: list[str], options: dict[str, str]) -> None:
        assert not words
        assert not options

    def do_restart(self, words: list[str], options: dict[str, str]) -> None:
        self.world.restart()

    def do_refuse(self, words: list[str], options: dict[str, str]) -> None:
        self.world.refused = {Purpose(word) for word in words}

    def do_lost(self, words: list[str], options: dict[str, str]) -> None:
        self.world.call(self.world.desk.on_venue_lost, words[0])

    def do_extreme(self, words: list[str], options: dict[str, str]) -> None:
        self.world.call(self.world.desk.on_extreme, *self.key(options), int(words[0]))

    def do_tighten(self, words: list[str], options: dict[str, str]) -> None:
        self.world.call(self.world.desk.tighten, *self.key(options), int(words[0]))

    def do_touched(self, words: list[str], options: dict[str, str]) -> None:
        self.world.call(self.world.desk.on_stop_touched, *self.key(options))

    def do_flatten(self, words: list[str], options: dict[str, str]) -> None:
        self.world.call(self.world.desk.flatten_all, words[0])

    def do_cancel_entries(self, words: list[str], options: dict[str, str]) -> None:
        cancel = self.world.desk.cancel_entries
        self.world.call(lambda now_ns: cancel(now_ns, self.key(options)[1]))

    def do_amend(self, words: list[str], options: dict[str, str]) -> None:
        step = DeskStep(self.world.desk._state, self.world.now_ns)
        step.amend(self.world.desk.order(_name(words[0])), int(words[1]), int(words[2]))
        self.world.sent += step.out.effects

    def do_blocked(self, words: list[str], options: dict[str, str]) -> None:
        expected = {self.instruments[word].instrument_id for word in words}
        assert self.world.desk.blocked() == expected

    def do_protection(self, words: list[str], options: dict[str, str]) -> None:
        found = self.world.desk.protection(*self.key(options))
        assert {name: str(getattr(found, name)) for name in options} == options

    def read(self, verb: str, words: list[str], options: dict[str, str]) -> Report:
        at_ns = int(options.get("at", self.world.now_ns // MS)) * MS
        fields: dict[str, Any] = {"venue": "aster", "event_time_ns": at_ns}
        on = self.on(options)
        if verb in ("position", "liquidated", "funding"):
            return self.read_account(verb, words, on, fields)
        fields["client_order_id"] = _name(words[0])
        if verb in ("rejected", "cancel_rejected", "amend_rejected", "timed_out"):
            return _refusal(verb, words, options, fields)
        fields["venue_order_id"] = VenueOrderId("v")
        if verb == "filled":
            return self.read_fill(words, options, fields)
        if verb == "status":
            numbers = {"filled_lots": "filled", "qty_lots": "qty", "price_ticks": "price"}
            fields |= {name: int(options.get(key, "0")) for name, key in numbers.items()}
            return OrderStatus(**fields, state=OrderState[words[1]])
        if verb == "amended":
            price, qty = int(options["price"]), int(options["qty"])
            return OrderAmended(**fields, price_ticks=price, qty_lots=qty)
        if verb == "expired":
            return OrderExpired(**fields, reason=options.get("reason", "rest expired"))
        kinds: dict[str, Callable[..., Report]] = {
            "accepted": OrderAccepted,
            "canceled": OrderCanceled,
            "triggered": OrderTriggered,
        }
        return kinds[verb](**fields)

    def read_account(
        self, verb: str, words: list[str], on: Instrument, fields: dict[str, Any]
    ) -> Report:
        fields["instrument_id"] = on.instrument_id
        if verb == "position":
            return PositionReported(**fields, signed_lots=int(words[0]))
        if verb == "funding":
            return FundingSettled(**fields, amount=Money.of(words[0], on.settle))
        return PositionLiquidated(**fields, signed_lots=int(words[0]), price_ticks=int(words[1]))

    def read_fill(
        self, words: list[str], options: dict[str, str], fields: dict[str, Any]
    ) -> OrderFilled:
        tracked = self.world.desk.order(fields["client_order_id"])
        lots, price = words[1].split("@")
        on = self.on(options)
        side = tracked.order.side if tracked else Side.BUY
        name = tracked.instrument_id if tracked and "on" not in options else on.instrument_id
        fee = Money.of(options.get("fee", "0"), options.get("in", on.settle))
        return OrderFilled(
            **fields,
            fill_id=FillId(options["id"]),
            instrument_id=name,
            side=Side[options["side"]] if "side" in options else side,
            price_ticks=int(price),
            qty_lots=int(lots),
            liquidity=Liquidity.TAKER,
            fee=fee,
        )


def _refusal(
    verb: str, words: list[str], options: dict[str, str], fields: dict[str, Any]
) -> Report:
    if verb == "timed_out":
        return RequestTimedOut(**fields, request=words[1])
    kinds: dict[str, Callable[..., Report]] = {
        "rejected": OrderRejected,
        "cancel_rejected": CancelRejected,
        "amend_rejected": AmendRejected,
    }
    return kinds[verb](**fields, code=options.get("code", "no"), reason="as told")


# How what happened is printed.


def _own(name: str) -> str:
    return name.removeprefix("ut1-")


def _where(strategy: str, instrument_id: str) -> str:
    market = {"BTC/USDT:USDT@aster": "", "BTC/USDT@aster": " spot"}.get(instrument_id, " inverse")
    return ("" if strategy == "alpha" else f" {strategy}") + market


def _terms_text(terms: Terms) -> str:
    match terms:
        case Limit():
            post = " post-only" if terms.is_post_only else ""
            return f"limit {terms.price_ticks} {terms.time_in_force}{post}"
        case Trigger():
            return f"{terms.when} {terms.trigger_ticks}"
        case _:
            return "market"


def _judged(event: ExecutionJudged) -> str:
    last = event.verdicts[-1]
    code = "" if last.passed else f"/{last.checks[0].name}"
    return f"judged {event.outcome} by {last.name}{code}"


def _closed(event: PositionClosed) -> str:
    prices = f"{event.entry_price} -> {event.exit_price}"
    where = _where(event.strategy, event.instrument_id)
    return (
        f"closed {event.side.name} {event.qty} {prices} pnl {event.pnl.text} {event.reason}{where}"
    )


PRINTERS: dict[type, Callable[[Any], str]] = {
    SubmitOrder: lambda c: (
        f"submit {_own(c.order.client_order_id)} {c.order.purpose} {c.order.side.name} "
        f"{c.order.qty_lots} {_terms_text(c.order.terms)}"
        f"{' reduce-only' if c.order.is_reduce_only else ''}"
        f"{_where(c.order.strategy, c.order.instrument_id)}"
    ),
    CancelOrder: lambda c: f"cancel {_own(c.client_order_id)}",
    AmendOrder: lambda c: f"amend {_own(c.client_order_id)} to {c.price_ticks} x {c.qty_lots}",
    QueryOrder: lambda c: f"query {_own(c.client_order_id)}",
    ExecutionJudged: _judged,
    SignalRejected: lambda e: f"signal rejected {e.code}: {e.reason}",
    ExecutionValidationFailed: lambda e: f"invalid {e.check}: {e.reason}",
    OrderFailed: lambda e: f"failed {_own(e.client_order_id)}: {e.reason}",
    OrderOutcomeUnknown: lambda e: f"unknown {_own(e.client_order_id)} {e.request}",
    StopHit: lambda e: f"stop hit at {e.stop_price}",
    StopMoved: lambda e: f"stop moved to {e.stop_price}",
    SystemFailure: lambda e: f"{'FAILURE' if e.is_critical else 'failure'} {e.error}",
    PositionReconciliationFailed: lambda e: f"differs {'; '.join(e.discrepancies)}",
    PositionOpened: lambda e: (
        f"opened {e.side.name} {e.qty} at {e.entry_price}{_where(e.strategy, e.instrument_id)}"
    ),
    PositionClosed: _closed,
    Fill: lambda f: (
        f"fill {f.fill_id} {f.side.name} {f.qty_lots}@{f.price_ticks} {f.reason}"
        f"{_where(f.strategy, f.instrument_id)}"
    ),
    Intent: lambda i: (
        f"intent {i.purpose} {i.side.name} {i.qty_lots} {_terms_text(i.terms)} {i.reason}"
        f"{_where(i.strategy, i.instrument_id)}"
    ),
}


def _print(world: World, before: dict[str, str], start: int, line_ns: int) -> Iterator[str]:
    for thing in world.sent[start:]:
        if isinstance(thing, OrderPlaced):
            continue
        at_ns = _time_of(thing, line_ns)
        mark = "" if at_ns == line_ns else f"@{at_ns // MS} "
        yield f"  {mark}{PRINTERS[type(thing)](thing)}"
    for name, text in _states(world).items():
        if before.get(name, "") != text:
            yield f"  {name}: {text}"


def _time_of(thing: Any, line_ns: int) -> int:
    for name in ("at_ns", "sent_ns", "decided_ns"):
        if hasattr(thing, name):
            return int(getattr(thing, name))
    return line_ns


def _states(world: World) -> dict[str, str]:
    orders, _, _ = world.desk._state.tracker.dump()
    return {
        _own(t.client_order_id): (
            f"{t.state.name} {t.filled_lots}/{t.qty_lots}"
            f"{f' +{t.excess_lots}' if t.excess_lots else ''}"
            f"{f' at {t.price_ticks}' if t.price_ticks else ''}"
        )
        for t in sorted(orders, key=lambda t: int(_own(t.client_order_id)[1:]))
    }


def play(text: str, make_world: Callable[..., World], instruments: dict[str, Instrument]) -> str:
    """Run a scenario's inputs; returns the text with what happened."""
    lines = [line for line in text.splitlines() if not line.startswith("  ")]
    settings: dict[str, Any] = {}
    out: list[str] = []
    reader: Reader | None = None
    for line in lines:
        out.append(line)
        if line.startswith("config "):
            settings |= {k: msgspec.json.decode(v) for k, v in _split(line)[1].items()}
        elif line.startswith("=="):
            reader = None
        elif line and not line.startswith("#"):
            if reader is None:
                config = msgspec.convert(settings, ExecutionConfig)
                reader = Reader(make_world(config), instruments)
            world = reader.world
            before, start = _states(world), len(world.sent)
            reader.run(line)
            out += _print(world, before, start, int(line.split()[0]) * MS)
    return "\n".join(out) + "\n"


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_scenario(
    path: Path, make_world: Callable[..., World], instruments: dict[str, Instrument]
) -> None:
    text = path.read_text()
    found = play(text, make_world, instruments)
    if RECORD and found != text:
        path.write_text(found)
        pytest.skip("recorded anew")
    assert found == text


def test_scenarios_make_every_move_of_the_table(
    make_world: Callable[..., World],
    instruments: dict[str, Instrument],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: set[tuple[OrderState, Happening]] = set()

    def record(state: OrderState, happening: Happening) -> OrderState:
        made.add((state, happening))
        return next_state(state, happening)

    monkeypatch.setattr(tracked_order, "next_state", record)
    for path in FILES:
        play(path.read_text(), make_world, instruments)
    expected = {(state, happening) for state, row in MOVES.items() for happening in row}
    assert made == expected
