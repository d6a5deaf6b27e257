"""Drawings as PNG and SVG, by matplotlib's Agg and SVG backends; no display, no global state."""

from functools import partial
from io import BytesIO
from typing import Any

import numpy as np

from undertow.plot.drawing import (
    Candles,
    Columns,
    Curve,
    Drawing,
    Heat,
    Level,
    Mark,
    Panel,
    Points,
    Region,
    Rows,
    Shape,
    Words,
)
from undertow.plot.extra import drawing_library
from undertow.plot.ink import OPPOSITES, PALETTE, SEQUENCE, Ink, Theme
from undertow.plot.level_places import level_places

_DPI = 100
_SHAPES = {Shape.UP: "^", Shape.DOWN: "v", Shape.DOT: "o", Shape.CROSS: "x", Shape.DIAMOND: "D"}
_NS_PER_DAY = 86_400 * 10**9
_LEVEL_GAP = 0.045
_GAP_PX = 32
_LEVEL_CHARACTER_PX = 6.6


def png_bytes(drawing: Drawing, theme: Theme, scale: float, colours: int = 0) -> bytes:
    """The drawing as a PNG of (width_px, height_px) * scale pixels."""
    buffer = BytesIO()
    _painted(drawing, theme).savefig(
        buffer, format="png", dpi=_DPI * scale, metadata={"Software": None}
    )
    return _reduced(buffer, colours) if colours else buffer.getvalue()


def svg_bytes(drawing: Drawing, theme: Theme) -> bytes:
    """The drawing as SVG; ids in it are derived from the content."""
    matplotlib = drawing_library("matplotlib")
    buffer = BytesIO()
    with matplotlib.rc_context({"svg.hashsalt": "undertow"}):
        _painted(drawing, theme).savefig(
            buffer, format="svg", metadata={"Date": None, "Creator": None}
        )
    return buffer.getvalue()


def _reduced(buffer: BytesIO, colours: int) -> bytes:
    # Pillow comes with matplotlib. Maximum coverage keeps the colours of thin lines, which cover
    # few pixels; the default would give them up for shades of the large areas.
    images = drawing_library("PIL.Image")
    image = images.open(buffer).convert("RGB")
    out = BytesIO()
    method = images.Quantize.MAXCOVERAGE
    image.quantize(colours, method=method, dither=0).save(out, format="png", optimize=True)
    return out.getvalue()


def _painted(drawing: Drawing, theme: Theme) -> Any:
    figure = drawing_library("matplotlib.figure").Figure(
        figsize=(drawing.width_px / _DPI, drawing.height_px / _DPI),
        dpi=_DPI,
        facecolor=theme.ground,
    )
    drawing_library("matplotlib.backends.backend_agg").FigureCanvasAgg(figure)
    plain = {"va": "top", "parse_math": False}
    figure.text(0.012, 0.985, drawing.title, size=13, weight="bold", color=theme.text, **plain)
    top = 1.0 - 34 / drawing.height_px
    if drawing.subtitle:
        figure.text(0.012, top, drawing.subtitle, size=9.5, color=theme.quiet, **plain)
        top -= 20 / drawing.height_px
    top -= 26 / drawing.height_px
    bottom = 58 / drawing.height_px
    each = (top - bottom) * drawing.height_px / len(drawing.panels)
    grid = figure.add_gridspec(
        len(drawing.panels),
        2 if drawing.side else 1,
        height_ratios=[panel.height for panel in drawing.panels],
        width_ratios=[4.4, 1.0] if drawing.side else None,
        left=0.075,
        right=_right_edge(drawing),
        top=top,
        bottom=bottom,
        hspace=_GAP_PX / (each - _GAP_PX),
        wspace=0.03,
    )
    axes = _panels(drawing, theme, figure, grid)
    _finish_time(drawing, axes)
    return figure


def _right_edge(drawing: Drawing) -> float:
    # Names of levels stand right of the panel.
    marks = [mark for panel in drawing.panels for mark in panel.marks]
    names = [len(mark.label) for mark in marks if isinstance(mark, Level)]
    return 1.0 - (16 + _LEVEL_CHARACTER_PX * max(names, default=0)) / drawing.width_px


def _panels(drawing: Drawing, theme: Theme, figure: Any, grid: Any) -> list[Any]:
    axes: list[Any] = []
    for place, panel in enumerate(drawing.panels):
        shared = axes[0] if axes else None
        axis = figure.add_subplot(grid[place, 0], sharex=shared)
        axes.append(axis)
        _paint(axis, panel, theme, is_time=drawing.has_time_axis)
        is_last = place == len(drawing.panels) - 1
        axis.tick_params(labelbottom=is_last)
        if is_last:
            axis.set_xlabel(drawing.x_label, color=theme.text, size=9)
    edge = axes[0]
    if drawing.side is not None:
        edge = figure.add_subplot(grid[0, 1], sharey=axes[0])
        _paint(edge, drawing.side, theme, is_time=False)
        edge.tick_params(labelleft=False)
        edge.set_ylabel("")
        edge.set_xlabel(drawing.side.x_label, color=theme.text, size=9)
        ticker = drawing_library("matplotlib.ticker")
        edge.xaxis.set_major_locator(ticker.MaxNLocator(3, prune="lower"))
        edge.xaxis.set_major_formatter(ticker.FuncFormatter(_number))
    _name_levels(edge, drawing.panels[0], theme)
    for axis, panel in list(zip(axes, drawing.panels, strict=True))[1:]:
        _name_levels(axis, panel, theme)
    return axes


