"""Candles in memory: every flaw has an outcome, and blocks give the same rows however asked."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from undertow.backtest.bar_data import BLOCK_BARS, bar_data
from undertow.domain.errors import ConfigurationError, DataError
from undertow.domain.market_event import EventKind
from undertow.timeline.market_data import DataFidelity, MarketData

Make = Callable[..., dict[str, Any]]


def test_it_is_market_data(make_candles: Make) -> None:
    data: MarketData = bar_data(make_candles(), "ABC/USDT@somewhere")
    assert data.fidelity is DataFidelity.BARS
    assert data.sources == ("somewhere.spot",)
    assert data.table[0].instrument_id == "ABC/USDT@somewhere"
    assert data.notes == ()


def test_rows_of_a_bar_are_its_open_and_its_close(make_candles: Make) -> None:
    columns = make_candles(3)
    rows = np.concatenate(list(bar_data(columns, "ABC/USDT").blocks()))
    assert rows["kind"].tolist() == [EventKind.BAR_OPEN, EventKind.BAR] * 3
    assert np.allclose(rows["price_ticks"][0::2] / 100, columns["open"])
    assert np.allclose(rows["price_b"][1::2] / 100, columns["high"])
    assert np.allclose(rows["qty_b"][1::2] / 100, columns["low"])
    assert (np.diff(rows["receive_time_ns"]) >= 0).all()


def test_bought_volume_makes_a_row_of_its_own(make_candles: Make) -> None:
    columns = make_candles(3) | {"bought": np.array([10.0, 20.0, 30.0])}
    rows = np.concatenate(list(bar_data(columns, "ABC/USDT").blocks()))
    assert rows["kind"].tolist() == [EventKind.BAR_OPEN, EventKind.BAR_FLOW, EventKind.BAR] * 3


def test_blocks_are_bounded_and_together_the_whole(make_candles: Make) -> None:
    data = bar_data({"ABC/USDT": make_candles(40_000), "XYZ/USDT": make_candles(40_000, seed=5)})
    blocks = list(data.blocks())
    assert max(len(block) for block in blocks) <= 3 * BLOCK_BARS
    whole = np.concatenate(blocks)
    assert len(whole) == 160_000
    assert (np.diff(whole["receive_time_ns"]) >= 0).all()
    middle = int(whole["receive_time_ns"][77_777])
    parts = [*data.blocks(0, middle), *data.blocks(middle)]
    assert np.array_equal(np.concatenate(parts), whole)


def test_closes_of_all_come_before_opens_of_any(make_candles: Make) -> None:
    data = bar_data({"ABC/USDT": make_candles(5), "XYZ/USDT": make_candles(5, seed=5)})
    kinds = np.concatenate(list(data.blocks()))["kind"].tolist()
    opened, closed = [EventKind.BAR_OPEN] * 2, [EventKind.BAR] * 2
    assert kinds == (opened + closed) * 5


def test_equal_content_has_equal_digests(make_candles: Make) -> None:
    one, same = bar_data(make_candles()), bar_data(make_candles())
    assert one.digest == same.digest
    assert one.digest != bar_data(make_candles(seed=8)).digest


def test_a_data_frame_indexed_by_time_needs_no_time_column(make_candles: Make) -> None:
    pandas = pytest.importorskip("pandas")
    columns = make_candles(10)
    index = pandas.to_datetime(columns.pop("date"), utc=True)
    frame = pandas.DataFrame({name.title(): values for name, values in columns.items()}, index)
    assert bar_data(frame).digest == bar_data(make_candles(10)).digest


def spoiled(columns: dict[str, Any], name: str, row: int, value: float) -> dict[str, Any]:
    columns[name] = columns[name].copy()
    columns[name][row] = value
    return columns


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [("close", np.nan, "nan"), ("low", -1.0, "price"), ("volume", -1.0, "price"),
     ("high", 1.0, "range"), ("open", np.inf, "nan")],
)  # fmt: skip
def test_rows_that_cannot_be_are_left_out_and_told(
    make_candles: Make, name: str, value: float, kind: str
) -> None:
    data = bar_data(spoiled(make_candles(50), name, 7, value))
    assert {note.kind for note in data.notes} == {kind, "gap"}
    assert sum(map(len, data.blocks())) == 2 * 49


def test_unsorted_rows_are_sorted_and_told(make_candles: Make) -> None:
    columns = {name: values[::-1] for name, values in make_candles(50).items()}
    data = bar_data(columns)
    assert [note.kind for note in data.notes] == ["unsorted"]
    assert data.digest == bar_data(make_candles(50)).digest


def test_rows_told_twice_count_once(make_candles: Make) -> None:
    columns = {name: np.append(values, values[-1]) for name, values in make_candles(50).items()}
    data = bar_data(columns)
    assert [note.kind for note in data.notes] == ["duplicate"]
    assert sum(map(len, data.blocks())) == 100


def test_gaps_are_told(make_candles: Make) -> None:
    columns = {name: np.delete(values, [10, 11, 30]) for name, values in make_candles(50).items()}
    (note,) = bar_data(columns).notes
    assert (note.kind, note.count) == ("gap", 2)
    assert "2 gaps of 3 bars" in note.text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda c: {name: values[:0] for name, values in c.items()}, "found none"),
        (lambda c: {name: values[:1] for name, values in c.items()}, "at least 2 bars"),
        (lambda c: spoiled(c, "date", 5, c["date"][4] + 10**9), "overlapping"),
        (lambda c: spoiled(spoiled(c, "date", 5, c["date"][4]), "volume", 5, 1.0), "conflict"),
    ],
)
def test_what_cannot_be_a_series_is_refused(
    make_candles: Make, change: Callable[[Any], Any], words: str
) -> None:
    with pytest.raises(DataError, match=words):
        bar_data(change(make_candles(20)), timeframe="1m")


def test_columns_that_are_missing_are_named(make_candles: Make) -> None:
    columns = make_candles(20)
    columns["hihg"] = columns.pop("high")
    with pytest.raises(ConfigurationError, match=r"no 'high'; did you mean 'hihg'"):
        bar_data(columns)
    with pytest.raises(ConfigurationError, match="a mapping or a data frame"):
        bar_data(42)


def test_an_instrument_keeps_its_own_steps(make_candles: Make) -> None:
    data = bar_data(make_candles(20), "ABC/USDT", steps=("0.5", "100"))
    assert data.table[0].price_text(3) == "1.5"
    assert [note.kind for note in data.notes] == ["rounded"]
