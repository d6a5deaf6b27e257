"""The rules of the house as functions over a source tree, so that each can be shown to fail."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def root() -> Path:
    return ROOT


@pytest.fixture
def package() -> Path:
    return ROOT / "src" / "undertow"
