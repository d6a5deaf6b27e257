from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def root() -> Path:
    """The project's folder."""
    return ROOT


@pytest.fixture
def package(root: Path) -> Path:
    """The package's source folder."""
    return root / "src" / "undertow"


@pytest.fixture(scope="session")
def recorded() -> Path:
    """The folder of recorded market data beside the project; tests skip where it is absent."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the recorded market data is not beside the project")
    return folder
