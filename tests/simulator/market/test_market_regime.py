import numpy as np

from undertow.simulator.market.market_regime import (
    ACTIVITY,
    LEAST_DWELL_S,
    MEAN_DWELL_S,
    NEXT,
    SPREAD,
    TREND,
    VOLATILITY,
    Regime,
    RegimeChains,
)


def test_tables_have_a_row_for_each_regime() -> None:
    for table in (VOLATILITY, TREND, ACTIVITY, SPREAD, MEAN_DWELL_S, NEXT):
        assert len(table) == len(Regime)
    assert (MEAN_DWELL_S > LEAST_DWELL_S).all()


def test_next_is_a_chance_and_never_the_same() -> None:
    assert np.allclose(NEXT.sum(axis=1), 1.0)
    assert (np.diag(NEXT) == 0.0).all()


def test_without_chance_all_is_calm() -> None:
    assert RegimeChains(3, 0, None).regime.tolist() == [Regime.CALM] * 3


def test_dwell_times_are_as_stated() -> None:
    rng = np.random.default_rng(1)
    chains = RegimeChains(400, 0, rng)
    dwells: dict[int, list[float]] = {regime: [] for regime in Regime}
    for second in range(1, 4_000):
        before, since = chains.regime.copy(), chains.since_ns.copy()
        for c in chains.advance(second * 10**9, 10**9, rng):
            dwells[int(before[c])].append(second - int(since[c]) / 1e9)
            assert chains.regime[c] != before[c]
    for regime in Regime:
        mean = float(np.mean(dwells[regime]))
        assert min(dwells[regime]) >= LEAST_DWELL_S
        # Long ones are cut off by the end of the run, so the mean is a little short.
        assert 0.8 * MEAN_DWELL_S[regime] < mean < 1.1 * MEAN_DWELL_S[regime]


def test_state_is_all_of_it() -> None:
    rng = np.random.default_rng(2)
    chains = RegimeChains(5, 0, rng)
    assert set(chains.state()) == {"regime", "since_ns"}
    assert chains.state()["regime"] is chains.regime
