import sys

import pytest

from undertow.domain.errors import ConfigurationError
from undertow.plot.extra import drawing_library


def test_what_is_there_is_imported() -> None:
    assert drawing_library("matplotlib.figure").Figure is not None


def test_what_is_missing_is_named_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "plotly", None)
    monkeypatch.delitem(sys.modules, "plotly.io", raising=False)
    with pytest.raises(ConfigurationError, match=r"plotly.*pip install undertow\[plot\]"):
        drawing_library("plotly.io")
