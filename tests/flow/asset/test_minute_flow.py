"""Flows per minute and their running sums."""

import numpy as np

from undertow.flow.minute_flow import MinuteFlow, rolling_mean, running_sum

NAN = np.nan


def test_a_running_sum_leaves_unknown_minutes_unknown() -> None:
    found = running_sum(np.array([1.0, NAN, 2.0, -5.0, NAN]))
    np.testing.assert_array_equal(found, [1.0, NAN, 3.0, -2.0, NAN])


def test_deltas_volumes_and_sums() -> None:
    bought, sold = np.array([3.0, NAN, 5.0]), np.array([1.0, NAN, 9.0])
    flow = MinuteFlow(bought, sold, 10 * bought, 10 * sold, np.array([2, 0, 1]))
    np.testing.assert_array_equal(flow.delta_base, [2.0, NAN, -4.0])
    np.testing.assert_array_equal(flow.delta_usd, [20.0, NAN, -40.0])
    np.testing.assert_array_equal(flow.volume_base, [4.0, NAN, 14.0])
    np.testing.assert_array_equal(flow.volume_usd, [40.0, NAN, 140.0])
    np.testing.assert_array_equal(flow.cvd_base, [2.0, NAN, -2.0])
    np.testing.assert_array_equal(flow.cvd_usd, [20.0, NAN, -20.0])


def test_a_rolling_mean_leaves_out_what_is_unknown() -> None:
    values = np.array([1.0, 2.0, NAN, 6.0, NAN, NAN])
    np.testing.assert_array_equal(rolling_mean(values, 2, 0.5), [NAN, 1.5, 2.0, 6.0, 6.0, NAN])
    np.testing.assert_array_equal(rolling_mean(values, 2), [NAN, 1.5, NAN, NAN, NAN, NAN])
    assert np.isnan(rolling_mean(values, 7)).all()


def test_a_rolling_mean_does_not_depend_on_where_the_array_begins() -> None:
    values = np.random.default_rng(1).normal(size=300)
    whole = rolling_mean(values, 60)
    for first in (1, 7, 100):
        np.testing.assert_array_equal(rolling_mean(values[first:], 60)[59:], whole[first + 59 :])
