from undertow.venues.capabilities import (
    NEEDED_FOR_SIGNALS,
    NEEDED_FOR_TRADING,
    Capabilities,
    Capability,
)


def test_missing_keeps_the_order_of_what_is_needed() -> None:
    data_only = Capabilities((Capability.TRADES, Capability.BOOK))
    assert data_only.missing(NEEDED_FOR_SIGNALS) == ()
    assert data_only.missing(NEEDED_FOR_TRADING) == (
        Capability.BALANCES,
        Capability.SUBMIT,
        Capability.CANCEL,
        Capability.QUERY,
        Capability.ORDER_REPORTS,
    )


def test_can_says_what_is_listed() -> None:
    capabilities = Capabilities((Capability.QUERY,))
    assert capabilities.can(Capability.QUERY)
    assert not capabilities.can(Capability.AMEND)
