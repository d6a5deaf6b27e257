"""The state of an asset's market in a few words and numbers: CVD, open interest, funding, basis."""

from math import nan

import msgspec

from undertow.flow.asset_flow import AssetFlow
from undertow.flow.asset_series import AssetSeries
from undertow.flow.basis import basis
from undertow.flow.conviction import conviction
from undertow.flow.cvd_divergence import cvd_divergence
from undertow.flow.cvd_momentum import cvd_momentum
from undertow.flow.funding import funding
from undertow.flow.instrument_flow import InstrumentFlow
from undertow.flow.ofi_pressure import ofi_pressure
from undertow.flow.oi_regime import oi_regime
from undertow.flow.open_interest import open_interest
from undertow.flow.venue_trap import venue_trap
from undertow.flow.whale_trades import whale_activity, whale_bursts

HISTORY_MINUTES = 320
WHALE_S = 300


class ToldRegimes(msgspec.Struct, frozen=True):
    """NaN where there is too little to say. Fractions are of one (0.01 = 1 %).

    cvd_z, cvd_side: momentum of CVD against its own past. oi_usd, oi_changes: open interest and its
    change by minutes. funding_per_hour, next_funding_s, funding_sentiment. basis_bps, basis_z.
    trap_venue, trap_side, trap_confidence: a venue that pushes alone, "" without. regime: who opens
    and who closes, with how many minutes the candidate has held. leader: spot or perpetuals, with
    the side that it supports. divergence_side: of CVD from the price, with its strength.
    """

    cvd_z: float
    cvd_side: int
    oi_usd: float
    oi_changes: dict[str, float]
    funding_per_hour: float
    next_funding_s: float
    funding_sentiment: float
    basis_bps: float
    basis_z: float
    trap_venue: str
    trap_side: int
    trap_confidence: float
    regime: str
    regime_side: int
    candidate: str
    candidate_minutes: int
    leader: str
    leader_side: int
    leader_strength: float
    has_reversal_risk: bool
    divergence_side: int
    divergence_strength: float


class ToldPressure(msgspec.Struct, frozen=True):
    """OFI of the last closed second and of the last two minutes at the best bid and ask."""

    ofi_lots: int
    zscore: float
    is_spike: bool
    build_zscore: float
    is_building: bool
    side: int


class ToldWhales(msgspec.Struct, frozen=True):
    """Whales' trades of the last 5 minutes over all members: how many, their money, and how many
    were unusual for their instrument. burst_side: of the last row of them in quick succession.
    """

    buys: int
    sells: int
    buy_usd: float
    sell_usd: float
    side: int
    alerts: int
    most_score: float
    burst_side: int
    burst_venues: tuple[str, ...]


def told_regimes(asset: AssetFlow, series: AssetSeries) -> ToldRegimes:
    """As of the asset's last closed minute; funding and open interest as told last."""
    momentum, held, cost = cvd_momentum(series.total), open_interest(asset), funding(asset)
    apart, trap = basis(series), venue_trap(series)
    opened, led, parted = oi_regime(series), conviction(series), cvd_divergence(series)
    return ToldRegimes(
        cvd_z=momentum.z_score,
        cvd_side=momentum.side,
        oi_usd=held.open_usd,
        oi_changes={f"{span}m": change.fraction for span, change in held.changes.items()},
        funding_per_hour=cost.per_hour,
        next_funding_s=cost.seconds_to_next,
        funding_sentiment=cost.sentiment,
        basis_bps=apart.basis_bps,
        basis_z=apart.z_score,
        trap_venue=trap.venue,
        trap_side=trap.side,
        trap_confidence=trap.confidence if trap.side else nan,
        regime=opened.regime.value,
        regime_side=opened.side,
        candidate=opened.candidate.value,
        candidate_minutes=opened.minutes,
        leader=led.leader.value,
        leader_side=led.side,
        leader_strength=led.strength,
        has_reversal_risk=led.has_reversal_risk,
        divergence_side=parted.side,
        divergence_strength=parted.total.strength if parted.total is not None else nan,
    )


def told_pressure(flow: InstrumentFlow) -> ToldPressure:
    """Of one instrument."""
    found = ofi_pressure(flow)
    return ToldPressure(
        ofi_lots=found.ofi_lots,
        zscore=found.zscore,
        is_spike=found.is_spike,
        build_zscore=found.build_zscore,
        is_building=found.is_building,
        side=found.side,
    )


def told_whales(asset: AssetFlow) -> ToldWhales:
    """Over the members that count and whose quote counts as a dollar."""
    foreign = frozenset(asset.not_in_dollars)
    members = [m for m in asset.healthy() if m.instrument.instrument_id not in foreign]
    found = whale_activity(members, WHALE_S)
    bursts = whale_bursts(members, WHALE_S)
    return ToldWhales(
        buys=found.buys,
        sells=found.sells,
        buy_usd=found.buy_value,
        sell_usd=found.sell_value,
        side=found.side,
        alerts=found.alerts,
        most_score=found.most_score,
        burst_side=bursts[-1].side if bursts else 0,
        burst_venues=bursts[-1].venues if bursts else (),
    )
