"""From the command line's arguments to a checked configuration."""

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from undertow.cli.app_config import AppConfig
    from undertow.cli.layered_config import LayeredConfig


def add_config_arguments(parser: argparse.ArgumentParser) -> None:
    """-c/--config, given once or more; later files win."""
    parser.add_argument(
        "-c", "--config", action="append", default=[], metavar="FILE", help="YAML file; repeatable"
    )


def layered(args: argparse.Namespace) -> "LayeredConfig[AppConfig]":
    """Defaults, files, environment and the command line's own switches, in that order."""
    from undertow.cli.app_config import AppConfig
    from undertow.cli.layered_config import LayeredConfig

    config = LayeredConfig(AppConfig)
    for name in args.config:
        config.add_file(Path(name))
    config.add_environment(os.environ)
    layer = _switches(args)
    if layer:
        config.add_layer(layer, "command line")
    return config


def _switches(args: argparse.Namespace) -> dict[str, Any]:
    run = {
        name: value
        for name in ("seed", "speed", "warm_up_s")
        if (value := getattr(args, name, None)) is not None
    }
    layer: dict[str, Any] = {"run": run} if run else {}
    strategies = getattr(args, "strategy", None)
    if strategies:
        layer["strategies"] = [_entry(text) for text in strategies]
    return layer


def _entry(text: str) -> dict[str, str]:
    # "scalper:embedded" names a preset; "my.py:Class" a user's own strategy.
    name, colon, preset = text.rpartition(":")
    if not colon or name.endswith(".py"):
        return {"name": text}
    return {"name": name, "preset": preset}
