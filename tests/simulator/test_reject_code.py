from undertow.simulator.reject_code import RejectCode, Rejection


def test_codes_are_stable_lower_case_words() -> None:
    assert all(code.value == code.name.lower() for code in RejectCode)
    assert Rejection(RejectCode.NO_BOOK, "none").code == "no_book"
