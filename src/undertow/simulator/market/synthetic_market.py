"""The synthetic market: every block of its rows, and the truth behind them, from one seed."""

import json
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.domain.errors import SnapshotCorrupt
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import (
    EVENT,
    STATUS_HEALTHY,
    STATUS_LOST,
    EventArray,
    EventKind,
)
from undertow.domain.time import NS_PER_S
from undertow.kernels.synthetic.book_layout import (
    FILL_LOTS,
    PLAN_FORCED,
    PLAN_INSTRUMENT,
)
from undertow.simulator.market.aggression import Aggression
from undertow.simulator.market.array_state import ArrayBytes, pack_arrays, unpack_arrays
from undertow.simulator.market.block_script import BlockScript
from undertow.simulator.market.delivery import Delivery
from undertow.simulator.market.fundamental import Fundamental
from undertow.simulator.market.ground_truth import GroundTruth
from undertow.simulator.market.listing import Listing
from undertow.simulator.market.market_config import STEP_NS, MarketConfig
from undertow.simulator.market.market_regime import SPREAD, RegimeChains
from undertow.simulator.market.perp_facts import PerpFacts
from undertow.simulator.market.planner import Planner, PlannerState
from undertow.simulator.market.row_join import join_rows
from undertow.simulator.market.truth_log import TruthLog, TruthState
from undertow.simulator.market.venue_books import VenueBooks
from undertow.simulator.market.venue_prices import VenuePrices
from undertow.timeline.snapshot import PartBytes

VERSION = 1
MOST_STRAIN = 8.0  # beyond this, a book that is held back draws no more arbitrage


class MarketState(msgspec.Struct, frozen=True):
    """A snapshot of a `SyntheticMarket`."""

    version: int
    config: MarketConfig
    rng: str
    blocks: int
    arrays: dict[str, ArrayBytes]
    unsent: bytes
    pending: bytes
    planner: PlannerState
    truth: TruthState


