from undertow.risk.refusal import RefusalCode


def test_codes_are_stable_words() -> None:
    assert all(code.value == code.name.lower() for code in RefusalCode)
    assert RefusalCode("kill_switch") is RefusalCode.KILL_SWITCH