def _paint(axis: Any, panel: Panel, theme: Theme, *, is_time: bool) -> None:
    axis.set_facecolor(theme.ground)
    axis.margins(x=0.008)
    for name, spine in axis.spines.items():
        spine.set_visible(name in ("left", "bottom"))
        spine.set_color(theme.frame)
    axis.tick_params(colors=theme.text, labelsize=8.5, length=3, color=theme.frame)
    axis.grid(visible=True, color=theme.grid, linewidth=0.7)
    axis.set_axisbelow(True)
    axis.set_ylabel(panel.y_label, color=theme.text, size=9)
    axis.yaxis.set_major_formatter(drawing_library("matplotlib.ticker").FuncFormatter(_number))
    if panel.y_names:
        axis.set_yticks([place for place, _ in panel.y_names], [name for _, name in panel.y_names])
    if panel.has_zero:
        axis.axhline(0.0, color=theme.frame, linewidth=0.9, zorder=1.5)
    for mark in panel.marks:
        _MARKS[type(mark)](axis, mark, theme, partial(_x_of, is_time=is_time))
    handles, labels = axis.get_legend_handles_labels()
    if labels:
        # Above the panel, so that it never lies on the data.
        axis.legend(
            handles, labels, loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=len(labels),
            frameon=False, fontsize=8.5, labelcolor=theme.text, borderaxespad=0.1,
            handlelength=1.4, columnspacing=1.3,
        )  # fmt: skip


def _number(value: float, place: int) -> str:
    # Thousands apart; as many decimals as the number needs, never an exponent.
    size = abs(value)
    for step, unit in ((1e9, "G"), (1e6, "M")):
        if size >= step:
            return f"{value / step:,.4g}{unit}"
    text = f"{value:,.6f}".rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text


def _x_of(values: Any, *, is_time: bool) -> Any:
    # matplotlib counts time in days.
    return np.asarray(values, dtype=np.float64) / _NS_PER_DAY if is_time else values


def _finish_time(drawing: Drawing, axes: list[Any]) -> None:
    if not drawing.has_time_axis:
        return
    dates = drawing_library("matplotlib.dates")
    locator = dates.AutoDateLocator(minticks=4, maxticks=9)
    axis = axes[-1].xaxis
    axis.set_major_locator(locator)
    axis.set_major_formatter(dates.ConciseDateFormatter(locator))


def _curve(axis: Any, mark: Curve, theme: Theme, x_of: Any) -> None:
    x, colour = x_of(mark.x), PALETTE[mark.ink]
    axis.plot(
        x, mark.y, color=colour, linewidth=mark.width, label=mark.label or None,
        linestyle="--" if mark.is_dashed else "-",
        drawstyle="steps-post" if mark.is_step else "default", zorder=3,
    )  # fmt: skip
    if mark.fill_to is not None:
        step = "post" if mark.is_step else None
        axis.fill_between(x, mark.y, mark.fill_to, color=colour, alpha=0.15, linewidth=0, step=step)


def _candles(axis: Any, mark: Candles, theme: Theme, x_of: Any) -> None:
    x, width = x_of(mark.x), float(x_of(mark.width)) * 0.68
    for is_up, ink in ((True, Ink.BUY), (False, Ink.SELL)):
        chosen = (mark.close >= mark.open) == is_up
        low, high = mark.low[chosen], mark.high[chosen]
        bottom = np.minimum(mark.open, mark.close)[chosen]
        body = np.abs(mark.close - mark.open)[chosen]
        colour = PALETTE[ink]
        axis.vlines(x[chosen], low, high, color=colour, linewidth=0.9, zorder=3)
        # Hollow up, full down: direction without colour.
        face = theme.ground if is_up else colour
        axis.bar(
            x[chosen], body, width, bottom, color=face, edgecolor=colour, linewidth=0.9, zorder=3.1
        )


def _columns(axis: Any, mark: Columns, theme: Theme, x_of: Any) -> None:
    heights = np.asarray(mark.heights, dtype=np.float64)
    if mark.ink is not None:
        colours: Any = PALETTE[mark.ink]
    else:
        colours = [PALETTE[Ink.BUY if value >= 0 else Ink.SELL] for value in heights.tolist()]
    width = float(x_of(mark.width)) * 0.85
    label = mark.label or None
    axis.bar(x_of(mark.x), heights, width, color=colours, label=label, linewidth=0, zorder=2.5)


