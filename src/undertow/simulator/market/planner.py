"""When patterns are planted, which of them run now, and their records once they are over."""

import math
from collections.abc import Callable

import msgspec
import numpy as np

from undertow.domain.time import NS_PER_HOUR
from undertow.kernels.synthetic.book_layout import (
    ASKS,
    BIDS,
    WALL_ACTIVE,
    WALL_DISPLAY,
    WALL_ENDED_NS,
    WALL_IN_BOOK,
    WALL_PULL_TICKS,
    WALL_RESERVE,
    WALL_SIDE,
    WALL_TICKS,
)
from undertow.simulator.market.block_script import BlockScript
from undertow.simulator.market.fundamental import Fundamental
from undertow.simulator.market.ground_truth import TruthKind
from undertow.simulator.market.listing import Listing
from undertow.simulator.market.market_config import STEP_NS, MarketConfig
from undertow.simulator.market.patterns.divergence import plan_divergence
from undertow.simulator.market.patterns.exhaustion import plan_exhaustion
from undertow.simulator.market.patterns.forced_flow import plan_long_cascade, plan_short_cascade
from undertow.simulator.market.patterns.iceberg import plan_absorption
from undertow.simulator.market.patterns.netted_trap import plan_netted_trap
from undertow.simulator.market.patterns.news_shock import plan_news
from undertow.simulator.market.patterns.oi_build import plan_oi_build
from undertow.simulator.market.patterns.perp_lead import plan_perp_lead
from undertow.simulator.market.patterns.spot_lead import plan_spot_lead
from undertow.simulator.market.patterns.sweep import plan_sweep
from undertow.simulator.market.patterns.venue_outage import plan_outage
from undertow.simulator.market.patterns.venue_trap import plan_trap
from undertow.simulator.market.patterns.wall import plan_spoof, plan_wall
from undertow.simulator.market.patterns.whale import plan_whale
from undertow.simulator.market.plan import Plan
from undertow.simulator.market.plan_outcome import outcome, wall_outcome
from undertow.simulator.market.scene import STEPS_PER_S, Scene
from undertow.simulator.market.truth_log import TruthLog
from undertow.simulator.market.venue_books import VenueBooks
from undertow.simulator.market.venue_prices import VenuePrices

MAKERS: tuple[tuple[TruthKind, Callable[[Scene], Plan | None]], ...] = (
    (TruthKind.WHALE, plan_whale),
    (TruthKind.SWEEP, plan_sweep),
    (TruthKind.WALL, plan_wall),
    (TruthKind.SPOOF, plan_spoof),
    (TruthKind.ABSORPTION, plan_absorption),
    (TruthKind.LONG_CASCADE, plan_long_cascade),
    (TruthKind.SHORT_CASCADE, plan_short_cascade),
    (TruthKind.SPOT_LEAD, plan_spot_lead),
    (TruthKind.TRAP, plan_trap),
    (TruthKind.NEWS, plan_news),
    (TruthKind.OUTAGE, plan_outage),
    (TruthKind.EXHAUSTION, plan_exhaustion),
    (TruthKind.DIVERGENCE, plan_divergence),
    (TruthKind.PERP_LEAD, plan_perp_lead),
    (TruthKind.NETTED_TRAP, plan_netted_trap),
    (TruthKind.OI_BUILD, plan_oi_build),
)
WALLS = (TruthKind.WALL, TruthKind.SPOOF, TruthKind.ABSORPTION)
"""Kinds with a resting order; it is set when a block begins."""

ALONE_ON_INSTRUMENT = (TruthKind.WHALE, *WALLS)
LONG = (
    TruthKind.EXHAUSTION,
    TruthKind.DIVERGENCE,
    TruthKind.PERP_LEAD,
    TruthKind.NETTED_TRAP,
    TruthKind.OI_BUILD,
)
"""Off by default. They draw nothing then, so that a market without them is what it always was."""

ALONE_ON_ASSET = (
    TruthKind.LONG_CASCADE,
    TruthKind.SHORT_CASCADE,
    TruthKind.SPOT_LEAD,
    TruthKind.TRAP,
    TruthKind.NEWS,
    *LONG,
)
NEVER_NS = 1 << 62
HOLD_PER_S = 0.1  # share of the excess beyond a real wall that is pulled back each second


class PlannerState(msgspec.Struct, frozen=True):
    """What a `Planner` holds, for snapshots."""

    next_ns: list[int]
    plans: list[Plan]


