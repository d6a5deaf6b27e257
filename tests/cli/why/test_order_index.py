from typing import Any

import pytest

from undertow.cli.why.journal_evidence import index_journal
from undertow.cli.why.order_index import OrderIndex
from undertow.domain.errors import DataError, UnknownNameError


@pytest.fixture
def index(small_run: Any) -> OrderIndex:
    return index_journal(small_run.journal)


def test_an_order_is_found_by_every_name(index: OrderIndex) -> None:
    entry = index.find("ut1-o1")
    assert entry.order.instrument_id == "BTC/USDT:USDT@aster"
    assert index.find("ut1-o1/aster-f1") is entry
    assert index.find(entry.order.decision_id) is entry


def test_words_name_the_last_ones(index: OrderIndex) -> None:
    assert index.find("last").order.client_order_id == "ut1-o8"
    assert index.find("last-exit").order.purpose == "flatten"
    assert index.find("last-entry").order.client_order_id == "ut1-o3"


def test_an_unknown_name_gets_a_suggestion(index: OrderIndex) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'ut1-o8'"):
        index.find("ut1-o88")
    with pytest.raises(UnknownNameError, match="a last exit, found none among 0 orders"):
        OrderIndex().find("last-exit")


def test_a_position_has_its_entry_stop_and_exit(index: OrderIndex) -> None:
    span = index.position_of(index.find("ut1-o4"))
    assert span is not None
    assert span.entry_order == "ut1-o1"
    assert [sent.order.purpose for sent in index.orders_of(span)] == ["entry", "protect", "exit"]
    assert span.closed is not None
    assert span.closed.reason == "its time was over"


def test_a_frame_belongs_to_the_run_before_it(index: OrderIndex) -> None:
    assert index.run_of(50).run.run_id == "ut1"
    with pytest.raises(DataError, match="bring the archived segments back"):
        index.run_of(0)
