"""Finding strategies: bundled and installed ones by name, a user's own by `path/to/file.py:Class`.

Bundled strategies come through the same entry-point group as anybody's: `undertow.strategies`.
"""

import importlib.util
import inspect
import sys
from collections.abc import Mapping
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec

from undertow.decision.strategy import Strategy
from undertow.domain.errors import ConfigurationError, UnknownNameError
from undertow.domain.suggestion import did_you_mean

GROUP = "undertow.strategies"


def installed() -> dict[str, type[Strategy]]:
    """Every installed strategy by name, in alphabetical order."""
    found: dict[str, type[Strategy]] = {}
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        kind = entry.load()
        if not (inspect.isclass(kind) and issubclass(kind, Strategy)):
            raise ConfigurationError(f"expected entry point {entry.name} to be a Strategy class")
        found[entry.name] = kind
    return found


def find(name: str) -> type[Strategy]:
    """The class of a strategy name or of `file.py:Class`; the error suggests near names."""
    path, separator, kind = name.rpartition(":")
    if separator and path.endswith(".py"):
        return _from_file(Path(path), kind)
    known = installed()
    if name not in known:
        raise UnknownNameError(
            f"expected a strategy name or path/to/file.py:Class, found {name!r};"
            f"{did_you_mean(name, known)}"
        )
    return known[name]


def configured(name: str, preset: str, parameters: Mapping[str, Any], label: str = "") -> Strategy:
    """A strategy made of a preset and single parameters laid over it, checked."""
    kind = find(name)
    values = msgspec.to_builtins(kind.preset(preset))
    unknown = [key for key in parameters if key not in values]
    if unknown:
        raise ConfigurationError(
            f"strategy {name}: unknown parameter {unknown[0]!r};{did_you_mean(unknown[0], values)}"
        )
    values.update(parameters)
    if label:
        values["label"] = label
    try:
        return msgspec.convert(values, kind)
    except msgspec.ValidationError as error:
        raise ConfigurationError(f"strategy {name}: {error}") from error


def _from_file(path: Path, kind: str) -> type[Strategy]:
    if not path.is_file():
        raise UnknownNameError(f"expected a strategy file, found nothing at {path}")
    module = _load(path)
    classes = {
        key: value
        for key, value in vars(module).items()
        if inspect.isclass(value) and issubclass(value, Strategy) and value is not Strategy
    }
    if kind not in classes:
        raise UnknownNameError(
            f"expected a strategy class in {path}, found {kind!r};{did_you_mean(kind, classes)}"
        )
    return classes[kind]


def _load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"undertow_user_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ConfigurationError(f"expected a Python file, found {path}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:  # a user's file may raise anything
        del sys.modules[spec.name]
        raise ConfigurationError(
            f"expected {path} to load, found {type(error).__name__}: {error}"
        ) from error
    return module
