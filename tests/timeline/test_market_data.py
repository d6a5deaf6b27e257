from undertow.timeline.market_data import DataFidelity, DataNote


def test_fidelity_goes_from_the_most_to_the_least() -> None:
    assert [one.value for one in DataFidelity] == ["L2", "quotes", "trades", "bars"]


def test_a_note_says_what_how_often_and_of_what() -> None:
    note = DataNote("gap", "BTC/USDT@x", 3, "3 gaps")
    assert (note.kind, note.count) == ("gap", 3)
