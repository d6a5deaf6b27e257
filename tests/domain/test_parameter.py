"""Typed parameters: declared once, checked, listed, set and walked by a search."""

from typing import Annotated

import msgspec
import pytest

from undertow.decision.strategy import Strategy, StrategyType
from undertow.domain.errors import ConfigurationError, UnknownNameError
from undertow.domain.parameter import (
    Kind,
    Parameter,
    Value,
    boolean,
    categorical,
    decimal,
    decimal_range,
    declare,
    integer,
    integer_range,
    parameter_values,
    parameters_of,
    require_parameters,
    with_parameters,
)


class Room(msgspec.Struct, frozen=True):
    """A part of a strategy with a parameter of its own."""

    atrs: Annotated[float, declare(decimal_range(0.5, 5.0, decimals=1, space="stoploss"))] = 2.0
    bars: Annotated[int, declare(integer_range(1, 9))] = 3
    note: str = "not searched"


class Cross(Strategy):
    """One parameter of each kind, and a part with two."""

    fast: int = integer(5, 50, default=12, step=5, words="bars of the fast average")
    stop: float = decimal(0.01, 0.10, default=0.03, space="stoploss")
    average: str = categorical(("sma", "ema", "wma"), default="ema")
    with_volume: bool = boolean(default=True, is_searched=False)
    room: Room = Room()
    plain: int = 4


def test_a_declaration_gives_an_ordinary_field() -> None:
    strategy = Cross()
    assert (strategy.fast, strategy.stop, strategy.average, strategy.with_volume) == (
        12,
        0.03,
        "ema",
        True,
    )
    assert list(parameters_of(Cross)) == [
        "fast",
        "stop",
        "average",
        "with_volume",
        "room.atrs",
        "room.bars",
    ]
    fast = parameters_of(Cross)["fast"]
    assert (fast.kind, fast.low, fast.high, fast.words) == (
        Kind.INTEGER,
        5,
        50,
        "bars of the fast average",
    )
    assert parameters_of(Cross)["room.atrs"].space == "stoploss"
    assert not parameters_of(Cross)["with_volume"].is_searched


def test_grids_of_a_search() -> None:
    known = parameters_of(Cross)
    assert known["fast"].values() == (5, 10, 15, 20, 25, 30, 35, 40, 45, 50)
    stops = known["stop"].values()
    assert (len(stops), stops[0], stops[1], stops[-1]) == (91, 0.01, 0.011, 0.1)
    assert known["average"].values() == ("sma", "ema", "wma")
    assert known["with_volume"].values() == (False, True)
    assert known["room.atrs"].values()[:3] == (0.5, 0.6, 0.7)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("fast", 51, "expected fast from 5 to 50, found 51"),
        ("fast", 12.0, "expected fast of type int, found 12.0"),
        ("fast", True, "expected fast of type int, found True"),
        ("stop", 0.2, "expected stop from 0.01 to 0.1, found 0.2"),
        ("stop", float("nan"), "expected stop from 0.01 to 0.1, found nan"),
        ("average", "emma", "expected average to be one of sma, ema, wma, found 'emma'"),
        ("with_volume", 1, "expected with_volume of type bool, found 1"),
    ],
)
def test_a_value_outside_is_refused_wherever_it_comes_from(
    name: str, value: Value, words: str
) -> None:
    with pytest.raises(ConfigurationError, match=words):
        Cross(**{name: value})  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match=words):
        with_parameters(Cross(), {name: value})


def test_a_configuration_is_checked_by_the_same_bounds() -> None:
    assert msgspec.convert({"fast": 30}, Cross).fast == 30
    with pytest.raises(msgspec.ValidationError, match="50"):
        msgspec.convert({"fast": 60}, Cross)


def test_values_are_read_and_set_by_dotted_names() -> None:
    changed = with_parameters(Cross(), {"fast": 20, "room.atrs": 3, "average": "wma"})
    assert parameter_values(changed) == {
        "fast": 20,
        "stop": 0.03,
        "average": "wma",
        "with_volume": True,
        "room.atrs": 3.0,
        "room.bars": 3,
    }
    assert isinstance(changed.room.atrs, float)
    assert changed.plain == 4
    assert Cross().fast == 12


def test_an_unknown_name_is_told_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'fast'"):
        with_parameters(Cross(), {"fastt": 20})


def test_a_default_outside_its_bounds_is_no_class() -> None:
    with pytest.raises(ConfigurationError, match="expected fast from 5 to 50, found 3"):
        StrategyType(
            "Wrong",
            (Strategy,),
            {"__annotations__": {"fast": int}, "fast": integer(5, 50, default=3)},
        )


def test_a_declaration_without_annotation_is_told() -> None:
    with pytest.raises(ConfigurationError, match="expected an annotation on the parameter fast"):
        StrategyType("Wrong", (Strategy,), {"fast": integer(5, 50, default=12)})


@pytest.mark.parametrize(
    ("low", "high", "step"), [(2.0, 1.0, 1.0), (0.0, float("inf"), 1.0), (0.0, 1.0, 0.0)]
)
def test_bounds_and_steps_must_make_sense(low: float, high: float, step: float) -> None:
    with pytest.raises(ConfigurationError):
        Parameter(kind=Kind.DECIMAL, low=low, high=high, step=step)


def test_a_choice_needs_choices() -> None:
    with pytest.raises(ConfigurationError, match="choices"):
        categorical((), default="ema")


def test_require_names_the_part() -> None:
    broken = Cross()
    msgspec.structs.force_setattr(broken, "fast", 99)
    with pytest.raises(ConfigurationError, match="expected fast from 5 to 50, found 99"):
        require_parameters(broken)
