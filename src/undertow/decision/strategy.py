"""The strategy protocol: a frozen struct whose fields are its parameters."""

import re
from collections.abc import Mapping
from typing import Any, ClassVar, Self, dataclass_transform

import msgspec
from msgspec import StructMeta

from undertow.decision.bar_columns import BarColumns
from undertow.decision.context import Context
from undertow.decision.decision import Decision
from undertow.decision.signals import Signals
from undertow.decision.timeframe import timeframe_seconds
from undertow.domain.bar import Bar
from undertow.domain.errors import ConfigurationError, UnknownNameError
from undertow.domain.identity import StrategyId
from undertow.domain.instrument import Instrument
from undertow.domain.intent import Signal
from undertow.domain.parameter import (
    boolean,
    categorical,
    decimal,
    integer,
    require_parameters,
    take_declarations,
)
from undertow.domain.suggestion import did_you_mean
from undertow.indicators.indicator import Indicator

Answer = Decision | Signal | None
"""What a handler may return: a signal, a whole decision with its verdicts, or nothing."""


@dataclass_transform(
    frozen_default=True,
    kw_only_default=True,
    field_specifiers=(msgspec.field, integer, decimal, categorical, boolean),
)
class StrategyType(StructMeta):
    """Makes every strategy frozen, named and keyword-only, and refuses a bare assignment to a
    parameter, which would shadow the field of that name without being one. A declared parameter
    (`domain.parameter`) becomes an annotated field.
    """

    def __new__(
        cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **options: Any
    ) -> "StrategyType":
        """A strategy class; raises `ConfigurationError` for a bare assignment to a parameter."""
        namespace.setdefault("name", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower())
        take_declarations(namespace)
        annotated = namespace.get("__annotations__", {})
        for field in (field for base in bases for field in getattr(base, "__struct_fields__", ())):
            if field in namespace and field not in annotated:
                raise ConfigurationError(
                    f"expected an annotation on {name}.{field}, such as `{field}: str = ...`, "
                    "found a bare assignment"
                )
        return super().__new__(
            cls, name, bases, namespace, **{"frozen": True, "kw_only": True, **options}
        )


class Strategy(msgspec.Struct, metaclass=StrategyType, kw_only=True, forbid_unknown_fields=True):
    """Base of every strategy, bundled or a user's.

    A strategy is immutable: annotated fields are its parameters (`fast: int = 12`), checked when it
    is made from a configuration; one declared with `integer(5, 50, default=12)` and its like
    (`domain.parameter`) has bounds, and can be searched. What it must remember per instrument
    lives in the struct made by `new_state`, which is saved and restored with the engine.

    name: in configurations and records; the class name in snake case unless given.
    label: tells two differently parameterised runs of one strategy apart.
    timeframe: bars that wake `on_bar` and feed the indicators.
    check_every_ns: period of `on_check` on a grid of whole multiples of it; 0 = never.
    """

    name: ClassVar[str]
    timeframe: str = "1m"
    check_every_ns: int = 0
    label: str = ""

    def __post_init__(self) -> None:
        timeframe_seconds(self.timeframe)
        if self.check_every_ns < 0:
            raise ConfigurationError(
                f"expected check_every_ns of 0 or more, found {self.check_every_ns}"
            )
        require_parameters(self)

    @property
    def strategy_id(self) -> StrategyId:
        """The label when there is one, else the name."""
        return StrategyId(self.label or self.name)

    @classmethod
    def presets(cls) -> Mapping[str, Self]:
        """Named parameter sets; pure data."""
        return {"default": cls()}

    @classmethod
    def preset(cls, name: str) -> Self:
        """One of them; raises `UnknownNameError` with the nearest name."""
        known = cls.presets()
        if name not in known:
            raise UnknownNameError(
                f"expected a preset of {cls.name}, found {name!r};{did_you_mean(name, known)}"
            )
        return known[name]

    def wants(self, instrument: Instrument) -> bool:
        """Whether the strategy runs on an instrument; all of them unless overridden."""
        return True

    def indicators(self) -> Mapping[str, Indicator]:
        """Names and indicators, `"fast"` on the own timeframe, `"trend@15m"` on another."""
        return {}

    def new_state(self) -> msgspec.Struct | None:
        """A fresh per-instrument state, a plain (mutable) msgspec Struct, or None for none."""
        return None

    def on_bar(self, ctx: Context, bar: Bar) -> Answer:
        """A bar of the own timeframe closed; indicators already hold it."""
        return None

    def signals(self, bars: BarColumns) -> Signals | None:
        """What is wanted at the close of every bar, from whole columns; None when not written.

        The second face of a strategy (`docs/strategy_faces.md`): it must mean what `on_bar` means.
        """
        return None

    def on_check(self, ctx: Context) -> Answer:
        """A check is due; bars may still be forming."""
        return None
