from pathlib import Path

import msgspec
import pytest

from undertow.cli.layered_config import LayeredConfig
from undertow.domain.errors import ConfigurationError


class Inner(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    max_positions: int = 5
    whitelist: tuple[str, ...] = ()
    api_secret: str = ""


class Outer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    risk: Inner = Inner()
    wallet: dict[str, str] = {}
    name: str = "x"


@pytest.fixture
def config() -> LayeredConfig[Outer]:
    return LayeredConfig(Outer)


def _file(folder: Path, text: str) -> Path:
    path = folder / "config.yaml"
    path.write_text(text)
    return path


def _add_and_build(config: LayeredConfig[Outer], path: Path) -> None:
    config.add_file(path)
    config.build()


def test_later_layers_win_and_are_named(config: LayeredConfig[Outer], tmp_path: Path) -> None:
    config.add_file(_file(tmp_path, "risk: {max_positions: 3}\nwallet: {USDT: '5'}\n"))
    applied = config.add_environment({"UNDERTOW__RISK__MAX_POSITIONS": "2", "HOME": "/"})
    config.add_layer({"name": "y"}, "command line")
    assert config.build() == Outer(Inner(2), {"USDT": "5"}, "y")
    assert applied == ["UNDERTOW__RISK__MAX_POSITIONS"]
    origins = {setting.key: setting.origin for setting in config.settings()}
    assert origins["risk.max_positions"] == "environment UNDERTOW__RISK__MAX_POSITIONS"
    assert origins["risk.whitelist"] == "default"
    assert origins["wallet.USDT"].endswith("config.yaml")
    assert origins["name"] == "command line"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "risk: {max_positons: 3}",
            "unknown key 'risk.max_positons'; did you mean 'max_positions'",
        ),
        ("rsk: {}", "unknown key 'rsk'; did you mean 'risk'"),
        ("risk: {max_positions: many}", "max_positions"),
        ("[1, 2]", "expected a mapping of sections"),
        ("a: [", "expected YAML"),
        ("name: ${UNDERTOW_TEST_MISSING}", "expected environment variable UNDERTOW_TEST_MISSING"),
    ],
)
def test_mistakes_are_explained(
    config: LayeredConfig[Outer], tmp_path: Path, text: str, words: str
) -> None:
    with pytest.raises(ConfigurationError, match=words):
        _add_and_build(config, _file(tmp_path, text))


def test_variables_are_filled_in(
    config: LayeredConfig[Outer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNDERTOW_TEST_N", "7")
    text = "risk: {max_positions: '${UNDERTOW_TEST_N}'}\nname: n-${UNDERTOW_TEST_N}\n"
    config.add_file(_file(tmp_path, text))
    assert config.build() == Outer(Inner(7), name="n-7")


def test_environment_types_are_guessed(config: LayeredConfig[Outer]) -> None:
    config.add_environment({"UNDERTOW__RISK__WHITELIST": '["A", "B"]', "UNDERTOW__NAME": "plain"})
    assert config.build() == Outer(Inner(whitelist=("A", "B")), name="plain")


def test_secrets_are_never_shown(config: LayeredConfig[Outer]) -> None:
    config.add_layer({"risk": {"api_secret": "hunter2"}}, "command line")
    assert not any("hunter2" in setting.shown for setting in config.settings())


def test_a_missing_file_is_named(config: LayeredConfig[Outer], tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"nowhere\.yaml"):
        config.add_file(tmp_path / "nowhere.yaml")


def test_an_empty_file_changes_nothing(config: LayeredConfig[Outer], tmp_path: Path) -> None:
    config.add_file(_file(tmp_path, ""))
    assert config.build() == Outer()