def _rows(axis: Any, mark: Rows, theme: Theme, x_of: Any) -> None:
    colour, label = PALETTE[mark.ink], mark.label or None
    for is_strong, alpha in ((True, 0.95), (False, 0.35)):
        chosen = mark.is_emphasised == is_strong
        if not chosen.any():
            continue
        axis.barh(
            mark.y[chosen] + mark.height / 2, mark.lengths[chosen], mark.height * 0.9, color=colour,
            alpha=alpha, linewidth=0, zorder=2.5, label=label,
        )  # fmt: skip
        label = None


def _region(axis: Any, mark: Region, theme: Theme, x_of: Any) -> None:
    colour = PALETTE[mark.ink]
    kept = {"alpha": mark.strength, "linewidth": 0, "label": mark.label or None, "zorder": 1}
    place, transform = (0.0, mark.y1), axis.get_yaxis_transform()
    if mark.x0 is None or mark.x1 is None:
        axis.axhspan(mark.y0, mark.y1, color=colour, **kept)
    elif mark.y0 is None or mark.y1 is None:
        axis.axvspan(x_of(mark.x0), x_of(mark.x1), color=colour, **kept)
        place, transform = (x_of(mark.x0), 1.0), axis.get_xaxis_transform()
    else:
        sides = [x_of(mark.x0), x_of(mark.x1)]
        axis.fill_between(sides, mark.y0, mark.y1, color=colour, **kept)
        place, transform = (sides[0], mark.y1), axis.transData
    if mark.note:
        axis.annotate(
            mark.note, place, xycoords=transform, xytext=(3, -3), textcoords="offset points",
            size=7.5, color=colour, va="top", ha="left", zorder=4, clip_on=True,
        )  # fmt: skip


def _heat(axis: Any, mark: Heat, theme: Theme, x_of: Any) -> None:
    colors = drawing_library("matplotlib.colors")
    scale = SEQUENCE if theme.name == "light" else tuple(reversed(SEQUENCE))
    names = OPPOSITES if mark.is_diverging else scale
    shown = colors.LinearSegmentedColormap.from_list("undertow", names)
    values = np.ma.masked_invalid(np.asarray(mark.values, dtype=np.float64))
    most = float(np.abs(values).max()) if values.count() else 1.0
    most = float(f"{most:.2g}")
    least = -most if mark.is_diverging else 0.0
    mesh = axis.pcolormesh(
        x_of(mark.x), mark.y, values, cmap=shown, shading="flat", rasterized=True, zorder=0.5,
        vmin=least, vmax=most or 1.0,
    )  # fmt: skip
    axis.grid(visible=False)
    room = axis.inset_axes((0.0, 1.012, 0.16, 0.022))
    bar = axis.figure.colorbar(mesh, cax=room, orientation="horizontal")
    bar.outline.set_visible(False)
    bar.set_ticks([])
    bar.ax.text(
        1.05, 0.5, f"{mark.label}, {_number(least, 0)} to {_number(most, 0)}",
        transform=bar.ax.transAxes, size=8, color=theme.text, va="center",
    )  # fmt: skip


def _points(axis: Any, mark: Points, theme: Theme, x_of: Any) -> None:
    edge = None if mark.shape is Shape.CROSS else theme.ground
    axis.scatter(
        x_of(mark.x), mark.y, s=mark.size**2, marker=_SHAPES[mark.shape], color=PALETTE[mark.ink],
        edgecolors=edge, linewidths=0.6 if edge else 1.6, label=mark.label or None, zorder=5,
    )  # fmt: skip


def _level(axis: Any, mark: Level, theme: Theme, x_of: Any) -> None:
    style = "--" if mark.is_dashed else "-"
    axis.axhline(mark.y, color=PALETTE[mark.ink], linewidth=1.0, linestyle=style, zorder=2.2)


def _words(axis: Any, mark: Words, theme: Theme, x_of: Any) -> None:
    colour = theme.text if mark.ink is Ink.PRICE else PALETTE[mark.ink]
    places = zip(x_of(mark.x).tolist(), mark.y.tolist(), mark.texts, strict=True)
    for x, y, text in places:
        axis.text(
            x, y, text, size=mark.size, color=colour, ha="center", va="center", zorder=6,
            clip_on=True,
        )  # fmt: skip


def _name_levels(axis: Any, panel: Panel, theme: Theme) -> None:
    levels = [mark for mark in panel.marks if isinstance(mark, Level)]
    if not levels:
        return
    low, high = axis.get_ylim()
    gap = _LEVEL_GAP * (high - low) / min(panel.height, 1.0)
    shown = [mark for mark in levels if low <= mark.y <= high]
    places = level_places([mark.y for mark in shown], low, high, gap)
    for mark, y in zip(shown, places, strict=True):
        axis.annotate(
            mark.label, (1.0, y), xycoords=axis.get_yaxis_transform(), xytext=(5, 0),
            textcoords="offset points", size=8, color=PALETTE[mark.ink], va="center",
            annotation_clip=False,
        )  # fmt: skip


_MARKS: dict[type[Mark], Any] = {
    Curve: _curve,
    Candles: _candles,
    Columns: _columns,
    Rows: _rows,
    Region: _region,
    Heat: _heat,
    Points: _points,
    Level: _level,
    Words: _words,
}
