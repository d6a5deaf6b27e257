from typing import Any

import numpy as np
import pytest

from undertow.domain.errors import CallerError
from undertow.flow.instrument_flow import InstrumentFlow
from undertow.plot import bars
from undertow.plot.drawing import Candles, Curve


def test_candles_and_indicators_line_up(perp: InstrumentFlow, marks_of: Any) -> None:
    drawing = bars(
        perp, 60, 20, overlays={"mean": np.arange(30.0)}, below={"rsi": np.full(20, 50.0)}
    ).drawing
    price, volume, below = drawing.panels
    (candles,) = marks_of(price, Candles)
    (mean,) = marks_of(price, Curve)
    assert len(candles.x) == 20
    assert (mean.x.tolist(), mean.y.tolist()) == (candles.x.tolist(), list(range(10, 30)))
    assert (mean.label, below.y_label, volume.y_label) == ("mean", "rsi", "volume (lots)")
    assert drawing.title == f"{perp.instrument.instrument_id}, 1m bars"


def test_values_that_do_not_fit_are_refused(perp: InstrumentFlow) -> None:
    with pytest.raises(CallerError, match="expected 20 values of 'mean'"):
        bars(perp, 60, 20, overlays={"mean": np.arange(3.0)})
