import pytest

from undertow.domain.errors import ConfigurationError
from undertow.indicators.averages import Ema
from undertow.indicators.hurst import Hurst
from undertow.indicators.indicator import Indicator, Parameter, whole_at_least


def test_indicators_are_indicators() -> None:
    kinds: list[Indicator] = [Ema(3), Hurst()]
    assert [kind.name for kind in kinds] == ["ema", "hurst"]


def test_parameter_is_what_a_listing_prints() -> None:
    assert Parameter("period", 14, "bars").text == "bars"


@pytest.mark.parametrize("bad", [0, -1, 2.0, True])
def test_a_period_is_a_whole_number(bad: int) -> None:
    with pytest.raises(ConfigurationError, match="expected ema period to be a whole number"):
        whole_at_least("ema", "period", bad, 1)
    assert whole_at_least("ema", "period", 1, 1) == 1
