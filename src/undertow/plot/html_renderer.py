"""Drawings as interactive pages, by plotly: zoom, hover, hide a series by its name.

The page carries everything it needs and asks no network. It is drawn on the light ground and, where
the reader prefers a dark one, repainted when it opens.
"""

import json
from functools import partial
from html import escape
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
from undertow.plot.ink import DARK, LIGHT, OPPOSITES, PALETTE, SEQUENCE, Ink, Theme
from undertow.plot.level_places import level_places
from undertow.plot.panel_extent import panel_extent

_SHAPES = {
    Shape.UP: "triangle-up",
    Shape.DOWN: "triangle-down",
    Shape.DOT: "circle",
    Shape.CROSS: "x-thin-open",
    Shape.DIAMOND: "diamond",
}
_CONFIG = {"displaylogo": False, "responsive": True, "scrollZoom": True}
_NS_PER_MS = 1_000_000
_LEGEND_ROOM = 0.07
_LEVEL_GAP = 0.035


def html_page(drawing: Drawing, library: str) -> str:
    """The whole page; `library` "inline" or "directory", as for `Figure.html`."""
    part = _part(drawing, library)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(drawing.title)}</title>"
        "<style>body{margin:0;background:"
        f"{LIGHT.ground}}}@media (prefers-color-scheme:dark){{body{{background:{DARK.ground}}}}}"
        f"</style></head><body>{part}</body></html>\n"
    )


def html_part(drawing: Drawing) -> str:
    """What a notebook puts into its page, plotly included."""
    return _part(drawing, "inline")


def html_embedded(drawing: Drawing, identity: str) -> str:
    """A part of a page that has plotly already; `identity` is its own in that page."""
    return _part(drawing, None, identity)


def library_source() -> str:
    """plotly.min.js, for pages that share one."""
    return str(drawing_library("plotly.offline").get_plotlyjs())


def _part(drawing: Drawing, library: str | None, identity: str = "undertow-figure") -> str:
    dark = json.dumps(_ground(drawing, DARK))
    repaint = (
        "if(window.matchMedia&&window.matchMedia('(prefers-color-scheme:dark)').matches)"
        f"{{Plotly.relayout('{{plot_id}}',{dark});}}"
    )
    # A fixed id, so that equal drawings are equal pages.
    return str(
        drawing_library("plotly.io").to_html(
            plotly_figure(drawing).to_dict(),
            config=_CONFIG,
            full_html=False,
            include_plotlyjs=True if library == "inline" else library or False,
            post_script=[repaint],
            div_id=identity,
            validate=False,
        )
    )


def plotly_figure(drawing: Drawing) -> Any:
    """The drawing as a plotly figure, for whoever wants to go on with it."""
    objects = drawing_library("plotly.graph_objects")
    figure = objects.Figure()
    rooms = _rooms(drawing)
    for place, (panel, room) in enumerate(zip(drawing.panels, rooms, strict=True)):
        _add_panel(figure, panel, place, is_time=drawing.has_time_axis)
        is_beside = drawing.side is not None and place == 0
        _name_levels(figure, panel, place, is_beside=is_beside)
        _set_axes(figure, drawing, panel, place, room)
    if drawing.side is not None:
        place = len(drawing.panels)
        _add_panel(figure, drawing.side, place, is_time=False)
        _set_side(figure, drawing.side, place, rooms[0])
    figure.update_layout(
        title={"text": _heading(drawing), "x": 0.01, "xanchor": "left"},
        height=drawing.height_px,
        hovermode="closest",
        dragmode="pan",
        barmode="overlay",
        margin={"l": 80, "r": 130, "t": 90, "b": 60},
    )
    figure.update_layout(_nested(_ground(drawing, LIGHT)))
    return figure


def _heading(drawing: Drawing) -> str:
    subtitle = f"<br><sub>{escape(drawing.subtitle)}</sub>" if drawing.subtitle else ""
    return f"<b>{escape(drawing.title)}</b>{subtitle}"


