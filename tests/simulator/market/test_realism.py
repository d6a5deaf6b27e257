"""What the synthetic market has in common with real ones, on fixed seeds."""

from typing import Any

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.domain.market_event import EventKind
from undertow.simulator.market.market_config import MarketConfig
from undertow.simulator.market.pattern_rates import PatternRates
from undertow.simulator.market.venue_spec import VENUES


def _kurtosis(x: NDArray[np.float64]) -> float:
    y = x - x.mean()
    return float(np.mean(y**4) / np.mean(y**2) ** 2)


def _lagged(x: NDArray[np.float64], lag: int = 1) -> float:
    return float(np.corrcoef(x[lag:], x[:-lag])[0, 1])


@pytest.fixture(scope="module")
def long_run(start_run: Any) -> Any:
    """An hour of two assets with patterns and regimes."""
    return start_run(MarketConfig(assets=("BTC", "SOL")), 8, 3_600)


def test_returns_have_fat_tails(long_run: Any) -> None:
    assert _kurtosis(np.diff(long_run.mids(1))) > 6.0


def test_volatility_clusters(long_run: Any) -> None:
    size = np.abs(np.diff(long_run.mids(1)))
    assert _lagged(size) > 0.15
    assert _lagged(size, 10) > 0.05


def test_calm_minutes_have_no_memory(quiet_run: Any) -> None:
    for i in (1, 7):
        minutes = np.diff(quiet_run.mids(i, 60))
        assert abs(_lagged(minutes)) < 3.5 / np.sqrt(len(minutes))


def test_calm_volatility_is_of_the_configured_size(quiet_run: Any) -> None:
    yearly = np.diff(quiet_run.mids(1, 10)).std() * np.sqrt(365.25 * 8_640)
    assert 0.25 < yearly < 0.5


def test_signs_of_trades_follow_each_other(quiet_run: Any) -> None:
    signs = quiet_run.of(1, EventKind.TRADE)["side"].astype(float)
    assert _lagged(signs) > 0.15
    assert _lagged(signs, 5) > 0.02


def test_flow_does_not_foretell_a_quiet_price(quiet_run: Any) -> None:
    # The null: one minute's net flow of all venues against the next minute's return.
    edges = np.arange(quiet_run.config.start_ns + 2 * 10**9, quiet_run.market.time_ns, 60 * 10**9)
    net = np.zeros(len(edges) - 1)
    for i in range(6):
        rows = quiet_run.of(i, EventKind.TRADE)
        lot = float(quiet_run.market.table[i].qty_step.float(1))
        place = np.searchsorted(edges, rows["event_time_ns"], side="right") - 1
        inside = (place >= 0) & (place < len(net))
        np.add.at(net, place[inside], (rows["side"] * rows["qty_lots"] * lot)[inside])
    returns = np.diff(quiet_run.mids(1, 60))
    assert np.corrcoef(net, returns)[0, 1] > 0.15
    assert abs(np.corrcoef(net[:-1], returns[1:])[0, 1]) < 3.0 / np.sqrt(len(net))


def test_orders_cluster_as_their_branching_ratio_says(quiet_run: Any) -> None:
    times = []
    for i in range(6):
        rows = quiet_run.of(i, EventKind.TRADE)
        times.append(np.unique(rows["event_time_ns"]))
    seconds = (np.concatenate(times) - quiet_run.config.start_ns) // (30 * 10**9)
    counts = np.bincount(seconds)[1:-1]
    ratio = counts.var() / counts.mean()
    assert ratio > 2.0
    assert abs(1.0 - 1.0 / np.sqrt(ratio) - quiet_run.config.branching) < 0.12


def test_books_are_never_crossed_and_ids_follow(default_run: Any, rebuild: Any) -> None:
    for i in range(0, 72, 5):
        quotes = rebuild(default_run.rows, i)
        assert len(quotes) > 300
        assert (quotes[:, 2] - quotes[:, 1] >= 1).all()


