"""Configuration from many places, with the place each value came from.

Precedence, weakest first: defaults, files in the order given, environment, command line. A file
may name environment variables as `${VAR}`; an environment override is `UNDERTOW__SECTION__KEY`.
Unknown keys are errors that suggest the nearest known one.
"""

import json
import os
import re
import types
import typing
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec
import yaml

from undertow.domain.errors import ConfigurationError
from undertow.domain.suggestion import did_you_mean

PREFIX = "UNDERTOW__"
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_SECRET = re.compile(r"secret|password|token|api_?key|private", re.IGNORECASE)

Shape = TypeVar("Shape", bound=msgspec.Struct)


class Setting(msgspec.Struct, frozen=True):
    """One value with its dotted key and the place it came from; secrets print as stars."""

    key: str
    value: Any
    origin: str

    @property
    def shown(self) -> str:
        """The value as JSON, or stars when the key names a secret."""
        return '"***"' if _SECRET.search(self.key) else json.dumps(self.value)


class LayeredConfig(Generic[Shape]):
    """Collects layers over the defaults of a msgspec Struct and converts the sum once."""

    def __init__(self, shape: type[Shape]) -> None:
        self._shape = shape
        self._values: dict[str, Any] = msgspec.to_builtins(shape())
        self._origins: dict[str, str] = {key: "default" for key, _ in _leaves(self._values)}

    def add_file(self, path: Path) -> None:
        """Lay a YAML (or JSON) file over what is there."""
        try:
            text = path.read_text(encoding="utf-8")
        except OSError as error:
            raise ConfigurationError(
                f"expected a readable configuration file, found {path}: {error.strerror}"
            ) from error
        try:
            layer = yaml.safe_load(text)
        except yaml.YAMLError as error:
            found = " ".join(str(error).split())
            raise ConfigurationError(f"{path}: expected YAML, found {found}") from error
        if layer is None:
            return
        self.add_layer(_expand(layer, str(path)), str(path))

    def add_environment(self, environment: Mapping[str, str]) -> list[str]:
        """Lay `UNDERTOW__A__B=value` over what is there; returns the names that were applied."""
        names = sorted(name for name in environment if name.startswith(PREFIX))
        for name in names:
            keys = name[len(PREFIX) :].lower().split("__")
            layer = _guess(environment[name])
            if _kind_of(self._shape, keys) is str and not isinstance(layer, str):
                layer = environment[name]  # 10 is a text where a text belongs
            for key in reversed(keys):
                layer = {key: layer}
            self.add_layer(layer, f"environment {name}")
        return names

    def add_layer(self, layer: Any, origin: str) -> None:
        """Lay a nested mapping over what is there."""
        if not isinstance(layer, dict):
            raise ConfigurationError(f"{origin}: expected a mapping of sections, found {layer!r}")
        _check_keys(self._shape, layer, origin, "")
        _merge(self._values, layer)
        for key, _ in _leaves(layer):
            for stale in [old for old in self._origins if old.startswith(f"{key}.")]:
                del self._origins[stale]
            self._origins[key] = origin

    def build(self) -> Shape:
        """The typed configuration; raises `ConfigurationError` naming key, value and origin."""
        try:
            return msgspec.convert(self._values, self._shape)
        except msgspec.ValidationError as error:
            where = re.search(r"`\$\.?(.*?)`", str(error))
            key = where.group(1) if where else ""
            origin = self._origins.get(key, "")
            raise ConfigurationError(f"{origin}: {error}" if origin else str(error)) from error

    def settings(self) -> Iterator[Setting]:
        """Every value with the place it came from, in the order of the sections."""
        for key, value in _leaves(self._values):
            origin = self._origins.get(key)
            parent = key
            while origin is None and "." in parent:
                parent = parent.rpartition(".")[0]
                origin = self._origins.get(parent)
            yield Setting(key, value, origin or "default")


def _leaves(values: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict) and value:
            yield from _leaves(value, f"{name}.")
        else:
            yield name, value


def _merge(target: dict[str, Any], layer: dict[str, Any]) -> None:
    for key, value in layer.items():
        if isinstance(value, dict) and isinstance(target.get(key), dict):
            _merge(target[key], value)
        else:
            target[key] = value


def _check_keys(shape: Any, layer: dict[str, Any], origin: str, path: str) -> None:
    fields = {field.encode_name: field.type for field in msgspec.structs.fields(shape)}
    for key, value in layer.items():
        if key not in fields:
            raise ConfigurationError(
                f"{origin}: unknown key {path + str(key)!r};{did_you_mean(str(key), fields)}"
            )
        inner = _struct_of(fields[key])
        if inner is not None and isinstance(value, dict):
            _check_keys(inner, value, origin, f"{path}{key}.")


def _struct_of(kind: Any) -> Any:
    # The Struct inside a field's type, if it is one (or one | None).
    options = typing.get_args(kind) if isinstance(kind, types.UnionType) else (kind,)
    structs = [k for k in options if isinstance(k, type) and issubclass(k, msgspec.Struct)]
    return structs[0] if len(structs) == 1 else None


def _kind_of(shape: Any, keys: list[str]) -> Any:
    # The type of the field that the keys lead to; None where they lead to none.
    kind: Any = shape
    for key in keys:
        struct = _struct_of(kind)
        if struct is not None:
            fields = {field.encode_name: field.type for field in msgspec.structs.fields(struct)}
            kind = fields.get(key)
        elif typing.get_origin(kind) is dict:
            kind = typing.get_args(kind)[1]
        else:
            return None
    return kind


def _expand(value: Any, origin: str) -> Any:
    if isinstance(value, dict):
        return {key: _expand(inner, origin) for key, inner in value.items()}
    if isinstance(value, list):
        return [_expand(inner, origin) for inner in value]
    if not isinstance(value, str) or "${" not in value:
        return value
    whole = _VARIABLE.fullmatch(value)
    if whole:
        return _guess(_variable(whole.group(1), origin))
    return _VARIABLE.sub(lambda match: _variable(match.group(1), origin), value)


def _variable(name: str, origin: str) -> str:
    found = os.environ.get(name)
    if found is None:
        raise ConfigurationError(f"{origin}: expected environment variable {name}, found none")
    return found


def _guess(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return {"True": True, "False": False}.get(text, text)