def _rooms(drawing: Drawing) -> list[tuple[float, float]]:
    # Bottom and top of each panel, the legend's room above it left out.
    heights = [panel.height for panel in drawing.panels]
    rooms, top = [], 1.0
    for height in heights:
        bottom = top - height / sum(heights)
        rooms.append((max(bottom, 0.0), top - _LEGEND_ROOM * (1.0 if len(heights) > 1 else 0.4)))
        top = bottom
    return rooms


def _axis(letter: str, place: int) -> str:
    return letter if place == 0 else f"{letter}{place + 1}"


def _key(name: str, place: int) -> str:
    return name if place == 0 else f"{name}{place + 1}"


def _set_axes(
    figure: Any, drawing: Drawing, panel: Panel, place: int, room: tuple[float, float]
) -> None:
    is_last = place == len(drawing.panels) - 1
    right = 0.82 if drawing.side is not None else 1.0
    x_axis: dict[str, Any] = {
        "domain": [0.0, right],
        "anchor": _axis("y", place),
        "showticklabels": is_last,
        "type": "date" if drawing.has_time_axis else "linear",
        "title": {"text": drawing.x_label if is_last else ""},
        "rangeslider": {"visible": False},
    }
    if place:
        x_axis["matches"] = "x"
    figure.layout[_key("xaxis", place)] = x_axis
    y_axis: dict[str, Any] = {
        "domain": list(room),
        "anchor": _axis("x", place),
        "title": {"text": panel.y_label},
        "zeroline": panel.has_zero,
    }
    if panel.y_names:
        y_axis["tickvals"] = [at for at, _ in panel.y_names]
        y_axis["ticktext"] = [name.replace("\n", "<br>") for _, name in panel.y_names]
    figure.layout[_key("yaxis", place)] = y_axis
    figure.layout[_key("legend", place)] = _legend(room[1], right)


def _set_side(figure: Any, side: Panel, place: int, room: tuple[float, float]) -> None:
    figure.layout[_key("xaxis", place)] = {
        "domain": [0.84, 1.0],
        "anchor": _axis("y", place),
        "title": {"text": side.x_label},
    }
    figure.layout[_key("yaxis", place)] = {
        "domain": list(room),
        "anchor": _axis("x", place),
        "matches": "y",
        "showticklabels": False,
    }
    figure.layout[_key("legend", place)] = _legend(room[1], 1.0)


def _legend(top: float, right: float) -> dict[str, Any]:
    return {
        "orientation": "h",
        "x": right,
        "xanchor": "right",
        "y": top,
        "yanchor": "bottom",
        "bgcolor": "rgba(0,0,0,0)",
    }


def _ground(drawing: Drawing, theme: Theme) -> dict[str, Any]:
    # As flat keys, which both a layout and a relayout understand.
    flat: dict[str, Any] = {
        "paper_bgcolor": theme.ground,
        "plot_bgcolor": theme.ground,
        "font.color": theme.text,
    }
    for place in range(len(drawing.panels) + (drawing.side is not None)):
        for letter in ("xaxis", "yaxis"):
            axis = _key(letter, place)
            flat[f"{axis}.gridcolor"] = theme.grid
            flat[f"{axis}.linecolor"] = theme.frame
            flat[f"{axis}.zerolinecolor"] = theme.frame
    return flat


def _nested(flat: dict[str, Any]) -> dict[str, Any]:
    return {key.replace(".", "_"): value for key, value in flat.items()}


def _add_panel(figure: Any, panel: Panel, place: int, *, is_time: bool) -> None:
    axes = {"xaxis": _axis("x", place), "yaxis": _axis("y", place)}
    legend = _key("legend", place)
    for mark in panel.marks:
        for item in _TRACES[type(mark)](mark, partial(_x_of, is_time=is_time)):
            kind = item.pop("kind", "trace")
            if kind == "trace":
                item.setdefault("showlegend", bool(item.get("name")))
                figure.add_trace(_trace({**item, **axes, "legend": legend}))
            else:
                _add_note(figure, kind, item, axes)


def _trace(item: dict[str, Any]) -> Any:
    if item["type"] == "heatmap":
        item.pop("legend")
    if item["type"] == "candlestick":
        item.pop("legend")
    return item


