import json
import re
from typing import Any

import numpy as np
import pytest

from undertow.plot.drawing import Curve, Drawing, Panel
from undertow.plot.html_renderer import html_page, html_part, library_source, plotly_figure
from undertow.plot.ink import DARK, PALETTE, Ink


@pytest.fixture(scope="module")
def shown(every_mark: Drawing) -> Any:
    return json.loads(plotly_figure(every_mark).to_json())


def _traces(shown: Any, kind: str) -> list[Any]:
    return [trace for trace in shown["data"] if trace["type"] == kind]


def test_each_mark_is_there(shown: Any) -> None:
    names = {trace.get("name") for trace in shown["data"]}
    wanted = {"a curve", "steps", "a band", "a stretch", "a box", "points", "crosses", "heat"}
    assert wanted | {"delta", "signed", "plain", "rows"} <= names
    assert len(_traces(shown, "candlestick")) == 1
    assert len(_traces(shown, "heatmap")) == 2
    assert len(_traces(shown, "bar")) == 3
    notes = [note["text"] for note in shown["layout"]["annotations"]]
    assert {"a level", "another level", "note 1", "note 2", "note 3"} <= set(notes)
    assert len(shown["layout"]["shapes"]) == 5


def test_names_of_levels_stand_right_of_everything_and_apart(shown: Any) -> None:
    notes = {note["text"]: note for note in shown["layout"]["annotations"]}
    one, other = notes["a level"], notes["another level"]
    assert one["xref"] == other["xref"] == "paper"
    assert other["y"] - one["y"] > 0.2


def test_series_are_dated_in_utc(every_mark: Drawing) -> None:
    figure = plotly_figure(every_mark)
    curve = next(trace for trace in figure.data if trace.name == "steps")
    assert str(np.asarray(curve.x)[0]).startswith("2023-11-14T22:13:20")
    assert np.asarray(curve.y).tolist() == [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
    assert curve.line.color == PALETTE[Ink.SPOT]


def test_panels_share_x_and_the_side_shares_y(shown: Any) -> None:
    layout = shown["layout"]
    assert layout["xaxis2"]["matches"] == layout["xaxis3"]["matches"] == "x"
    assert layout["yaxis4"]["matches"] == "y"
    assert layout["yaxis2"]["ticktext"] == ["one<br>line", "two"]
    assert layout["yaxis"]["domain"][0] > layout["yaxis2"]["domain"][1]
    assert layout["yaxis3"]["domain"][0] >= 0.0
    assert layout["xaxis3"]["title"]["text"] == "time (UTC)"
    assert layout["yaxis"]["title"]["text"] == "price (USD)"


def test_the_page_opens_without_a_network(every_mark: Drawing) -> None:
    page = html_page(every_mark, "inline")
    assert "A &lt;title&gt;" in page
    assert not re.search(r"<(script|link)[^>]+(src|href)=", page)
    assert len(page) > 3_000_000
    assert "a curve" in page
    assert DARK.ground in page


def test_a_folder_can_share_the_library(every_mark: Drawing) -> None:
    page = html_page(every_mark, "directory")
    assert len(page) < 100_000
    assert 'src="plotly.min.js"' in page
    assert "Plotly" in library_source()


def test_equal_drawings_are_equal_pages(every_mark: Drawing) -> None:
    assert html_page(every_mark, "directory") == html_page(every_mark, "directory")
    assert "<html" not in html_part(every_mark)


def test_plain_numbers_on_x() -> None:
    x = np.linspace(0.0, 1.0, 5)
    drawing = Drawing(
        "plain", (Panel("y", (Curve(x, x, "line", Ink.TOTAL),)),), has_time_axis=False
    )
    figure = plotly_figure(drawing)
    assert figure.layout.xaxis.type == "linear"
    assert np.asarray(figure.data[0].x).tolist() == x.tolist()
