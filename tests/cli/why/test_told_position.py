from collections.abc import Callable

import msgspec

from undertow.cli.why.evidence import Evidence, named_in
from undertow.cli.why.order_story import OrderStory
from undertow.cli.why.told_position import told_position
from undertow.domain.event import StopMoved
from undertow.domain.identity import InstrumentId
from undertow.timeline.journal import FrameKind
from undertow.timeline.journal_record import JournalRecord

LONG, SHORT = "BTC/USDT:USDT@aster", "BTC/USDT:USDT@borea"


def test_profit_is_after_fees(story: Callable[[str, str], OrderStory]) -> None:
    position = story(LONG, "exit").position
    assert position is not None
    gross = (float(position.exit_price) - float(position.entry_price)) * float(position.qty)
    assert abs(float(position.pnl) - (gross - float(position.fees))) < 1e-9
    assert (position.side, position.is_open, position.held_s) == ("long", False, 20.0)
    assert position.exit_reason == "its time was over"


def test_a_stop_that_was_hit_is_told(story: Callable[[str, str], OrderStory]) -> None:
    position = story(SHORT, "entry").position
    assert position is not None
    assert [(change.price, change.reason) for change in position.stop_changes] == [
        ("95740.4", "hit")
    ]
    assert position.exit_reason == "stop_loss"


def test_an_open_position_has_its_fills_and_no_profit_yet(
    evidence: Callable[[str, str], Evidence],
) -> None:
    found = evidence(SHORT, "protect")
    case, stop = found.case, "ut1-o6"
    assert case.span is not None
    still_open = msgspec.structs.replace(case, span=msgspec.structs.replace(case.span, closed=None))
    fills = [one for one in found.records if named_in(one.value) == (stop,)]
    assert len(fills) > 1
    before_last = [one for one in found.records if one is not fills[-1]]
    position = told_position(still_open, before_last)
    assert position is not None
    assert (position.is_open, position.pnl, position.exit_price) == (True, "", "")
    assert position.entry_price == "95739.8"
    assert 0 < float(position.qty) < 0.052


def test_the_stop_s_way_is_told(evidence: Callable[[str, str], Evidence]) -> None:
    case = evidence(LONG, "entry").case
    assert case.span is not None
    moved = StopMoved(
        at_ns=1,
        position_id=case.span.opened.position_id,
        instrument_id=InstrumentId(LONG),
        stop_price="7",
        reason="trailing",
    )
    other = msgspec.structs.replace(moved, position_id="other")
    records = [JournalRecord(FrameKind.EVENT, 3, 1, value) for value in (moved, other)]
    position = told_position(case, records)
    assert position is not None
    assert [change.price for change in position.stop_changes] == ["7"]
    assert told_position(msgspec.structs.replace(case, span=None), records) is None