def _add_note(figure: Any, kind: str, item: dict[str, Any], axes: dict[str, str]) -> None:
    # Shapes and annotations name their axes, or the extent of one.
    x, y = axes["xaxis"], axes["yaxis"]
    whole_x, whole_y = item.pop("whole_x", False), item.pop("whole_y", False)
    item["xref"] = f"{x} domain" if whole_x else x
    item["yref"] = f"{y} domain" if whole_y else y
    if kind == "shape":
        figure.add_shape(item)
    else:
        figure.add_annotation(item)


def _x_of(values: Any, *, is_time: bool) -> Any:
    if not is_time:
        return values
    return (np.asarray(values, dtype=np.int64) // _NS_PER_MS).astype("datetime64[ms]")


def _faded(ink: Ink, alpha: float) -> str:
    colour = PALETTE[ink]
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha})"


def _curve(mark: Curve, x_of: Any) -> list[dict[str, Any]]:
    line = {
        "color": PALETTE[mark.ink],
        "width": mark.width,
        "dash": "dash" if mark.is_dashed else "solid",
        "shape": "hv" if mark.is_step else "linear",
    }
    trace = {
        "type": "scatter", "mode": "lines", "x": x_of(mark.x), "y": mark.y, "name": mark.label,
        "line": line, "connectgaps": False,
    }  # fmt: skip
    if mark.fill_to == 0.0:
        trace |= {"fill": "tozeroy", "fillcolor": _faded(mark.ink, 0.15)}
    return [trace]


def _candles(mark: Candles, x_of: Any) -> list[dict[str, Any]]:
    up, down = PALETTE[Ink.BUY], PALETTE[Ink.SELL]
    return [
        {
            "type": "candlestick", "x": x_of(mark.x), "open": mark.open, "high": mark.high,
            "low": mark.low, "close": mark.close, "name": "price", "showlegend": False,
            "increasing": {"line": {"color": up, "width": 1}, "fillcolor": "rgba(0,0,0,0)"},
            "decreasing": {"line": {"color": down, "width": 1}, "fillcolor": down},
        }
    ]  # fmt: skip


def _columns(mark: Columns, x_of: Any) -> list[dict[str, Any]]:
    heights = np.asarray(mark.heights, dtype=np.float64)
    signs = [PALETTE[Ink.BUY if value >= 0 else Ink.SELL] for value in heights.tolist()]
    colour = PALETTE[mark.ink] if mark.ink is not None else signs
    # On a time axis plotly counts widths in milliseconds.
    probe = x_of(np.zeros(1, np.int64))
    width = mark.width / _NS_PER_MS if probe.dtype.kind == "M" else mark.width
    return [
        {
            "type": "bar", "x": x_of(mark.x), "y": heights, "name": mark.label,
            "width": width * 0.85, "marker": {"color": colour, "line": {"width": 0}},
        }
    ]  # fmt: skip


def _rows(mark: Rows, x_of: Any) -> list[dict[str, Any]]:
    strong, faint = PALETTE[mark.ink], _faded(mark.ink, 0.35)
    return [
        {
            "type": "bar", "orientation": "h", "x": mark.lengths, "y": mark.y + mark.height / 2,
            "width": mark.height * 0.9, "name": mark.label,
            "marker": {
                "color": [strong if flag else faint for flag in mark.is_emphasised.tolist()],
                "line": {"width": 0},
            },
        }
    ]  # fmt: skip


def _region(mark: Region, x_of: Any) -> list[dict[str, Any]]:
    whole_x = mark.x0 is None or mark.x1 is None
    whole_y = mark.y0 is None or mark.y1 is None
    x0, x1 = (0, 1) if whole_x else (_moment(mark.x0, x_of), _moment(mark.x1, x_of))
    y0, y1 = (0, 1) if whole_y else (mark.y0, mark.y1)
    extent = {"whole_x": whole_x, "whole_y": whole_y}
    box = {
        "kind": "shape", "type": "rect", "x0": x0, "x1": x1, "y0": y0, "y1": y1, "layer": "below",
        "line": {"width": 0}, "fillcolor": _faded(mark.ink, mark.strength), **extent,
    }  # fmt: skip
    items: list[dict[str, Any]] = [box]
    if mark.label:
        items.append(_legend_entry(mark.label, _faded(mark.ink, 0.6)))
    if mark.note:
        items.append(
            {
                "kind": "annotation", "x": x0, "y": y1, "text": escape(mark.note),
                "showarrow": False, "xanchor": "left", "yanchor": "top",
                "font": {"size": 10, "color": PALETTE[mark.ink]}, **extent,
            }
        )  # fmt: skip
    return items


