import pytest

from undertow.backtest.bias.look_plan import LookPlan
from undertow.domain.errors import ConfigurationError


@pytest.mark.parametrize("wrong", [{"cuts": 0}, {"signal_cuts": 0}, {"rows": 10}, {"starts": -1}])
def test_a_plan_that_looks_nowhere_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ConfigurationError, match="expected at least 1 cut"):
        LookPlan(**wrong)


def test_the_exhaustive_plan_looks_harder_everywhere() -> None:
    quick, hard = LookPlan(), LookPlan.exhaustive()
    assert hard.cuts > quick.cuts
    assert hard.signal_cuts > quick.signal_cuts
    assert hard.rows > quick.rows
    assert hard.starts > quick.starts
