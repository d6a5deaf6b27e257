import msgspec
import numpy as np
from tests.backtest.reports.made_results import curve, result

from undertow.backtest.shared_days import shared_days


def test_days_that_only_one_run_has_are_left_out() -> None:
    first = result([100.0, 110.0, 99.0, 99.0])
    late = result([200.0, 210.0])
    shifted = late.equity.time_ns + 2 * 86_400 * 10**9
    second = msgspec.structs.replace(
        late, equity=msgspec.structs.replace(late.equity, time_ns=shifted)
    )
    ours, theirs = shared_days(first, second)
    np.testing.assert_allclose(ours, [0.0])
    np.testing.assert_allclose(theirs, [0.05])


def test_the_same_run_shares_every_day_and_ruin_ends_it() -> None:
    one = result([100.0, 110.0, 99.0])
    ours, theirs = shared_days(one, one)
    np.testing.assert_allclose(ours, [0.1, -0.1])
    np.testing.assert_array_equal(ours, theirs)
    ruined = msgspec.structs.replace(one, equity=curve([100.0, 0.0, 50.0]))
    assert shared_days(one, ruined)[1].tolist() == [-1.0]
