"""Every kind of value that a journal can hold, by name, with the frames that it travels in."""

import typing

from undertow.domain.command import Command
from undertow.domain.engine_input import Input, ReportReceived
from undertow.domain.event import Event
from undertow.domain.report import Report
from undertow.timeline.journal import FrameKind


def _names(union: object) -> list[str]:
    return [kind.__name__ for kind in typing.get_args(union)]


VALUE_KINDS: dict[str, FrameKind] = {
    **dict.fromkeys(_names(Event), FrameKind.EVENT),
    **dict.fromkeys(_names(Command), FrameKind.COMMAND),
    **dict.fromkeys(_names(Report), FrameKind.INPUT),
    **dict.fromkeys(_names(Input), FrameKind.INPUT),
}
"""A report is named instead of the `ReportReceived` around it."""

del VALUE_KINDS[ReportReceived.__name__]
