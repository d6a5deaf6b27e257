"""Trade imbalance: who dominated when, by length of window or by venue, and the ladder of now."""

from collections.abc import Sequence

import numpy as np

from undertow.domain.errors import CallerError
from undertow.flow.asset_flow import AssetFlow
from undertow.flow.instrument_flow import InstrumentFlow
from undertow.plot.cvd_figure import known_series, price_curve
from undertow.plot.drawing import Curve, Drawing, Heat, Panel
from undertow.plot.figure import Figure
from undertow.plot.ink import Ink
from undertow.plot.price_bars import Floats, price_bars

WINDOWS_S = (30, 60, 300)


def imbalance(
    source: InstrumentFlow | AssetFlow,
    *,
    windows_s: Sequence[int] = WINDOWS_S,
    minutes: int = 60,
) -> Figure:
    """(bought - sold) / (bought + sold), -1 to 1.

    Of an instrument: over the last `windows_s` seconds (900 at most) at each second of the last 15
    minutes. Of an asset: in each of the last closed `minutes`, by venue and over all.
    """
    if isinstance(source, AssetFlow):
        return _by_venue(source, minutes)
    return _by_window(source, windows_s)


def _share(bought: Floats, sold: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((bought - sold) / (bought + sold))


def _by_window(flow: InstrumentFlow, windows_s: Sequence[int]) -> Figure:
    if not windows_s or not all(1 <= seconds <= 900 for seconds in windows_s):
        raise CallerError(f"expected windows of 1 .. 900 seconds, found {tuple(windows_s)}")
    drawn = price_bars(flow, 1, 900)
    sums = [
        np.concatenate([[0.0], np.cumsum(drawn.rows[name].astype(np.float64))])
        for name in ("buy_lots", "sell_lots")
    ]
    rows = []
    for seconds in windows_s:
        parts = [total[seconds:] - total[:-seconds] for total in sums]
        blank = np.full(min(seconds - 1, len(drawn.rows)), np.nan)
        rows.append(np.concatenate([blank, _share(*parts)])[: len(drawn.rows)])
    names = tuple(
        f"{seconds} s" if seconds < 60 else f"{seconds // 60} min" for seconds in windows_s
    )
    edges = np.append(drawn.rows["open_time_ns"], drawn.end_ns)
    last = Curve(drawn.middle_ns, drawn.close, "last", Ink.PRICE, 1.3)
    title = f"{drawn.name}, trade imbalance by window"
    return _figure(title, Panel(drawn.price_label, (last,), 0.9), edges, np.array(rows), names)


def _by_venue(asset: AssetFlow, minutes: int) -> Figure:
    series = known_series(asset, minutes)
    flows = {"all venues": series.total, **series.venues}
    rows = np.array([_share(flow.buy_usd, flow.sell_usd) for flow in flows.values()])
    edges = np.append(series.time_ns - 60 * 10**9, series.time_ns[-1])
    price = Panel("price (USD)", (price_curve(series),), 0.9)
    return _figure(f"{series.asset}, trade imbalance by venue", price, edges, rows, tuple(flows))


def _figure(
    title: str, price: Panel, edges: Floats, rows: Floats, names: tuple[str, ...]
) -> Figure:
    # The first row is drawn at the top.
    count = len(names)
    heat = Heat(edges, np.arange(count + 1.0), rows[::-1], "(bought - sold) / total", True)
    shown = [
        f"{name}\n{value:+.2f}" if value == value else f"{name}\n-"
        for name, value in zip(names, rows[:, -1].tolist(), strict=True)
    ]
    places = tuple((count - 0.5 - place, text) for place, text in enumerate(shown))
    panel = Panel("", (heat,), 0.28 * count, y_names=places)
    note = "blue: buyers, orange: sellers; the numbers at the left are of the newest column"
    return Figure(Drawing(title, (price, panel), note, height_px=460 + 60 * count))