def test_lots_and_prices_are_positive(default_run: Any) -> None:
    rows = default_run.rows
    for kind in (EventKind.TRADE, EventKind.LIQUIDATION):
        own = rows[rows["kind"] == kind]
        assert own["qty_lots"].min() > 0
        assert own["price_ticks"].min() > 0
    levels = rows[rows["kind"] == EventKind.BOOK_LEVEL]
    assert levels["qty_lots"].min() == 0
    assert levels["price_ticks"].min() > 0


def test_trades_happen_at_the_book(quiet_run: Any, rebuild: Any) -> None:
    quotes = rebuild(quiet_run.rows, 1)
    trades = quiet_run.of(1, EventKind.TRADE)
    place = np.searchsorted(quotes[:, 0], trades["event_time_ns"], side="left") - 1
    known = place >= 0
    best = np.where(trades["side"] > 0, quotes[place, 2], quotes[place, 1])
    beyond = (trades["price_ticks"] - best) * trades["side"]
    assert (beyond[known] >= 0).all()
    assert (beyond[known] == 0).mean() > 0.4


def test_venues_share_one_price(long_run: Any) -> None:
    mids = np.stack([long_run.mids(i) + np.log(long_run.market.table[i].price_float(1))
                     for i in range(6)])  # fmt: skip
    gaps = mids - mids[0]
    assert np.abs(gaps[:, 60:]).max() < 0.01
    walk, gap = np.diff(mids[0]).std() * np.sqrt(3_600), gaps[2].std()
    assert gap < 0.2 * walk


def test_the_slow_venue_follows_the_fast_one(quiet_run: Any) -> None:
    fast, slow = np.diff(quiet_run.mids(1)), np.diff(quiet_run.mids(4))
    lead = np.corrcoef(fast[:-1], slow[1:])[0, 1]
    lag = np.corrcoef(slow[:-1], fast[1:])[0, 1]
    assert lead > 0.2
    assert lead > lag + 0.15


def test_funding_has_the_sign_of_the_premium(start_run: Any) -> None:
    minute = tuple(msgspec.structs.replace(spec, funding_interval_s=60) for spec in VENUES)
    config = MarketConfig(assets=("BTC",), venue_specs=minute).quiet()
    run = start_run(config, 4, 601)
    prices = [run.mids(i) + np.log(run.market.table[i].price_float(1)) for i in range(6)]
    index = np.mean(prices[0::2], axis=0)
    for i in (1, 3, 5):
        paid = run.of(i, EventKind.FUNDING)
        times = paid["event_time_ns"] - run.skew_ns(i) - config.start_ns
        assert times.tolist() == [k * 60 * 10**9 for k in range(1, 11)]
        for k, rate in enumerate(paid["qty_b"].tolist()[1:], start=1):
            premium = (prices[i] - index)[60 * k - 2 : 60 * k + 58].mean()
            assert rate == pytest.approx(premium * 1e12 * 60 / 28_800, rel=0.1, abs=5e4)


def test_a_trend_can_be_seen_in_the_flow(start_run: Any) -> None:
    assets = ("BTC", "ETH", "SOL", "XRP", "DOGE", "LINK")
    config = MarketConfig(assets=assets, venues=("aster",), patterns=PatternRates.none())
    run = start_run(config, 21, 2_400)
    net: dict[int, list[float]] = {-1: [], 0: [], 1: []}
    for a, asset in enumerate(assets):
        trades = run.of(2 * a + 1, EventKind.TRADE)
        for record in (r for r in run.truth if r.asset == asset and r.end_ns):
            times = trades["event_time_ns"]
            inside = (times > record.start_ns) & (times < record.end_ns)
            net[record.side].append(float(trades["side"][inside].astype(float).mean()))
    assert np.mean(net[1]) > 0.1
    assert np.mean(net[-1]) < -0.1
