"""Expected borders are calendar facts; the slow twin of months is the standard library's date."""

from datetime import UTC, datetime

import numpy as np
import pytest

from undertow.domain.errors import ConfigurationError
from undertow.storage.catalog.timeframe_names import (
    LENGTHS_S,
    bar_length_name,
    close_times,
    length_of_steps,
    open_times,
)


def at(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=UTC).timestamp()) * 10**9  # type: ignore[misc, arg-type]


def test_names_of_other_habits() -> None:
    found = [bar_length_name(text) for text in ("1D", "1W", "60m", "5min", "4H", "1M", "1m")]
    assert found == ["1d", "1w", "1h", "5m", "4h", "1M", "1m"]
    with pytest.raises(ConfigurationError, match="did you mean '5m'"):
        bar_length_name("5mm")


def test_weeks_open_on_mondays_and_months_on_the_first() -> None:
    times = np.array([at(2024, 2, 29, 13), at(2024, 3, 3, 23, 59)])
    assert open_times(times, "1w").tolist() == [at(2024, 2, 26)] * 2
    assert open_times(times, "1M").tolist() == [at(2024, 2, 1), at(2024, 3, 1)]
    assert close_times(open_times(times, "1M"), "1M").tolist() == [at(2024, 3, 1), at(2024, 4, 1)]


def test_an_open_time_is_at_most_one_length_before() -> None:
    times = np.random.default_rng(3).integers(at(2000, 1, 1), at(2040, 1, 1), 500)
    for name in [*LENGTHS_S, "1M"]:
        opens = open_times(times, name)
        assert (opens <= times).all()
        assert (times < close_times(opens, name)).all()
        assert (open_times(opens, name) == opens).all()


def test_the_length_is_the_most_frequent_step() -> None:
    opens = np.array([0, 300, 600, 3_600, 3_900]) * 10**9
    assert length_of_steps(opens) == "5m"
    assert length_of_steps(np.array([at(2024, 1, 1), at(2024, 2, 1), at(2024, 3, 1)])) == "1M"
    assert length_of_steps(opens[:1]) == ""
    assert length_of_steps(np.array([0, 7, 14])) == ""
