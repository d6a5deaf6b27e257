"""Equity and what it came from: its curve, the day, fees, trades."""

from undertow.cli.view.area_chart import area_chart
from undertow.cli.view.figures import count, money, percent
from undertow.cli.view.line import Line, pairs
from undertow.cli.view.palette import BAD, DIM, STRONG, TEXT, signed
from undertow.cli.view.view_state import ViewState
from undertow.domain.money import MONEY_UNIT
from undertow.engine.engine import Engine

_TALLEST_CURVE = 8


def account_panel(engine: Engine, state: ViewState, *, width: int, height: int) -> list[Line]:
    """The facts, and the curve of equity in the lines that are left."""
    lines = _facts(engine, state)
    room = min(height - len(lines), _TALLEST_CURVE)
    if room > 0:
        gain = float(state.equity - state.started)
        style = signed(gain) if gain else DIM
        lines += [Line((line, style)) for line in area_chart(state.curve, width, room)]
    return lines


def _facts(engine: Engine, state: ViewState) -> list[Line]:
    equity, started = float(state.equity), float(state.started)
    gain = equity - started
    share = gain / started * 100 if started else 0.0
    day, drawdown = float(state.day_profit), state.drawdown
    realised, fees, funding = _profits(engine)
    counters = engine.memory.counters
    rate = f"{counters.wins / counters.trades:.0%}" if counters.trades else "-"
    first = Line((f"{money(equity)} {state.equity.currency}", STRONG))
    first.add(f"   {money(gain, plus=True)} ({percent(share)})", f"bold {signed(gain)}")
    return [
        first,
        pairs(
            ("day", money(day, plus=True), signed(day)),
            ("drawdown", f"{drawdown:.2%}", BAD if drawdown > 0 else DIM),
        ),
        pairs(
            ("realised", money(realised, plus=True), signed(realised)),
            ("fees", money(fees), TEXT),
            ("funding", money(funding, plus=True), signed(funding)),
        ),
        pairs(
            ("trades", count(counters.trades), TEXT),
            ("won", rate, TEXT),
            ("long", count(counters.long_trades), TEXT),
            ("short", count(counters.short_trades), TEXT),
        ),
    ]


def _profits(engine: Engine) -> tuple[float, float, float]:
    # Closed profit before fees, fees and funding, as far as their currencies have a rate.
    realised = fees = funding = 0.0
    for row in engine.ledger.profits():
        rate = engine.rates.rate(row.currency)
        if rate is not None:
            worth = float(rate) / MONEY_UNIT
            realised += row.realised * worth
            fees += row.fees * worth
            funding += row.funding * worth
    return realised, fees, funding
