from typing import Any

from undertow.cli.view.account_panel import account_panel
from undertow.cli.view.figures import money
from undertow.cli.view.view_state import ViewState
from undertow.domain.event import PositionClosed


def test_money_is_the_ledger_s(small_run: Any, small_state: ViewState) -> None:
    lines = [line.text for line in account_panel(small_run.engine, small_state, width=50, height=4)]
    equity = float(small_state.equity)
    assert lines[0].startswith(f"{money(equity)} USDT   {money(equity - 20_000, plus=True)}")
    closed = [item for item in small_run.recent if isinstance(item, PositionClosed)]
    fees = sum(float(event.fees) for event in closed)
    assert f"fees {money(fees)}" in lines[2]
    pnl = sum(float(event.pnl) for event in closed)
    assert abs(equity - 20_000 - pnl) < 1e-9
    assert lines[3] == "trades 3   won 0%   long 2   short 1"


def test_the_curve_takes_what_is_left(open_run: Any, open_state: ViewState) -> None:
    lines = account_panel(open_run.engine, open_state, width=30, height=7)
    assert len(lines) == 7
    assert [line.width for line in lines[4:]] == [30, 30, 30]
    assert any("█" in line.text or "▄" in line.text for line in lines[4:])
