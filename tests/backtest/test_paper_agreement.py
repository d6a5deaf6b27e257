"""BT-30: a paper run and a backtest of the same market make the same fills, one for one.

Both are the same engine; what a backtest sets up otherwise must not change a trade.
"""

from typing import Any

import msgspec
import pytest

from undertow.backtest.run import BacktestRun
from undertow.backtest.settings import BacktestSettings
from undertow.backtest.synthetic_data import SyntheticData
from undertow.domain.time import NS_PER_S
from undertow.engine.conductor import Conductor, NoRecord
from undertow.ledger.fill import Fill
from undertow.live.paper_session import PaperSession, PaperSettings
from undertow.simulator.market.market_config import MarketConfig
from undertow.strategies.ema_cross import EmaCross
from undertow.timeline.row_slice import RowSlice

MARKET = MarketConfig(assets=("BTC", "ETH"), venues=("aster",))
WARM_S, RUN_S = 600, 2_400
STRATEGY = EmaCross(fast=2, slow=5)


def paper_fills() -> list[Fill]:
    settings = PaperSettings(seed=5, warm_up_s=WARM_S, market=MARKET)
    session = PaperSession(settings, [STRATEGY], run=1)
    fills: list[Fill] = []
    session.engine.on_fill = fills.append
    session.warm_up()
    conductor, world, engine = Conductor(session.engine, NoRecord()), session.world, session.engine
    until_ns = MARKET.start_ns + RUN_S * NS_PER_S
    while (item := world.next_item(until_ns, engine.next_due_ns)) is not None:
        if isinstance(item, RowSlice):
            stop, commands = conductor.take_rows(item)
            world.consume(stop)
        else:
            commands = conductor.take(item)
        world.submit(commands, engine.now_ns)
    return fills


def backtest_fills() -> list[Fill]:
    start_ns = MARKET.start_ns + WARM_S * NS_PER_S
    settings = BacktestSettings(seed=5, start_ns=start_ns)
    run = BacktestRun([STRATEGY], SyntheticData(MARKET, RUN_S, 5), settings)
    run.run()
    return [note.fill for note in run.record.fills]


def named(fill: Fill) -> tuple[Any, ...]:
    plain = msgspec.structs.asdict(fill)
    names = (
        "at_ns",
        "instrument_id",
        "side",
        "price_ticks",
        "qty_lots",
        "fee",
        "purpose",
        "reason",
    )
    return tuple(plain[name] for name in names)


def test_fills_agree_one_for_one() -> None:
    paper, backtest = paper_fills(), backtest_fills()
    assert len(paper) > 5
    until_ns = MARKET.start_ns + (RUN_S - 5) * NS_PER_S  # the backtest drains, the paper run stops
    assert [named(fill) for fill in backtest if fill.at_ns < until_ns] == [
        named(fill) for fill in paper if fill.at_ns < until_ns
    ]


def test_the_comparison_sees_a_difference() -> None:
    fill = backtest_fills()[0]
    assert named(fill) != named(msgspec.structs.replace(fill, qty_lots=fill.qty_lots + 1))
    with pytest.raises(AttributeError):
        fill.qty_lots = 3  # type: ignore[misc]