class SyntheticMarket:
    """Makes the market block by block. Equal seeds give equal bits, whatever was snapshot between.

    `rng` is the only source of chance and belongs to the market from now on.
    """

    def __init__(self, config: MarketConfig, rng: np.random.Generator) -> None:
        self._config = config
        self._rng = rng
        self._listing = Listing(config)
        self._blocks = 0
        listing = self._listing
        chance = rng if config.has_regimes else None
        self._regimes = RegimeChains(listing.asset_count + 1, config.start_ns, chance)
        self._fundamental = Fundamental(config, listing, rng)
        self._aggression = Aggression(config, listing)
        sigma = self._fundamental.total_sigma
        self._prices = VenuePrices(listing, self._fundamental.log_prices(), sigma, rng)
        self._books = VenueBooks(config, listing, sigma, rng)
        self._perps = PerpFacts(config, listing)
        self._planner = Planner(config, listing, rng)
        self._delivery = Delivery(config, listing)
        self._works: NDArray[np.int64] = np.ones(listing.count, dtype=np.int64)
        self._truth = TruthLog(tuple(a.name for a in listing.assets), config.truth_kept)
        self._truth.begin(self._regimes.regime.tolist(), config.start_ns)

    @property
    def config(self) -> MarketConfig:
        """The settings it was made with."""
        return self._config

    @property
    def table(self) -> InstrumentTable:
        """All instruments: assets, in each its venues, in each spot then perp."""
        return self._listing.table

    @property
    def sources(self) -> tuple[str, ...]:
        """One source per venue and kind of market, `aster.spot`, `aster.perp`, ...; by rank."""
        return self._listing.sources

    @property
    def time_ns(self) -> int:
        """Market time: the end of the last block, the start of the next."""
        return self._config.start_ns + self._blocks * self._config.block_ns

    @property
    def truth(self) -> list[GroundTruth]:
        """What was planted so far: finished records as they ended, then the regimes that last."""
        return self._truth.records()

    def next_block(self) -> EventArray:
        """All rows received in the next block of market time, in total order.

        Sorted by (receive time, source, order of the source); every update of a book is contiguous.
        Rows that are still under way when the block ends come in a later one, so that the blocks
        together are sorted too.
        """
        config, rng = self._config, self._rng
        start_ns = self.time_ns
        end_ns = start_ns + config.block_ns
        seconds = config.block_ns / NS_PER_S
        self._switch_regimes(start_ns)
        script = self._script()
        regime = self._regimes.regime
        activity = self._fundamental.activity()
        arrivals = self._arrivals(script, activity)
        counts, surprise = self._aggression.advance(arrivals, script.counts, script.alive, rng)
        step_s = STEP_NS / NS_PER_S
        before = self._fundamental.log_prices()
        path = self._fundamental.advance(regime, script.drift, surprise, step_s, rng)
        self._aggression.watch((path[-1] - before) / self._fundamental.calm_sigma, seconds)
        mids = self._prices.advance(path, regime, script.dislocation, rng)
        stress = self._quoting(activity)
        rows = self._books.run(mids, counts, stress, script, rng)
        script.settle(self._listing.tick, self._listing.lot)
        self._perps.settle(start_ns, end_ns)
        self._perps.trade(self._books.volume, self._closed_lots(script), rng)
        mid = self._books.mid_ticks() * self._listing.tick
        self._perps.observe(mid, script.alive[-1] > 0, seconds)
        works = np.asarray(np.all(script.alive > 0, axis=0))
        facts = self._perps.rows(start_ns, end_ns, works, self._books.phase_ns)
        status = self._status_rows(start_ns, script)
        self._blocks += 1
        made = join_rows(facts, rows, status)
        return self._delivery.deliver(made, start_ns, end_ns, rng)

    def snapshot(self) -> bytes:
        """The whole state between two blocks, the state of `rng` included."""
        state = MarketState(
            version=VERSION,
            config=self._config,
            rng=json.dumps(self._rng.bit_generator.state, default=np.ndarray.tolist),
            blocks=self._blocks,
            arrays=pack_arrays(self._arrays()),
            unsent=self._delivery.unsent.tobytes(),
            pending=self._delivery.pending.tobytes(),
            planner=self._planner.state(),
            truth=self._truth.state(),
        )
        return msgspec.msgpack.encode(state)

    def restore(self, data: PartBytes) -> None:
        """Return to a snapshot of a market of the same configuration and kind of generator.

        Raises `SnapshotCorrupt` when the bytes are no such snapshot; then nothing has changed.
        """
        try:
            state = msgspec.msgpack.decode(data, type=MarketState)
        except msgspec.DecodeError as error:
            raise SnapshotCorrupt(
                f"expected a synthetic market's snapshot, found: {error}"
            ) from error
        if state.version != VERSION or state.config != self._config:
            raise SnapshotCorrupt(
                f"expected a snapshot of version {VERSION} and this configuration, "
                f"found version {state.version} and {state.config}"
            )
        rng_state = json.loads(state.rng)
        if rng_state["bit_generator"] != self._rng.bit_generator.state["bit_generator"]:
            raise SnapshotCorrupt(f"expected this kind of generator, found {rng_state}")
        unpack_arrays(state.arrays, self._arrays())
        self._rng.bit_generator.state = rng_state
        self._blocks = state.blocks
        self._delivery.unsent = np.frombuffer(state.unsent, dtype=EVENT).copy()
        self._delivery.pending = np.frombuffer(state.pending, dtype=EVENT).copy()
        self._planner.load(state.planner)
        self._truth.load(state.truth)

    def _arrays(self) -> dict[str, NDArray[Any]]:
        parts: dict[str, dict[str, NDArray[Any]]] = {
            "regimes": self._regimes.state(),
            "fundamental": dict(self._fundamental.state()),
            "aggression": dict(self._aggression.state()),
            "prices": dict(self._prices.state()),
            "books": self._books.state(),
            "perps": self._perps.state(),
            "delivery": self._delivery.state(),
            "market": {"works": self._works},
        }
        return {f"{part}.{name}": a for part, arrays in parts.items() for name, a in arrays.items()}

    def _switch_regimes(self, now_ns: int) -> None:
        if not self._config.has_regimes or self._blocks == 0:
            return
        for c in self._regimes.advance(now_ns, self._config.block_ns, self._rng):
            self._fundamental.set_anchor(c)
            self._truth.switch(c, int(self._regimes.regime[c]), now_ns)

    def _script(self) -> BlockScript:
        first = self._blocks * (self._config.block_ns // STEP_NS)
        script = self._planner.retire(first, self._books, self._fundamental, self._truth)
        self._planner.start(script, self._books, self._fundamental, self._rng)
        self._planner.lay_out(script, self._prices, self._books)
        return script

    def _arrivals(self, script: BlockScript, activity: NDArray[np.float64]) -> NDArray[np.float64]:
        # Where a book is held back (a wall) or lags, arbitrageurs trade toward the venue's price.
        strain = self._books.strain(self._prices.ticks())
        toward = np.stack((strain, -strain), axis=1)
        arbitrage = np.clip(toward - 1.0, 0.0, MOST_STRAIN)
        usual = self._aggression.arrivals(self._regimes.regime, activity)
        return np.asarray(usual * np.maximum(1.0 + script.flow + arbitrage, 0.0))

    def _quoting(
        self, activity: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        # Factors on spread and depth of each instrument: makers step back from volatility.
        asset = self._listing.asset
        spread = SPREAD[self._regimes.regime[:-1]] * (0.5 + 0.5 * activity)
        spread *= np.exp(0.5 * self._fundamental.log_volatility[:-1])
        return spread[asset], 1.0 / np.sqrt(activity[asset])

    def _closed_lots(self, script: BlockScript) -> NDArray[np.float64]:
        # Open interest that patterns take away, by liquidations, or add (then negative).
        closed = -self._perps.opened_lots(script.opening)
        lots = script.filled[:, FILL_LOTS] * script.planned[:, PLAN_FORCED]
        np.add.at(closed, script.planned[:, PLAN_INSTRUMENT], lots)
        return closed

    def _status_rows(self, start_ns: int, script: BlockScript) -> EventArray:
        works = (script.alive > 0).astype(np.int64)
        change = np.diff(works, axis=0, prepend=self._works[None, :])
        self._works[:] = works[-1]
        steps, instruments = np.nonzero(change)
        rows = np.zeros(len(steps), dtype=EVENT)
        rows["event_time_ns"] = start_ns + steps * STEP_NS + self._books.phase_ns[instruments]
        rows["instrument"] = instruments
        rows["kind"] = EventKind.STATUS
        rows["qty_b"] = np.where(change[steps, instruments] > 0, STATUS_HEALTHY, STATUS_LOST)
        return rows
