"""Open positions with their stops and what they are worth now."""

from undertow.cli.view.figures import compact, money, percent, price, short_name, span
from undertow.cli.view.line import Line, tabulated
from undertow.cli.view.palette import BAD, DIM, GOOD, STRONG, TEXT, WARN, signed
from undertow.domain.position import PositionView
from undertow.domain.side import Side
from undertow.engine.engine import Engine

_PPM_PER_PERCENT = 10_000
_DROPPED = ("strategy", "%", "qty", "entry")
"""What goes first where the width is not enough."""

_LEFT = 2


def positions_panel(engine: Engine, *, width: int, height: int) -> list[Line]:
    """One line each, the oldest first; those that do not fit are counted."""
    held = engine.keeper.positions()
    if not held:
        return [Line(("no open position", DIM))]
    room = max(1, height - 1)
    shown = held if len(held) <= room else held[: room - 1]
    rows = [_cells(engine, position) for position in shown]
    names = tuple(rows[0]) if rows else ()
    lines = _table(names, rows)
    for dropped in _DROPPED:
        if not lines or lines[0].width <= width:
            break
        names = tuple(name for name in names if name != dropped)
        lines = _table(names, rows)
    if len(shown) < len(held):
        lines.append(Line((f"and {len(held) - len(shown)} more", DIM)))
    return lines


def _table(names: tuple[str, ...], rows: list[dict[str, Line]]) -> list[Line]:
    return tabulated(names, [[row[name] for name in names] for row in rows], left=_LEFT)


def _cells(engine: Engine, position: PositionView) -> dict[str, Line]:
    instrument = engine.table[position.index]
    is_long = position.side is Side.BUY
    profit = float(position.unrealised)
    gain = position.return_ppm / _PPM_PER_PERCENT if position.last_ticks else 0.0
    qty = float(instrument.qty_step.decimal(position.qty_lots))
    has_stop = position.stop_ticks > 0
    stop = price(instrument, position.stop_ticks) if has_stop else "none"
    return {
        "position": Line((short_name(instrument), STRONG)),
        "side": Line(("LONG", GOOD) if is_long else ("SHORT", BAD)),
        "qty": Line((compact(qty), TEXT)),
        "entry": Line((price(instrument, round(position.entry_ticks)), DIM)),
        "last": Line((price(instrument, position.last_ticks), TEXT)),
        "stop": Line((stop, TEXT if has_stop else WARN)),
        "P&L": Line((money(profit, plus=True), f"bold {signed(profit)}")),
        "%": Line((percent(gain), signed(gain))),
        "age": Line((span(engine.now_ns - position.opened_ns), DIM)),
        "strategy": Line((position.strategy, DIM)),
    }
