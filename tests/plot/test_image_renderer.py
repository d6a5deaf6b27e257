import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from undertow.plot.drawing import Curve, Drawing, Panel
from undertow.plot.image_renderer import png_bytes, svg_bytes
from undertow.plot.ink import DARK, LIGHT, PALETTE, Ink


def _image(data: bytes) -> Any:
    return Image.open(io.BytesIO(data)).convert("RGB")


def _colours(data: bytes) -> set[str]:
    found = _image(data).getcolors(1 << 24)
    return {f"#{red:02x}{green:02x}{blue:02x}" for _, (red, green, blue) in found}


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_a_png_has_its_size_its_ground_and_its_inks(every_mark: Drawing, theme: Any) -> None:
    data = png_bytes(every_mark, theme, 1.0)
    assert _image(data).size == (1200, 700)
    colours = _colours(data)
    assert theme.ground in colours
    assert {PALETTE[ink] for ink in (Ink.SPOT, Ink.SELL, Ink.PERP)} <= colours


def test_scale_and_few_colours(every_mark: Drawing) -> None:
    small = png_bytes(every_mark, LIGHT, 2.0, colours=32)
    assert _image(small).size == (2400, 1400)
    assert len(_colours(small)) <= 32
    assert len(small) < len(png_bytes(every_mark, LIGHT, 2.0)) / 2


def test_equal_drawings_give_equal_bytes(every_mark: Drawing) -> None:
    assert png_bytes(every_mark, LIGHT, 1.0) == png_bytes(every_mark, LIGHT, 1.0)
    assert svg_bytes(every_mark, LIGHT) == svg_bytes(every_mark, LIGHT)


def test_an_svg_is_vectors_without_a_date(every_mark: Drawing) -> None:
    text = svg_bytes(every_mark, LIGHT).decode()
    assert text.count("<svg") == 1
    assert PALETTE[Ink.TOTAL] in text
    assert "dc:date" not in text


def test_plain_numbers_on_x() -> None:
    x = np.linspace(0.0, 1.0, 5)
    panel = Panel("y", (Curve(x, x, "line", Ink.TOTAL),))
    drawing = Drawing("plain", (panel,), x_label="share", has_time_axis=False, height_px=300)
    assert _image(png_bytes(drawing, LIGHT, 1.0)).size == (1200, 300)
