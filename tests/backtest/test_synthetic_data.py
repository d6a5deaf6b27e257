import numpy as np
import pytest

from undertow.backtest.synthetic_data import SyntheticData
from undertow.domain.errors import ConfigurationError
from undertow.simulator.market.market_config import MarketConfig
from undertow.timeline.market_data import DataFidelity, MarketData

CONFIG = MarketConfig(assets=("BTC",), venues=("aster",))


def made(seed: int = 3, duration_s: int = 20) -> MarketData:
    return SyntheticData(CONFIG, duration_s, seed)


def test_it_gives_the_same_rows_each_time_it_is_read() -> None:
    data = made()
    first, second = (np.concatenate(list(data.blocks())) for _ in range(2))
    assert np.array_equal(first, second)
    assert data.fidelity is DataFidelity.L2
    assert [note.kind for note in data.notes] == ["synthetic"]


def test_stretches_together_are_the_whole() -> None:
    data = made()
    start, stop = data.span_ns
    middle = (start + stop) // 2
    parts = [*data.blocks(0, middle), *data.blocks(middle, stop)]
    whole = [*data.blocks(0, stop)]
    assert np.array_equal(np.concatenate(parts), np.concatenate(whole))


def test_the_digest_names_what_decides_the_rows() -> None:
    assert made().digest == made().digest
    assert len({made().digest, made(seed=4).digest, made(duration_s=21).digest}) == 3


def test_no_time_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="at least 1 s"):
        made(duration_s=0)
