"""How a simulated venue behaves. The defaults are pessimistic; optimism must be asked for."""

from enum import StrEnum

import msgspec

from undertow.domain.errors import ConfigurationError
from undertow.domain.time import NS_PER_MS, NS_PER_S
from undertow.simulator.faults import FaultPlan
from undertow.simulator.fee_program import FeeEra
from undertow.simulator.fidelity import Fidelity as Fidelity
from undertow.simulator.funding_plan import FundingPlan
from undertow.simulator.impact_model import SquareRootImpact
from undertow.simulator.instrument_terms import InstrumentTerms
from undertow.simulator.intrabar_path import IntrabarPath
from undertow.simulator.latency import ConstantLatency, Latency
from undertow.simulator.maintenance import MaintenanceTier
from undertow.simulator.queue_model import AnyQueueModel
from undertow.simulator.queue_model import QueueModel as QueueModel
from undertow.simulator.slippage import Slippage
from undertow.simulator.spread_model import FixedSpread, SpreadModel

_PPM = 1_000_000


class MarginMode(StrEnum):
    """CROSS: all positions of a settlement currency share the wallet. ISOLATED: each has its own
    margin and can lose no more than that.
    """

    CROSS = "cross"
    ISOLATED = "isolated"


class LiquidationFill(StrEnum):
    """At which price a liquidated position is closed. BANKRUPTCY: where its margin is gone, as
    venues do that take positions over (BT-10). BOOK: walk the book, slip beyond it.
    """

    BANKRUPTCY = "bankruptcy"
    BOOK = "book"


class ExchangeConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One venue's models.

    Trades-only and bars-only data: half_spread is assumed around the last price. at_share_ppm:
    share of what trades exactly at a resting order's price that fills it (0: only trades through
    the price fill). participation_ppm: share of a trade, or of a bar's volume, that our makers and
    our takers may each have on each side. intrabar_path: see `intrabar_path`. open_window_ns: a
    market order that arrives no later than this after a bar's open (and in its first half) is
    filled at that open, another waits for the next one; never less than two round trips.
    is_gap_improved: a resting limit order that the open has passed is filled at the open instead
    of its own price.

    feed_latency: only its floor is used, because recorded receive times carry their own jitter.
    timeout_ns: a request without an answer is reported as timed out this long after it was sent.
    market_cap_ppm: a market order fills no further than this from the best opposite price.
    limit_band_ppm: a limit price may not be further than this through the last price, 0 = any.
    leverage: of every derivative, 0 = the instrument's own maximum.
    maintenance: margin tiers in the settlement currency, the first from "0"; maintenance_of: the
    same for single instruments by symbol, where the venue has told us its own.
    liquidation_fee_ppm: charged on a forced close beside the taker fee, for the insurance fund.
    liquidation_fill: the price of a forced close.
    fee_eras: fee tiers from dates on; empty: the instruments' own rates. funding, funding_of: plans
    for derivatives without FUNDING rows, for all and by symbol. impact_of: own impact by symbol.
    terms_of: ticks, lots and minimums of the past by symbol.
    is_spot_fee_in_base: spot buys pay their fee in the coin bought instead of in quote money.
    ladder_levels: displayed levels kept a side; deeper ones are forgotten.
    """

    fidelity: Fidelity = Fidelity.BOOK
    queue_model: AnyQueueModel = QueueModel.PESSIMISTIC
    half_spread: SpreadModel = FixedSpread()
    at_share_ppm: int = 0
    participation_ppm: int = 100_000
    intrabar_path: IntrabarPath = IntrabarPath.WORST_CASE
    open_window_ns: int = NS_PER_S
    is_gap_improved: bool = False
    feed_latency: Latency = ConstantLatency(5 * NS_PER_MS)
    order_latency: Latency = ConstantLatency(20 * NS_PER_MS)
    response_latency: Latency = ConstantLatency(20 * NS_PER_MS)
    timeout_ns: int = 5 * NS_PER_S
    market_cap_ppm: int = 50_000
    limit_band_ppm: int = 100_000
    slippage: Slippage = Slippage()
    margin_mode: MarginMode = MarginMode.CROSS
    leverage: int = 0
    maintenance: tuple[MaintenanceTier, ...] = (MaintenanceTier("0", 5_000),)
    maintenance_of: dict[str, tuple[MaintenanceTier, ...]] = {}
    liquidation_fee_ppm: int = 5_000
    liquidation_fill: LiquidationFill = LiquidationFill.BANKRUPTCY
    fee_eras: tuple[FeeEra, ...] = ()
    funding: FundingPlan | None = None
    funding_of: dict[str, FundingPlan] = {}
    impact_of: dict[str, SquareRootImpact] = {}
    terms_of: dict[str, tuple[InstrumentTerms, ...]] = {}
    is_spot_fee_in_base: bool = False
    ladder_levels: int = 4_096
    faults: FaultPlan = FaultPlan()

    def __post_init__(self) -> None:
        round_trip = self.order_latency.floor_ns + self.response_latency.floor_ns
        if round_trip < 1 or self.timeout_ns < round_trip:
            raise ConfigurationError(
                "expected a least round trip of at least 1 ns and a timeout not below it, "
                f"found {round_trip} and {self.timeout_ns}"
            )
        if not 0 < self.market_cap_ppm < 1_000_000 or self.limit_band_ppm < 0:
            raise ConfigurationError(
                "expected market_cap_ppm in 1 .. 999,999 and limit_band_ppm of at least 0, "
                f"found {self.market_cap_ppm} and {self.limit_band_ppm}"
            )
        if not 0 <= self.at_share_ppm <= _PPM or not 0 < self.participation_ppm <= _PPM:
            raise ConfigurationError(
                "expected at_share_ppm in 0 .. 1,000,000 and participation_ppm in 1 .. 1,000,000, "
                f"found {self.at_share_ppm} and {self.participation_ppm}"
            )
        if self.open_window_ns < 0:
            raise ConfigurationError(f"expected open_window_ns >= 0, found {self.open_window_ns}")
        if self.leverage < 0 or self.ladder_levels < 1 or self.liquidation_fee_ppm < 0:
            raise ConfigurationError(
                "expected leverage and liquidation_fee_ppm of at least 0 and ladder_levels of at "
                f"least 1, found {self.leverage}, {self.liquidation_fee_ppm}, {self.ladder_levels}"
            )