def _legend_entry(label: str, colour: str) -> dict[str, Any]:
    # A shape has no legend on all versions: an empty trace stands for it.
    return {
        "type": "scatter", "mode": "markers", "x": [None], "y": [None], "name": label,
        "marker": {"symbol": "square", "size": 11, "color": colour},
    }  # fmt: skip


def _moment(value: float | None, x_of: Any) -> Any:
    found = x_of(np.asarray([value]))[0]
    return str(found) if found.dtype.kind == "M" else float(found)


def _heat(mark: Heat, x_of: Any) -> list[dict[str, Any]]:
    names = OPPOSITES if mark.is_diverging else SEQUENCE
    scale = [[i / (len(names) - 1), name] for i, name in enumerate(names)]
    trace = {
        "type": "heatmap", "x": x_of(mark.x), "y": mark.y, "z": mark.values, "colorscale": scale,
        "name": mark.label, "showlegend": False, "hoverongaps": False,
        "colorbar": {
            "title": {"text": mark.label, "side": "right"}, "thickness": 10, "len": 0.35, "y": 0.8,
            "x": 1.06,
        },
    }  # fmt: skip
    if mark.is_diverging:
        trace["zmid"] = 0.0
    else:
        trace["zmin"] = 0.0
    return [trace]


def _points(mark: Points, x_of: Any) -> list[dict[str, Any]]:
    trace: dict[str, Any] = {
        "type": "scatter", "mode": "markers", "x": x_of(mark.x), "y": mark.y, "name": mark.label,
        "marker": {
            "symbol": _SHAPES[mark.shape], "size": mark.size + 2, "color": PALETTE[mark.ink],
        },
    }  # fmt: skip
    if mark.notes:
        trace |= {"text": list(mark.notes), "hovertemplate": "%{text}<br>%{x}<br>%{y}"}
    return [trace]


def _level(mark: Level, x_of: Any) -> list[dict[str, Any]]:
    dash = "dash" if mark.is_dashed else "solid"
    line = {"color": PALETTE[mark.ink], "width": 1, "dash": dash}
    across = {"whole_x": True, "y0": mark.y, "y1": mark.y, "x0": 0, "x1": 1}
    return [{"kind": "shape", "type": "line", "line": line, **across}]


def _name_levels(figure: Any, panel: Panel, place: int, *, is_beside: bool) -> None:
    # Right of the panel, or right of what stands beside it; moved apart where they would overlap.
    levels = [mark for mark in panel.marks if isinstance(mark, Level)]
    low, high = panel_extent(panel)
    gap = _LEVEL_GAP * (high - low) / min(panel.height, 1.0)
    places = level_places([mark.y for mark in levels], low, high, gap)
    for mark, y in zip(levels, places, strict=True):
        figure.add_annotation(
            {
                "xref": "paper" if is_beside else f"{_axis('x', place)} domain",
                "yref": _axis("y", place),
                "x": 1,
                "y": y,
                "text": escape(mark.label),
                "xanchor": "left",
                "showarrow": False,
                "font": {"size": 11, "color": PALETTE[mark.ink]},
            }
        )


def _words(mark: Words, x_of: Any) -> list[dict[str, Any]]:
    font: dict[str, Any] = {"size": mark.size + 2}
    if mark.ink is not Ink.PRICE:
        font["color"] = PALETTE[mark.ink]
    return [
        {
            "type": "scatter", "mode": "text", "x": x_of(mark.x), "y": mark.y,
            "text": list(mark.texts), "textfont": font, "showlegend": False, "hoverinfo": "skip",
        }
    ]  # fmt: skip


_TRACES: dict[type[Mark], Any] = {
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
