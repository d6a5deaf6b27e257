"""Everything that `undertow flow` shows of an asset at one instant, as numbers."""

from datetime import UTC, datetime
from math import isfinite
from typing import Any

import msgspec

from undertow.cli.flow_view.chosen_symbol import ChosenSymbol
from undertow.cli.flow_view.told_levels import (
    ToldLevel,
    ToldProfile,
    ToldStructure,
    ToldWall,
    told_levels,
    told_profile,
    told_structure,
    told_walls,
)
from undertow.cli.flow_view.told_regimes import (
    HISTORY_MINUTES,
    ToldPressure,
    ToldRegimes,
    ToldWhales,
    told_pressure,
    told_regimes,
    told_whales,
)
from undertow.cli.flow_view.told_venues import (
    LINE_MINUTES,
    ToldSum,
    ToldVenue,
    ToldWindow,
    told_sums,
    told_venues,
    told_windows,
)
from undertow.flow.flow_state import FlowState
from undertow.flow.liquidation_estimate import estimate_liquidations, positions_of


class FlowReport(msgspec.Struct, frozen=True):
    """asset: over all its venues; instrument: the one that is looked at by itself. time_ns: our
    clock. price_digits: decimals of the instrument's prices. left_out: members that are not in the
    sums, and why.
    """

    asset: str
    instrument: str
    time_ns: int
    time: str
    price_digits: int
    sums: tuple[ToldSum, ...]
    venues: tuple[ToldVenue, ...]
    windows: tuple[ToldWindow, ...]
    regimes: ToldRegimes
    profile: ToldProfile | None
    walls: tuple[ToldWall, ...]
    levels: tuple[ToldLevel, ...]
    structure: ToldStructure
    pressure: ToldPressure
    whales: ToldWhales
    left_out: dict[str, str]


def flow_report(state: FlowState, chosen: ChosenSymbol) -> FlowReport:
    """The state as it is; changes nothing."""
    asset, flow = state.asset(chosen.asset), state[chosen.index]
    now_ns = state.now_ns
    venues = told_venues(asset, now_ns)
    series = asset.series(HISTORY_MINUTES)
    crowded = estimate_liquidations(positions_of(series))
    return FlowReport(
        asset=chosen.asset,
        instrument=str(flow.instrument.instrument_id),
        time_ns=now_ns,
        time=datetime.fromtimestamp(now_ns // 10**9, UTC).strftime("%Y-%m-%d %H:%M:%S UTC"),
        price_digits=flow.instrument.price_step.digits,
        sums=told_sums(asset, asset.series(LINE_MINUTES)),
        venues=venues,
        windows=told_windows(asset),
        regimes=told_regimes(asset, series),
        profile=told_profile(flow),
        walls=told_walls(flow),
        levels=told_levels(flow, (crowded,)),
        structure=told_structure(flow),
        pressure=told_pressure(flow),
        whales=told_whales(asset),
        left_out={one.instrument_id: one.left_out for one in venues if one.left_out},
    )


def report_json(report: FlowReport) -> Any:
    """The report as JSON values; what is not known is null."""
    return _known(msgspec.to_builtins(report))


def _known(value: Any) -> Any:
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, dict):
        return {key: _known(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_known(each) for each in value]
    return value
