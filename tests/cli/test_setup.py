import argparse
from pathlib import Path

import pytest

from undertow.cli.setup import add_config_arguments, layered
from undertow.domain.errors import ConfigurationError


def _args(*argv: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_config_arguments(parser)
    parser.add_argument("--seed", type=int)
    parser.add_argument("-s", "--strategy", action="append")
    return parser.parse_args(argv)


def test_switches_win_over_environment_and_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("run: {seed: 1, warm_up_s: 1}")
    monkeypatch.setenv("UNDERTOW__RUN__SEED", "2")
    monkeypatch.setenv("UNDERTOW__RUN__WARM_UP_S", "2")
    config = layered(_args("-c", str(path), "--seed", "3")).build()
    assert (config.run.seed, config.run.warm_up_s) == (3, 2)
    assert layered(_args("-c", str(path))).build().run.seed == 2


def test_later_files_win(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 2)):
        (tmp_path / name).write_text(f"run: {{seed: {seed}}}")
    argv = [word for name in "ab" for word in ("-c", str(tmp_path / name))]
    assert layered(_args(*argv)).build().run.seed == 2


@pytest.mark.parametrize(
    ("text", "name", "preset"),
    [
        ("scalper", "scalper", "default"),
        ("scalper:embedded", "scalper", "embedded"),
        ("my/file.py:Mine", "my/file.py:Mine", "default"),
        ("my/file.py:Mine:fast", "my/file.py:Mine", "fast"),
    ],
)
def test_a_strategy_is_named_with_its_preset(text: str, name: str, preset: str) -> None:
    (entry,) = layered(_args("-s", text)).build().strategies
    assert (entry.name, entry.preset) == (name, preset)


def test_strategies_on_the_command_line_take_the_place_of_all_others() -> None:
    config = layered(_args("-s", "ema_cross", "-s", "scalper:strict")).build()
    assert [entry.name for entry in config.strategies] == ["ema_cross", "scalper"]


def test_texts_in_the_environment_stay_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNDERTOW__ENGINE__LIMITS__MAX_DAILY_LOSS", "500")
    monkeypatch.setenv("UNDERTOW__ENGINE__PEGS__USDC", "0.9998")
    monkeypatch.setenv("UNDERTOW__ENGINE__REVIEW_EVERY_S", "20")
    engine = layered(_args()).build().engine
    assert (engine.limits.max_daily_loss, engine.review_every_s) == ("500", 20)


def test_a_wrong_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNDERTOW__RUN__SEDE", "1")
    with pytest.raises(ConfigurationError, match=r"UNDERTOW__RUN__SEDE: unknown key 'run\.sede'"):
        layered(_args())
