"""The quoter's venue shows the same book as the simulated exchange after the same rows."""

import numpy as np
import pytest
from tests.backtest.quoter_world import MS, PERP, VENUE, random_rows

from undertow.backtest.quoter_run import QuoterRun
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.money import Money
from undertow.domain.side import Side
from undertow.kernels.quoting import venue_layout as layout
from undertow.kernels.quoting.quoter import kernel
from undertow.simulator.exchange import Exchange
from undertow.simulator.exchange_config import ExchangeConfig


@kernel
def idle(desk, now_ns, state):  # type: ignore[no-untyped-def]
    state[0] += 1.0


def shown(run: QuoterRun, s: int) -> list[tuple[int, int]]:
    memory = run._memory
    width, floor = int(memory.venue["width"][0]), int(memory.venue["floor_ticks"][0])
    side = memory.levels[s * width : (s + 1) * width]
    places = np.flatnonzero(side)[::-1]
    ticks = floor + (places if s == 0 else width - 1 - places)
    return list(zip(ticks.tolist(), side[places].tolist(), strict=True))


@pytest.mark.parametrize("seed", range(6))
def test_the_displayed_book_is_the_exchanges(seed: int) -> None:
    rows = random_rows(seed, 500)
    config = ExchangeConfig()
    exchange = Exchange(
        VENUE, InstrumentTable([PERP]), config, np.random.default_rng(0), [Money.of("1", "USDT")]
    )
    run = QuoterRun(idle, PERP, config, every_ns=MS)
    for part in np.array_split(rows, 7):
        run.push(part)
        until_ns = int(part["receive_time_ns"][-1]) - 5 * MS - 1
        exchange.advance(part, until_ns)
        levels = exchange.book(0, until_ns).levels
        for s, side in enumerate((Side.BUY, Side.SELL)):
            expected = [(one.price_ticks, one.qty_lots) for one in levels if one.side is side]
            ahead = run._memory.venue["row"][0]
            if ahead < len(run._rows) and run._memory.venue["update"][0] != 0:
                continue  # in the middle of an update the two may be a level apart
            assert shown(run, s) == expected
    assert layout.STOP_NONE == 0
    assert run.state[0] > 10
