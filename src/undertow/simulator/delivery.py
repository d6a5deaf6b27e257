"""A report of the simulated venue and the time at which we hear it."""

import msgspec

from undertow.domain.report import Report


class Delivery(msgspec.Struct, frozen=True):
    """`report` reaches us at `receive_time_ns`; the venue said it at `report.event_time_ns`."""

    receive_time_ns: int
    report: Report
