import pytest

from undertow.cli.view.gauge import meter, signed_gauge
from undertow.cli.view.palette import BAD, GOOD


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "  │  "), (1.0, "  │██"), (-1.0, "██│  "), (0.25, "  │▌ "), (-0.75, "▐█│  "),
        (9.0, "  │██"), (float("nan"), "  │  "),
    ],
)  # fmt: skip
def test_bars_grow_from_the_middle(value: float, text: str) -> None:
    line = signed_gauge(value, 2)
    assert (line.text, line.width) == (text, 5)


def test_buying_is_green_and_selling_red() -> None:
    assert GOOD in [style for _, style in signed_gauge(0.5, 2).spans]
    assert BAD in [style for _, style in signed_gauge(-0.5, 2).spans]


def test_meters_fill_to_an_eighth() -> None:
    assert meter(0.0, 4) == "    "
    assert meter(0.5, 4) == "██  "
    assert meter(0.28, 4) == "█▏  "
    assert meter(2.0, 4) == "████"
