"""Stored history gives the state that listening would have given."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from undertow import Atr, Ema, Strategy
from undertow.domain.errors import DataError
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EventArray
from undertow.engine.engine import Engine
from undertow.engine.engine_config import EngineConfig
from undertow.live.warm_start import warm_start
from undertow.simulator.market.market_config import MarketConfig
from undertow.simulator.market.synthetic_market import SyntheticMarket
from undertow.storage.lake_reader import LakeReader, Span
from undertow.storage.recorder import Recorder
from undertow.timeline.run_ids import RunIds

S = 10**9


class Watcher(Strategy):
    """Two indicators, so that there is something to warm up beside the flow."""

    def indicators(self) -> dict[str, Ema | Atr]:
        return {"ema": Ema(3), "atr": Atr(3)}


@pytest.fixture(scope="module")
def market() -> SyntheticMarket:
    config = MarketConfig(assets=("BTC",), venues=("aster", "borea"))
    return SyntheticMarket(config, np.random.default_rng(3))


@pytest.fixture(scope="module")
def rows(market: SyntheticMarket) -> EventArray:
    blocks = [market.next_block() for _ in range(400 * S // market.config.block_ns)]
    return np.concatenate(blocks)


@pytest.fixture(scope="module")
def lake(
    market: SyntheticMarket, rows: EventArray, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    folder = tmp_path_factory.mktemp("lake")
    recorder = Recorder(folder, market.table, market.sources, 1)
    recorder.record(rows)
    recorder.close()
    return folder


def made(table: InstrumentTable, sources: tuple[str, ...]) -> Engine:
    wallets = {venue: {"USDT": "1000"} for venue in table.venues}
    config = EngineConfig(wallets=wallets)
    return Engine(config, table, sources, [Watcher()], RunIds(1))


@given(cut=st.floats(0.0, 1.0))
@settings(deadline=None, max_examples=6)
def test_history_and_then_listening_is_having_listened(
    market: SyntheticMarket, rows: EventArray, lake: Path, cut: float
) -> None:
    listened, warmed = (made(market.table, tuple(market.sources)) for _ in range(2))
    at_ns = int(rows["receive_time_ns"][int(cut * (len(rows) - 1))])
    listened.warm_up(rows)
    reader = LakeReader(lake, market.table, market.sources)
    done = warm_start(warmed, reader.merged(Span(0, at_ns)))
    later = rows[rows["receive_time_ns"] >= at_ns]
    if len(later):
        warmed.warm_up(later)
    assert done.rows + len(later) == len(rows)
    assert warmed.flow.digest() == listened.flow.digest()
    assert warmed.host.snapshot() == listened.host.snapshot()


def test_a_part_of_history_gives_the_same_windows_and_bars(
    market: SyntheticMarket, rows: EventArray, lake: Path
) -> None:
    whole, part = (made(market.table, tuple(market.sources)) for _ in range(2))
    reader = LakeReader(lake, market.table, market.sources)
    told: list[int] = []
    warm_start(whole, reader.merged())
    from_ns = int(rows["receive_time_ns"][0]) + 180 * S
    warm_start(part, reader.merged(Span(from_ns)), told.append)
    assert told[-1] == int((rows["receive_time_ns"] >= from_ns).sum())
    for index in range(len(market.table)):
        one, other = whole.flow[index], part.flow[index]
        for sums in ("buy_lots", "sell_lots", "buy_trades", "sell_trades", "tick_lots"):
            assert getattr(one.window(60), sums) == getattr(other.window(60), sums)
        assert one.bars(60, 2).tolist() == other.bars(60, 2).tolist()
        assert one.last_ticks == other.last_ticks


def test_history_behind_the_clock_is_refused(market: SyntheticMarket, rows: EventArray) -> None:
    engine = made(market.table, tuple(market.sources))
    assert warm_start(engine, [rows[:0]]).rows == 0
    warm_start(engine, [rows[1_000:]])
    with pytest.raises(DataError, match="where the engine's clock is"):
        warm_start(engine, [rows[:1_000]])
