"""The catalogue is what the indicators say of themselves."""

from pathlib import Path

from tools import indicator_catalogue

from undertow.indicators.indicator import Parameter
from undertow.indicators.registry import INDICATORS


def test_the_catalogue_is_current() -> None:
    written = indicator_catalogue.PAGE.read_text()
    assert written == indicator_catalogue.rendered(), "run: python -m tools.indicator_catalogue"


def test_every_indicator_has_one_line(root: Path) -> None:
    lines = (root / "docs/indicators/catalogue.md").read_text().splitlines()
    names = [line.split("`")[1] for line in lines if line.startswith("| `")]
    assert names == list(INDICATORS)


def test_limits_are_told() -> None:
    assert indicator_catalogue.limits(Parameter("a", 1, "bars")) == "1 up"
    assert indicator_catalogue.limits(Parameter("a", 0.5, "share", 0.0, 1.0)) == "0 to 1"
