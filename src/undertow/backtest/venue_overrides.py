"""Fields of a simulated venue given as plain values, as configuration files and switches have them.

`{"queue_model": "proportional", "order_latency": {"type": "log_normal", "median_ns": 30000000}}`
becomes the models themselves. Every key is checked, at every depth, and values that are models
already stay as they are.
"""

import typing
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from undertow.domain.errors import ConfigurationError
from undertow.domain.suggestion import did_you_mean
from undertow.simulator.exchange_config import ExchangeConfig

_FIELDS = {field.name: field.type for field in msgspec.structs.fields(ExchangeConfig)}
_TAG = "type"


def venue_overrides(given: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of `ExchangeConfig`, typed. Raises `ConfigurationError` for unknown keys and values
    of the wrong kind, naming the key.
    """
    return {name: _typed(name, value) for name, value in given.items()}


def read_overrides(words: Iterable[str]) -> dict[str, Any]:
    """`key=value` words to plain values: values are JSON, or texts; dots in a key go deeper, as in
    `order_latency.type=log_normal`. Later words win.
    """
    found: dict[str, Any] = {}
    for word in words:
        key, equals, text = word.partition("=")
        if not equals or not key:
            raise ConfigurationError(f"expected KEY=VALUE of a simulated venue, found {word!r}")
        inside = found
        *outer, last = key.split(".")
        for name in outer:
            inside = inside.setdefault(name, {})
            if not isinstance(inside, dict):
                raise ConfigurationError(f"expected one value or parts of {name}, found both")
        inside[last] = _value(text)
    return found


def _value(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text


def _typed(name: str, value: Any) -> Any:
    if name not in _FIELDS:
        raise ConfigurationError(
            f"expected a field of a simulated venue, found {name!r};{did_you_mean(name, _FIELDS)}"
        )
    plain = msgspec.to_builtins(value)
    _check_keys(_FIELDS[name], plain, name)
    try:
        return msgspec.convert(plain, _FIELDS[name])
    except msgspec.ValidationError as error:
        raise ConfigurationError(f"exchange {name}: {error}, found {value!r}") from error


def _check_keys(kind: Any, value: Any, path: str) -> None:
    # Unknown keys at any depth, before the conversion, which would not suggest the known one.
    if isinstance(value, dict):
        struct = _struct_for(kind, value)
        if struct is None:
            inner = typing.get_args(kind)[1:] if typing.get_origin(kind) is dict else ()
            for key, one in value.items():
                for part in inner:
                    _check_keys(part, one, f"{path}.{key}")
            return
        known = {field.encode_name: field.type for field in msgspec.structs.fields(struct)}
        for key, one in value.items():
            if key == _TAG and struct.__struct_config__.tag is not None:
                continue
            if key not in known:
                raise ConfigurationError(
                    f"exchange {path}: unknown key {key!r};{did_you_mean(str(key), known)}"
                )
            _check_keys(known[key], one, f"{path}.{key}")
    elif isinstance(value, list | tuple) and typing.get_origin(kind) is tuple:
        for place, one in enumerate(value):
            _check_keys(typing.get_args(kind)[0], one, f"{path}[{place}]")


def _struct_for(kind: Any, value: Mapping[str, Any]) -> Any:
    # The model that a mapping means: the only one of a type, or the one its tag names.
    models = list(_models(kind))
    if len(models) <= 1:
        return models[0] if models else None
    tags = {str(model.__struct_config__.tag): model for model in models}
    tag = str(value.get(_TAG, ""))
    if tag not in tags:
        raise ConfigurationError(
            f"expected {_TAG!r} of {', '.join(sorted(tags))}, found {tag!r};"
            f"{did_you_mean(tag, tags)}"
        )
    return tags[tag]


def _models(kind: Any) -> Iterator[Any]:
    options = typing.get_args(kind) if not isinstance(kind, type) else (kind,)
    if typing.get_origin(kind) in (tuple, dict):
        return
    for option in options:
        if isinstance(option, type) and issubclass(option, msgspec.Struct):
            yield option
