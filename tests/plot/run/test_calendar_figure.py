import numpy as np
import pytest
from tests.backtest.reports.made_results import result

from undertow.plot.drawing import Heat, Words
from undertow.plot.run.calendar_figure import calendar


def test_months_compound_to_their_year() -> None:
    # 2024: up 10 % on 1 February, down 50 % on 1 March; flat into January 2025.
    equity = np.full(380, 100.0)
    equity[32:61] = 110.0
    equity[61:] = 55.0
    drawing = calendar(result(equity)).drawing
    heat, words = drawing.panels[0].marks
    assert isinstance(heat, Heat)
    assert isinstance(words, Words)
    shown = heat.values[::-1]
    assert shown.shape == (2, 13)
    assert shown[0, :4] == pytest.approx([0.0, 10.0, -50.0, 0.0])
    assert np.isnan(shown[:, 12]).all()
    assert np.isnan(shown[1, 1:12]).all()
    assert drawing.panels[0].y_names == ((-2024.0, "2024"), (-2025.0, "2025"))
    # Each word stands in its own cell.
    for x, y, text in zip(words.x, words.y, words.texts, strict=True):
        year = {2024: -45.0, 2025: 0.0}[int(-y)]
        wanted = year if x == 13 else shown[int(-y) - 2024, int(x) - 1]
        assert text == f"{wanted:+.1f}"
