from collections.abc import Iterator
from pathlib import Path

import pytest

from undertow.domain.money import Money
from undertow.storage.state_database import StateDatabase
from undertow.storage.state_queries import Only, StateQueries
from undertow.timeline.journal_record import JournalRecord

Records = list[JournalRecord]


@pytest.fixture
def queries(tmp_path: Path, trade_story: Records) -> Iterator[StateQueries]:
    with StateDatabase(tmp_path / "s") as database:
        database.apply(trade_story)
        yield database.queries


def test_rows_are_chosen_by_name_time_and_number(queries: StateQueries) -> None:
    assert len(queries.decisions()) == 2
    assert queries.decisions(Only(strategy="other")) == []
    assert queries.trades(Only(instrument_id="BTC/USDT@binance")) == []
    assert queries.decisions(Only(until_ns=9)) == []
    assert len(queries.decisions(Only(since_ns=9, limit=1))) == 1
    assert len(queries.decisions(action="EXECUTED")) == 2
    assert queries.decisions(action="REJECTED") == []
    assert queries.orders(is_open=True) == []
    assert [fill.fill_id for fill in queries.fills(client_order_id="ut1-o2")] == ["f3"]


def test_the_newest_comes_first(queries: StateQueries) -> None:
    assert [order.client_order_id for order in queries.orders()] == ["ut1-o2", "ut1-o1"]
    assert [row.decision_id for row in queries.decisions()] == ["ut1-d2", "ut1-d1"]


def test_one_decision_by_its_id(queries: StateQueries) -> None:
    found = queries.decision("ut1-d1")
    assert found is not None
    assert found.outcome == "enter"
    assert queries.decision("ut9-d9") is None


def test_money_is_exact(queries: StateQueries) -> None:
    assert queries.trades()[0].profit == Money.of("9.065", "USDT")


def test_the_cash_book_is_chosen_by_owner(queries: StateQueries) -> None:
    owners = {row.owner for row in queries.ledger(Only(strategy="cascade"))}
    assert owners == {"cascade"}