class Planner:
    """Starts plans at their times and ends them; the market runs what it lays out."""

    def __init__(self, config: MarketConfig, listing: Listing, rng: np.random.Generator) -> None:
        self._listing = listing
        self._origin_ns = config.start_ns
        self._steps = config.block_ns // STEP_NS
        self._mean_ns = [
            _mean_ns(config.patterns.per_hour(kind, listing.asset_count)) for kind, _ in MAKERS
        ]
        # The first one of a kind comes early, so that a short run sees it too.
        self._next_ns = []
        for (kind, _), mean in zip(MAKERS, self._mean_ns, strict=True):
            is_on = mean < NEVER_NS
            draw = rng.uniform(0.1, 0.9) if is_on or kind not in LONG else 0.0
            self._next_ns.append(config.start_ns + int(draw * mean) if is_on else NEVER_NS)
        self._plans: list[Plan] = []

    def state(self) -> PlannerState:
        """Everything, for a snapshot."""
        return PlannerState(list(self._next_ns), list(self._plans))

    def load(self, state: PlannerState) -> None:
        """Replace everything by a snapshot's."""
        self._next_ns = list(state.next_ns)
        self._plans = list(state.plans)

    def retire(
        self, step: int, books: VenueBooks, fundamental: Fundamental, truth: TruthLog
    ) -> BlockScript:
        """End what is over before `step`, record it, and open the script of the next block."""
        script = BlockScript(self._listing, step, self._steps)
        kept = []
        for plan in self._plans:
            wall = books.wall[plan.instrument]
            has_fallen = plan.wall is not None and not wall[WALL_ACTIVE]
            if not plan.is_over(step) and not has_fallen:
                kept.append(plan)
                continue
            record = outcome(plan, self._listing, wall, self._origin_ns)
            if record is not None:
                truth.add(record)
            is_broken = plan.wall is not None and wall_outcome(plan, wall) == "consumed"
            fundamental.push[plan.component] += 0.0 if is_broken else plan.afterwards
            if plan.wall is not None:
                # The makers take what is left of it out of the book at their next requote.
                wall[WALL_RESERVE] = 0
                wall[WALL_ACTIVE] = 0
                script.alive[0, plan.instrument] = 2
        self._plans = kept
        return script

    def start(
        self,
        script: BlockScript,
        books: VenueBooks,
        fundamental: Fundamental,
        rng: np.random.Generator,
    ) -> None:
        """Begin the patterns whose time falls into the script's block."""
        if script.first == 0:
            return  # there are no books yet to plan by; what is due begins in the next block
        begin_ns = self._origin_ns + script.first * STEP_NS
        end_ns = begin_ns + script.steps * STEP_NS
        for k, (kind, make) in enumerate(MAKERS):
            while self._next_ns[k] < end_ns:
                late = 0 if kind in WALLS else max(0, self._next_ns[k] - begin_ns) // STEP_NS
                self._next_ns[k] += int(self._mean_ns[k] * rng.uniform(0.5, 1.5))
                sigma = fundamental.move_sigma
                scene = Scene(self._listing, sigma, books.book, script.first + late, rng)
                self._narrow(scene, kind, books)
                plan = make(scene)
                if plan is not None:
                    self._admit(plan, script, books, fundamental)

    def lay_out(self, script: BlockScript, prices: VenuePrices, books: VenueBooks) -> None:
        """Fill in the script, and let real walls hold the price that has moved beyond them."""
        script.lay_out(self._plans)
        ticks = prices.ticks()
        for plan in self._plans:
            if (
                plan.wall is None
                or plan.wall.pull_ticks
                or not books.wall[plan.instrument, WALL_ACTIVE]
            ):
                continue
            beyond = plan.side * math.log(plan.wall.ticks / float(ticks[plan.instrument]))
            if beyond > 0.0:
                script.drift[:, plan.component] += plan.side * beyond * HOLD_PER_S / STEPS_PER_S

    def _admit(
        self, plan: Plan, script: BlockScript, books: VenueBooks, fundamental: Fundamental
    ) -> None:
        self._plans.append(plan)
        fundamental.stress[plan.component] += plan.stress
        if plan.wall is None:
            return
        row = books.wall[plan.instrument]
        assert not row[WALL_ACTIVE], "one wall an instrument"
        row[WALL_SIDE] = BIDS if plan.wall.side > 0 else ASKS
        row[WALL_TICKS] = plan.wall.ticks
        row[WALL_RESERVE] = plan.wall.lots
        row[WALL_DISPLAY] = plan.wall.display_lots
        row[WALL_PULL_TICKS] = plan.wall.pull_ticks
        row[WALL_ACTIVE] = 1
        row[WALL_ENDED_NS] = 0
        script.alive[0, plan.instrument] = 2

    def _narrow(self, scene: Scene, kind: TruthKind, books: VenueBooks) -> None:
        # Patterns of one reach keep apart, an old wall must have left the book before a new one is
        # set, and nothing but news begins where a venue is halted.
        halted = [plan.venue for plan in self._plans if plan.venue >= 0]
        if halted:
            scene.open_venues = []
        taken: set[int] = set()
        if kind in ALONE_ON_INSTRUMENT:
            taken = {p.instrument for p in self._plans if p.kind in ALONE_ON_INSTRUMENT}
            taken |= set(np.flatnonzero(books.wall[:, WALL_IN_BOOK]).tolist())
        scene.open_instruments = [
            i
            for i in scene.open_instruments
            if i not in taken and self._listing.venue[i] not in halted
        ]
        busy = {plan.component for plan in self._plans if plan.kind in ALONE_ON_ASSET}
        scene.open_assets = [a for a in scene.open_assets if a not in busy]


def _mean_ns(per_hour: float) -> int:
    return int(NS_PER_HOUR / per_hour) if per_hour > 0.0 else NEVER_NS
