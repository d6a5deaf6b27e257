from pathlib import Path

import pytest

from undertow.domain.errors import ConfigurationError
from undertow.plot import Figure
from undertow.plot.drawing import Drawing


def test_files_are_written(every_mark: Drawing, tmp_path: Path) -> None:
    figure = Figure(every_mark)
    assert figure.png(tmp_path / "a.png", scale=1.0).read_bytes()[:4] == b"\x89PNG"
    assert figure.svg(tmp_path / "a.svg", theme="dark").read_text().startswith("<?xml")
    page = figure.html(tmp_path / "a.html", library="directory")
    assert "a curve" in page.read_text()
    assert (tmp_path / "plotly.min.js").stat().st_size > 1_000_000


def test_a_notebook_shows_it(every_mark: Drawing) -> None:
    assert "Plotly.newPlot" in Figure(every_mark)._repr_html_()


def test_wrong_names_are_answered(every_mark: Drawing, tmp_path: Path) -> None:
    figure = Figure(every_mark)
    with pytest.raises(ConfigurationError, match="did you mean 'dark'"):
        figure.png(tmp_path / "a.png", theme="drak")
    with pytest.raises(ConfigurationError, match="did you mean 'inline'"):
        figure.html(tmp_path / "a.html", library="inlin")
