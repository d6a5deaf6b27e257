import pytest
from hypothesis import given
from hypothesis import strategies as st

from undertow.cli.duration import seconds_of, speed_of
from undertow.domain.errors import ConfigurationError


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90", 90), ("60s", 60), ("10m", 600), ("1.5h", 5_400), ("2d", 172_800), (" 5s ", 5)],
)
def test_lengths_of_time(text: str, seconds: float) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "0", "-5s", "5 s", "5w", "s", "1e3", "5.s", "nan", "inf"])
def test_what_is_no_length_of_time(text: str) -> None:
    with pytest.raises(ConfigurationError, match="such as 60s, 10m or 2h"):
        seconds_of(text)


@pytest.mark.parametrize(("written", "speed"), [("max", None), ("10", 10.0), (2, 2.0), (0.5, 0.5)])
def test_speeds(written: str | float, speed: float | None) -> None:
    assert speed_of(written) == speed


@pytest.mark.parametrize("written", ["0", "-1", "fast", "nan", "inf", "", 0, -3, 1e9, "MAX"])
def test_what_is_no_speed(written: str | float) -> None:
    with pytest.raises(ConfigurationError, match='a speed above 0 or "max"'):
        speed_of(written)


@given(st.text())
def test_any_text_is_a_length_or_a_configuration_error(text: str) -> None:
    try:
        seconds = seconds_of(text)
    except ConfigurationError:
        seconds = 1.0
    assert seconds > 0
