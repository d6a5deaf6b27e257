"""Candle semantics, a table of cases: `docs/simulator/candle_cases.md` is made of them.

`UNDERTOW_RERECORD=1 pytest tests/simulator/test_candle_cases.py` writes the page anew. The expected
fills are worked by hand from the rules on that page; there are no costs, so that prices are plain.
"""

import os
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from undertow.domain.order import Limit, Market, Terms, Trigger, TriggerWhen
from undertow.domain.side import Side
from undertow.simulator.exchange_config import Fidelity
from undertow.simulator.slippage import Slippage
from undertow.simulator.spread_model import FixedSpread

PAGE = Path(__file__).parents[2] / "docs" / "simulator" / "candle_cases.md"
BUY, SELL = Side.BUY, Side.SELL
FREE = {
    "fidelity": Fidelity.BARS,
    "slippage": Slippage(0, 0, 0),
    "half_spread": FixedSpread(0),
    "participation_ppm": 1_000_000,
}
BAR_MS = 60_000
OUT = "reduce-only"


class Sent(NamedTuple):
    """An order that arrives just after the open of a bar (counted from 0)."""

    bar: int
    name: str
    side: Side
    terms: Terms
    lots: int = 10
    is_reduce: bool = False


class Case(NamedTuple):
    """Bars as "open high low close [volume]", a comma between; fills as "name price"."""

    name: str
    bars: str
    orders: list[Sent]
    fills: str
    remark: str = ""
    config: dict[str, Any] | None = None


def falls(ticks: int) -> Trigger:
    return Trigger(ticks, TriggerWhen.FALLS_TO, Market())


def rises(ticks: int) -> Trigger:
    return Trigger(ticks, TriggerWhen.RISES_TO, Market())


def stop(bar: int, ticks: int) -> Sent:
    return Sent(bar, "stop", SELL, falls(ticks), is_reduce=True)


def target(bar: int, ticks: int) -> Sent:
    return Sent(bar, "target", SELL, Limit(ticks), is_reduce=True)


ENTER = Sent(1, "in", BUY, Market())
QUIET = "100 100 100 100"
CASES = [
    Case("A signal of a close is filled at the next open", f"{QUIET}, 103 104 102 103",
         [ENTER], "in 103", "the signal bar's own close is never traded"),
    Case("So is an exit signal", f"{QUIET}, 100 104 99 103, 105 106 104 105",
         [ENTER, Sent(2, "out", SELL, Market(), is_reduce=True)], "in 100, out 105"),
    Case("An exit at the open comes before a stop inside that bar",
         f"{QUIET}, 100 101 99 100, 98 99 90 91",
         [ENTER, stop(1, 95), Sent(2, "out", SELL, Market(), is_reduce=True)], "in 100, out 98"),
    Case("A stop is filled at its price, however low the bar went", f"{QUIET}, 100 101 90 92",
         [ENTER, stop(1, 95)], "in 100, stop 95", "slippage beyond it is a setting, here none"),
    Case("A gap beyond a stop is filled at the open", f"{QUIET}, 100 101 99 100, 93 97 90 96",
         [ENTER, stop(1, 95)], "in 100, stop 93",
         "some engines fill at the stop when the bar comes back to it"),
    Case("Stop and target inside one bar: the stop", f"{QUIET}, 100 110 90 105",
         [ENTER, stop(1, 95), target(1, 105)], "in 100, stop 95"),
    Case("The same, nearest extreme first, with the high nearer", f"{QUIET}, 100 106 90 100",
         [ENTER, stop(1, 95), target(1, 105)], "in 100, target 105", "preset base",
         {"intrabar_path": "nearest_extreme"}),
    Case("The same, best case", f"{QUIET}, 100 110 90 95",
         [ENTER, stop(1, 95), target(1, 105)], "in 100, target 105", "preset optimistic",
         {"intrabar_path": "best_case"}),
    Case("A target is filled at its price, however high the bar went", f"{QUIET}, 100 120 99 118",
         [ENTER, target(1, 105)], "in 100, target 105"),
    Case("A gap beyond a target is filled at the target",
         f"{QUIET}, 100 101 99 100, 110 112 109 111",
         [ENTER, target(1, 105)], "in 100, target 105", "others give the better open"),
    Case("The same, optimistic", f"{QUIET}, 100 101 99 100, 110 112 109 111",
         [ENTER, target(1, 105)], "in 100, target 110", "", {"is_gap_improved": True}),
    Case("A touched limit order is not filled", f"{QUIET}, 100 105 99 100",
         [ENTER, target(1, 105)], "in 100", "who was before us in the queue is unknown"),
    Case("The same, optimistic", f"{QUIET}, 100 105 99 100",
         [ENTER, target(1, 105)], "in 100, target 105", "", {"at_share_ppm": 1_000_000}),
    Case("An entry limit waits until a bar goes through it",
         f"{QUIET}, 100 101 98 100, 100 101 97 98, 98 99 94 95",
         [Sent(1, "in", BUY, Limit(97))], "in 97"),
    Case("Entry and its stop inside one bar: both", f"{QUIET}, 100 101 93 100",
         [Sent(1, "in", BUY, Limit(97)), stop(1, 94)], "in 97, stop 94",
         "the stop was sent with the entry"),
    Case("The same, with the stop sent on hearing of the fill",
         f"{QUIET}, 100 101 93 100, {QUIET}",
         [Sent(1, "in", BUY, Limit(97)), stop(2, 94)], "in 97, stop 94",
         "what the entry bar still did counts"),
    Case("A breakout entry is filled before the other extreme", f"{QUIET}, 100 104 95 103",
         [Sent(1, "in", BUY, rises(103)), stop(1, 96)], "in 103, stop 96"),
    Case("Its target in the same bar comes after its stop", f"{QUIET}, 100 108 95 107",
         [Sent(1, "in", BUY, rises(103)), stop(1, 96),
          Sent(1, "target", SELL, rises(106), is_reduce=True)], "in 103, stop 96",
         "both are triggers that wait beside the entry"),
    Case("The same, best case", f"{QUIET}, 100 108 95 107",
         [Sent(1, "in", BUY, rises(103)), stop(1, 96),
          Sent(1, "target", SELL, rises(106), is_reduce=True)], "in 103, target 106", "",
         {"intrabar_path": "best_case"}),
    Case("A short is stopped at the high first", f"{QUIET}, 100 110 90 95",
         [Sent(1, "in", SELL, Market()), Sent(1, "stop", BUY, rises(105), is_reduce=True),
          Sent(1, "target", BUY, Limit(95), is_reduce=True)], "in 100, stop 105"),
    Case("A stop moved at a close acts from the next bar on",
         f"{QUIET}, 100 120 99 118, 118 119 113 115",
         [ENTER, stop(2, 115)], "in 100, stop 115",
         "never the high and then the low of one bar, as trailing stops elsewhere"),
    Case("Scaling in, then out of it all by one stop", f"{QUIET}, 100 101 94 96",
         [ENTER, Sent(1, "add", BUY, Limit(98)),
          Sent(1, "stop", SELL, falls(95), 20, is_reduce=True)],
         "in 100, add 98, stop 95"),
    Case("Both legs of a grid are filled in a wide bar", f"{QUIET}, 100 106 94 100",
         [Sent(1, "buy", BUY, Limit(97)), Sent(1, "sell", SELL, Limit(103))],
         "buy 97, sell 103"),
    Case("A bar without range at a limit's price fills nobody", f"{QUIET}, {QUIET}",
         [Sent(0, "in", BUY, Limit(100))], ""),
    Case("A tenth of the volume at most, the rest at the next open",
         "100 100 100 100 60, 100 101 99 100 80, 102 103 101 102 80",
         [Sent(1, "in", BUY, Market())], "in 100, in 102", "6 lots of 60, then 4",
         {"participation_ppm": 100_000}),
]  # fmt: skip


