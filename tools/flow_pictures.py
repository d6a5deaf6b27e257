"""Draw docs/flow/pictures/<page>.png for every page of docs/flow, from the synthetic market.

Run `python tools/flow_pictures.py` after adding a page (a minute or two); name pages to draw only
these: `python tools/flow_pictures.py walls vpin`. One seed, so the same pictures every time. A test
keeps pages and pictures together.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.domain.market_event import EventArray, EventKind
from undertow.domain.side import Side
from undertow.flow.asset_flow import AssetFlow
from undertow.flow.asset_series import AssetSeries
from undertow.flow.bar_kinds import (
    BarKind,
    FixedImbalanceBars,
    Measure,
    RenkoBars,
    TimeBars,
    VolumeBars,
)
from undertow.flow.bars_of_trades import bars_of
from undertow.flow.behaviour import Behaviour, behaviour
from undertow.flow.close_strength import close_strength
from undertow.flow.consolidated_book import consolidated_book
from undertow.flow.exhaustion import exhaustion
from undertow.flow.flow_config import FlowConfig
from undertow.flow.flow_state import FlowState
from undertow.flow.footprint import FootprintBuilder, FootprintConfig
from undertow.flow.instrument_flow import InstrumentFlow
from undertow.flow.large_trades import LargeTrades, large_trades
from undertow.flow.liquidation_estimate import estimate_liquidations, positions_of
from undertow.flow.magnetic_levels import magnetic_levels
from undertow.flow.price_impact import kyle_lambda_of_bars
from undertow.flow.rejection import rejection
from undertow.flow.return_correlation import return_correlation
from undertow.flow.stable_levels import stable_levels
from undertow.flow.sweep import sweep
from undertow.flow.trade_intensity import TradeIntensity
from undertow.flow.venue_trap import venue_trap
from undertow.flow.volume_spike import volume_spike
from undertow.flow.vpin import vpin_by_side, vpin_in_bulk
from undertow.flow.walls import Wall
from undertow.plot import (
    Figure,
    book_imbalance,
    cvd_by_venue,
    depth,
    divergences,
    footprint,
    heatmap,
    imbalance,
    leaders,
    level_flows,
    levels,
    liquidation_map,
    ofi,
    open_interest,
    profile,
    regimes,
    walls,
    whales,
    zones,
)
from undertow.plot.cvd_figure import price_curve
from undertow.plot.drawing import (
    Candles,
    Columns,
    Curve,
    Drawing,
    Level,
    Mark,
    Panel,
    Points,
    Region,
    Shape,
)
from undertow.plot.ink import Ink, venue_ink
from undertow.plot.price_bars import price_bars, volume_panel
from undertow.plot.series_until import series_until
from undertow.simulator.market.market_config import MarketConfig
from undertow.simulator.market.pattern_rates import PatternRates
from undertow.simulator.market.synthetic_market import SyntheticMarket

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "flow"
PICTURES = FOLDER / "pictures"
WITHOUT_PICTURE = frozenset({"README", "bad_input", "study"})
"""Pages that are about no measure."""

MOST_BYTES = 60_000
SEED = 7
HOURS = 6.0
BLOCK_S = 10
SIZES = ((1.5, 96), (1.25, 96), (1.25, 48), (1.0, 96), (1.0, 32))
"""Scales and numbers of colours, tried in this order."""

LEAST_WALL_S = 20
NS_PER_S = 10**9
MINUTE_NS = 60 * NS_PER_S


class Scene(msgspec.Struct):
    """Six hours of one asset on three venues, and what was noted while they passed.

    trades: the perpetual's of the last hour. seen_walls: its walls of the last quarter, each as it
    was seen last. behaviours: its behaviour every ten seconds of the last hour, with the times.
    rates: arrivals per second every ten seconds of the last quarter. swept: seconds around the last
    sweep of the last hour. pushes: every ten seconds of the last hour, its large trades and the
    sides whose push ran dry.
    """

    state: FlowState
    asset: AssetFlow
    perp: InstrumentFlow
    footprints: FootprintBuilder
    trades: EventArray
    seen_walls: tuple[Wall, ...]
    behaviours: list[tuple[int, Behaviour]]
    rates: list[tuple[int, float, float]]
    swept: NDArray[np.void]
    pushes: list[tuple[int, LargeTrades, tuple[Side, ...]]]
    series: AssetSeries


def played(hours: float = HOURS, seed: int = SEED) -> Scene:
    """The scene after so many hours."""
    config = MarketConfig(
        assets=("BTC",), block_ns=BLOCK_S * NS_PER_S, patterns=PatternRates(outage=1.0)
    )
    market = SyntheticMarket(config, np.random.default_rng(seed))  # noqa: TID251 - one seed
    state = FlowState(market.table, market.sources, FlowConfig(whale_usd=80_000))
    perp = next(state[i] for i in range(len(state)) if state[i].instrument.is_perp)
    footprints = FootprintBuilder(FootprintConfig(seconds=300, row_ticks=64), perp.index)
    arrivals = TradeIntensity(30.0, perp.index)
    blocks = int(hours * 3600) // BLOCK_S
    trades, behaviours, rates, pushes = [], [], [], []
    seen: dict[tuple[int, int], Wall] = {}
    swept, since_sweep = perp.bars(1, 0), blocks
    for place in range(blocks):
        rows = market.next_block()
        footprints.push(rows)
        arrivals.push(rows)
        done = 0
        while done < len(rows):
            done = state.advance(rows, done, len(rows), 1 << 62)
        left_s = (blocks - place - 1) * BLOCK_S
        if left_s < 3600:
            is_ours = (rows["instrument"] == perp.index) & (rows["kind"] == EventKind.TRADE)
            trades.append(rows[is_ours])
            behaviours.append((state.now_ns, behaviour(perp)))
            dry = tuple(side for side in Side if exhaustion(perp, side).is_exhausted)
            pushes.append((state.now_ns, large_trades(perp), dry))
            is_swept = sweep(perp.bars(1, 300), BLOCK_S).side != 0
            since_sweep = 0 if is_swept else since_sweep + 1
            if since_sweep <= 12:
                swept = perp.bars(1, 420)
        if left_s < 900:
            rate = arrivals.at()
            rates.append((state.now_ns, rate.buys, rate.sells))
            standing = [wall for wall in perp.tracked_walls() if wall.is_resting]
            seen.update({(wall.price_ticks, wall.since_ns): wall for wall in standing})
    lasting = tuple(wall for wall in seen.values() if wall.age_s >= LEAST_WALL_S)
    asset = state.asset("BTC")
    return Scene(
        state=state,
        asset=asset,
        perp=perp,
        footprints=footprints,
        trades=np.concatenate(trades),
        seen_walls=lasting,
        behaviours=behaviours,
        rates=rates,
        swept=swept,
        pushes=pushes,
        series=asset.series(360),
    )


def _panels(figure: Figure, places: tuple[int, ...], title: str, height_px: int) -> Figure:
    panels = tuple(figure.drawing.panels[place] for place in places)
    drawing = msgspec.structs.replace(
        figure.drawing, panels=panels, title=title, height_px=height_px
    )
    return Figure(drawing)


def _pointed(
    x: NDArray[np.int64], sides: NDArray[np.int64], edges: tuple[Any, Any], labels: tuple[str, str]
) -> list[Mark]:
    # Points where a side is +1 (at the first edges, pointing up) and where it is -1.
    marks: list[Mark] = []
    kinds = ((1, Ink.BUY, Shape.UP), (-1, Ink.SELL, Shape.DOWN))
    for (side, ink, shape), edge, label in zip(kinds, edges, labels, strict=True):
        chosen = sides == side
        if chosen.any():
            marks.append(Points(x[chosen], edge[chosen], label, ink, shape, 7.0))
    return marks


def _asset_series(scene: Scene) -> Figure:
    flows = cvd_by_venue(scene.series).drawing.panels
    rest = open_interest(scene.series).drawing.panels
    return Figure(
        Drawing(
            title="BTC by minutes: price, flow, open interest, funding, basis",
            panels=(flows[0], flows[2], rest[1], rest[3], rest[4]),
            subtitle="over three venues; shaded: a member did not count",
            height_px=1000,
        )
    )


def _symbol_state(scene: Scene) -> Figure:
    opened, led = regimes(scene.series).drawing.panels, leaders(scene.series).drawing.panels
    return Figure(
        Drawing(
            title="BTC: regimes, and who leads",
            panels=(opened[0], opened[1], led[1]),
            subtitle="shaded: the regime of open interest, price and CVD; below: spot and"
            " perpetuals against their own past",
            height_px=860,
        )
    )


def _columns(scene: Scene) -> dict[str, NDArray[Any]]:
    rows, tick = scene.trades, scene.perp.instrument.price_float(1)
    return {
        "time_ns": rows["event_time_ns"],
        "price": np.round(rows["price_ticks"] * tick, 1),
        "qty": rows["qty_lots"],
        "side": rows["side"],
    }


def _bars(scene: Scene) -> Figure:
    trades = _columns(scene)
    order = np.argsort(trades["time_ns"], kind="stable")
    trades = {name: values[order] for name, values in trades.items()}
    volume = int(trades["qty"].sum()) // 60
    kinds: dict[str, BarKind] = {
        "time, 1 min": TimeBars(60),
        "volume": VolumeBars(volume),
        "imbalance": FixedImbalanceBars(Measure.QTY, volume // 5),
        "Renko": RenkoBars(20),
    }
    panels = []
    for name, kind in kinds.items():
        made = bars_of(trades, kind)
        panels.append(Panel(name, (_candles_of(made),), 1.0))
    return Figure(
        Drawing(
            title=f"{scene.perp.instrument.instrument_id}, the same hour as four kinds of bars",
            panels=tuple(panels),
            subtitle="each bar stands where it closed",
            height_px=980,
        )
    )


def _candles_of(made: NDArray[np.void]) -> Candles:
    names = ("open", "high", "low", "close")
    opened, high, low, close = (np.asarray(made[name], dtype=np.float64) for name in names)
    times = made["close_time_ns"]
    width = float(np.median(np.diff(times))) if len(times) > 1 else float(MINUTE_NS)
    width = min(max(width, 6.0 * NS_PER_S), float(MINUTE_NS))
    return Candles(times, opened, high, low, close, width)


def _behaviour(scene: Scene) -> Figure:
    x = np.array([time_ns for time_ns, _ in scene.behaviours], dtype=np.int64)

    def column(name: str) -> NDArray[np.float64]:
        return np.array([getattr(one, name) for _, one in scene.behaviours], dtype=np.float64)

    spreads = (
        Curve(x, column("roll_bps"), "Roll", Ink.SPOT),
        Curve(x, column("high_low_bps"), "high-low", Ink.PERP),
        Curve(x, column("slippage_bps"), "realised slippage", Ink.MARK),
    )
    edges = tuple(Level(at, f"{at:+g}", Ink.QUIET) for at in (3.5, -3.5))
    return Figure(
        Drawing(
            title=f"{scene.perp.instrument.instrument_id}, behaviour from its trades alone",
            panels=(
                Panel("bps", spreads),
                Panel("pressure", (Curve(x, column("pressure"), "", Ink.TOTAL, fill_to=0.0),),
                      has_zero=True),
                Panel("move (score)", (Curve(x, column("move_score"), "", Ink.PRICE), *edges),
                      has_zero=True),
                Panel("volume ratio", (Curve(x, column("volume_ratio"), "", Ink.BUY),
                                       Level(2.0, "spike", Ink.QUIET))),
            ),
            subtitle="over the last 300 s and 60 minutes at each moment",
            height_px=900,
        )
    )  # fmt: skip


def _price_impact(scene: Scene) -> Figure:
    bars = scene.perp.bars(60, 300)
    delta = (bars["buy_lots"] - bars["sell_lots"])[1:].astype(np.float64)
    change = np.diff(bars["close_ticks"]).astype(np.float64)
    found = kyle_lambda_of_bars(bars)
    middle = float(np.mean(change)) - found.slope * float(np.mean(delta))
    x = np.array([delta.min(), delta.max()])
    marks = (
        Points(delta / 1e3, change, "minutes", Ink.BUY, Shape.DOT, 4.0),
        Curve(x / 1e3, middle + found.slope * x, "least squares", Ink.SELL, 1.8),
    )
    return Figure(
        Drawing(
            title=f"{scene.perp.instrument.instrument_id}, price change against signed volume",
            panels=(Panel("change of the close (ticks)", marks, has_zero=True),),
            subtitle=f"Kyle's slope {found.slope * 1e3:.3g} ticks per 1,000 lots,"
            f" r2 {found.r2:.2f}; {len(delta)} minutes",
            x_label="bought less sold (1,000 lots)",
            has_time_axis=False,
        )
    )


def _trade_intensity(scene: Scene) -> Figure:
    x = np.array([row[0] for row in scene.rates], dtype=np.int64)
    curves = tuple(
        Curve(x, np.array([row[place] for row in scene.rates]), label, ink, fill_to=0.0)
        for place, label, ink in ((1, "buys", Ink.BUY), (2, "sells", Ink.SELL))
    )
    seconds = scene.perp.bars(1, 900)
    middle = seconds["open_time_ns"] + NS_PER_S // 2
    tick = scene.perp.instrument.price_float(1)
    price = Curve(middle, seconds["close_ticks"] * tick, "last", Ink.PRICE, 1.2)
    return Figure(
        Drawing(
            title=f"{scene.perp.instrument.instrument_id}, arrival of trades",
            panels=(Panel("price (USDT)", (price,)), Panel("trades per second", curves)),
            subtitle="fading rate with a memory of 30 s, every ten seconds",
        )
    )


def _vpin(scene: Scene) -> Figure:
    trades = _columns(scene)
    bucket = float(trades["qty"].sum()) / 200
    by_side = vpin_by_side(trades["qty"], trades["side"], bucket, 20)
    order = np.argsort(trades["time_ns"], kind="stable")
    made = bars_of({name: column[order] for name, column in trades.items()}, TimeBars(5))
    bulk = vpin_in_bulk(made["close"], made["qty"], bucket=bucket, buckets=20, sigma_bars=120)
    places = np.arange(len(by_side), dtype=np.float64)
    late = places[-1] - np.arange(len(bulk))[::-1]
    curves = (
        Curve(places, by_side, "by side", Ink.TOTAL, 1.6),
        Curve(late, bulk, "in bulk, bars of 5 s", Ink.MARK, 1.6),
    )
    return Figure(
        Drawing(
            title=f"{scene.perp.instrument.instrument_id}, VPIN",
            panels=(Panel("VPIN (0 to 1)", curves),),
            subtitle=f"the last hour, over 20 buckets of {bucket:,.0f} lots",
            x_label="full buckets of equal volume",
            has_time_axis=False,
            height_px=520,
        )
    )


def _sweep(scene: Scene) -> Figure:
    seconds = scene.swept
    tick = scene.perp.instrument.price_float(1)
    middle = seconds["open_time_ns"] + NS_PER_S // 2
    opened, high, low, close = (
        seconds[f"{name}_ticks"] * tick for name in ("open", "high", "low", "close")
    )
    marks: list[Mark] = [Candles(middle, opened, high, low, close, float(NS_PER_S))]
    found = [sweep(seconds[: place + 1], 1).side for place in range(60, len(seconds))]
    sides = np.array([0] * 60 + found)
    marks += _pointed(middle, sides, (high, low), ("asks swept", "bids swept"))
    return Figure(
        Drawing(
            title=f"{scene.perp.instrument.instrument_id}, sweeps",
            panels=(Panel("price (USDT)", tuple(marks)),),
            subtitle="one-second bars; marked when the second's run is over 8 mean ranges and one"
            " side's",
        )
    )


def _venue_trap(scene: Scene) -> Figure:
    series, shown = scene.series, 180
    places = range(max(1, len(series) - shown), len(series))
    found = [venue_trap(series_until(series, place + 1)) for place in places]
    x = series.time_ns[places.start :]
    names = list(series.venues)
    curves = tuple(
        Curve(x, np.array([_score_of(one, name) for one in found]), name, venue_ink(place), 1.4)
        for place, name in enumerate(names)
    )
    edges = tuple(Level(at, f"{at:+g}", Ink.QUIET) for at in (2.0, -2.0))
    marks: list[Mark] = [
        Region(float(time_ns - MINUTE_NS), float(time_ns), None, None,
               Ink.BUY if one.side > 0 else Ink.SELL, strength=0.25)
        for time_ns, one in zip(x.tolist(), found, strict=True) if one.side
    ]  # fmt: skip
    price = price_curve(series)
    last = Curve(x, price.y[places.start :], "price over venues", Ink.PRICE, 1.5)
    return Figure(
        Drawing(
            title="BTC, one venue against the rest",
            panels=(
                Panel("price (USD)", (*marks, last)),
                Panel("score of 15 min of CVD", (*curves, *edges), has_zero=True),
            ),
            subtitle="shaded: a venue pushes alone; the answer's side is against it (blue: up)",
        )
    )


def _return_correlation(scene: Scene) -> Figure:
    lead, window = scene.perp.bars(60, 360), 60
    curves = []
    for place, other in enumerate(scene.asset.members):
        if other is scene.perp:
            continue
        minutes = other.bars(60, 360)
        values = np.full(len(lead), np.nan)
        for stop in range(window + 1, len(lead) + 1):
            found = return_correlation(lead[:stop], minutes, window=window, least=window // 2)
            values[stop - 1] = found.value
        name = str(other.instrument.instrument_id)
        x = lead["open_time_ns"] + MINUTE_NS
        curves.append(Curve(x, values, name, venue_ink(place), 1.3))
    return Figure(
        Drawing(
            title=f"{scene.perp.instrument.instrument_id}, correlation with its siblings",
            panels=(Panel("r of one-minute returns", tuple(curves)),),
            subtitle=f"over the last {window} minutes at each minute",
        )
    )


def _absorption(scene: Scene) -> Figure:
    x = np.array([time_ns for time_ns, _, _ in scene.pushes], dtype=np.int64)
    minutes = scene.perp.bars(60, 60)
    tick = scene.perp.instrument.price_float(1)
    middle = minutes["open_time_ns"] + MINUTE_NS // 2
    price: list[Mark] = [Curve(middle, minutes["close_ticks"] * tick, "close", Ink.PRICE, 1.4)]
    # Buying that runs dry speaks for a fall, so its points have the other side.
    sides = np.array([sum(-int(side) for side in dry) for _, _, dry in scene.pushes])
    at = np.interp(x, middle, minutes["close_ticks"] * tick)
    price += _pointed(x, sides, (at, at), ("selling runs dry", "buying runs dry"))
    shares = tuple(
        Curve(x, np.array([getattr(one, name) for _, one, _ in scene.pushes]), label, ink)
        for name, label, ink in (
            ("buy_share", "of buying", Ink.BUY),
            ("sell_share", "of selling", Ink.SELL),
        )
    )
    return Figure(
        Drawing(
            title=f"{scene.perp.instrument.instrument_id}, exhaustion and large trades",
            panels=(
                Panel("price (USDT)", tuple(price)),
                Panel("share of large trades", shares),
            ),
            subtitle="marked: a push whose rate of trades fell below half; below: the last 5 min",
        )
    )


def _price_action(scene: Scene) -> Figure:
    bars = scene.perp.bars(60, 180)
    drawn = price_bars(scene.perp, 60, 180)
    marks: list[Mark] = [drawn.candles]
    sides = np.array([rejection(bar).side for bar in bars])
    words = ("lower prices rejected", "higher prices rejected")
    marks += _pointed(drawn.middle_ns, sides, (drawn.low, drawn.high), words)
    strength = np.array([close_strength(bar) for bar in bars])
    columns = Columns(drawn.middle_ns, np.nan_to_num(strength), float(MINUTE_NS), "")
    return Figure(
        Drawing(
            title=f"{drawn.name}, rejections and close strength",
            panels=(
                Panel(drawn.price_label, tuple(marks)),
                Panel("close strength", (columns,), 0.35, has_zero=True),
            ),
            subtitle="1-minute bars; +1: closed at its high, -1: at its low",
        )
    )


def _volume(scene: Scene) -> Figure:
    drawn = price_bars(scene.perp, 60, 201)
    ratios = [volume_spike(drawn.rows[: place + 1]) for place in range(len(drawn.rows))]
    ratio = Curve(drawn.middle_ns, np.array(ratios), "", Ink.TOTAL, 1.4)
    edges = tuple(Level(at, f"{at:g}", Ink.QUIET) for at in (1.5, 2.0))
    return Figure(
        Drawing(
            title=f"{drawn.name}, volume and its spikes",
            panels=(
                Panel(drawn.price_label, (drawn.candles,), 1.0),
                msgspec.structs.replace(volume_panel(drawn), height=0.5),
                Panel("over its mean", (ratio, *edges), 0.5),
            ),
            subtitle="each bar's volume over the mean of the 20 bars before it",
        )
    )


def _score_of(found: Any, name: str) -> float:
    return next((one.z_score for one in found.venues if one.venue == name), float("nan"))


def _heatmap(scene: Scene) -> Figure:
    stable = [
        Level(one.price, f"rests {one.present:.0%}", Ink.MARK)
        for one in sorted(stable_levels(scene.perp.heatmap()), key=lambda one: -one.share)[:5]
    ]
    return heatmap(scene.perp, levels=stable)


def _liquidations(scene: Scene) -> Figure:
    found = estimate_liquidations(positions_of(scene.series))
    return liquidation_map(scene.perp, found, least_usd=1e6)


def _levels(scene: Scene) -> Figure:
    maps = [estimate_liquidations(positions_of(scene.series))]
    return levels(scene.perp, magnetic_levels(scene.perp, maps=maps), minutes=180)


def _footprint(scene: Scene) -> Figure:
    tick, name = scene.perp.instrument.price_float(1), str(scene.perp.instrument.instrument_id)
    return footprint(scene.footprints.bars(), tick=tick, name=name)


def _part(title: str, places: tuple[int, ...], height_px: int) -> Callable[[Scene], Figure]:
    return lambda scene: _panels(open_interest(scene.series), places, title, height_px)


DRAWN: dict[str, Callable[[Scene], Figure]] = {
    "absorption": _absorption,
    "asset_series": _asset_series,
    "bars": _bars,
    "basis": _part("BTC, perpetuals over spot", (0, 4), 620),
    "behaviour": _behaviour,
    "book_imbalance": lambda scene: book_imbalance(scene.perp),
    "consolidated_book": lambda scene: depth(consolidated_book(scene.asset)),
    "conviction": lambda scene: leaders(scene.series),
    "cvd": lambda scene: cvd_by_venue(scene.series),
    "cvd_divergence": lambda scene: divergences(scene.series),
    "footprint": _footprint,
    "funding": _part("BTC, predicted funding by venue", (0, 3), 620),
    "heatmap": _heatmap,
    "imbalance": lambda scene: imbalance(scene.perp),
    "liquidation_levels": _liquidations,
    "magnetic_levels": _levels,
    "multi_level_ofi": lambda scene: level_flows(scene.perp),
    "ofi": lambda scene: ofi(scene.perp),
    "oi_regime": lambda scene: regimes(scene.series),
    "open_interest": _part("BTC, open interest", (0, 1, 2), 760),
    "price_action": _price_action,
    "price_impact": _price_impact,
    "return_correlation": _return_correlation,
    "structure": lambda scene: zones(scene.perp, 60, 180),
    "sweep": _sweep,
    "symbol_state": _symbol_state,
    "trade_intensity": _trade_intensity,
    "venue_trap": _venue_trap,
    "volume": _volume,
    "volume_profile": lambda scene: profile(scene.perp),
    "vpin": _vpin,
    "walls": lambda scene: walls(scene.perp, tracked=scene.seen_walls),
    "whale_trades": lambda scene: whales(scene.asset),
    "zones": lambda scene: zones(scene.perp, 60, 360),
}
"""How each page's picture is made."""


def pages(folder: Path = FOLDER) -> list[str]:
    """Pages that have a picture, by name."""
    return sorted({path.stem for path in folder.glob("*.md")} - WITHOUT_PICTURE)


def draw(figure: Figure, path: Path) -> int:
    """Write a picture as large as the limit of its bytes allows; returns them."""
    size = 0
    for scale, colours in SIZES:
        size = figure.png(path, scale=scale, colours=colours).stat().st_size
        if size <= MOST_BYTES:
            return size
    raise SystemExit(f"expected at most {MOST_BYTES} bytes of {path.name}, found {size}")


def main(names: list[str]) -> None:
    """Draw the pictures of these pages, or of all."""
    wanted = names or pages()
    unknown = sorted(set(wanted) - set(DRAWN))
    if unknown:
        raise SystemExit(f"expected pages that tools/flow_pictures.py can draw, found {unknown}")
    PICTURES.mkdir(exist_ok=True)
    scene = played()
    for name in wanted:
        size = draw(DRAWN[name](scene), PICTURES / f"{name}.png")
        sys.stdout.write(f"{name}: {size:,} bytes\n")


if __name__ == "__main__":
    main(sys.argv[1:])
