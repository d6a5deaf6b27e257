from collections.abc import Callable
from math import isnan, log
from typing import ClassVar

import pytest

from undertow.decision.indicator_set import DEPTH, BarNumbers, IndicatorSet
from undertow.domain.bar import Bar
from undertow.domain.errors import ConfigurationError, UnknownNameError
from undertow.domain.instrument_table import InstrumentTable
from undertow.indicators.averages import Ema, Sma
from undertow.indicators.step_indicator import StepIndicator
from undertow.indicators.trend import Adx

MakeBar = Callable[..., Bar]


class LastReturn(Ema):
    """The newest log return: an EMA of period 1 of it."""

    inputs: ClassVar[tuple[str, ...]] = ("log_return",)


@pytest.fixture
def declared() -> dict[str, StepIndicator]:
    return {"fast": Ema(2), "slow@5m": Sma(2), "adx": Adx(2)}


def fed(
    declared: dict[str, StepIndicator], bars: list[Bar], table: InstrumentTable
) -> IndicatorSet:
    running = IndicatorSet(declared, "1m")
    for one in bars:
        running.on_bar(one, table[one.instrument])
    return running


def test_each_name_runs_on_its_timeframe(
    declared: dict[str, StepIndicator], table: InstrumentTable, bar: MakeBar
) -> None:
    minutes = [bar(1_000 + 10 * i, number=i) for i in range(4)]
    fives = [bar(2_000, timeframe_s=300), bar(3_000, timeframe_s=300, number=1)]
    running = fed(declared, minutes + fives, table)
    assert running.timeframes_s == (60, 300)
    assert running.value("slow@5m") == pytest.approx(250.0)
    assert running.value("fast") > running.value("fast", 1) > 100.0


def test_other_outputs_have_a_dotted_name(
    declared: dict[str, StepIndicator], table: InstrumentTable, bar: MakeBar
) -> None:
    running = fed(declared, [bar(1_000 + 10 * i, number=i) for i in range(9)], table)
    assert running.value("adx") == running.value("adx.value")
    assert running.value("adx.plus_di") > running.value("adx.minus_di")


def test_undefined_until_warm(declared: dict[str, StepIndicator], table: InstrumentTable) -> None:
    running = fed(declared, [], table)
    assert all(isnan(value) for value in running.latest().values())
    assert isnan(running.value("fast", 3))


def test_the_declared_instances_are_left_alone(table: InstrumentTable, bar: MakeBar) -> None:
    fast = Ema(2)
    fed({"fast": fast}, [bar(1_000, number=i) for i in range(5)], table)
    assert isnan(fast.value())


def test_log_return_skips_the_first_bar(table: InstrumentTable, bar: MakeBar) -> None:
    running = fed({"r": LastReturn(1)}, [bar(1_000), bar(1_100, number=1)], table)
    assert running.value("r") == pytest.approx(log(1.1))


def test_names_are_checked(declared: dict[str, StepIndicator]) -> None:
    running = IndicatorSet(declared, "1m")
    with pytest.raises(UnknownNameError, match="did you mean 'fast'"):
        running.value("fats")
    with pytest.raises(ConfigurationError, match=f"expected 0 to {DEPTH - 1} bars ago, found 16"):
        running.value("fast", 16)
    with pytest.raises(ConfigurationError, match="expected a timeframe"):
        IndicatorSet({"fast@7m": Ema(2)}, "1m")


def test_unknown_inputs_are_answered_with_the_nearest() -> None:
    class Odd(Ema):
        inputs: ClassVar[tuple[str, ...]] = ("closing",)

    with pytest.raises(ConfigurationError, match="found 'closing'; did you mean 'close'"):
        IndicatorSet({"odd": Odd(2)}, "1m")


@pytest.mark.parametrize("cut", [0, 1, 5, 29])
def test_restored_goes_on_as_if_never_stopped(
    cut: int, declared: dict[str, StepIndicator], table: InstrumentTable, bar: MakeBar
) -> None:
    bars = [bar(1_000 + (i * 37) % 50, number=i) for i in range(30)]
    whole = fed(declared, bars, table)
    resumed = IndicatorSet(declared, "1m")
    resumed.load(fed(declared, bars[:cut], table).dump())
    for one in bars[cut:]:
        resumed.on_bar(one, table[0])
    assert resumed.dump() == whole.dump()


def test_another_declaration_is_refused(declared: dict[str, StepIndicator]) -> None:
    with pytest.raises(ConfigurationError, match="expected a snapshot of indicators"):
        IndicatorSet({"fast": Ema(2)}, "1m").load(IndicatorSet(declared, "1m").dump())


def test_bar_in_quote_and_venue_units(table: InstrumentTable, bar: MakeBar) -> None:
    numbers = BarNumbers(bar(1_000), table[0], 99.0)
    assert (numbers.close, numbers.buy_volume, numbers.trades) == (100.0, 0.06, 10.0)
    assert numbers.vwap == pytest.approx(100.0)
