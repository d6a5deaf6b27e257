import argparse
from pathlib import Path

import pytest

from undertow.cli.setup import add_config_arguments, layered


def _args(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_config_arguments(parser)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--speed")
    parser.add_argument("--strategy", action="append")
    return parser.parse_args(words)


def test_the_command_line_beats_environment_beats_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("run: {seed: 1, speed: '2'}\n")
    monkeypatch.setenv("UNDERTOW__RUN__SEED", "2")
    monkeypatch.setenv("UNDERTOW__RUN__SPEED", '"3"')
    config = layered(_args("-c", str(path), "--seed", "4"))
    assert (config.build().run.seed, config.build().run.speed) == (4, "3")
    origins = {setting.key: setting.origin for setting in config.settings()}
    assert origins["run.seed"] == "command line"
    assert origins["run.speed"] == "environment UNDERTOW__RUN__SPEED"


def test_later_files_win(tmp_path: Path) -> None:
    for name, seed in (("a.yaml", 1), ("b.yaml", 2)):
        (tmp_path / name).write_text(f"run: {{seed: {seed}}}\n")
    words = ("-c", str(tmp_path / "a.yaml"), "-c", str(tmp_path / "b.yaml"))
    assert layered(_args(*words)).build().run.seed == 2


def test_strategies_are_named_with_a_preset_or_a_file() -> None:
    words = (
        "--strategy",
        "scalper:loose",
        "--strategy",
        "ema_cross",
        "--strategy",
        "my/own.py:Mine",
    )
    entries = layered(_args(*words)).build().strategies
    assert [(entry.name, entry.preset) for entry in entries] == [
        ("scalper", "loose"),
        ("ema_cross", "default"),
        ("my/own.py:Mine", "default"),
    ]
