import math
import sys

import pytest

from undertow.domain.errors import ConfigurationError
from undertow.domain.extra_library import extra_library


def test_a_library_that_is_there() -> None:
    assert extra_library("math", extra="plot", purpose="counting") is math


def test_a_missing_one_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "optuna", None)
    monkeypatch.setitem(sys.modules, "optuna.samplers", None)
    with pytest.raises(
        ConfigurationError,
        match=r"expected optuna for a search, found it missing: pip install undertow\[search\]",
    ):
        extra_library("optuna.samplers", extra="search", purpose="a search")