def play(make_trader: Any, case: Case) -> list[str]:
    trader = make_trader(**{**FREE, **(case.config or {})})
    bars = [[int(word) for word in bar.split()] for bar in case.bars.split(",")]
    told: list[str] = []
    for k, (opened, high, low, close, *lots) in enumerate(bars):
        told += trader.feed(trader.rows.bar_open(k * BAR_MS, opened))
        for place, sent in enumerate(order for order in case.orders if order.bar == k):
            at_ms = k * BAR_MS + 25 + place
            trader.submit(at_ms, sent.name, sent.side, sent.lots, sent.terms, reduce=sent.is_reduce)
            told += trader.feed(until_ms=at_ms)
        volume = lots[0] if lots else 1_000
        told += trader.feed(trader.rows.bar((k + 1) * BAR_MS, high, low, close, volume))
    words = [text.split() for text in told if text.startswith("filled")]
    return [f"{name} {price.split('x')[0]}" for _, name, price, *_ in words]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_case(make_trader: Any, case: Case) -> None:
    # Before the first volume is known there is no share of it: such cases have their own first bar.
    assert ", ".join(play(make_trader, case)) == case.fills


def words_of(terms: Terms) -> str:
    if isinstance(terms, Limit):
        return f"limit {terms.price_ticks}"
    if isinstance(terms, Trigger):
        way = "below" if terms.when is TriggerWhen.FALLS_TO else "above"
        return f"stop {way} {terms.trigger_ticks}"
    return "market"


def table_lines() -> list[str]:
    lines = [
        "| case | bars: open high low close | orders, each after the open of its bar | fills | |"
    ]
    lines.append("| --- | --- | --- | --- | --- |")
    for case in CASES:
        orders = "; ".join(
            f"{o.name}: {o.side.name.lower()} {words_of(o.terms)}"
            + (f" ({OUT})" if o.is_reduce else "") + f", bar {o.bar}"
            for o in case.orders
        )  # fmt: skip
        config = ", ".join(f"`{name}={value}`" for name, value in (case.config or {}).items())
        remark = "; ".join(part for part in (case.remark, config) if part)
        bars = case.bars.replace(", ", " / ")
        lines.append(f"| {case.name} | {bars} | {orders} | {case.fills or 'none'} | {remark} |")
    return lines


def test_the_page_has_every_case() -> None:
    text = PAGE.read_text()
    head, tail = text.index("| case |"), text.index("\n\n", text.index("| case |"))
    table = "\n".join(table_lines())
    if os.environ.get("UNDERTOW_RERECORD"):
        PAGE.write_text(text[:head] + table + text[tail:])
    assert text[head:tail] == table
