"""The tables of an order's story."""

from collections.abc import Iterable

from rich import box
from rich.table import Table
from rich.text import Text

from undertow.cli.why.order_story import (
    Latency,
    LifeStep,
    SeenBar,
    SeenTrade,
    SizeCap,
    ToldCheck,
    ToldOrder,
    ToldVerdict,
)
from undertow.domain.time import utc_text

MOST_STEPS = 14
"""Steps of an order's life shown to people; the middle of a longer one is counted, not shown."""

_FIGURES = 6


def clock(time_ns: int) -> str:
    """The time of day, UTC, to the microsecond; empty for 0."""
    return utc_text(time_ns)[11:26] if time_ns else ""


def short_clock(time_ns: int) -> str:
    """The same to the millisecond."""
    return clock(time_ns)[:12]


def figure(value: float | None) -> str:
    """A number for people: at most six figures, `-` where it is undefined."""
    return "-" if value is None else f"{value:.{_FIGURES}g}"


def bars_table(bars: Iterable[SeenBar]) -> Table:
    """Closed bars, newest last."""
    names = ("bar", "opened", "open", "high", "low", "close", "volume", "bought")
    table = _table(names, right=names[2:])
    for bar in bars:
        opened = utc_text(bar.open_time_ns)[11:19]
        prices = (bar.open, bar.high, bar.low, bar.close, bar.volume, bar.buy_volume)
        _row(table, bar.timeframe, opened, *prices)
    return table


def trades_table(trades: Iterable[SeenTrade]) -> Table:
    """Trades seen, newest last."""
    names = ("trade at", "received", "feed ms", "side", "price", "qty")
    table = _table(names, right=("feed ms", "price", "qty"))
    for trade in trades:
        _row(
            table,
            short_clock(trade.event_time_ns),
            short_clock(trade.receive_time_ns),
            f"{trade.feed_latency_ms:.1f}",
            Text(trade.side, _colour(trade.side)),
            trade.price,
            trade.qty,
        )
    return table


def checks_table(checks: Iterable[ToldCheck]) -> Table:
    """Judged conditions: what was measured against what was asked."""
    table = _table(("", "check", "value", "threshold", ""), right=("value", "threshold"))
    for check in checks:
        mark = Text("pass", "green") if check.passed else Text("FAIL", "red")
        values = (figure(check.value), figure(check.threshold))
        _row(table, mark, check.name, *values, check.reason)
    return table


def parts_table(parts: Iterable[ToldVerdict]) -> Table:
    """Parts of a score; a filter gives points and stops nothing."""
    table = _table(("filter", "points", "weight", "strength", ""), right=("points", "weight"))
    for part in parts:
        figures = (figure(part.points), figure(part.weight), figure(part.strength))
        _row(table, part.name, *figures, part.reason)
    return table


def caps_table(caps: Iterable[SizeCap]) -> Table:
    """Bounds of the quantity."""
    table = _table(("cap", "qty", ""), right=("qty",))
    for cap in caps:
        _row(table, cap.name, cap.qty, Text("decides" if cap.decides else "", "bold"))
    return table


def life_table(order: ToldOrder) -> Table:
    """What happened to an order, on both clocks; the middle of a long life is left out."""
    names = ("", "engine", "ms", "at venue", "price", "qty", "fee", "")
    table = _table(names, right=("ms", "price", "qty", "fee"))
    life = order.life
    head, tail = life, life[:0]
    if len(life) > MOST_STEPS:
        head, tail = life[: MOST_STEPS // 2], life[-MOST_STEPS // 2 :]
    for step in head:
        _row(table, *_step(step))
    if tail:
        _row(table, Text(f"... {len(life) - MOST_STEPS} more ...", "dim"))
        for step in tail:
            _row(table, *_step(step))
    return table


def latency_table(latencies: Iterable[Latency]) -> Table:
    """Stretches of the way, in milliseconds."""
    table = _table(("stretch", "ms"), right=("ms",))
    for latency in latencies:
        _row(table, latency.stretch, f"{latency.ms:,.3f}")
    return table


def orders_table(orders: Iterable[ToldOrder]) -> Table:
    """Orders in one line each."""
    names = ("order", "purpose", "side", "qty", "terms", "state", "filled", "average")
    table = _table(names, right=("qty", "filled", "average"))
    for order in orders:
        _row(
            table,
            order.client_order_id,
            order.purpose,
            Text(order.side, _colour(order.side)),
            order.qty,
            order.terms,
            order.state,
            order.filled_qty,
            order.average_price,
        )
    return table


def _step(step: LifeStep) -> tuple[str, ...]:
    notes = " ".join(text for text in (step.liquidity, step.detail) if text)
    venue = short_clock(step.venue_time_ns)
    since = f"{step.since_sent_ms:,.1f}"
    return step.what, short_clock(step.at_ns), since, venue, step.price, step.qty, step.fee, notes


def _colour(side: str) -> str:
    return "green" if side == "buy" else "red"


def _table(columns: Iterable[str], *, right: Iterable[str] = ()) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="dim")
    aligned = set(right)
    for column in columns:
        table.add_column(column, overflow="fold", justify="right" if column in aligned else "left")
    return table


def _row(table: Table, *cells: str | Text) -> None:
    # As Text, so that brackets in venues' words are not read as markup.
    table.add_row(*(Text(cell) if isinstance(cell, str) else cell for cell in cells))
