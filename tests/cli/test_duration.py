import pytest

from undertow.cli.duration import seconds_of, speed_of
from undertow.domain.errors import ConfigurationError


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90", 90), ("60s", 60), ("10m", 600), ("1.5h", 5_400), ("2d", 172_800), (" 5s ", 5)],
)
def test_lengths_of_time(text: str, seconds: float) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "0s", "-5s", "5 weeks", "1e3", "s", "1h30m"])
def test_what_is_no_length_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError, match="expected a length of time such as 60s"):
        seconds_of(text)


def test_speeds() -> None:
    assert speed_of("max") is None
    assert speed_of("2.5") == 2.5


@pytest.mark.parametrize("text", ["0", "-1", "fast", "nan", "inf", "1e9", ""])
def test_what_is_no_speed_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError, match='expected a speed above 0 or "max"'):
        speed_of(text)
