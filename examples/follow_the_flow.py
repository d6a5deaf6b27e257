"""The engine as a library: a strategy on the synthetic market, no files, no network."""

import numpy as np

from undertow import Bar, Context, Side, Signal, Strategy
from undertow.domain.event import PositionClosed
from undertow.domain.money import Money
from undertow.engine.conductor import Conductor, NoRecord
from undertow.engine.engine import Engine
from undertow.engine.engine_config import EngineConfig
from undertow.simulator.exchange import Exchange
from undertow.simulator.exchange_config import ExchangeConfig
from undertow.simulator.lockstep import Lockstep
from undertow.simulator.market.market_config import MarketConfig
from undertow.simulator.market.synthetic_market import SyntheticMarket
from undertow.timeline.row_slice import RowSlice
from undertow.timeline.run_ids import RunIds

MINUTES = 12


class FollowTheFlow(Strategy):
    """Go with one-sided flow of the last minute, leave when it turns; perps only."""

    threshold: float = 0.1

    def on_bar(self, ctx: Context, bar: Bar) -> Signal | None:
        """Look at the share of aggressive buys over sells."""
        imbalance = ctx.flow.window(60).imbalance
        side = Side.BUY if imbalance > 0 else Side.SELL
        if ctx.position and side is not ctx.position.side:
            return ctx.exit("the flow turned")
        if ctx.can_short and abs(imbalance) > self.threshold and ctx.can_enter(side):
            return ctx.enter(side, stop=ctx.price * (1 - side * 0.003))
        return None


class Closings(NoRecord):
    """Prints every closed position."""

    def append_event(self, value: object) -> None:
        """Keep only what was closed."""
        if isinstance(value, PositionClosed):
            print(f"{value.instrument_id} {value.side.name:4} {value.reason:16} {value.pnl}")


def main() -> None:
    """Run a few minutes of market as fast as it goes."""
    config = MarketConfig(assets=("BTC", "ETH"), venues=("aster",))
    market = SyntheticMarket(config, np.random.default_rng(4))
    cash = [Money.of("10000", "USDT")]
    venue = Exchange("aster", market.table, ExchangeConfig(), np.random.default_rng(5), cash)
    world = Lockstep(market.next_block, {"aster": venue}, ["aster"] * len(market.sources))
    settings = EngineConfig(wallets={"aster": {"USDT": "10000"}})
    engine = Engine(settings, market.table, market.sources, [FollowTheFlow()], RunIds(1))
    conductor = Conductor(engine, Closings())
    while world.now_ns < config.start_ns + MINUTES * 60 * 10**9:
        item = world.next_item(due_ns=engine.next_due_ns)
        if isinstance(item, RowSlice):
            stop, commands = conductor.take_rows(item)
            world.consume(stop)
        else:
            commands = [] if item is None else conductor.take(item)
        world.submit(commands, engine.now_ns)
    equity = engine.keeper.look(engine.now_ns).equity
    print(f"{engine.memory.counters.trades} trades, equity {equity}")


if __name__ == "__main__":
    main()
