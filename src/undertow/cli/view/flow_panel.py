"""The order flow of the most active assets, over all venues: the heart of the matter."""

from math import nan

import msgspec

from undertow.cli.view.figures import compact, percent, price
from undertow.cli.view.gauge import signed_gauge
from undertow.cli.view.line import Line, tabulated
from undertow.cli.view.palette import DIM, STRONG, WARN, signed
from undertow.domain.instrument import MarketKind
from undertow.engine.engine import Engine
from undertow.flow.asset_flow import AssetFlow
from undertow.flow.instrument_flow import InstrumentFlow

WINDOW_S = 900
IMBALANCE_WINDOWS = {"30s": 30, "1m": 60, "5m": 300, "15m": 900}
_MINUTES = 15
FULL_IMBALANCE = 0.5
"""Where a gauge is full: three bought for one sold, or the reverse."""

_EXTRAS = ("perp", "15m", "spot", "traded", "basis")
_COLUMN = 8
_LEAST_WIDTH = 48
"""Asset, price, the sum over venues, and four gauges of five characters."""

_WIDEST_HALF = 8
_GAP = "  "


class AssetLine(msgspec.Struct, frozen=True):
    """One asset now. Money is in dollars over 15 minutes; imbalances are -1..1 by window.

    basis_bps: perpetual over spot, in basis points.
    """

    asset: AssetFlow
    lead: InstrumentFlow
    traded: float
    cvd: float
    spot_cvd: float
    by_venue: dict[str, float]
    basis_bps: float
    imbalances: tuple[float, ...]

    @property
    def move_percent(self) -> float:
        """Change of the leading instrument's price over the last bars of 15 minutes."""
        bars = self.lead.bars(60, _MINUTES)
        first = int(bars[0]["open_ticks"]) if len(bars) else 0
        return (self.lead.last_ticks / first - 1.0) * 100 if first else nan


def flow_panel(engine: Engine, *, width: int, height: int) -> list[Line]:
    """The busiest assets that fit, busiest first; columns are added as the width allows, and the
    gauges take what is left.
    """
    names = _chosen_columns(engine.table.venues, width)
    found = [asset_line(asset) for asset in busiest(engine)[: max(0, height - 1)]]
    rows = [_cells(line, engine.table.venues) for line in found]
    figures = tabulated(names, [[row[name] for name in names] for row in rows])
    count = len(IMBALANCE_WINDOWS)
    room = (width - figures[0].width) // count - len(_GAP)
    half = min(_WIDEST_HALF, max(1, (room - 1) // 2))
    heads = Line()
    for name in IMBALANCE_WINDOWS:
        heads.add(f"{_GAP}{name:^{2 * half + 1}}", DIM)
    lines = [figures[0].join(heads)]
    for figure, line in zip(figures[1:], found, strict=True):
        for value in line.imbalances:
            figure.add(_GAP, "").join(signed_gauge(value / FULL_IMBALANCE, half))
        lines.append(figure)
    return lines


def _cells(line: AssetLine, venues: tuple[str, ...]) -> dict[str, Line]:
    lead = line.lead
    return {
        "asset": _name(line.asset),
        "price": Line().add(price(lead.instrument, lead.last_ticks)),
        "15m": _percent(line.move_percent),
        "traded": Line((compact(line.traded), DIM)),
        "basis": Line((f"{line.basis_bps:+.1f}bp", DIM)),
        "CVD $": _dollars(line.cvd, strong=True),
        "spot": _dollars(line.spot_cvd),
        "perp": _dollars(line.cvd - line.spot_cvd),
        **{venue: _dollars(line.by_venue.get(venue, nan)) for venue in venues},
    }


def busiest(engine: Engine) -> list[AssetFlow]:
    """Every asset with a price, by dollars traded in the last 15 minutes; ties in table order."""
    assets = [engine.flow.asset(name) for name in engine.table.assets]
    priced = [asset for asset in assets if any(member.last_ticks for member in asset.members)]
    return sorted(priced, key=lambda asset: -sum(asset.window_usd(WINDOW_S)))


def asset_line(asset: AssetFlow) -> AssetLine:
    """What is shown of an asset that has a price; its first derivative with one leads."""
    priced = [member for member in asset.members if member.last_ticks]
    perps = [member for member in priced if member.instrument.is_perp]
    by_venue = asset.cvd_by_venue(WINDOW_S)
    windows = (asset.window_usd(seconds) for seconds in IMBALANCE_WINDOWS.values())
    return AssetLine(
        asset=asset,
        lead=(perps or priced)[0],
        traded=sum(asset.window_usd(WINDOW_S)),
        cvd=sum(by_venue.values(), 0.0),
        spot_cvd=asset.cvd_usd(WINDOW_S, kind=MarketKind.SPOT),
        by_venue=by_venue,
        basis_bps=asset.basis_bps(),
        imbalances=tuple(_imbalance(*window) for window in windows),
    )


def _chosen_columns(venues: tuple[str, ...], width: int) -> tuple[str, ...]:
    # The venues first, all or none, then what else fits beside gauges of five characters.
    left = width - _LEAST_WIDTH - _COLUMN * len(venues)
    if left < 0:
        venues, left = (), width - _LEAST_WIDTH
    extras = _EXTRAS[: max(0, left // _COLUMN)]
    every = ("asset", "price", "15m", "traded", "CVD $", *venues, "spot", "perp", "basis")
    return tuple(name for name in every if name in extras or name not in _EXTRAS)


def _imbalance(bought: float, sold: float) -> float:
    return (bought - sold) / (bought + sold) if bought + sold > 0 else nan


def _name(asset: AssetFlow) -> Line:
    # A star says that a venue is left out of the sums because its data is not healthy.
    if asset.is_complete:
        return Line((asset.base, STRONG))
    return Line((f"{asset.base}*", WARN))


def _percent(value: float) -> Line:
    return Line((percent(value), signed(value) if value == value else DIM))


def _dollars(value: float, *, strong: bool = False) -> Line:
    style = signed(value) if value == value else DIM
    return Line((compact(value, plus=True), f"bold {style}" if strong else style))
