"""The state of an asset's market in a few words and numbers: CVD, open interest, funding, basis."""

from math import nan

import msgspec

from undertow.flow.asset_flow import AssetFlow
from undertow.flow.asset_series import AssetSeries
from undertow.flow.basis import basis
from undertow.flow.cvd_momentum import cvd_momentum
from undertow.flow.funding import funding
from undertow.flow.instrument_flow import InstrumentFlow
from undertow.flow.large_trades import large_trades
from undertow.flow.ofi_pressure import ofi_pressure
from undertow.flow.open_interest import open_interest
from undertow.flow.venue_trap import venue_trap

HISTORY_MINUTES = 320


class ToldRegimes(msgspec.Struct, frozen=True):
    """NaN where there is too little to say. Fractions are of one (0.01 = 1 %).

    cvd_z, cvd_side: momentum of CVD against its own past. oi_usd, oi_changes: open interest and its
    change by minutes. funding_per_hour, next_funding_s, funding_sentiment. basis_bps, basis_z.
    trap_venue, trap_side, trap_confidence: a venue that pushes alone, "" without.
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


class ToldPressure(msgspec.Struct, frozen=True):
    """OFI of the last closed second and of the last two minutes at the best bid and ask."""

    ofi_lots: int
    zscore: float
    is_spike: bool
    build_zscore: float
    is_building: bool
    side: int


class ToldWhales(msgspec.Struct, frozen=True):
    """Trades of more than ten times the usual size over the last 5 minutes: lots and share of their
    side's volume.
    """

    buy_lots: int
    sell_lots: int
    buy_share: float
    sell_share: float
    side: int


def told_regimes(asset: AssetFlow, series: AssetSeries) -> ToldRegimes:
    """As of the asset's last closed minute; funding and open interest as told last."""
    momentum, held, cost = cvd_momentum(series.total), open_interest(asset), funding(asset)
    apart, trap = basis(series), venue_trap(series)
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


def told_whales(flow: InstrumentFlow) -> ToldWhales:
    """Of one instrument."""
    found = large_trades(flow)
    return ToldWhales(
        buy_lots=found.buy_lots,
        sell_lots=found.sell_lots,
        buy_share=found.buy_share,
        sell_share=found.sell_share,
        side=found.side,
    )
