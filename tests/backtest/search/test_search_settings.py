"""What cannot be meant is refused when the settings are made."""

from typing import Any

import pytest

from undertow.backtest.search.search_settings import Face, SearchSettings
from undertow.domain.errors import UndertowError


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"tries": 0}, "tries of at least 1"),
        ({"batch": 0}, "batch of at least 1"),
        ({"segments": 0}, "segments of at least 1"),
        ({"least_trades": -1}, "least_trades of at least 0"),
        ({"losses": ()}, "expected a loss"),
        ({"losses": ("sharpe", "calmar"), "segments": 2}, "one loss with segments"),
        ({"losses": ("profit",)}, "expected a loss of"),
    ],
)
def test_refused(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(UndertowError, match=message):
        SearchSettings(**wrong)


def test_defaults() -> None:
    settings = SearchSettings()
    assert (settings.sampler, settings.losses, settings.face) == ("tpe", ("sharpe",), Face.EVENTS)
