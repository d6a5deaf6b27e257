"""Flows per minute and their running sums."""

import numpy as np

from undertow.flow.minute_flow import MinuteFlow, running_sum

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
