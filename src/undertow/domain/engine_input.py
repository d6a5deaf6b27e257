"""Inputs: everything that reaches the engine, and effects: everything that leaves it.

The engine's state is a function of the sequence of inputs and of nothing else. Market batches are
arrays (`market_event.EVENT`) and travel beside this union, which holds the rest.
"""

import msgspec

from undertow.domain.command import Command, OperatorCommand
from undertow.domain.event import Event
from undertow.domain.report import Report


class ReportReceived(msgspec.Struct, frozen=True, tag_field="input", tag="report"):
    """A venue's report reached us."""

    receive_time_ns: int
    report: Report


class ClockAdvanced(msgspec.Struct, frozen=True, tag_field="input", tag="clock"):
    """Time passed without other input: timers up to this time are due."""

    receive_time_ns: int


class OperatorCommanded(msgspec.Struct, frozen=True, tag_field="input", tag="operator"):
    """An operator's command; it takes the same audited road as everything else."""

    receive_time_ns: int
    command: OperatorCommand


class SourceChanged(msgspec.Struct, frozen=True, tag_field="input", tag="source"):
    """A driver saw a connection go down or come back."""

    receive_time_ns: int
    source: str
    is_healthy: bool
    reason: str


Input = ReportReceived | ClockAdvanced | OperatorCommanded | SourceChanged
"""Every input that is not a market batch."""

Effect = Command | Event
"""What a step returns, in order: commands to venues and events for the record."""
